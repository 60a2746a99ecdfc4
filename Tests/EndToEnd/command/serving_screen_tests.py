"""The serving screen: every number of its frames is that of `lab --requests --json` with the same knobs."""

import json
import os
import re

from support.checks import begin, check, equal
from support.here import work
from support.json_output import objects
from support.output import clean_pages, columns_of, control_bytes, split_pages
from support.program import fails, succeeds

STEM = "问：你好！\n答：你好！我是一个很小的模型，只会几十句话。\n"
# Those that come with the program.
BUNDLED = [
    {"prompt": STEM + "问：你是谁？\n答：", "tokens": 19}, {"prompt": "中华人民共和国", "tokens": 22, "arrives": 3},
    {"prompt": STEM + "问：谢谢！\n答：", "tokens": 4, "arrives": 6}, {"prompt": STEM + "问：《静夜思》是谁写的？\n答：", "tokens": 7, "arrives": 7},
    {"prompt": "世界最高峰", "tokens": 22, "arrives": 10},
]
SIZE = ("--size", "160x44")
POOL, TABLES = 2, 98


def script(name, requests):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests))
    return path


class Served:
    def __init__(self, name, path, *knobs):
        lines = objects(succeeds(name, "lab", "--requests", path, "--json", *knobs))
        self.steps = [line for line in lines if line["type"] == "step"]
        self.requests = sorted((line for line in lines if line["type"] == "request"), key=lambda line: line["request"])
        self.total = lines[-1]

    @property
    def end(self):
        return self.steps[-1]["step"]

    @property
    def mean(self):
        return sum(one["finished"] - one["arrives"] + 1 for one in self.requests) / len(self.requests)

    def row(self, step, request):
        return next((row for row in step["requests"] if row["request"] == request), None)


def cut(line, first, end=None):
    """Columns of a line, whose wide glyphs take two."""
    wide = "".join(glyph + ("\0" if columns_of(glyph) == 2 else "") for glyph in line)
    return wide[first:end].replace("\0", "")


def counted(number, thing):
    return f"{number} {thing}" + "s" * (number != 1)


def letter(request):
    return chr(64 + request)


def cells(served, request):
    """What the timeline has of a request, from the left."""
    found = []
    for step in served.steps:
        row = served.row(step, request)
        if row is None or row["state"] == "done":
            continue
        found.append({"waiting": "..", "preempted": "!"}.get(row["state"]) or (str(row["computed"]) if row["computed"] else "·"))
    return found


def pool_lines(step, slot):
    """Numbers, holders and slots of the pool's blocks, as they are read from the left."""
    holders, filled, size = {}, {}, step["pool"]["block_size"]
    for row in step["requests"]:
        for index, block in enumerate(row["blocks"]):
            holders.setdefault(block, []).append(row["request"])
            filled[block] = max(filled.get(block, 0), min(size, row["held"] - index * size))
    heads, slots = [], []
    for block in range(1, step["pool"]["blocks"] + 1):
        names = "".join(letter(request) for request in holders.get(block, []))
        heads += [str(block)] + ([names if len(names) <= 3 + 4 * (slot - 1) else f"×{len(names)}"] if names else [])
        full = filled.get(block, 0)
        sign = ":" if block in step["pool"]["cached_blocks"] else "·"
        slots.append("=" * full * slot + "_" * (size - full) * slot if block in holders else sign * size * slot)
    return heads, slots


