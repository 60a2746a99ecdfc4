"""A tool in the place of a lesson's run: its numbers in prose and answers, its knobs, its places."""

import json
import os
import re

from support.checks import check
from support.lessons import lines, plain, progress

PLANNER = "memory --model llama-7b --gpu a10 --context 4096 --batch 4"
INT8 = PLANNER + " --dtype int8"
LAB = "lab --policy window:4"
PLACE = LAB + " --step 13"

LESSON = f"""---
format: 1
title: Tools
sections: [22.1.1]
---

## A card

Prose: {{{{tool('free_bytes')}}}} bytes are free, {{{{tool('requests_fit')}}}} requests fit.

```scene
id: card
tool: {PLANNER}
knobs: [b, k, n]
```

```quiz
id: int8
kind: number
at: {INT8}
ask: How many with INT8?
answer: tool('requests_fit')
replies:
  tool('requests_fit', '{PLANNER}'): That is FP16.
why: "{{{{tool('requests_fit')}}}} fit, {{{{tool('tokens_fit')}}}} tokens."
```

```quiz
id: twelve
kind: setting
at: memory --model llama-7b --gpu a10 --context 2048 --batch 2 --dtype int8
ask: Turn the knobs until two requests take at most a GiB.
answer: tool('cache_bytes') <= 2 ^ 30 and place('batch') == 2
replies:
  place('batch') != 2: Two requests, not {{{{place('batch')}}}}.
why: "{{{{tool('cache_bytes')}}}} bytes."
```

## A window

Prose: mean {{{{tool('mean_kl')}}}}, {{{{size('[type=step]')}}}} steps, {{{{total('[type=step].cache_bytes')}}}} bytes, worst {{{{largest('[type=step].kl')}}}}.

```scene
id: window
tool: {PLACE}
```

```quiz
id: kept
kind: number
ask: Which is the first position that step 13 sees?
answer: tool('[step=13].kept[1]')
why: "{{{{tool('[step=13].kept[1]')}}}} to {{{{tool('[step=13].kept[-1]')}}}}; place {{{{place('step')}}}}."
```
"""


# The line of the setting's answer.
ANSWER = LESSON[:LESSON.index("answer: tool('cache_bytes')")].count("\n") + 1


