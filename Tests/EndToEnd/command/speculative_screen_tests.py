"""The speculative screen: every number of its frames is that of `--json`, or is worked out from Q and K of a recording."""

import json
import math
import os
import re
import struct

from support.checks import begin, check, equal
from support.here import REPOSITORY
from support.json_output import json_run, objects
from support.output import clean_pages, columns_of, control_bytes, split_pages
from support.program import fails, succeeds
from support.recordings import read, recorded

PROMPT, TOKENS, DRAFTS = "红楼梦", "17", 4
ON = ("lab", "--policy", f"speculative:{DRAFTS}", "--prompt", PROMPT, "--tokens", TOKENS)
SIZE = ("--size", "150x36")


def vocabulary():
    with open(os.path.join(REPOSITORY, "models", "tiny-zh", "tokenizer.json"), encoding="utf-8") as file:
        return {id: text for text, id in json.load(file)["model"]["vocab"].items()}


class Written:
    """The lines of `lab --policy speculative:G --json`, and the text."""

    def __init__(self):
        lines = objects(succeeds("as JSON", *ON, "--json"))
        self.passes, self.total = lines[1:-1], lines[-1]
        names = vocabulary()
        self.parameters = lambda model: json_run(model, "--model", model, "--prompt", PROMPT, "--tokens", "1").model["parameters"]
        self.text_of = lambda ids: "".join(names[id] for id in ids)
        prompt = json_run("the prompt's ids", "--prompt", PROMPT, "--tokens", "1").fed
        self.lengths, text = [], prompt + self.total["tokens"][:1]
        self.texts = []
        for line in self.passes:
            self.texts.append(list(text))
            text += line["written"]


def tensor(header, data, name):
    """A tensor of 32 bit floats: its shape, and its numbers in one list."""
    entry = header[name]
    first, end = entry["data_offsets"]
    return entry["shape"], struct.unpack(f"<{(end - first) // 4}f", data[first:end])


def weights(metadata, header, data, layer, head, rows):
    """softmax(Q Kᵀ · scale) under the causal mask, of the last rows."""
    (_, length, width), query = tensor(header, data, f"layer.{layer}.query")
    (_, _, _), key = tensor(header, data, f"layer.{layer}.key")
    scale = metadata["attention"][layer]["scale"] if "attention" in metadata else 1 / math.sqrt(width)
    found = []
    for row in range(length - rows, length):
        q = query[(head * length + row) * width:][:width]
        scores = [scale * sum(a * b for a, b in zip(q, key[(head * length + place) * width:][:width])) for place in range(row + 1)]
        most = max(scores)
        exps = [math.exp(score - most) for score in scores]
        found.append([value / sum(exps) for value in exps])
    return found


def drawn_weights(frame):
    """The rows of the picture: their cells, and what stands behind them."""
    rows = []
    for line in frame.split("\n")[3:]:
        match = re.match(r"^ {2,}\S+\+ +((?:(?:1\.0|\.\d\d|×)\s*)+)(.*)$", line)
        if match:
            rows.append((match.group(1).split(), match.group(2).strip()))
    return rows


def amount(value, unit, digits, plain_below=1000):
    """A number as charts write it: some digits, a decimal prefix, no noughts at the end."""
    for prefix in ("", "k", "M", "G"):
        if value < (plain_below if prefix == "" else 1000):
            break
        value /= 1000
    places = max(0, digits - len(str(int(value))))
    text = str(int(value)) if value == int(value) else f"{value:.{places}f}".rstrip("0").rstrip(".")
    return text + (f" {prefix}{unit}" if prefix + unit else "")


def check_verdict(name, line, written, row, words):
    """What is said of a row."""
    accepted, chosen = line["accepted"], written.text_of([line["chosen"][row]])
    if row > accepted:
        return equal(name, words, "void: what is before it is wrong")
    if row >= len(line["written"]):
        return equal(name, words, "the text is over")
    says = f"→ {chosen}", f"{line['probabilities'][row] * 100:.1f}%"
    drafted = written.text_of(line["drafted"][row:row + 1])
    verdict = (["one", "more,", "the", "model's", "own"] if row == len(line["drafted"]) else
               [drafted, "✓", "accepted"] if row < accepted else [drafted, "✗", "becomes", chosen])
    return equal(name, words.split(), [*says[0].split(), says[1], *verdict])


