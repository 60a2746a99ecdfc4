"""Types of weights, threads, random weights, and the memory that they take."""

import json
import os
import re
import resource
import subprocess

from support.checks import begin, check, equal
from support.here import FIXTURES, REPOSITORY, binary, work
from support.models import write
from support.program import environment, fails, succeeds


def case_engines():
    """--dtype and --threads: both runs agree in every bit, FLOPs are those of f32, other threads give the same bits."""
    begin("--dtype and --threads")
    flops = {}
    for dtype in ("f32", "f16", "bf16", "int8"):
        texts = []
        for threads in ("1", "3"):
            result = succeeds(f"{dtype}, {threads} threads", "run", "--json", "--dtype", dtype, "--threads", threads, "--tokens", "3")
            lines = [json.loads(line) for line in result.text.splitlines()]
            equal(f"{dtype}: the first line says so", lines[0]["dtype"], dtype)
            equal(f"{dtype}: the runs agree", {line["max_abs_difference"] for line in lines if line["type"] == "step"}, {0})
            flops[dtype, threads] = lines[-1]["cached"]["flops"]["total"]
            texts.append(re.sub(r'"seconds":[^,}]*', "", result.text))
        equal(f"{dtype}: threads change nothing", texts[0], texts[1])
    equal("FLOPs do not depend on it", len(set(flops.values())), 1)
    for stored in ("f16", "bf16"):
        folder = os.path.join(FIXTURES, "llama", stored)
        runs = [[json.loads(line) for line in succeeds(f"{stored} as {given or 'it is stored'}", "run", "--model", folder, "--json", "--text", "中华人民",
                                                       "--tokens", "3", *given).text.splitlines()] for given in ([], ["--dtype", "f32"])]
        equal(f"{stored}: held as stored", [lines[0]["dtype"] for lines in runs], [stored, "f32"])
        for lines in runs:
            for line in lines:
                line.pop("dtype", None)
                line.pop("seconds", None)
                for lane in ("uncached", "cached"):
                    line.get(lane, {}).pop("seconds", None)
        equal(f"{stored}: the same as widened", runs[0], runs[1])
    fails("--dtype of nothing", 64, "run", "--dtype", "f64", words=["--dtype", "f32", "int8"])
    fails("too many threads", 64, "run", "--threads", "65", words=["--threads", "64"])


def case_random_weights():
    """Shapes without weights: counters equal PyTorch's FlopCounterMode (facts of GPT-2 124M)."""
    begin("--random")
    result = succeeds("--random gpt2", "run", "--random", "gpt2", "--text", "中华", "--json")
    lines = [json.loads(line) for line in result.text.splitlines()]
    equal("parameters of GPT-2", lines[0]["parameters"], 124439808)
    equal("FLOPs of a first token and of one behind it", [line["cached"]["flops"]["total"] for line in lines[1:3]], [247100928, 247137792])
    equal("the runs agree", [line["max_abs_difference"] for line in lines[1:3]], [0, 0])
    config = os.path.join(REPOSITORY, "models", "tiny-zh-gqa", "config.json")
    once, again = (succeeds(f"a config.json, {n}", "run", "--random", config, "--text", "中华", "--json").text for n in (1, 2))
    strip = lambda text: re.sub(r'"seconds":[^,}]*', "", text)
    equal("equal seeds draw equally", strip(once), strip(again))
    other = succeeds("another seed", "run", "--random", config, "--text", "中华", "--json", "--seed", "7").text
    check("another seed, other weights", strip(other) != strip(once))
    fails("--random and --model", 64, "run", "--random", "gpt2", "--model", "tiny-zh", words=["--random", "--model"])
    small = os.path.join(work, "small-vocabulary.json")
    write(small, json.dumps({**json.load(open(config, encoding="utf-8")), "vocab_size": 512}).encode())
    for shape in (small, "llama2c-260k"):
        result = fails(f"a small vocabulary, {shape}", 65, "run", "--random", shape, "--text", "中", words=[shape, "vocab_size", "512"])
        check(f"the bundled tokenizer's file is not to blame, {shape}", "tokenizer.json" not in result.message, "", result.message)
    succeeds("a small vocabulary without a text", "bench", "--random", "llama2c-260k", "--prompt-tokens", "4", "--tokens", "2", "--runs", "1")
    fails("--random of nothing", 66, "run", "--random", "nope", "--text", "中", words=["nope"])


def case_memory():
    """What does not fit is refused by one plan, before it is allocated."""
    shape = {"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8,
             "vocab_size": 2000, "max_position_embeddings": 16777216}
    def config(name, **fields):
        path = os.path.join(work, name)
        write(path, json.dumps({**shape, **fields}).encode())
        return path
    long = config("long-context.json")
    succeeds("positions that turn take no memory", "run", "--random", long, "--text", "中", "--json")
    fails("a cache that does not fit", 64, "run", "--random", config("large-cache.json", num_hidden_layers=4096, max_position_embeddings=1 << 28),
          "--prompt", "中", "--tokens", "200000000", words=["--tokens", "200000000", "GB"], timeout=10)
    fails("weights that do not fit", 65, "run", "--random", config("large.json", hidden_size=1 << 20, num_hidden_layers=1 << 20),
          "--text", "中", words=["GB"], timeout=10)
    fails("weights beyond all integers", 65, "run", "--random", config("largest.json", hidden_size=1 << 28, num_hidden_layers=1 << 28,
          intermediate_size=1 << 28), "--text", "中", words=["GB"], timeout=10)
    limited = lambda: resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))
    for arguments, words in ((("run", "--random", long, "--text", "中", "--tokens", "9000000", "--json"), ["--tokens", "9000000"]),
                             (("bench", "--random", long, "--prompt-tokens", "1", "--tokens", "900000", "--runs", "1"), ["--tokens", "900000"])):
        result = subprocess.run(
            [binary, *arguments], preexec_fn=limited, stdin=subprocess.DEVNULL, capture_output=True, env=environment(), cwd=work, timeout=30)
        message = result.stderr.decode()
        check(f"{arguments[0]} beyond ulimit -v: a sentence", result.returncode == 64 and message.count("\n") == 1
              and all(word in message for word in words), "64", (result.returncode, message))
