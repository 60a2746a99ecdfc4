"""The screen of prefill and decode: each number of its column is the pass's, as --json has it."""

import json
import re

from support.checks import begin, check, equal
from support.program import fails, succeeds
from support.quantities import is_near, value

CONTEXTS, PROMPTS, BATCHES = [3, 15, 63], [4, 16, 64], [1, 2, 4]
LENGTHS = ["--context", "3,15,63", "--prompt-tokens", "4,16,64", "--batch", "1,2,4", "--runs", "1", "--machine", "a10"]
SIZE = ["--size", "100x34", "--lang", "en"]


def lines_of(*arguments):
    return [json.loads(line) for line in succeeds("json", *arguments, "--json").text.splitlines()]


def frames(name, keys, *more):
    text = succeeds(name, "phases", *LENGTHS, *SIZE, "--keys", keys, *more).text
    return [part for part in re.split(r"(?m)^(?= kvtui  )", text) if part.strip()]


def blocks(frame):
    """The blocks of the right column: a heading, then names and numbers."""
    column = [line[67:].strip() for line in frame.splitlines()[3:]]
    found, block = [], None
    for line in column:
        row = re.match(r"^(.*?\S)\s{2,}(\S.*)$", line)
        if row and block is not None:
            block[row[1]] = row[2]
        elif line.startswith(("decode ", "decode, ", "prefill ")):
            block = {"": line, "says": []}
            found.append(block)
        elif line and block is not None:
            block["says"].append(line)
    return found


def amounts(name, block, line):
    check(f"{name}: FLOP", is_near(block["FLOP"], line["flops"]), line["flops"], block)
    check(f"{name}: weights", is_near(block["weights"], line["weight_bytes"]), line["weight_bytes"], block)
    check(f"{name}: K and V", is_near(block["K and V"], line["cache_bytes_read"]), line["cache_bytes_read"], block)
    check(f"{name}: FLOP a byte", is_near(block["FLOP per byte"], line["flops_per_byte"]), line["flops_per_byte"], block)


def speeds(name, frame, block):
    """What follows from the pass's time and this machine's limits, all of one frame."""
    limits = re.search(r"this machine  (\S+ \S+), (\S+ \S+)", frame)
    peak, bandwidth = (value(text) for text in limits.groups())
    seconds, flops = value(block["a pass, measured"]), value(block["FLOP"])
    moved = value(block["weights"]) + value(block["K and V"])
    check(f"{name}: bytes a second", is_near(block["bytes per second"], moved / seconds, 2), moved / seconds, block)
    used = value(block["arithmetic in use"])
    check(f"{name}: arithmetic in use", used <= 100 and abs(used - 100 * flops / seconds / peak) < 1 + used / 50, flops / seconds / peak, block)
    times = moved / seconds / bandwidth
    left = value(block["FLOP per byte"]) < peak / bandwidth
    if abs(value(block["FLOP per byte"]) * bandwidth / peak - 1) > 0.02:
        equal(f"{name}: its side of the ridge", block["says"][0], "waits for bytes" if left else "waits for compute")
    note = next((text for text in block["says"] if "CPU caches" in text), None)
    if abs(times - 1.1) > 0.05:
        equal(f"{name}: from caches", note is not None, times > 1.1)
    if note:
        check(f"{name}: its bytes", is_near(re.search(r"its (\S+ \S+) lie", note)[1], moved, 2), moved, note)


def case_measured():
    begin("phases: every pass that was run")
    passes = {(line["phase"], line["batch"], line["past"] or line["rows"]): line
              for line in lines_of("phases", *LENGTHS) if line["type"] == "phase"}
    equal("passes", len(passes), 12)
    for index, batch in enumerate(BATCHES):
        shown = frames(f"batch {batch}", " ".join(["Right"] * index + ["Down", "Down", "p", "p"]))[index:]
        for frame, context in zip(shown, (63, 15, 3)):
            decode, prefill = blocks(frame)
            name = f"{batch} behind {context}"
            check(name, decode[""] == (f"decode, context {context}" if batch == 1 else f"decode of {batch}, context {context} each"), "", decode)
            amounts(name, decode, passes["decode", batch, context])
            equal(f"{name}: the step without a cache", "without a cache" in decode, batch == 1)
            speeds(name, frame, decode)
        for frame, prompt in zip(shown[2:], (64, 4, 16)):
            amounts(f"prefill {prompt}", blocks(frame)[1], passes["prefill", 1, prompt])
            speeds(f"prefill {prompt}", frame, blocks(frame)[1])


def case_computed():
    begin("phases: the same passes on an A10, and a model of the table")
    decode, prefill = blocks(frames("an A10", "g")[-1])
    machine = next(line for line in lines_of("phases", *LENGTHS) if line["type"] == "machine")
    there = {(line["phase"], line["batch"], line["past"] or line["rows"]): line["least_seconds"] for line in machine["phases"]}
    check("decode", is_near(decode["a pass, at least"], there["decode", 1, 63]), there, decode)
    check("without a cache", is_near(decode["without a cache"], there["prefill", 1, 64]), there, decode)
    check("prefill", is_near(prefill["a pass, at least"], there["prefill", 1, 64]), there, prefill)
    # Llama-2-7B behind 1,024 tokens: 32 layers, width 4096, inner 11008, 32,000 rows of logits.
    layers, head = 32 * (4 * 4096 * 4096 + 3 * 4096 * 11008), 32000 * 4096
    decode = blocks(frames("Llama-2-7B", "m g Right Right")[-1])[0]
    flops = 4 * (2 * layers + 2 * head + 4 * 1025 * 4096 * 32)
    kept, weights = 4 * 1025 * 524288, 2 * (layers + head + 65 * 4096)
    amounts("Llama-2-7B", decode, {"flops": flops, "weight_bytes": weights, "cache_bytes_read": kept, "flops_per_byte": flops / (weights + kept)})
    check("least seconds", is_near(decode["a pass, at least"], (weights + kept) / 600e9), "", decode)


def case_refused():
    begin("phases: what has no batch")
    fails("latents", 64, "phases", "--model", "tiny-zh-mla", "--batch", "2", words=["--batch"])
    fails("no batch", 64, "phases", "--batch", "0", words=["--batch"])
    alone = frames("latents alone", "Right", "--model", "tiny-zh-mla", "--batch", "1")[-1]
    check("one sequence", "this is the largest" in alone, "", alone)
