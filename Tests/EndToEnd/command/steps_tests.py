"""The steps of a run as JSON: which there are, and what they count."""

import math
import os
import re

from support.checks import begin, check, equal
from support.contract import MODEL_KEYS, contract
from support.here import COUNTRY, FIXTURES
from support.json_output import json_run
from support.program import fails
from support.reference import load, logits_of_the_fixture


def case_country_by_steps():
    begin("run --text 中华人民共和国 --json")
    ran = json_run("run", "--text", COUNTRY)
    contract("run", ran, 256)
    if not ran.steps:
        return
    reference = load("tiny-zh", "reference.json")
    equal("the model line", {key: ran.model[key] for key in MODEL_KEYS},
          {"type": "model", "name": "tiny-zh", "architecture": "gpt2", "layers": 4, "heads": 4, "kv_heads": 4,
           "d_model": 64, "d_head": 16, "vocabulary": 1381, "parameters": 321216, "dtype": "f32"})
    equal("ids", ran.fed, reference["ids"])
    equal("texts", [step["fed"][0]["text"] for step in ran.steps], list(COUNTRY))
    equal("lengths", ran.lengths, [1, 2, 3, 4, 5, 6, 7])
    equal("cells in all", (ran.total["uncached"]["cells"], ran.total["cached"]["cells"]), (140, 28))
    equal("kv_computed in all", (ran.total["uncached"]["kv_computed"], ran.total["cached"]["kv_computed"]), (28, 7))
    for step, expected in zip(ran.steps, reference["steps"]):
        n = step["length"]
        equal(f"FLOPs of the fixture at {n}", (expected["length"], step["uncached"]["flops"], step["cached"]["flops"]),
              (n, expected["uncached"]["flops"], expected["cached"]["flops"]))
        equal(f"cache of the fixture at {n}", (step["cached"]["cache_tokens"], step["cached"]["cache_bytes"]),
              (expected["cached"]["cache_tokens"], expected["cached"]["cache_bytes"]))
    every = json_run("--top 1381", "--text", COUNTRY, "--top", "1381")
    contract("--top 1381", every, 256, top=1381)
    for step in every.steps:
        total = math.fsum(candidate["probability"] for candidate in step["next"])
        check(f"all probabilities of step {step['step']} sum to 1", abs(total - 1) < 1e-9, 1, total)
    logits_of_the_fixture(every, ("tiny-zh",), reference)
    for top in ("1", "2", "171", "172", "173", "1380", "100000"):
        some = json_run(f"--top {top}", "--text", COUNTRY, "--top", top)
        equal(f"--top {top} is the beginning of --top 1381", [step["next"] for step in some.steps],
              [step["next"][:int(top)] for step in every.steps])
    again = json_run("once more", "--text", COUNTRY)
    equal("two runs differ in their seconds only", again.without_times(), ran.without_times())


def case_step_semantics():
    begin("steps")
    bare = json_run("no option at all")
    equal("no option: the demonstration", (bare.lengths, "".join(s["fed"][0]["text"] for s in bare.steps)[:7]),
          (list(range(1, 17)), COUNTRY))
    equal("no option = --text 中华人民共和国 --tokens 9", bare.without_times(),
          json_run("spelt out", "--text", COUNTRY, "--tokens", "9").without_times())
    equal("--tokens 2 alone", json_run("--tokens 2", "--tokens", "2").lengths, list(range(1, 10)))
    equal("--tokens 0 alone", json_run("--tokens 0", "--tokens", "0").lengths, list(range(1, 8)))
    equal("--prompt: 12 steps", json_run("--prompt", "--prompt", "中华").lengths, list(range(2, 14)))
    equal("--prompt --tokens 1", json_run("1", "--prompt", "中华", "--tokens", "1").lengths, [2])
    equal("--text: no new token", json_run("--text", "--text", "中华").lengths, [1, 2])
    equal("--text --tokens 0", json_run("0", "--text", "中华", "--tokens", "0").lengths, [1, 2])
    equal("--text --tokens 3", json_run("3", "--text", "中华", "--tokens", "3").lengths, [1, 2, 3, 4, 5])
    equal("--text … ends at eos", len(json_run("eos", "--text", COUNTRY, "--tokens", "40").steps), 27)
    equal("--text … --ignore-eos does not", len(json_run("eos", "--text", COUNTRY, "--tokens", "40", "--ignore-eos").steps), 47)
    both = [json_run("eos in the text", "--text", "中<eos>华", *more) for more in ((), ("--ignore-eos",))]
    equal("an end token in the text itself ends nothing", [len(ran.steps) for ran in both], [3, 3])
    equal("the last of an option wins", json_run("twice", "--prompt", "中", "--tokens", "2", "--tokens", "3").lengths, [1, 2, 3])
    equal("--option=value", json_run("=", "--prompt=中", "--tokens=2").lengths, [1, 2])
    equal("a prompt that looks like an option", json_run("-", "--prompt", "--tokens", "--tokens", "1").lengths, [8])
    equal("--text - is a hyphen", json_run("-", "--text", "-").steps[0]["fed"], [{"id": 271, "text": "-"}])

    full = json_run("all positions by prompt", "--prompt", "中", "--tokens", "512", "--ignore-eos")
    equal("--prompt 中 --tokens 512: the last length", full.lengths[-1:], [512])
    contract("512 positions", full, 256)
    equal("… and it has 512 steps", len(full.steps), 512)
    fails("--prompt 中 --tokens 513", 64, "run", "--json", "--prompt", "中", "--tokens", "513", words=["--tokens", "512"])
    fails("--text 中 --tokens 512", 64, "run", "--json", "--text", "中", "--tokens", "512", words=["--tokens", "511"])
    for tokens in ("1000000000", "9223372036854775807"):
        fails(f"--tokens {tokens}", 64, "--prompt", COUNTRY, "--tokens", tokens, words=["--tokens", "506"])
    fails("--tokens beyond all integers", 64, "--prompt", COUNTRY, "--tokens", "99999999999999999999",
          words=["--tokens", "506"])
    small = os.path.join(FIXTURES, "gpt2", "single-head")
    for start, most in (("--prompt", 10), ("--text", 9)):
        name = f"12 positions, {start} of 3"
        said = fails(name, 64, "--model", small, start, "中华人", "--tokens", "11", words=["--tokens", str(most)])
        named = [int(number) for number in re.findall(r"\d+", said.message)]
        check(f"{name}: the largest N is among the numbers", most in named, most, named)
        ran = json_run(f"{name}: the largest N works", "--model", small, start, "中华人", "--tokens", str(most))
        equal(f"{name}: the largest N fills the positions", ran.lengths[-1:], [12])
        fails(f"{name}: one more", 64, "--model", small, start, "中华人", "--tokens", str(most + 1), words=[str(most)])
    fails("a text longer than the positions", 65, "--text", "中" * 513, words=["513", "512"])
    fails("a prompt longer than the positions", 65, "--prompt", "中" * 513, "--tokens", "1", words=["513", "512"])
    equal("a prompt of all positions", json_run("512", "--prompt", "中" * 512, "--tokens", "1").lengths, [512])
    fails("a prompt of all positions with the default N", 64, "--prompt", "中" * 512, words=["--tokens", "1"])
