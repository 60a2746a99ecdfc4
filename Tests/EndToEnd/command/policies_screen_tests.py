"""The screens of cache policies and of the forms of attention: every number on them is that of --json."""

import math
import re

from support.checks import begin, check, equal
from support.json_output import objects
from support.output import columns_of, control_bytes
from support.program import fails, succeeds

SIZE = (100, 30)
# Columns of a pane, where its grid begins, and where the other pane does.
PANE, GRID, OTHER = 48, 5, 51


def fixed(value, digits):
    """Rounded half away from zero, as the screens do."""
    scaled = int(abs(value) * 10**digits + 0.5)
    text = str(scaled).rjust(digits + 1, "0")
    sign = "-" if value < 0 and scaled else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def size_text(count):
    if count < 1024:
        return f"{count} B"
    scaled = count / 1024
    return fixed(scaled, 0 if scaled == round(scaled) or scaled >= 99.95 else 1) + " KiB"


def share_text(probability):
    percent = probability * 100
    return fixed(percent, 1) + "%"


def lost_text(share):
    percent = share * 100
    if percent <= 0:
        return "0 %"
    if percent < 0.05:
        return "<0.1 %"
    return fixed(percent, 1) + " %" if percent < 99.95 else "100 %"


def kl_text(value):
    if value == 0:
        return "0"
    return "<0.001" if value < 0.0005 else fixed(value, 3 if value < 1 else 2)


def error_text(value):
    return "0" if value == 0 else fixed(value, 5 if value < 0.01 else 4 if value < 1 else 2)


def counted(count, word):
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def digit(weight):
    tenths = int(weight * 10 + 0.5)
    return str(min(9, tenths)) if tenths else "'" if weight > 0 else " "


def cells_of(line, width):
    """A cell of one column each; the right half of a wide glyph is empty."""
    cells = []
    for glyph in line:
        cells += [glyph] + [""] * (columns_of(glyph) - 1)
    return cells + [" "] * (width - len(cells))


class Frame:
    def __init__(self, text):
        self.lines = text.split("\n")
        self.cells = [cells_of(line, SIZE[0]) for line in self.lines]

    def pane(self, y, side, count):
        """Every second column of a pane's grid: a cell each."""
        x = GRID + (OTHER - 1) * side
        return "".join(cell or " " for cell in self.cells[y][x:x + 2 * count:2])

    def named(self, name):
        return next((line for line in self.lines[18:] if line.startswith(f" {name} ")), "")


def frames_of(name, policy, keys, arguments):
    text = succeeds(name, "lab", "--policy", policy, *arguments, "--keys", keys, "--size", "x".join(map(str, SIZE)), "--lang", "en").text
    check(f"{name}: no control bytes", not control_bytes(text.encode()), "", text[:200])
    return [Frame(" kvtui  " + page) for page in re.split(r"(?:^|\n) kvtui  ", text)[1:]]