def case_every_number():
    begin("every number of the speculative screen")
    written = Written()
    rounds = len(written.passes)
    keys = "Home" + " Right" * (rounds - 1)
    frames = split_pages(succeeds("frames", *ON, "--lang", "en", "--keys", keys, *SIZE))
    equal("a frame a key, and the first", len(frames), rounds + 1)
    for index, (line, text, frame) in enumerate(zip(written.passes, written.texts, frames[1:])):
        name = f"round {index + 1}"
        lines = frame.split("\n")
        equal(f"{name}: the title", re.findall(r"\d+", lines[0].split("pass")[1]), [str(index + 1), str(rounds), "1", "4", "1", "4"])
        path = recorded(f"round{index}.kvtrace", "--text", written.text_of(text + line["drafted"]), "--tokens", "0")
        recording = read(path)
        rows = drawn_weights(frame)
        equal(f"{name}: rows", len(rows), line["rows"])
        expected = weights(*recording, 0, 0, line["rows"])
        for row, ((cells, words), values) in enumerate(zip(rows, expected)):
            shown = [two_digits(value) for value in values][-len([cell for cell in cells if cell != "×"]):]
            close(f"{name}, row {row}: weights", [cell for cell in cells if cell != "×"], values, shown)
            equal(f"{name}, row {row}: what is masked", cells.count("×"), line["rows"] - 1 - row)
            check_verdict(f"{name}, row {row}: verdict", line, written, row, words)
        check_words(name, lines, line, text, written)
        check_table(name, lines, written)
    for keys, layer, head in (("] }", 1, 1), ("] ] ] } }", 3, 2)):
        frame = split_pages(succeeds("another head", *ON, "--lang", "en", "--keys", "Home " + keys, *SIZE))[-1]
        recording = read(recorded("head.kvtrace", "--text", written.text_of(written.texts[0] + written.passes[0]["drafted"]), "--tokens", "0"))
        for (cells, _), values in zip(drawn_weights(frame), weights(*recording, layer, head, written.passes[0]["rows"])):
            close(f"layer {layer + 1}, head {head + 1}", [cell for cell in cells if cell != "×"], values, None)


def two_digits(value):
    return "1.0" if value >= 0.995 else f"{value:.2f}"[1:]


def close(name, cells, values, shown):
    """Each cell is within half a hundredth of its weight, and the last bits of the sum."""
    own = values[-len(cells):]
    check(name, len(cells) <= len(values) and all(abs(float(cell) - value) < 0.00501 for cell, value in zip(cells, own)), shown or own, cells)


def check_words(name, lines, line, text, written):
    kept = len(text) + len(line["drafted"]) - line["truncated"]
    cache = next(each for each in lines if each.startswith("  cache"))
    check(f"{name}: the cache behind it", f"{kept} kept, {line['truncated']} cut off" in cache, (kept, line["truncated"]), cache)
    equal(f"{name}: cropped columns", cache.count("/"), line["truncated"])
    wrote = next(each for each in lines if "this pass writes" in each)
    equal(f"{name}: how many are written", re.findall(r"writes (\d+)", wrote), [str(len(line["written"]))])
    check(f"{name}: they are the plain text", written.total["agrees"] and "to the last token" in wrote, "the plain text", wrote)
    head = lines[2]
    drafted = written.text_of(line["drafted"])
    sizes = [amount(written.parameters(each), "", 3, 10_000) for each in ("tiny-zh-mqa", "tiny-zh")]
    expected = f"tiny-zh-mqa ({sizes[0]} parameters) drafts {drafted}   tiny-zh ({sizes[1]} parameters) computes {line['rows']} rows at once"
    check(f"{name}: what is drafted by whom", expected in head, expected, head)
    counts = next(each for each in lines if each.startswith("  accepted"))
    equal(f"{name}: how many each round accepted", counts.split()[1:], [str(each["accepted"]) for each in written.passes])
    below = lines[lines.index(counts) + 1]
    equal(f"{name}: what each round wrote", below.split()[1:], [written.text_of(each["written"]) for each in written.passes])