def check_frame(name, frame, served, step, others, request=1):
    """Every line of a frame."""
    lines, pool = frame.split("\n"), step["pool"]
    rest = []
    equal(f"{name}: the title", re.findall(r"step (\d+)/(\d+)", lines[0]), [(str(step["step"]), str(served.end))])
    count = len(served.requests)
    rows = [line for line in lines if re.match(r"  [ ▸][A-Z]  ", line) and columns_of(line) > 20][:count]
    for number, line in enumerate(rows, 1):
        equal(f"{name}: the timeline of {letter(number)}", cut(line, 20).split(), cells(served, number))
    sums = next(line for line in lines if line.startswith("  tokens per step"))
    equal(f"{name}: tokens of each step", sums.split()[3:], [str(each["computed"]) for each in served.steps])
    caret = next(line for line in lines if re.search(r"\^ step|step \d+ \^", line))
    place = caret.index("^")
    equal(f"{name}: the mark stands under its step, and says it", (re.findall(r"step (\d+)", caret), cut(sums, 0, place + 1).split()[-1]),
          ([str(step["step"])], str(step["computed"])))
    head = next(line for line in lines if line.startswith("  pool"))
    knobs = (f"pool  {pool['blocks']} blocks × {pool['block_size']} tokens  sharing {'on' if served.total['sharing'] else 'off'}  "
             f"budget {served.total['budget']}")
    counts = [f"{pool['used']} used", f"{pool['shared']} shared", f"{pool['cached']} cached", f"{pool['free']} free"]
    evicted = [f"{pool['evictions']} evicted"] if pool["evictions"] else []
    # Where there is no room for all, what was taken away comes before what is shared.
    check(f"{name}: the knobs and the pool's counts",
          cut(head, 2, TABLES).strip() in [knobs + unit + "  " + ", ".join(words) for unit in (" tokens per step", " a step", "")
                                             for words in (counts + evicted, counts[:1] + counts[2:] + evicted)],
          (knobs, counts, evicted), head)
    below = lines[lines.index(head) + 1:lines.index(next(line for line in lines if "unowned" in line))]
    left = [cut(line, POOL, TABLES - 1) for line in below]
    slot = 2 if any("==" * pool["block_size"] in line for line in left) else 1
    heads, slots = pool_lines(step, slot)
    equal(f"{name}: numbers and holders of blocks", " ".join(line for line in left if re.match(r" *\d", line)).split(), heads)
    # A block that is several rows high has the same in all of them.
    drawn = " ".join(line for line, above in zip(left, ["", *left]) if re.match(r"[=_:·]", line) and not re.match(r"[=_:·]", above)).split()
    equal(f"{name}: slots of blocks", drawn, slots)
    tables = " ".join(cut(line, TABLES) for line in below).split()
    expected = []
    for row in step["requests"]:
        if row["blocks"]:
            expected += [letter(row["request"]), str(row["held"])] + [str(block) for block in row["blocks"]]
    equal(f"{name}: block tables", tables, expected)
    rest = [line.strip() for line in lines[lines.index(below[-1]) + 1:-1] if line.strip()]
    check_words(name, rest, served, step, others, request)


def check_words(name, lines, served, step, others, request):
    """The sentences behind the pool."""
    whole, other = others
    pool, own = step["pool"], served.row(step, request)
    held = sum(row["held"] for row in step["requests"])
    with_sharing, without = (served, other) if served.total["sharing"] else (other, served)

    def sum_of(which):
        return which.total["computed_tokens"], which.total["most_used_blocks"], which.end

    expected = [
        f"{counted(pool['used'], 'block')} = {counted(pool['used_slots'], 'slot')} in use, {pool['wasted_slots']} empty",
        f"{served.total['positions']} kept for each request: {counted(step['reserved_slots'], 'slot')}, {step['reserved_slots'] - held} empty",
        f"(join on arrival): {served.end} steps, on average {served.mean:.1f} steps a request",
        f"batch by batch: {whole.end} steps, on average {whole.mean:.1f} steps a request",
        "sharing: {} tokens computed, at most {} blocks, {} steps".format(*sum_of(with_sharing)),
        "without: {} tokens, {} blocks, {} steps".format(*sum_of(without)),
    ]
    text = " ".join(lines)
    for words in expected:
        check(f"{name}: {words}", words in text, words, text)
    if own is None:
        arrives = served.requests[request - 1]["arrives"]
        check(f"{name}: it comes later", f"{letter(request)}: comes in step {arrives}" in text, arrives, text)
        return
    written = sum(1 for each in served.steps if each["step"] <= step["step"] and (served.row(each, request) or {}).get("written"))
    numbers = [int(number) for number in re.findall(r"\d+", next(line for line in lines if line.startswith(f"{letter(request)}: ")))]
    doing = {"prefill": [own["hits"]] * (own["hits"] > 0) + [own["computed"]]}.get(own["state"], [])
    equal(f"{name}: what the request is at", numbers,
          [served.requests[request - 1]["prompt_tokens"], *doing, written, own["held"], len(own["blocks"])])


def frames_of(name, *arguments, size=SIZE):
    return split_pages(succeeds(name, "lab", "--lang", "en", *arguments, *size))


