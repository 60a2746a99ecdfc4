"""Temperature, top-k and seeds."""

import math

from support.checks import begin, check, equal
from support.contract import contract
from support.json_output import json_run
from support.program import run


def case_sampling():
    begin("sampling")
    base = ("--prompt", "春天", "--tokens", "20", "--ignore-eos")
    greedy = json_run("greedy", *base).fed
    for name, more in (("--temperature 0", ("--temperature", "0")), ("--top-k 1", ("--top-k", "1")),
                       ("--top-k 1 --temperature 9", ("--top-k", "1", "--temperature", "9")),
                       ("--temperature 0 --seed 7", ("--temperature", "0", "--seed", "7")),
                       ("--seed 7 alone", ("--seed", "7")), ("--temperature 1e-300", ("--temperature", "1e-300")),
                       ("--temperature 0 --top-k 9", ("--temperature", "0", "--top-k", "9"))):
        equal(f"{name} is greedy", json_run(name, *base, *more).fed, greedy)
    drawn = {}
    for seed in ("0", "1", "2", "3", "-5", "5", "9223372036854775807", "-9223372036854775808", "18446744073709551614"):
        one = json_run(f"--seed {seed}", *base, "--temperature", "2", "--seed", seed)
        contract(f"--seed {seed}", one, 256)
        two = json_run(f"--seed {seed} again", *base, "--temperature", "2", "--seed", seed)
        equal(f"--seed {seed} draws the same twice", one.fed, two.fed)
        drawn[seed] = tuple(one.fed)
    equal("seeds differ", len(set(drawn.values())), len(drawn))
    equal("a negative seed is its bits", json_run("-1", *base, "--temperature", "2", "--seed", "-1").fed,
          json_run("2^64 - 1", *base, "--temperature", "2", "--seed", "18446744073709551615").fed)
    equal("the default seed is 0", tuple(json_run("no seed", *base, "--temperature", "2").fed), drawn["0"])
    two = json_run("--top-k 2", "--prompt", "春天", "--tokens", "300", "--ignore-eos", "--temperature", "1e6", "--top-k", "2")
    ranks = []
    for step, after in zip(two.steps, two.steps[1:]):
        ids = [candidate["id"] for candidate in step["next"]]
        ranks.append(ids.index(after["fed"][0]["id"]) if after["fed"][0]["id"] in ids else 9)
    equal("--top-k 2 draws from the best two only", set(ranks), {0, 1})
    check("--temperature 1e6 draws both about equally", 105 < sum(ranks) < 195, "about half of 299", sum(ranks))
    drawn_alone = json_run("--top-k 9 alone", *base, "--top-k", "9").fed
    equal("--top-k without --temperature draws at temperature 1", drawn_alone,
          json_run("--top-k 9 --temperature 1", *base, "--top-k", "9", "--temperature", "1").fed)
    check("--top-k 9 alone is not greedy", drawn_alone != greedy, "another text", drawn_alone)
    help_text = " ".join(run("run", "--help", "--lang", "en").text.split())
    check("run --help says at which temperature --top-k draws", "1 with --top-k" in help_text, "1 with --top-k", help_text)
    check("run --help says where all candidates are", "all with --json" in help_text, "all with --json", help_text)
    check("--top-k larger than the vocabulary", json_run("k", *base, "--top-k", "99999999").steps != [])
    wide = json_run("the second best is drawn in its share", "--prompt", "春", "--tokens", "400", "--ignore-eos", "--temperature", "1")
    hits = expected = variance = 0.0
    for step, after in zip(wide.steps, wide.steps[1:]):
        p = step["next"][0]["probability"]
        hits += after["fed"][0]["id"] == step["next"][0]["id"]
        expected, variance = expected + p, variance + p * (1 - p)
    check("at temperature 1 the best is drawn in its share", abs(hits - expected) < 5 * math.sqrt(variance) + 1,
          expected, hits)