def check_table(name, lines, written):
    total = written.total
    plain = next(each for each in lines if each.startswith("  plain"))
    drafted = next(each for each in lines if each.startswith(f"  {DRAFTS} drafted"))
    equal(f"{name}: plain", re.split(r"\s{2,}", plain.strip())[1:],
          [str(total["plain_passes"]), amount(total["plain_weight_bytes"], "B", 4), amount(total["plain_flops"], "", 3, 10_000), "–", "–"])
    model = total["flops"] - total["draft_flops"]
    equal(f"{name}: with drafts", re.split(r"\s{2,}", drafted.strip())[1:],
          [str(total["passes"] + 1), amount(total["weight_bytes"], "B", 4), amount(model, "", 3, 10_000), amount(total["draft_weight_bytes"], "B", 4),
           amount(total["draft_flops"], "", 3, 10_000)])


def case_knobs():
    begin("knobs write the text anew")
    for keys, options in (("+", ["--policy", "speculative:5"]), ("- -", ["--policy", "speculative:2"]), ("d", ["--policy", "speculative:4", "--draft", None])):
        frame = split_pages(succeeds(f"{keys} on the screen", *ON, "--lang", "en", "--keys", keys, *SIZE))[-1]
        if options[-1] is None:
            options[-1] = re.search(r"(\S+)(?: \([^)]*\))? drafts ", frame).group(1)
            check("another model drafts, and not the model itself", options[-1] not in ("tiny-zh-mqa", "tiny-zh"), "another", options[-1])
        total = objects(succeeds(f"{keys} as JSON", "lab", *options, "--prompt", PROMPT, "--tokens", TOKENS, "--json"))
        counts = next(each for each in frame.split("\n") if each.startswith("  accepted"))
        equal(f"{keys}: accepted in each round", counts.split()[1:], [str(line["accepted"]) for line in total[1:-1]])
    there = split_pages(succeeds("there and back", *ON, "--keys", "+ - Right Left", *SIZE))
    equal("back is the same picture", there[2], there[0])
    typed = split_pages(succeeds("another text", *ON, "--keys", "/ 中 华 人 民 Enter Home", *SIZE))[-1]
    same = split_pages(succeeds("the same text", "lab", "--policy", "speculative:4", "--prompt", "中华人民", "--tokens", TOKENS, "--keys", "Home", *SIZE))[-1]
    equal("a text that is typed is written as one that is given", typed, same)
    itself = split_pages(succeeds("the model itself", *ON, "--lang", "en", "--draft", "tiny-zh", "--keys", "", *SIZE))[0]
    check("it is said where the model drafts for itself", "drafts for itself" in itself and "drafts for itself" not in there[0], "", itself)
    first = split_pages(succeeds("the beginning", *ON, "--lang", "en", "--keys", "", *SIZE))[0]
    check("it begins at round 1, of which some is accepted and some is not",
          "round 1/" in first and " ✓ accepted" in first and " ✗ becomes" in first, "", first)
    bundled = split_pages(succeeds("nothing given", "lab", "--policy", "speculative:4", "--keys", "", *SIZE))
    equal("the bundled text is this", bundled[0], there[0])


def case_sizes():
    begin("the speculative screen at every size")
    for size in ("60x16", "80x24", "120x36", "200x60"):
        for more in (("--lang", "zh"), ("--lang", "en"), ("--lang", "en", "--ascii"), ("--theme", "light")):
            result = succeeds(f"{size} {more}", *ON, "--keys", "Right ] ? Escape", "--size", size, *more)
            clean_pages(f"{size} {more}", result, int(size.split("x")[0]))
            check(f"{size} {more}: no control bytes", not control_bytes(result.out), "", result)
    page = succeeds("without a terminal it is a page", *ON).out
    equal("as with --plain", page, succeeds("--plain", *ON, "--plain").out)
    hostile = succeeds("a hostile prompt", "lab", "--policy", "speculative:3", "--prompt", "\x1b[31m中\u202e", "--tokens", "6", "--keys", "Right", *SIZE)
    check("no control bytes of a prompt", not control_bytes(hostile.out), "", hostile)


def case_refused():
    begin("what the speculative screen refuses")
    on = (*ON, "--lang", "en")
    fails("--json with --keys", 64, *on, "--json", "--keys", "", words=["--json", "--keys"])
    fails("a draft that is not there", 66, *on, "--draft", "nobody", "--keys", "", words=["nobody"])
    fails("sampling", 64, *on, "--temperature", "1", "--keys", "", words=["--temperature"])
    fails("more tokens than positions", 64, "lab", "--policy", "speculative:4", "--prompt", "中", "--tokens", "1000000000000000", "--keys", "",
          words=["--tokens"])
    fails("a text", 64, "lab", "--policy", "speculative:4", "--text", "中", "--keys", "", words=["--text"])