class Lab:
    """A policy's JSON."""

    def __init__(self, policy, arguments):
        self.policy = policy
        self.lines = objects(succeeds(f"lab {policy}", "lab", "--policy", policy, *arguments, "--json", "--by-head"))
        self.model, *self.steps, self.total = self.lines

    def kept(self, step, layer, head):
        step = self.steps[step - 1]
        return step["kept"] if step["kept"] is not None else step["kept_by_head"][layer][head * self.model["kv_heads"] // self.model["heads"]]


def table_line(lab, step):
    """The fields of a policy's line, in order."""
    here, until = lab.steps[step - 1], lab.steps[:step]
    marks = "".join("#" if one["kl"] >= 1 else "+" if one["kl"] >= 0.1 else "-" if one["kl"] >= 0.01 else "·" for one in until)
    best = here["next"][0]
    agreeing = sum(one["agrees"] for one in until)
    return [lab.policy, "→", best["text"], share_text(best["probability"])] + ([] if here["agrees"] else ["✗"]) + [
        kl_text(here["kl"]), *size_text(here["cache_bytes"]).split(), f"{agreeing}/{step}", marks]


def drawn(frame, lab, side, step, layer, head, extras):
    """What of a pane differs from its JSON."""
    here, flaws = lab.steps[step - 1], []
    length = here["length"]
    weights, kept = here["weights"][layer][head], lab.kept(step, layer, head)
    errors = here["key_errors"][layer][head]

    def expect(what, got, expected):
        if got != expected:
            flaws.append(f"step {step}, {lab.policy}, {what}: {got!r}, not {expected!r}")

    marks = "".join("+" if at == length - 1 else "-" if at not in kept else "q" if errors[at] is not None else "=" for at in range(length))
    strip = next(y for y, cells in enumerate(frame.cells) if "".join(cells).startswith(" Q K"))
    expect("the strip", frame.pane(strip + 1, side, length), marks)
    y = strip + 2
    for name in extras:
        values = {"Σ": lambda: sums_of(lab, step, layer, head), "ΔK": lambda: errors, "ΔV": lambda: here["value_errors"][layer][head]}[name]()
        if values is not None and any(value is not None for value in values):
            expect(name, frame.pane(y, side, length), extra_line(name, values, frame.largest[name]))
        y += 1
    rows = []
    while y < len(frame.lines) and frame.pane(y, side, 1) in "=-q+'0123456789" and frame.pane(y, side, 1).strip():
        rows.append(y)
        y += 1
    if frame.pane(y, side, length).strip() and y < 22 and not rows[-1:] == [y]:
        rows.append(y)
    for back, row in enumerate(reversed(rows)):
        number = length - back
        if back == 0:
            expect("weights", frame.pane(row, side, length), "".join("-" if w is None else digit(w) for w in weights))
            continue
        then = lab.kept(number - (length - step), layer, head) if number > length - step else None
        if then is None:
            continue
        seen = frame.pane(row, side, number)
        expect(f"row {number}", seen.replace("q", "="), "".join("=" if at in then else "-" for at in range(number)))
    check(f"step {step}, {lab.policy}: rows", len(rows) >= min(length, 8), "at least 8 rows", rows)
    return flaws


def sums_of(lab, step, layer, head):
    sums = lab.steps[step - 1]["weight_sums"]
    if sums is None:
        return None
    kv = head * lab.model["kv_heads"] // lab.model["heads"]
    values = [None] * lab.steps[step - 1]["length"]
    for at, value in zip(lab.kept(step, layer, head), sums[layer][kv]):
        values[at] = value
    return values


def extra_line(name, values, largest):
    if name == "Σ":
        return "".join(" " if v is None else str(int(v + 0.5)) if v < 9.5 else "+" for v in values)
    return "".join(" " if v is None else digit(v / largest if largest else 0) for v in values)


def exact_rows(lab, step):
    """Which rows read exactly, of fp8: those of the first steps, in which nothing was rounded."""
    rounded = [any(error is not None for layer in one["key_errors"] for head in layer for error in head) for one in lab.steps[:step]]
    count = (rounded + [True]).index(True)
    return "; exact: no scale yet" if count == step else f"; rows 1-{count} were exact: no scale then"


def walk(name, policy, other, layer, head, arguments, extras=(), steps=None):
    """Goes through all steps, and holds every number of every frame."""
    labs = [Lab(policy, arguments)] + ([Lab(other, arguments)] if other else [])
    count = len(labs[0].steps)
    keys = ["Home"] + ["c"] * (1 if other else 0) + ["]"] * layer + ["}"] * head
    before = len(keys)
    frames = frames_of(name, policy, " ".join(keys + ["Right"] * (count - 1)), arguments)[before:]
    equal(f"{name}: a frame a step", len(frames), count)
    flaws = []
    for step, frame in enumerate(frames, 1):
        here = labs[0].steps[step - 1]
        model = labs[0].model
        shared = f" (K{head * model['kv_heads'] // model['heads'] + 1})" if model["kv_heads"] < model["heads"] else ""
        title = f"layer {layer + 1} head {head + 1}{shared} · step {step}/{count}"
        if title not in frame.lines[0]:
            flaws.append(f"{title} is not in {frame.lines[0]}")
        frame.largest = {}
        for extra, field in (("ΔK", "key_errors"), ("ΔV", "value_errors"), ("Σ", "weight_sums")):
            values = [v for lab in labs for v in ((lab.steps[step - 1][field] or [[[]]])[layer][head] if extra != "Σ" else []) if v is not None]
            frame.largest[extra] = max(values, default=0)
        full = frame.named("full cache").split()
        best = here["full_next"][0]
        expected = ["full", "cache", "→", best["text"], share_text(best["probability"]), "ref.", *size_text(labs[0].model_bytes(here)).split()]
        if full != expected:
            flaws.append(f"step {step}, the full cache: {full}, not {expected}")
        for side, lab in enumerate(labs):
            then = lab.steps[step - 1]
            line = next(line for line in frame.lines[18:] if line.startswith(f" {lab.policy} ") and "→" in line)
            if line.split() != table_line(lab, step):
                flaws.append(f"step {step}: {line.split()}, not {table_line(lab, step)}")
            flaws += drawn(frame, lab, side, step, layer, head, extras)
            pane = "".join("".join(cells[1 + (OTHER - 1) * side:1 + (OTHER - 1) * side + PANE]) for cells in frame.cells[1:10])
            errors = [max((v for v in then[field][layer][head] if v is not None), default=None) for field in ("key_errors", "value_errors")]
            if extras[:1] == ("ΔK",):
                # Keys wait for a group of 16: until one is full, none is rounded.
                waits = lab.policy.startswith("kivi") and errors[0] == 0
                words = ["no K rounded yet" if waits and letter == "K" else f"|Δ{letter}| {error_text(error)}"
                         for letter, error in zip("KV", errors) if error is not None]
            else:
                words = [lost_text(then["lost"][layer][head]), f"KL {kl_text(then['kl'])} "]
            if lab.policy == "fp8":
                words.append(exact_rows(lab, step))
            flaws += [f"step {step}, {lab.policy}: no {word} in {pane}" for word in words if word not in pane]
            bar = [line for line in frame.lines[22:] if " / " in line][side]
            expected = f"{size_text(then['cache_bytes'])} / {size_text(labs[0].model_bytes(here))}"
            if expected not in bar:
                flaws.append(f"step {step}: no {expected} in {bar}")
            drops = re.search(r"(\d+) kept, (\d+) dropped", bar)
            kept = len(lab.kept(step, layer, head))
            if extras[:1] != ("ΔK",) and (drops is None or (int(drops[1]), int(drops[2])) != (kept, then["length"] - kept)):
                flaws.append(f"step {step}: {bar}, not {kept} kept of {then['length']}")
    check(f"{name}: every number is that of --json", not flaws, "nothing else", "; ".join(flaws[:4]))


def model_bytes(lab, step):
    token = 2 * lab.model["layers"] * lab.model["kv_heads"] * lab.model["d_head"] * 4
    return token * step["length"]


Lab.model_bytes = model_bytes


def case_policies():
    begin("the screen of cache policies")
    text = ("--text", "中华人民共和国成立于1949年10月1日")
    walk("sinks and a window", "sinks:4+8", "window:12", 1, 3, text)
    walk("a window and sinks, on a model that shares heads", "window:5", "sinks:4+1", 2, 1, (*text, "--model", "tiny-zh-gqa"))
    walk("h2o", "h2o:4+8", None, 0, 1, text, extras=("Σ",))
    walk("h2o, one KV head", "h2o:2+3", None, 1, 2, (*text, "--model", "tiny-zh-mqa"), extras=("Σ",))
    walk("int8 and fp8", "int8", "fp8", 1, 0, text, extras=("ΔK", "ΔV"))
    walk("kivi", "kivi:2", None, 3, 1, text, extras=("ΔK", "ΔV"))


def case_cell():
    begin("a cell in numbers")
    text = ("--text", "中华人民共和国成立于1949年10月1日")
    for policy, other in (("window:5", "sinks:4+1"), ("h2o:2+3", None), ("int8", "fp8"), ("paged:4", None)):
        labs = [Lab(one, text) for one in (policy, other) if one]
        keys = " ".join(["}"] + (["c"] if other else []) + ["i"] + ["Left"] * 19)
        frames = frames_of(policy, policy, keys, text)[-20:]
        flaws = []
        for back, frame in enumerate(frames):
            key = 19 - back
            here = labs[0].steps[-1]
            lines = [line for line in frame.lines[18:] if re.search(r"weight [\d.]|dropped;", line)]
            expected = [["full", "cache", "q·k", "÷", "√d", "=", fixed(here["full_scores"][0][1][key], 3), "weight", fixed(here["full_weights"][0][1][key], 4)]]
            for lab in labs:
                then = lab.steps[-1]
                weight = then["weights"][0][1][key]
                if weight is None:
                    expected.append([lab.policy, *f"dropped; the full cache looks here with {lost_text(then['full_weights'][0][1][key])}".split()])
                    continue
                words = [lab.policy, "q·k", "÷", "√d", "=", fixed(then["scores"][0][1][key], 3), "weight", fixed(weight, 4)]
                for letter, field in (("K", "key_errors"), ("V", "value_errors")):
                    if then[field][0][1][key] is not None:
                        words += [f"max|Δ{letter}|", error_text(then[field][0][1][key])]
                sums = sums_of(lab, len(lab.steps), 0, 1)
                if sums is not None:
                    words += ["given", "so", "far", fixed(sums[key], 3)]
                expected.append(words)
            if [line.split() for line in lines] != expected:
                flaws.append(f"key {key + 1}: {lines}, not {expected}")
            if f"token {key + 1})" not in "".join(frame.lines):
                flaws.append(f"key {key + 1} is not named")
        check(f"{policy}: every number of a cell is that of --json", not flaws, "", "; ".join(flaws[:2]))
    for policy, pattern, expected in (
            ("int8", r"([\d.]+) bits per number", lambda step, full: fixed(step["cache_bytes"] / full * 32, 1)),
            ("paged:3", r"(\d+ blocks?, \d+ slots?) empty", lambda step, full: f"{counted(-(-step['length'] // 3), 'block')}, {counted(-step['length'] % 3, 'slot')}")):
        lab = Lab(policy, text)
        pages = succeeds(policy, "lab", "--policy", policy, *text, "--keys", " ".join(["Home"] + ["Right"] * 19), "--size", "120x36", "--lang", "en").text
        found = re.findall(pattern, pages)[1:]
        equal(f"{policy}: what the bar says", found, [expected(step, lab.model_bytes(step)) for step in lab.steps])


def case_by_head():
    begin("lab --json --by-head")
    arguments = ("--text", "床前明月光，疑是地上霜。", "--model", "tiny-zh-gqa")
    for policy in ("full", "window:4", "h2o:2+3", "int8"):
        lab, plain = Lab(policy, arguments), objects(succeeds(policy, "lab", "--policy", policy, *arguments, "--json"))
        shape = lab.model
        given = [[[0.0] * len(lab.steps) for _ in range(shape["kv_heads"])] for _ in range(shape["layers"])]
        added = {"weights", "full_weights", "scores", "full_scores", "lost", "key_errors", "value_errors", "weight_sums"}
        flaws = []
        for step, without in zip(lab.steps, plain[1:-1]):
            if {key: value for key, value in step.items() if key not in added} != without:
                flaws.append(f"step {step['step']} is not that without --by-head")
            for layer in range(shape["layers"]):
                for head in range(shape["heads"]):
                    kv = head * shape["kv_heads"] // shape["heads"]
                    for at, weight in enumerate(step["weights"][layer][head]):
                        given[layer][kv][at] += weight or 0
                    kept = lab.kept(step["step"], layer, head)
                    weights, full = step["weights"][layer][head], step["full_weights"][layer][head]
                    lost = sum(weight for at, weight in enumerate(full) if at not in kept)
                    held = [at for at, weight in enumerate(weights) if weight is not None]
                    if held != kept or abs(sum(weights[at] for at in kept) - 1) > 1e-5 or abs(sum(full) - 1) > 1e-5:
                        flaws.append(f"step {step['step']}, layer {layer}, head {head}: {weights}")
                    for each, scores in ((weights, step["scores"][layer][head]), (full, step["full_scores"][layer][head])):
                        known = [(weight, score) for weight, score in zip(each, scores) if weight is not None]
                        total = sum(math.exp(score) for _, score in known)
                        if any(abs(weight - math.exp(score) / total) > 1e-5 for weight, score in known):
                            flaws.append(f"step {step['step']}, layer {layer}, head {head}: no softmax")
                    if abs(step["lost"][layer][head] - lost) > 1e-6:
                        flaws.append(f"step {step['step']}: lost {step['lost'][layer][head]}, not {lost}")
                for kv in range(shape["kv_heads"]):
                    held = lab.kept(step["step"], layer, kv * shape["heads"] // shape["kv_heads"])
                    sums = (step["weight_sums"] or [[[given[layer][kv][at] for at in held]] * shape["kv_heads"]] * shape["layers"])[layer][kv]
                    if len(sums) != len(held) or any(abs(sums[slot] - given[layer][kv][at]) > 1e-5 for slot, at in enumerate(held)):
                        flaws.append(f"step {step['step']}, layer {layer}, KV head {kv}: sums {sums}")
            if (step["weight_sums"] is not None) != policy.startswith("h2o"):
                flaws.append(f"step {step['step']}: {step['weight_sums']}")
        check(f"{policy}: weights, and what is lost of them", not flaws, "", flaws[:3])
    fails("--by-head without --json", 64, "lab", "--by-head", words=["--by-head", "--json"])


def case_default():
    begin("lab without options")
    given = objects(succeeds("lab --json", "lab", "--json"))
    equal("it is sinks:4+8 on a text that is long enough", (given[-1]["policy"], len(given) - 2), ("sinks:4+8", 20))
    frames = frames_of("the screen without keys", "sinks:4+8", "", ())
    check("the first frame is the last step", "step 16/16" in frames[0].lines[0], "step 16/16", frames[0].lines[0])
    page = succeeds("the page", "lab", "--plain", "--policy", "window:4", "--text", "春眠", "--lang", "en").text
    check("--plain is the page", "window:4 against the full cache" in page, "", page)
    place = ("--step", "17", "--layer", "2", "--head", "4", "--beside", "window", "--tokens", "13")
    opened = frames_of("a place", "sinks:4+8", "", place)[0]
    check("it opens at a place", "layer 2 head 4 · step 17/20" in opened.lines[0] and "window:12" in opened.lines[1], "", opened.lines[:2])
    for options in (("--step", "21", "--tokens", "13"), ("--step", "0"), ("--layer", "5"), ("--head", "9223372036854775808"), ("--beside", "none"), ("--beside", "int8")):
        fails(f"a place {options}", 64, "lab", "--keys", "p", *options, words=[options[0]])
    fails("a place without a screen", 64, "lab", "--json", "--step", "3", words=["--json", "--step"])
    fails("a place on a page, without a terminal", 64, "lab", "--head", "3", words=["--head", "'3'", "--keys"])
    for place in (("--step", "2"), ("--layer", "1"), ("--head", "1"), ("--beside", "full")):
        if place[0] != "--step":
            fails(f"requests and {place}", 64, "lab", "--requests", "none.jsonl", *place, "--keys", "Right", words=["--requests", place[0]])
        fails(f"drafts and {place}", 64, "lab", "--policy", "speculative:4", "--prompt", "中", *place, "--keys", "Right",
              words=["--policy speculative", place[0]])
    blocks = succeeds("a place among blocks", "lab", "--policy", "paged:4", "--step", "3", "--keys", "", "--size", "60x16", "--lang", "en").text
    check("it is the screen of policies", "step 3/" in blocks and "paged:4" in blocks, "step 3", blocks)
    served = succeeds("a step of the scheduler", "lab", "--policy", "paged:4", "--budget", "16", "--step", "3", "--keys", "", "--size", "80x24",
                      "--lang", "en").text
    check("it is the screen of requests at that step", "step 3/" in served.splitlines()[0] and "beside" not in served, "step 3", served)
    fails("no such step", 64, "lab", "--policy", "paged:4", "--budget", "16", "--step", "0", "--keys", "", words=["--step"])
    for options, words in ((("--json", "--plain"), ["--json", "--plain"]), (("--json", "--keys", "p"), ["--json", "--keys"]),
                           (("--keys", "Nokey"), ["Nokey"]), (("--size", "9"), ["--size"]), (("--keys", "p", "--policy", "none"), ["none"])):
        fails(f"lab {options}", 64, "lab", *options, words=words)
    fails("no such model", 66, "lab", "--keys", "p", "--model", "nowhere", words=["nowhere"])
    for policy in ("window:1000000000000000", "sinks:9223372036854775807+9223372036854775807", "paged:512"):
        for size in ("60x16", "200x60"):
            text = succeeds(f"{policy}, {size}", "lab", "--policy", policy, "--keys", "- p", "--size", size, "--lang", "zh").text
            check(f"{policy}, {size}: no line is too wide", max(columns_of(line) for line in text.split("\n")) <= int(size[:-3]), "", text)
    refused = succeeds("what the model cannot do is said", "lab", "--policy", "sinks:4+4", "--model", "tiny-zh-mla", "--keys", "p P", "--size", "120x36", "--lang", "en").text
    check("a refusal is on the screen, and another policy is there at once",
          "all heads of latent attention share" in refused.split(" kvtui  ")[2] and "16/16" in refused.split(" kvtui  ")[3], "", refused)
    fails("a policy that the model cannot do", 64, "lab", "--policy", "h2o:4+4", "--model", "tiny-zh-mla", "--keys", "p", words=["h2o:4+4"])


def case_attention():
    begin("the forms of attention")
    arguments = ("attention", "--text", "中华人民共和国成立于1949年")
    lines = objects(succeeds("attention --json", *arguments, "--json"))
    models = [line for line in lines if line["type"] == "model"]
    equal("models", [line["name"] for line in models], ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa", "tiny-zh-mla"])
    steps = {}
    for line in lines:
        if line["type"] == "step":
            steps.setdefault(line["form"], []).append(line)
    numbers = {"MHA": 2 * 4 * 16, "GQA": 2 * 2 * 16, "MQA": 2 * 16, "MLA": 24 + 8}
    for model, (form, width) in zip(models, numbers.items()):
        equal(f"{form}: a step a token", [step["length"] for step in steps[form]], list(range(1, len(steps["MHA"]) + 1)))
        equal(f"{form}: bytes of a token", {step["bytes_per_token"] for step in steps[form]}, {width * 4 * 4})
        equal(f"{form}: bytes", [step["cache_bytes"] for step in steps[form]], [width * 16 * step["length"] for step in steps[form]])
        run = objects(succeeds(f"run {model['name']}", "run", "--model", model["name"], "--text", arguments[2], "--json"))[1:-1]
        equal(f"{form}: what comes next, and FLOP, are run's", [(step["next"], step["flops"], step["attention_flops"]) for step in steps[form]],
              [(step["next"], step["cached"]["flops"]["total"], step["cached"]["flops"]["attention"]) for step in run])
    computed = {line["form"]: line["bytes_per_token"] for line in lines if line["type"] == "computed"}
    equal("published models, by their shapes", computed,
          {"MHA": 2 * 32 * 32 * 128 * 2, "GQA": 2 * 32 * 8 * 128 * 2, "MQA": 2 * 18 * 1 * 256 * 2, "MLA": 61 * (512 + 64) * 2})
    count = len(steps["MHA"])
    text = succeeds("the screen", *arguments, "--keys", " ".join(["Home"] + ["Right"] * (count - 1)), "--size", "120x36", "--lang", "en").text
    frames = re.split(r"(?:^|\n) kvtui  ", text)[2:]
    equal("a frame a step", len(frames), count)
    flaws = []
    for step, frame in enumerate(frames, 1):
        here = [steps[form][step - 1] for form in numbers]
        rows = {line[1:10].strip(): line[10:] for line in frame.split("\n") if line[10:].split()}
        expected = {
            "per token": [word for one in here for word in size_text(one["bytes_per_token"]).split()],
            "cache": [word for one in here for word in size_text(one["cache_bytes"]).split()],
            "next": [word for one in here for word in ("→", one["next"][0]["text"], share_text(one["next"][0]["probability"]))],
            "this step": [word for one in here for word in f"{thousands(one['flops'])} FLOP".split()],
            "attention": [word for one in here for word in f"{thousands(one['attention_flops'])} FLOP".split()],
            "not run": [word for form in numbers for word in f"{size_text(computed[form])} per token".split()],
        }
        for label, words in expected.items():
            got = rows.get(label, "").split()
            if got != words:
                flaws.append(f"step {step}, {label}: {got}, not {words}")
        if f"step {step}/{count}" not in frame.split("\n")[0]:
            flaws.append(f"step {step} is not in the title")
    check("every number is that of --json", not flaws, "", "; ".join(flaws[:3]))
    page = succeeds("the page", *arguments, "--lang", "en").text
    check("the page tells computed from run", "not run, computed from their shapes" in page and "512 KiB" in page, "", page)
    check("no control bytes", not control_bytes(succeeds("an escape in the text", "attention", "--text", "\x1b[31m中\x07", "--keys", "Tab", "--size", "80x24").out), "", "")
    for options, code, words in ((("--text", ""), 64, ["--text"]), (("--json", "--plain"), 64, ["--plain"]), (("--dtype", "int4"), 64, ["--dtype"]),
                                 (("--text", "字" * 600), 65, ["512"])):
        result = fails(f"attention {options[0]}", code, "attention", *options, words=words)
        check(f"attention {options[0]}: one line", result.message.count("\n") <= 1, "", result)


def thousands(count):
    if count < 10000:
        return str(count)
    scaled = count / 1000
    return fixed(scaled, 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0) + " k"
