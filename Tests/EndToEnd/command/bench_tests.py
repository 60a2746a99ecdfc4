"""What bench measures and says."""

import json
import os
import re
import signal
import subprocess
import time

from support.checks import begin, check, equal
from support.here import BUNDLED, binary
from support.output import control_bytes
from support.program import fails, succeeds

RUN_KEYS = {"type", "cache", "tokens", "runs", "mean_seconds", "std_seconds", "tokens_per_second"}


def case_bench():
    begin("bench")
    result = succeeds("bench --json", "bench", "--json", "--runs", "2", "--tokens", "6")
    lines = [json.loads(line) for line in result.text.splitlines()]
    equal("line types", [line["type"] for line in lines], ["bench", "bench", "limits", "loading"])
    for line, cache in zip(lines, (True, False)):
        equal("keys of a run", set(line), RUN_KEYS | {"prompt_tokens", "prefill_seconds", "decode_seconds", "dtype", "threads", "flops", "bytes"})
        equal("with the cache first", (line["cache"], line["tokens"], line["runs"]), (cache, 6, 2))
        check("seconds are measured", line["mean_seconds"] > 0 and line["std_seconds"] >= 0, "> 0", line)
        check("tokens per second follow", abs(line["tokens_per_second"] * line["mean_seconds"] / 6 - 1) < 1e-9, "6 / mean", line)
    equal("keys of the limits", set(lines[2]), {"type", "gflops", "gigabytes_per_second", "threads"})
    check("limits are measured", lines[2]["gflops"] > 0 and lines[2]["gigabytes_per_second"] > 0, "> 0", lines[2])
    equal("keys of loading", set(lines[3]), {"type", "load_seconds", "first_pass_seconds", "packing_seconds", "peak_bytes"})
    check("loading is measured", lines[3]["load_seconds"] > 0 and lines[3]["first_pass_seconds"] > 0, "> 0", lines[3])
    weights = os.path.getsize(os.path.join(BUNDLED, "model.safetensors"))
    check("memory holds the weights", lines[3]["peak_bytes"] > weights, f"> {weights}", lines[3])
    text = succeeds("bench", "bench", "--runs", "2", "--tokens", "6", "--lang", "en").text
    for name in ("with", "without"):
        check(f"{name}, as the chapter prints it", re.search(rf"^{name} KV caching: \d+\.\d{{3,}} \+- \d+\.\d{{3,}} seconds$", text, re.M),
              "", text)
        mean, deviation = re.search(rf"^{name} KV caching: (\S+) \+- (\S+) seconds$", text, re.M).groups()
        check(f"{name}: digits that mean something", len(mean.replace(".", "").lstrip("0")) >= 3, "three digits that count", mean)
        check(f"{name}: a spread that means something", len(deviation.replace(".", "").lstrip("0")) >= 2 or float(deviation) == 0
              and len(deviation) == 11, "two digits that count", deviation)
    one = succeeds("bench of one token", "bench", "--runs", "2", "--tokens", "1", "--lang", "en").text
    check("one token: nothing is said to be faster", "times as fast" not in one and "same work" in one, "same work", one)
    check("no bar without a terminal", not control_bytes(text.encode()), "", text)
    for arguments, words in ((["--runs", "0"], ["--runs"]), (["--tokens", "0"], ["--tokens"]), (["--tokens", "600"], ["--tokens", "494"]),
                             (["--runs", "abc"], ["--runs"]), (["--prompt", ""], []), (["--prompt-tokens", "0"], ["--prompt-tokens"]),
                             (["--prompt-tokens", "513"], ["--prompt-tokens", "512"]), (["--threads", "0"], ["--threads"]),
                             (["--dtype", "int4"], ["--dtype", "int8"]), (["--prompt-tokens", "4", "--prompt", "x"], ["--prompt"])):
        fails(f"bench {arguments}", 64, "bench", *arguments, words=words)
    quitting = subprocess.Popen([binary, "bench", "--random", "gpt2", "--tokens", "900"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.7)
    quitting.send_signal(signal.SIGQUIT)
    _, errors = quitting.communicate(timeout=30)
    given = succeeds("bench --prompt -", "bench", "--prompt", "-", "--tokens", "2", "--runs", "1", "--json", stdin="中华人民".encode()).text
    equal("bench --prompt - reads standard input", json.loads(given.splitlines()[0])["prompt_tokens"], 4)
    equal("a quit ends it by its signal, without a trace", (quitting.returncode, errors), (-signal.SIGQUIT, b""))
    for dtype, threads in (("f32", 1), ("f16", 2), ("int8", 1)):
        result = succeeds(f"bench {dtype}", "bench", "--json", "--runs", "1", "--tokens", "5", "--prompt-tokens", "9", "--skip-uncached",
                          "--dtype", dtype, "--threads", str(threads))
        lines = [json.loads(line) for line in result.text.splitlines()]
        equal(f"{dtype}: one run, the limits and loading", [line["type"] for line in lines], ["bench", "limits", "loading"])
        equal(f"{dtype}: what was run", [lines[0][key] for key in ("dtype", "threads", "prompt_tokens", "tokens")], [dtype, threads, 9, 5])
        equal(f"{dtype}: threads of the limits", lines[1]["threads"], threads)