def case_every_number():
    begin("every number of the serving screen")
    path = script("bundled", BUNDLED)
    for sharing, blocks in ((True, "36"), (False, "36"), (True, "22")):
        knobs = ["--policy", "paged:4", "--budget", "16", "--blocks", blocks]
        own, other = ([], ["--no-sharing"]) if sharing else (["--no-sharing"], [])
        served = Served("as JSON", path, *knobs, *own)
        others = (Served("whole", path, *knobs, *own, "--batching", "whole"), Served("the other way", path, *knobs, *other))
        keys = "Home" + " Right" * (len(served.steps) - 1)
        frames = frames_of("frames", "--requests", path, *knobs, *own, "--keys", keys)
        equal("a frame a key, and the first", len(frames), len(served.steps) + 1)
        for step, frame in zip(served.steps, frames[1:]):
            check_frame(f"sharing {sharing}, {blocks} blocks, step {step['step']}", frame, served, step, others)
        total = served.total
        check("a large pool takes nothing away", (total["preemptions"] + total["evictions"] == 0) == (sharing and blocks == "36"), blocks, total)
        if sharing and blocks == "36":
            bundled = frames_of("the bundled requests", "--policy", "paged:4", "--keys", "Home Right")
            equal("the bundled requests are these", bundled, frames[:3])
            for request in (2, 4):
                down = frames_of("another request", "--requests", path, *knobs, "--keys", "Home Right Right Right Right Right Right" + " Down" * (request - 1))
                check_words(f"request {request}", [line.strip() for line in down[-1].split("\n")[20:]], served, served.steps[6], others, request)


def case_knobs():
    begin("knobs run the scheduler anew")
    path = script("bundled", BUNDLED)
    knobs = ["--budget", "16", "--blocks", "36"]
    for keys, changed, size in (("u", {"--budget": "32"}, 4), ("U", {"--budget": "8"}, 4), ("b", {"--blocks": "18"}, 8), ("B", {"--blocks": "72"}, 2)):
        options = {**dict(zip(knobs[::2], knobs[1::2])), **changed}
        flat = [part for pair in options.items() for part in pair]
        served = Served(f"{keys} as JSON", path, "--policy", f"paged:{size}", *flat)
        frame = frames_of(f"{keys} on the screen", "--requests", path, "--policy", "paged:4", *knobs, "--keys", keys + " End")[-1]
        sums = next(line for line in frame.split("\n") if line.startswith("  tokens per step") or re.match("  (tokens|all) ", line))
        equal(f"{keys}: the steps of those knobs", re.findall(r"\d+", sums), [str(step["computed"]) for step in served.steps])
        check(f"{keys}: the pool", f"{served.total['blocks']} blocks × {size} tokens" in frame, size, frame)
    forth = frames_of("s and back", "--requests", path, "--policy", "paged:4", *knobs, "--keys", "s s")
    # Why it began in that step is said until a key was pressed.
    said = ", most blocks in use"
    equal("why it begins there", [said in frame for frame in forth], [True, False, False])
    equal("back is the same picture", forth[2], forth[0].replace(said, ""))
    added = frames_of("a request is typed", "--policy", "paged:4", "--keys", "Home Right a 中 华 Enter")[-1]
    more = script("six", BUNDLED + [{"prompt": "中华", "tokens": 16, "arrives": 3}])
    same = frames_of("the same six", "--requests", more, "--policy", "paged:4", *knobs, "--keys", "Home Right Down Down Down Down Down")[-1]
    equal("it is served as if it had been in the file", added, same)


def case_sizes():
    begin("the serving screen at every size")
    path = script("bundled", BUNDLED)
    for size in ("60x16", "80x24", "120x36", "200x60"):
        for more in (("--lang", "zh"), ("--lang", "en"), ("--lang", "en", "--ascii"), ("--theme", "projector")):
            result = succeeds(f"{size} {more}", "lab", "--requests", path, "--policy", "paged:4", "--keys", "Right i ? Escape", "--size", size, *more)
            clean_pages(f"{size} {more}", result, int(size.split("x")[0]))
            check(f"{size} {more}: no control bytes", not control_bytes(result.out), "", result)
    page = succeeds("without a terminal it is a page", "lab", "--requests", path, "--policy", "paged:4").out
    equal("as with --plain", page, succeeds("--plain", "lab", "--requests", path, "--policy", "paged:4", "--plain").out)


def case_refused():
    begin("what the serving screen refuses")
    path = script("bundled", BUNDLED)
    on = ("lab", "--requests", path, "--policy", "paged:4", "--lang", "en")
    fails("--json with --keys", 64, *on, "--json", "--keys", "", words=["--json", "--keys"])
    fails("--json with --plain", 64, *on, "--json", "--plain", words=["--json", "--plain"])
    fails("--batching on the screen", 64, *on, "--keys", "", "--batching", "whole", words=["--batching", "--json"])
    fails("a pool too small", 64, *on, "--keys", "", "--blocks", "3", words=["--blocks"])
    fails("a bad script", 65, "lab", "--requests", script("none", []), "--keys", "", "--lang", "en", words=["none"])
    fails("a knob that makes the pool too small for a request", 64, *on, "--keys", "b b", "--blocks", "14", words=["--blocks"])
