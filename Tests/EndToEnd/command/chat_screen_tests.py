"""The conversation screen: every number on its frames is that of --json, or of the closed forms where --json has none."""

import json
import os
import re

from support.checks import begin, check, equal
from support.contract import closed_forms
from support.here import FIXTURES, work
from support.json_output import objects
from support.models import write
from support.output import clean_pages, header_lines, split_pages
from support.program import fails, succeeds

INNER = {"tiny-zh": 256, "tiny-zh-gqa": 172, "tiny-zh-mqa": 172}
FOUR = ["你好！", "你是谁？", "谢谢！", "再见！"]
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[ ](?:[KMGT]iB|B|[kMGT]\b))?")


def script(name, lines):
    path = os.path.join(work, name)
    write(path, "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines).encode())
    return path


def count(value):
    """Three significant digits and a decimal prefix; exact below 10,000."""
    if value < 10000:
        return str(value)
    scaled, prefixes, prefix = float(value), iter("kMGTPE"), ""
    while scaled >= 999.5:
        scaled, prefix = scaled / 1000, next(prefixes)
    return f"{scaled:.{2 if scaled < 9.995 else 1 if scaled < 99.95 else 0}f} {prefix}"


def size(value):
    """Bytes with a binary prefix."""
    scaled, prefixes, prefix = float(value), iter(["KiB", "MiB", "GiB"]), ""
    while value >= 1024 and (not prefix or scaled >= 999.5):
        scaled, prefix = scaled / 1024, next(prefixes)
    whole = scaled == round(scaled) or scaled >= 99.95
    return f"{scaled:.{0 if whole else 1}f} {prefix or 'B'}"


def numbers(line):
    return [number.strip() for number in NUMBER.findall(line)]


def amounts(line):
    """Bytes held; where columns are narrow their unit stands once, in front of the numbers."""
    unit = re.match(r"\s+(?:占着|held,) ([KMG]?i?B) ", line)
    return [f"{number} {unit[1]}" for number in re.findall(r"[\d.]+", line)] if unit else numbers(line)


def uncached(model, name, turn):
    """Rows and FLOP of an answer without a cache: all tokens anew for each that is written."""
    prompt = turn["prompt_tokens"]
    fed = turn["computed_tokens"] - prompt + turn["reused_tokens"]
    lengths = range(prompt, prompt + fed + 1)
    return sum(lengths), sum(closed_forms(model, INNER[name], length, 0)["total"] for length in lengths)


def taken(model, name, turns):
    """Rows and FLOP of each turn in three ways."""
    alone = [uncached(model, name, turn) for turn in turns]
    rows = [[turn["computed_tokens"] for turn in turns],
            [turn["reused_tokens"] + turn["computed_tokens"] for turn in turns], [one[0] for one in alone]]
    flops = [[turn["flops"][way] for turn in turns] for way in ("with_reuse", "without_reuse")] + [[one[1] for one in alone]]
    return rows, flops


def scale(frame):
    """How many columns a token has, and how many tokens a column, by what the frame says of it."""
    if found := re.search(r"(\d+) (?:列一个词元|columns per token)", frame):
        return int(found[1]), 1
    if found := re.search(r"一列 (\d+) 个词元|(\d+) tokens a column", frame):
        return 1, int(found[1] or found[2])
    check("the scale is said", "一列一个词元" in frame or "one column per token" in frame, "", frame)
    return 1, 1


def expect_marks(name, line, parts, columns_each, tokens_each):
    """Each part of a bar is as long as its tokens say, and has its own mark."""
    ends = [0]
    for part in parts:
        tokens = sum(parts[: len(ends)])
        ends.append(max(-(-tokens * columns_each // tokens_each), ends[-1] + (part > 0)))
    equal(name, re.findall(r"[=?+]+", line)[0], "".join(mark * (end - start) for mark, start, end in zip("=?+", ends, ends[1:])))


def expect_talk(name, frame, model, model_name, turns, has_flops):
    """Every line with a number, but for what was said and what the keys are."""
    lines = frame.split("\n")
    starts = [index for index, line in enumerate(lines) if re.match(r"  (第 \d+ 轮|turn \d+) ", line)]
    bars, head = starts[: len(turns)], next(index for index, line in enumerate(lines) if "合计" in line or "total" in line)
    for place, turn in zip(bars, turns):
        fed = turn["computed_tokens"] - turn["prompt_tokens"] + turn["reused_tokens"]
        asked = turn["prompt_tokens"] - turn["reused_tokens"]
        shown = [turn["turn"], *([turn["reused_tokens"]] if turn["reused_tokens"] else []), asked, fed]
        # Numbers of questions and answers stand below where one of them has no room in its bar.
        said = next(line for line in lines[place:] if re.match(r"\s+\? (问|asked)", line))
        below = re.findall(r"(?:\? (?:问|asked)|\+ (?:答|answered)) (\d+)[：:]", said)
        check(f"{name}: both numbers or none stand below", len(below) in (0, 2), "", said)
        found = sorted(numbers(lines[place]) + below)
        equal(f"{name}: bar of turn {turn['turn']}", found, sorted(map(str, [*shown, turn["prompt_tokens"] + fed])))
        expect_marks(f"{name}: marks of turn {turn['turn']}", lines[place + 1], [turn["reused_tokens"], asked, fed], *scale(frame))
    rows, flops = taken(model, model_name, turns)
    equal(f"{name}: turns of the table", numbers(lines[head]), [str(turn["turn"]) for turn in turns])
    for way in range(3):
        total = [] if has_flops else [count(sum(flops[way]))]
        equal(f"{name}: rows, way {way}", numbers(lines[head + 1 + way]), [count(row) for row in rows[way]] + [count(sum(rows[way])), *total])
    held = next(line for line in lines[head + 4:] if "iB" in line)
    equal(f"{name}: bytes", amounts(held), [size(turn["cache_bytes"]) for turn in turns])
    if has_flops:
        first = next(index for index, line in enumerate(lines) if "FLOP" in line) + 1
        for way in range(3):
            equal(f"{name}: FLOP, way {way}", numbers(lines[first + way]), [count(one) for one in flops[way]] + [count(sum(flops[way]))])
    said = "\n".join(lines[:head])
    if int(numbers(lines[head])[0]) == 1:
        check(f"{name}: what was said", all(turn["question"] in said for turn in turns), turns, said)


def case_talk():
    begin("chat --keys")
    for model_name, language in (("tiny-zh", "zh"), ("tiny-zh-gqa", "zh"), ("tiny-zh-mqa", "zh"), ("tiny-zh", "en")):
        options = ("--model", model_name, "--lang", language)
        model, *turns = objects(succeeds("the default script", "chat", *options, "--json"))
        path = script("four.txt", FOUR)
        equal("without a script: four greetings, in the language that the model has learnt", turns,
              objects(succeeds("four", "chat", "--script", path, "--model", model_name, "--lang", "zh", "--json"))[1:])
        for columns, rows in ((100, 30), (120, 36), (120, 44), (200, 60)):
            name = f"{model_name}, {language}, {columns}x{rows}"
            frames = succeeds(name, "chat", *options, "--keys", "Enter Enter Enter Enter", "--size", f"{columns}x{rows}")
            clean_pages(name, frames, columns)
            pages = split_pages(frames)
            equal(f"{name}: a frame a key", len(pages), 5)
            for seen in range(1, 5):
                expect_talk(f"{name}, {seen} turns", pages[seen], model, model_name, turns[:seen], rows >= 44)


def case_narrow():
    begin("chat --keys at 60 x 16 and 80 x 24")
    model, *turns = objects(succeeds("json", "chat", "--lang", "zh", "--json"))
    rows, flops = taken(model, "tiny-zh", turns)
    for columns, height in ((60, 16), (80, 24)):
        frames = succeeds("narrow", "chat", "--lang", "zh", "--keys", "Enter Enter Enter Enter", "--size", f"{columns}x{height}")
        clean_pages("narrow", frames, columns)
        page = split_pages(frames)[-1]
        equal("the scale is said", scale(page), (1, 2))
        bars = [line for line in page.split("\n") if re.match(r"  第 \d 轮 [=?+]", line)]
        said = [line for line in page.split("\n") if re.match(r"\s+\? 问", line)]
        equal("a bar and a line a turn", (len(bars), len(said)), (4, 4))
        for turn, bar, line in zip(turns, bars, said):
            fed = turn["computed_tokens"] - turn["prompt_tokens"] + turn["reused_tokens"]
            reused = [turn["reused_tokens"]] if turn["reused_tokens"] else []
            equal(f"{columns}: bar of turn {turn['turn']}", numbers(bar), list(map(str, [turn["turn"], *reused, turn["prompt_tokens"] + fed])))
            equal(f"{columns}: what is said below", re.findall(r"(?:问|答) (\d+)：", line), [str(turn["prompt_tokens"] - turn["reused_tokens"]), str(fed)])
        for way, label in enumerate(("缓存留着", "每轮清空", "不用缓存")):
            line = next(line for line in page.split("\n") if label in line)
            equal(f"{columns}: {label}", numbers(line), [count(one) for one in rows[way]] + [count(sum(rows[way])), count(sum(flops[way]))])
        line = next(line for line in page.split("\n") if "占着" in line)
        equal(f"{columns}: bytes", amounts(line), [size(turn["cache_bytes"]) for turn in turns])


def case_edit():
    begin("an edit on the screen")
    with open(os.path.join(FIXTURES, "decoding", "edits.json"), encoding="utf-8") as file:
        edits = [edit for edit in json.load(file)["edits"] if edit["room"] == "models" and edit["turn"] > 1 and edit["question"] != "谢谢！"]
    for edit in edits:
        name = f"{edit['model']}, turn {edit['turn']}"
        lines = [*edit["questions"], {"edit": edit["turn"], "question": edit["question"]}]
        path = script("edit.txt", lines)
        _, *turns = objects(succeeds(name, "chat", "--script", path, "--model", edit["model"], "--lang", "zh", "--json"))
        before, turn = turns[-2], turns[-1]
        frames = succeeds(name, "chat", "--script", path, "--model", edit["model"], "--lang", "zh", "--keys", "Enter Enter Enter Enter Enter",
                          "--size", "100x30")
        page = split_pages(frames)[-1].split("\n")
        held = before["reused_tokens"] + before["computed_tokens"]
        for number, cut in enumerate(edit["cuts"], 1):
            kept = edit["kept"] if number == edit["turn"] else cut
            line = next(line for line in page if line.startswith(f"  改 {number}"))
            equal(f"{name}: bar {number}", sorted(numbers(line)), sorted([str(number), str(kept), str(held - kept)]))
        after = next(line for line in page if "改后" in line)
        fed = turn["computed_tokens"] - turn["prompt_tokens"] + turn["reused_tokens"]
        asked = turn["prompt_tokens"] - turn["reused_tokens"]
        found = numbers(after)
        check(f"{name}: the turn after it", set(found) <= {str(one) for one in (turn["reused_tokens"], asked, fed, turn["prompt_tokens"] + fed)}
              and len(found) >= 2 and str(turn["reused_tokens"]) in found, "", after)
        blocks = turn["reused_tokens"] // 16
        line = next(line for line in page if "第一个不同" in line)
        equal(f"{name}: where it differs", numbers(line), [str(turn["reused_tokens"] + 1), "16", str(blocks), str(16 * blocks)])
        line = next(line for line in page if line.startswith("  重算"))
        costs = turn["flops"]
        saved = round((1 - costs["with_reuse"] / costs["without_reuse"]) * 100)
        equal(f"{name}: FLOP", [number for number in numbers(line)],
              [count(costs["with_reuse"]), str(turn["computed_tokens"]), str(turn["reused_tokens"] + turn["computed_tokens"]),
               count(costs["without_reuse"]), str(saved)])
        line = next(line for line in page if "没改的" in line)
        shift = edit["after"] - edit["before"]
        equal(f"{name}: what is unchanged", numbers(line), [str(edit["count"]), str(edit["of_answer"]), *([str(abs(shift))] if shift else [])])
        for label, part in (("K", 0), ("V", 1)):
            line = next(line for line in page if line.startswith(f"  {label} "))
            shown = [float(number) for number in numbers(line)]
            check(f"{name}: how far {label} moved, by Hugging Face", len(shown) == len(edit["layers"])
                  and all(abs(one - layer[part]) < (0.0051 if one < 9.995 else 0.051) for one, layer in zip(shown, edit["layers"])), [layer[part] for layer in edit["layers"]], line)


def case_typed():
    begin("questions are typed")
    keys = "p 你 好 Enter e BSpace 们 Enter Enter"
    frames = split_pages(succeeds("typed", "chat", "--lang", "zh", "--keys", keys, "--size", "80x24"))
    path = script("typed.txt", ["你好", {"edit": 1, "question": "你们"}])
    first, second = objects(succeeds("json", "chat", "--script", path, "--lang", "zh", "--json"))[1:]
    answered = lambda frame, turn: re.search(rf"问( \d+)?：{turn['question']}  \+ 答( \d+)?：{turn['answer'][:10]}", frame)
    check("the typed question is answered", bool(answered(frames[4], first)), first, frames[4])
    check("the edited one too", bool(answered(frames[-1], second)), second, frames[-1])
    equal("a frame a key", len(frames), 1 + len(keys.split()))
    again = split_pages(succeeds("kept", "lesson", "--keys", "c p 你 好 Enter q c", "--size", "80x24", "--lang", "zh"))
    check("from the menu, it is found again as it was left", bool(answered(again[-1], first)) and again[-1] == again[-3], "", again[-1])


def case_options():
    begin("chat's screen and its options")
    path = script("one.txt", ["你好！"])
    page = succeeds("a pipe", "chat", "--script", path, "--lang", "zh").text
    equal("--plain is the page", succeeds("plain", "chat", "--script", path, "--lang", "zh", "--plain").text, page)
    for one, other in (("--json", "--plain"), ("--json", "--keys=q")):
        fails(f"{one} with {other}", 64, "chat", one, other, words=["--json"])
    fails("an unknown key", 64, "chat", "--keys", "Hyper-x", "--lang", "en", words=["Hyper-x"])
    fails("an unknown model", 66, "chat", "--model", "nobody", "--keys", "q")
    fails("a script that is not there", 66, "chat", "--script", os.path.join(work, "nowhere.txt"), "--keys", "q", words=["nowhere.txt"])
    long = script("long-screen.txt", ["长" * 600])
    frame = split_pages(fails("beyond the positions", 65, "chat", "--script", long, "--keys", "Enter", "--lang", "zh", words=["512"]))
    equal("nothing is printed then", frame, [])
    ascii_only = succeeds("ascii", "chat", "--keys", "Enter Enter e x Enter", "--lang", "en", "--ascii", "--size", "100x30").text
    check("--ascii is ASCII", ascii_only.isascii(), "", ascii_only)
    equal("q leaves", len(header_lines(succeeds("q", "chat", "--keys", "q Enter Enter"))), 1)
    for keys in ("Enter " * 60, "p " + "x " * 300 + "Enter", "Enter e " + "x " * 300, "r Tab e Up Down Escape ? t L " * 20):
        succeeds(f"keys {keys[:20]}", "chat", "--keys", keys, "--size", "60x16", timeout=60)
