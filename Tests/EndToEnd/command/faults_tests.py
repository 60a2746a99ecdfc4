"""Runs that are broken on purpose: where they part from the run without a cache, and what is said of it."""

import os

from support.checks import begin, check, equal
from support.contract import STEP_KEYS, next_flaws
from support.here import work
from support.json_output import json_run
from support.output import control_bytes
from support.program import fails, succeeds

# The layer, from 1, whose Q, K or V of the new token are the first that are others: a wrong position is in the first layer's; a
# wrong store or mask goes through the first attention; without any mask old rows of the second layer are others.
LAYERS = {"stale-prefix": 2, "appended-twice": 2, "keys-only": 2, "position-not-advanced": 1, "position-restarted": 1,
          "mask-top-left": 2, "mask-off": 3}
TITLES = {"stale-prefix": "another first token", "appended-twice": "stored twice", "keys-only": "keys only",
          "position-not-advanced": "position not advanced", "position-restarted": "position restarted",
          "mask-top-left": "mask at the top left", "mask-off": "no mask"}
MODELS = ("tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa")
PROMPT = ("--prompt", "世界最高峰是", "--tokens", "6", "--ignore-eos")


def case_where_they_part():
    begin("run --fault NAME --json")
    for model in MODELS:
        sound = json_run(f"{model}, unbroken", "--model", model, *PROMPT)
        equal(f"{model}: the unbroken run stays at 0", [step["max_abs_difference"] for step in sound.steps], [0] * 6)
        for fault in LAYERS:
            ran = json_run(f"{model} {fault}", "--model", model, *PROMPT, "--fault", fault)
            name = f"{model} {fault}"
            equal(f"{name}: line types", [line["type"] for line in ran.lines], ["model", *["step"] * 6, "total"])
            if len(ran.steps) != 6:
                continue
            equal(f"{name}: keys", {frozenset(step) for step in ran.steps}, {frozenset(STEP_KEYS | {"uncached_next"})})
            equal(f"{name}: they part at the first decode step", [step["max_abs_difference"] > 0 for step in ran.steps],
                  [False] + [True] * 5)
            equal(f"{name}: next parts with it", [step["next"] != step["uncached_next"] for step in ran.steps], [False] + [True] * 5)
            flaws = [flaw for step in ran.steps for key in ("next", "uncached_next")
                     for flaw in next_flaws(step[key], 5, ran.model["vocabulary"])]
            check(f"{name}: candidates", not flaws, "", flaws)
            equal(f"{name}: both are fed what the uncached run chooses", ran.fed[6:],
                  [step["uncached_next"][0]["id"] for step in ran.steps[:-1]])
            # Nothing is wrong with the uncached run, but where no mask is used.
            if fault != "mask-off":
                equal(f"{name}: the uncached run is sound", [step["uncached_next"] for step in ran.steps],
                      [step["next"] for step in sound.steps])
            twice = fault == "appended-twice"
            equal(f"{name}: tokens in the cache", [step["cached"]["cache_tokens"] for step in ran.steps],
                  [6 + (2 if twice else 1) * n for n in range(6)])


def case_every_text():
    begin("run --fault with --text and sampling")
    for fault in LAYERS:
        ran = json_run(fault, "--text", "中华人民", "--tokens", "2", "--fault", fault, "--top", "2", "--seed", "5", "--top-k", "9")
        equal(f"{fault}: the first step is sound", ran.steps[0]["max_abs_difference"], 0)
        equal(f"{fault}: --top", {len(step[key]) for step in ran.steps for key in ("next", "uncached_next")}, {2})
    # A text of one token has position 0 for its first and, not advanced, for every other.
    ran = json_run("position-not-advanced", "--text", "中中中", "--fault", "position-not-advanced")
    first = ran.steps[0]["next"][0]["logit"]
    check("one token again and again at one place", all(abs(step["next"][0]["logit"] - first) < 1e-4 for step in ran.steps), first,
          [step["next"][0]["logit"] for step in ran.steps])


def case_pages():
    begin("run --fault as pages")
    for fault, layer in LAYERS.items():
        for language in ("zh", "en"):
            for size in ("80x24", "60x20", "120x36"):
                result = succeeds(f"{fault} {language} {size}", "run", *PROMPT, "--fault", fault, "--plain", "--lang", language,
                                  "--size", size)
                pages = result.text.split("\n\n kvtui")
                equal(f"{fault}: a page a step", len(pages), 6)
                check(f"{fault}: nothing but text", not control_bytes(result.out), "", result.out[:99])
                header = "broken: " if language == "en" else "弄坏："
                check(f"{fault}, {language}, {size}: every header says so", all(header in page.split("\n")[0] for page in pages), header,
                      [page.split("\n")[0] for page in pages])
                if language == "en" and size == "80x24":
                    check(f"{fault}: by its name", all(TITLES[fault] in page.split("\n")[0] for page in pages), "", pages[0])
                equal_line, place = {"zh": ("逐位相同", f"从第 2 步第 {layer} 层起"), "en": ("agree bit for bit", f"from step 2, layer {layer} on")}[language]
                equal(f"{fault}, {size}: the first page agrees, and no other", [equal_line in page for page in pages],
                      [True] + [False] * 5)
                equal(f"{fault}, {size}: where they parted", [place in page for page in pages], [False] + [True] * 5)
    sound = succeeds("unbroken", "run", *PROMPT, "--plain", "--lang", "en").text
    check("an unbroken run speaks of no fault", "broken" not in sound and "differ" not in sound and "bit for bit" in sound, "", sound[:200])
    asked = succeeds("--keys", "run", *PROMPT, "--fault", "keys-only", "--keys", "End l i ?", "--lang", "en").text
    check("--keys shows it", "broken: keys only" in asked, "", asked[:200])
    again = succeeds("another prompt", "run", *PROMPT, "--fault", "keys-only", "--keys", "/ a b Enter Right", "--lang", "en").text
    equal("another text is broken as well", again.strip().split("\n kvtui")[-1].count("broken: keys only"), 1)


def case_refused():
    begin("run --fault refused")
    names = sorted(LAYERS)
    for language in ("zh", "en"):
        fails(f"an unknown fault, {language}", 64, "run", "--fault", "mask-of", "--lang", language, words=["--fault", "mask-of", *names])
    fails("no fault", 64, "run", "--fault", "", words=["--fault", *names])
    fails("a fault without a name", 64, "run", "--fault", words=["--fault"])
    for command in (["record", os.path.join(work, "broken.kvtrace")], ["export"], ["bench"]):
        fails(f"{command[0]} --fault", 64, *command, "--fault", "mask-off", words=["--fault"])
    fails("--keep-keys", 64, "run", "--fault", "mask-off", "--keep-keys", os.path.join(work, "k"), words=["--fault", "--keep-keys"])
    kept = os.path.join(work, "broken.kvtrace")
    fails("kept on the screen", 73, "run", *PROMPT, "--fault", "mask-off", "--keys", "w " + " ".join(kept) + " Enter",
          words=["--fault", "a recording"])
    check("a broken run is not kept", not os.path.exists(kept), "no file", kept)