def written(place, text=LESSON):
    path = os.path.join(place.fresh(), "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def facts(place, command):
    """The lines of `--json` of a command, as the program prints them."""
    words = command.split()
    out, error, code = plain(place, *words, "--json")
    check(f"{command} --json", code == 0, error)
    return [json.loads(line) for line in out.splitlines()]


def shown(number):
    """A number as a lesson writes it."""
    if number == round(number):
        return str(round(number))
    return f"{number:.2f}".rstrip("0").rstrip(".")


def last(out, rows):
    """The last of some frames."""
    return "\n".join(out.rstrip("\n").split("\n")[-rows:])


def case_facts(place):
    """What prose and answers say are the numbers of `--json`; `lint --facts` prints the same lines."""
    path = written(place)
    out, error, code = plain(place, "lint", path)
    check("it is clean", code == 0, out + error)
    (card,), (int8,) = facts(place, PLANNER), facts(place, INT8)
    lab = facts(place, LAB)
    steps = [line for line in lab if line["type"] == "step"]
    page, _, _ = lines(place, f"{int8['requests_fit']}\n\ns\nn\n{steps[12]['kept'][0]}\n", "lesson", path, "--lang", "en")
    page = " ".join(page.decode().split())
    for words in (
        f"{card['free_bytes']} bytes are free, {card['requests_fit']} requests fit",
        f"{int8['requests_fit']} fit, {int8['tokens_fit']} tokens",
        f"mean {shown(lab[-1]['mean_kl'])}, {len(steps)} steps, {sum(step['cache_bytes'] for step in steps)} bytes, "
        f"worst {shown(round(max(step['kl'] for step in steps), 2))}",
        f"{steps[12]['kept'][0]} to {steps[12]['kept'][-1]}; place 13",
    ):
        check(f"the page says {words}", words in page, page)
    check("both were right", page.count("✓ right") == 2, page)
    check("and the tools are drawn", "weights 13.48 GB" in page and "window:4" in page, page)
    for command in (PLANNER, LAB, "chat", "attention --text 中华", "fault stale-prefix --tokens 3"):
        same, _, code = plain(place, "lint", "--facts", command)
        out, _, _ = plain(place, *command.split(), "--json")
        check(f"lint --facts {command}", code == 0 and same == out, same[:300])
    for command in (PLACE, "lab --policy paged:4", "lab --policy speculative:4", "growth --tokens 3 --until 6"):
        out, error, code = plain(place, "lint", "--facts", command)
        check(f"lint --facts {command}", code == 0 and len(out.splitlines()) > 3, error)


def case_place(place):
    """A question of another place keeps one out of the tool; once it is answered the picture is there."""
    path = written(place)
    out, error, code = plain(place, "lesson", path, "--lang", "en", "--keys", "o 4 Enter 9 Enter o", "--size", "80x24")
    check("it opens", code == 0, error)
    check("one is kept out", "answer first" in out, out[:4000])
    check("the known wrong answer has its reply", "That is FP16." in out, out[:6000])
    check("the picture goes to the place", "FP16" in out and re.search(r"(KV|cache) +INT8", last(out, 24)), last(out, 24))
    check("and then one goes in", "b  batch" in last(out, 24) or "q  back" in last(out, 24), last(out, 24))


def case_setting(place):
    """Knobs are turned to what is asked; what the lesson does not give is refused; the answer is kept."""
    path = written(place)
    keys = "s Enter o m b 2 Enter Down"
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--keys", keys, "--size", "80x24")
    check("other keys are refused", "the keys are b k n" in out, out[-4000:])
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--keys", "o Enter", "--size", "100x30")
    check("what was not turned is not judged", "turn a knob first" in last(out, 30) and "Two requests" not in last(out, 30), last(out, 30))
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--keys", "o Up Enter", "--size", "100x30")
    check("a wrong setting is told why", "requests 5: Two requests, not 5." in " ".join(last(out, 30).split()), last(out, 30))
    out, error, code = plain(place, "lesson", path, "--lang", "en", "--size", "100x30",
                             "--keys", "o Down Down n Down Down Enter")
    (right,) = facts(place, "memory --model llama-7b --gpu a10 --context 1024 --batch 2 --dtype int8")
    page = " ".join(last(out, 30).split())
    check("a right one is right", code == 0 and "✓ right" in page and f"{right['cache_bytes']} bytes." in page, page + error)
    kept = progress(place)[os.path.basename(os.path.dirname(path))]["quizzes"]
    check("what was answered is kept", kept.get("twelve") in ("right", "helped"), kept)
    other = written(place)
    page, code, _ = lines(place, "s\n\nnothing\n--batch 2 --context 1024\n", "lesson", other, "--lang", "en")
    page = " ".join(page.decode().split())
    check("and in lines of text", code == 0 and "answer with options" in page and f"{right['cache_bytes'] * 2} bytes." in page, page)


def case_lint(place):
    """What is wrong with a tool, its keys, its places and its expressions is said with its line."""
    for old, new, line, word in (
        ("tool: " + PLANNER, "tool: record x", 11, "record"),
        ("tool: " + PLANNER, "tool: memory --model nobody", 11, "nobody"),
        ("tool: " + PLANNER, "tool: memory --model /etc/passwd", 11, "/etc/passwd"),
        ("knobs: [b, k, n]", "knobs: [F9]", 14, "knobs"),
        ("knobs: [b, k, n]", "open: growth", 14, "open"),
        ("at: " + INT8, "at: memory --json 1", 17, "--json"),
        ("tool('free_bytes')", "tool('free_bites')", 9, "free_bytes"),
        ("tool('free_bytes')", "tool('groups')", 9, "groups"),
        ("tool('free_bytes')", "tool('x', 'memory --context 0')", 9, "--context"),
        ("answer: tool('cache_bytes') <= 2 ^ 30", "answer: tool('cache_bytes') < 10 ^ 8", ANSWER, "not true"),
        ("answer: tool('cache_bytes') <= 2 ^ 30 and place('batch') == 2", "answer: tool('cache_bytes') > 0", ANSWER, "before anything"),
        ("  place('batch') != 2:", "  place('batch') == 2:", ANSWER + 2, "right answer"),
    ):
        path = written(place, LESSON.replace(old, new, 1))
        out, error, code = plain(place, "lint", path, "--lang", "en")
        check(f"{new}: line {line}", code == 65 and f"{path}:{line}: " in out and word in out, out + error)


def case_handout(place):
    """On paper the tool is a picture."""
    path = written(place)
    out, error, code = plain(place, "export", "--lesson", path, "--format", "md", "--lang", "en")
    check("the handout", code == 0 and "weights 13.48 GB" in out and "window:4" in out, error + out[-3000:])


def case_course(place):
    """The course's own tool scenes open, are answered and gone into, at every size and in both languages."""
    for lesson, screens, answer in (("7", 2, "1 9 Enter o b Up q"), ("12", 2, "1 Enter o p q")):
        for language in ("zh", "en"):
            for size in ("60x16", "60x20", "80x24", "120x36"):
                plain(place, "lesson", "--reset", lesson)
                out, error, code = plain(place, "lesson", lesson, "--lang", language, "--size", size,
                                         "--keys", "n " * screens + answer)
                check(f"lesson {lesson}, {language}, {size}", code == 0 and "{{" not in out and out.count("Lesson") + out.count("第 ") > 3, error or out[-2000:])


def asked(title, tool, answer, at):
    """A screen whose tool is to be set."""
    return f"""
## {title}

```scene
id: {title}
tool: {tool}
```

```quiz
id: set-{title}
kind: setting
at: {at}
ask: Set it.
answer: {answer}
why: It is set.
```
"""


# Of each tool: its command, what must be true, a place where it is, wrong keys and what is said back of them, the keys that are left.
SETTINGS = (
    ("growth", "growth --tokens 12", "place('picture') == 'flops' and place('step') == 6", "growth --tokens 12 --picture flops --step 6",
     "g Left", "step 6, curves of cells", "f"),
    ("phases", "phases --prompt-tokens 7 --context 15,63 --machine a10",
     "place('batch') == 4 and tool('[phase=decode].batch') == 4 and place('context') == 63",
     "phases --prompt-tokens 7 --context 63 --machine a10 --batch 4", "Right", "batch 2", "Right"),
    ("chat", "chat", "place('turns') == 2 and size('[type=turn]') == 2", "chat --turns 2", "Right", "1 turn", "Right"),
    ("attention", "attention --text 中华人民", "place('form') == 'mla' and place('step') == 3", "attention --text 中华人民 --form mla --step 3",
     "Left", "step 3", "Up"),
    ("fault", "fault none --tokens 4", "tool('max_logits') > 0 and place('step') > 0", "fault keys-only --tokens 4 --step 4", "Left", "step 3", "b"),
    ("lab", LAB, "place('policy') == 'window:6'", "lab --policy window:6", "+", "window 5", "+"),
)


def case_settings(place):
    """Each tool can be set: a wrong setting is said back in its words, a right one is right where it stands."""
    head = "---\nformat: 1\ntitle: Settings\nsections: [22.1.1]\n---\n"
    for title, tool, answer, at, wrong, said, rest in SETTINGS:
        answer = answer.replace("", "")
        path = written(place, head + asked(title, tool, answer, at))
        _, error, code = plain(place, "lint", path, "--lang", "en")
        check(f"{title} is clean", code == 0, error)
        out, error, code = plain(place, "lesson", path, "--lang", "en", "--size", "140x40", "--keys", f"o {wrong} Enter {rest} Enter")
        check(f"{title}: exit 0", code == 0, error)
        count = len(wrong.split()) + len(rest.split()) + 4
        frames = re.split(r"(?m)^(?= Lesson)", out)[1:]
        check(f"{title}: frames", len(frames) == count, f"{len(frames)} of {count}")
        tried = " ".join(" ".join(line.split("\u2502")[0] for line in frames[len(wrong.split()) + 2].split("\n")).split())
        check(f"{title}: what was set, in words", f"{said} is not it" in tried, tried)
        check(f"{title}: right", "\u2713 right" in frames[-1], frames[-1])
