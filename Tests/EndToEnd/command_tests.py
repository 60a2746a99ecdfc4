#!/usr/bin/env python3
"""Runs the real kvtui without a terminal and judges stdout, stderr and the exit code.

Usage: python3 Tests/EndToEnd/command_tests.py PATH_TO_KVTUI

Prints what failed with what was expected; the last line is `N passed, N failed`; exit 1 on a failure.
"""

import concurrent.futures
import fcntl
import json
import math
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import xml.etree.ElementTree as ElementTree

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(REPOSITORY, "Tests", "Fixtures")
BUNDLED = os.path.join(REPOSITORY, "models", "tiny-zh")
COUNTRY = "中华人民共和国"
TIMEOUT = 30
ESCAPE = b"\x1b"

binary = ""
work = ""
passed = 0
failed = 0
section = ""


# Checks


def begin(name):
    global section
    section = name


def check(name, condition, expected="", got=""):
    global passed, failed
    if condition:
        passed += 1
        return True
    failed += 1
    print(f"FAIL [{section}] {name}")
    if expected != "":
        print(f"     expected: {clip(expected)}")
    if got != "":
        print(f"     got:      {clip(got)}")
    sys.stdout.flush()
    return False


def equal(name, got, expected):
    return check(name, got == expected, repr(expected), repr(got))


def clip(value, limit=600):
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode().translate(
        {code: f"\\x{code:02x}" for code in [*range(32), 127]})
    return text if len(text) <= limit else text[:limit] + "…"


# Running


class Result:
    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "backslashreplace")

    @property
    def message(self):
        return self.err.decode("utf-8", "backslashreplace")

    def __repr__(self):
        return f"exit {self.code}, stdout {len(self.out)} bytes {self.out[:80]!r}, stderr {self.message[:400]!r}"


def environment(**extra):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    kept.update(extra)
    return kept


def of_run(arguments):
    """`kvtui run` with these options: without a subcommand a command line is one of `lesson`."""
    first = os.fsdecode(arguments[0]) if arguments else "--"
    return ["run", *arguments] if first.startswith("-") and first not in ("-h", "--help", "--version") else list(arguments)


def run(*arguments, stdin=None, env=None, cwd=None, program=None, timeout=TIMEOUT, bare=False, **options):
    """Runs kvtui, `kvtui run` if only options are given and not `bare`; the exit code is `timeout` if it had to be killed."""
    command = [program or binary, *(arguments if bare else of_run(arguments))]
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    if stdin is None:
        options.setdefault("stdin", subprocess.DEVNULL)
    else:
        options["input"] = stdin
    try:
        done = subprocess.run(command, env=env or environment(), cwd=cwd or work, timeout=timeout, **options)
    except subprocess.TimeoutExpired as late:
        return Result(command, "timeout", late.stdout or b"", late.stderr or b"")
    return Result(command, done.returncode, done.stdout or b"", done.stderr or b"")


def succeeds(name, *arguments, **options):
    result = run(*arguments, **options)
    check(f"{name}: exit 0, stderr empty", result.code == 0 and result.err == b"", "exit 0, nothing on stderr", result)
    return result


def run_all(jobs):
    """Runs (arguments, options) side by side; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        return list(pool.map(lambda job: run(*job[0], **job[1]), jobs))


def control_bytes(data):
    """Bytes or characters that no page, frame or message may hold."""
    found = [byte for byte in data if (byte < 32 and byte != 10) or byte == 127]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [*found, "not UTF-8"]
    return found + [hex(ord(c)) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"]


WAY_OUT = re.compile(
    r"\b(give|name|use|check|shorten|download|mend|add|correct|try|choose|provide|must be|one of|"
    r"the most is|the least is|from)\b|--help|请|要|只能|最大|最小|可用|按|从|到")


def fails(name, code, *arguments, words=(), chinese=None, allow_output=False, **options):
    """Runs and expects one sentence on stderr, nothing on stdout, and `code` (one or several)."""
    result = options["result"] if "result" in options else run(*arguments, **options)
    codes = code if isinstance(code, tuple) else (code,)
    check(f"{name}: exit code", result.code in codes, f"exit {code}", result)
    sentence(name, result, words=words, chinese=chinese, allow_output=allow_output)
    return result


def sentence(name, result, words=(), chinese=None, allow_output=False):
    """One line on stderr that names what is wrong."""
    err = result.err
    shape = (err.startswith(b"kvtui: ") and err.endswith(b"\n") and err.count(b"\n") == 1
             and not control_bytes(err) and 15 < len(err) < 9000
             and not re.search(rb"Fatal error|Stack dump|\.swift|Error\(|Optional\(|usage:", err))
    check(f"{name}: one clean line on stderr", shape, "one line `kvtui: …`", result)
    if not allow_output:
        check(f"{name}: nothing on stdout", result.out == b"", "empty stdout", result)
    missing = [word for word in words if word not in result.message]
    check(f"{name}: the message names what matters", not missing, f"words {list(words)}", result.message)
    check(f"{name}: the message names a way out", WAY_OUT.search(result.message) is not None,
          "what to do", result.message)
    if chinese is not None:
        has = re.search(r"[\u4e00-\u9fff]", re.sub(r"'[^']*'", "", result.message)) is not None
        check(f"{name}: the message is in {'Chinese' if chinese else 'English'}", has == chinese, "", result.message)


def objects(result):
    """The lines of --json."""
    lines = result.text.split("\n")
    if lines[-1] != "":
        raise ValueError("the last line has no line feed")
    return [json.loads(line, object_pairs_hook=pairs) for line in lines[:-1]]


def pairs(items):
    found = dict(items)
    if len(found) != len(items):
        raise ValueError(f"a key stands twice in {items}")
    return found


class Run:
    """A run's JSON, apart."""

    def __init__(self, result):
        self.result = result
        self.lines = []
        try:
            self.lines = objects(result)
        except ValueError as error:
            check(f"JSON of {result.arguments[1:]}", False, "one object a line", f"{error}; {result}")
        self.model = next((line for line in self.lines if line.get("type") == "model"), {})
        self.steps = [line for line in self.lines if line.get("type") == "step"]
        self.total = next((line for line in self.lines if line.get("type") == "total"), {})

    @property
    def fed(self):
        return [token["id"] for step in self.steps for token in step["fed"]]

    @property
    def chosen(self):
        """Greedy runs only."""
        return [step["next"][0]["id"] for step in self.steps]

    @property
    def lengths(self):
        return [step["length"] for step in self.steps]

    def without_times(self):
        return json.loads(re.sub(r'"seconds": *[-+.e0-9]+', '"seconds":0', json.dumps(self.lines)))


def json_run(name, *arguments, **options):
    return Run(succeeds(name, "run", "--json", *arguments, **options))


def load(*path):
    with open(os.path.join(FIXTURES, *path), encoding="utf-8") as file:
        return json.load(file)


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


# The JSON contract of design.md, section 5

MODEL_KEYS = {"type", "name", "architecture", "layers", "heads", "kv_heads", "d_model", "d_head", "vocabulary",
              "parameters", "dtype"}
STEP_KEYS = {"type", "step", "phase", "length", "fed", "uncached", "cached", "max_abs_difference", "next"}
SIDE_KEYS = {"rows", "cells", "masked", "kv_computed", "seconds", "flops"}
CACHE_KEYS = {"cache_tokens", "cache_bytes"}
FLOP_KEYS = {"projection", "attention", "mlp", "head", "total"}


def closed_forms(model, inner, rows, past):
    """facts.md, section 2, logits of the last row; a GPT-2 has as many heads of K and V, and two matrices in its MLP."""
    layers, width = model["layers"], model["d_model"]
    queries, keys = model["heads"] * model["d_head"], model["kv_heads"] * model["d_head"]
    matrices = 2 if model["architecture"] == "gpt2" else 3
    parts = {
        "projection": layers * 4 * rows * width * (queries + keys),
        "attention": layers * 4 * rows * (past + rows) * queries,
        "mlp": layers * 2 * matrices * rows * width * inner,
        "head": 2 * width * model["vocabulary"],
    }
    return {**parts, "total": sum(parts.values())}


def contract(name, ran, inner, top=5, window=None):
    """Everything that holds for every run; a query sees at most `window` keys."""
    types = [line.get("type") for line in ran.lines]
    if not equal(f"{name}: line types", types, ["model", *["step"] * len(ran.steps), "total"]) or not ran.steps:
        return
    model = ran.model
    equal(f"{name}: keys of model", set(model), MODEL_KEYS)
    if model["architecture"] == "gpt2":
        equal(f"{name}: heads × d_head = d_model", model["heads"] * model["d_head"], model["d_model"])
    check(f"{name}: the model's texts", all(isinstance(model[k], str) for k in ("name", "architecture", "dtype")),
          "strings", model)
    candidates = min(top, model["vocabulary"])
    wrong = []

    def expect(step, what, got, expected):
        if got != expected or isinstance(got, bool) or isinstance(got, float) != isinstance(expected, float):
            wrong.append(f"step {step}, {what}: expected {expected!r}, got {got!r}")

    length = 0
    for number, step in enumerate(ran.steps, 1):
        expect(number, "keys", set(step), STEP_KEYS)
        expect(number, "step", step["step"], number)
        expect(number, "phase", step["phase"], "prefill" if number == 1 else "decode")
        fed = step["fed"]
        past, length = length, length + len(fed)
        expect(number, "length", step["length"], length)
        if number > 1:
            expect(number, "fed tokens", len(fed), 1)
        for token in fed:
            expect(number, "keys of fed", set(token), {"id", "text"})
        for side, keys, rows, before in (
                ("uncached", SIDE_KEYS, length, 0), ("cached", SIDE_KEYS | CACHE_KEYS, len(fed), past)):
            values = step[side]
            expect(number, f"keys of {side}", set(values), keys)
            expect(number, f"{side} rows", values["rows"], rows)
            expect(number, f"{side} cells", values["cells"], rows * length)
            expect(number, f"{side} masked", values["masked"],
                   sum(length - min(row, window or row) for row in range(before + 1, length + 1)))
            expect(number, f"{side} kv_computed", values["kv_computed"], rows)
            expect(number, f"{side} flops", values["flops"], closed_forms(model, inner, rows, before))
            expect(number, f"keys of {side} flops", set(values["flops"]), FLOP_KEYS)
            if not (isinstance(values["seconds"], (int, float)) and 0 <= values["seconds"] < 60):
                wrong.append(f"step {number}: seconds {values['seconds']!r}")
        expect(number, "cache_tokens", step["cached"]["cache_tokens"], length)
        expect(number, "cache_bytes", step["cached"]["cache_bytes"],
               2 * model["layers"] * model["kv_heads"] * model["d_head"] * length * 4)
        if step["max_abs_difference"] != 0:
            wrong.append(f"step {number}: max_abs_difference {step['max_abs_difference']!r}")
        wrong.extend(f"step {number}: {flaw}" for flaw in next_flaws(step["next"], candidates, model["vocabulary"]))
    check(f"{name}: every step keeps the contract", not wrong, "nothing wrong", "; ".join(wrong[:4]))

    total = ran.total
    equal(f"{name}: keys of total", set(total), {"type", "uncached", "cached"})
    for side, keys in (("uncached", SIDE_KEYS), ("cached", SIDE_KEYS | CACHE_KEYS)):
        equal(f"{name}: keys of total {side}", set(total[side]), keys)
        for key in ("rows", "cells", "masked", "kv_computed"):
            equal(f"{name}: total {side} {key}", total[side][key], sum(step[side][key] for step in ran.steps))
        equal(f"{name}: total {side} flops", total[side]["flops"],
              {part: sum(step[side]["flops"][part] for step in ran.steps) for part in FLOP_KEYS})
        seconds = sum(step[side]["seconds"] for step in ran.steps)
        check(f"{name}: total {side} seconds", math.isclose(total[side]["seconds"], seconds, rel_tol=1e-9, abs_tol=1e-12),
              seconds, total[side]["seconds"])
    for key in CACHE_KEYS:
        equal(f"{name}: total {key}", total["cached"][key], ran.steps[-1]["cached"][key])


def next_flaws(candidates, count, vocabulary):
    flaws = []
    if len(candidates) != count:
        flaws.append(f"{len(candidates)} candidates instead of {count}")
    for candidate in candidates:
        if set(candidate) != {"id", "text", "logit", "probability"}:
            return [*flaws, f"keys of next: {sorted(candidate)}"]
        if not 0 <= candidate["id"] < vocabulary:
            flaws.append(f"id {candidate['id']}")
        if not math.isfinite(candidate["logit"]) or not 0 <= candidate["probability"] <= 1:
            flaws.append(f"candidate {candidate}")
    order = [(-candidate["logit"], candidate["id"]) for candidate in candidates]
    if order != sorted(order) or len({id for _, id in order}) != len(order):
        flaws.append(f"next is not sorted by logit, ties by id: {order}")
    if sum(candidate["probability"] for candidate in candidates) > 1 + 1e-9:
        flaws.append("probabilities sum to more than 1")
    for better, worse in zip(candidates, candidates[1:]):
        # The probabilities come from the logits themselves, so lost digits of a logit show here.
        if worse["probability"] > 1e-290:
            ratio = math.log(better["probability"] / worse["probability"])
            gap = float32(better["logit"]) - float32(worse["logit"])
            if abs(ratio - gap) > 1e-9:
                flaws.append(f"logits {better['logit']!r}, {worse['logit']!r} do not read back: gap {gap!r}, {ratio!r}")
    return flaws


def country_by_steps():
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


def logits_of_the_fixture(ran, folder, reference):
    """Compares every logit with the float64 run of Hugging Face."""
    tensors = safetensors(os.path.join(FIXTURES, *folder, "reference.safetensors"))
    name = "logits.float64" if "logits.float64" in tensors else "logits"
    (rows, width), values = tensors[name]
    bound = max(1e-4, 20 * reference["logits"].get("max_abs_difference_from_float64", 0))
    worst = 0.0
    for step in ran.steps[:rows]:
        row = values[(step["length"] - 1) * width:step["length"] * width]
        for candidate in step["next"]:
            worst = max(worst, abs(candidate["logit"] - row[candidate["id"]]))
    check(f"{'/'.join(folder)}: logits are those of Hugging Face", worst < bound, f"below {bound}", worst)


def safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    found = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            found[name] = (entry["shape"], struct.unpack(f"<{(end - start) // 4}f", data[start:end]))
    return found


# Models of the fixtures


def model_parameters(folder):
    """Elements of all tensors that the model needs."""
    names = sorted(name for name in os.listdir(folder)
                   if name.endswith(".safetensors") and name != "reference.safetensors")
    count = 0
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        config = json.load(open(os.path.join(folder, "config.json"), encoding="utf-8"))
        for tensor, entry in header.items():
            tied = tensor == "lm_head.weight" and config.get("tie_word_embeddings", True)
            unneeded = tensor.endswith((".attn.bias", ".attn.masked_bias", ".rotary_emb.inv_freq"))
            if tensor != "__metadata__" and not unneeded and not tied:
                count += math.prod(entry["shape"])
    return count


SHAPE_FIELDS = {"gpt2": ("n_layer", "n_head", "n_embd", "vocab_size"),
                "llama": ("num_hidden_layers", "num_attention_heads", "hidden_size", "vocab_size")}


def fixture_models():
    begin("fixture models")
    cases = [(family, case) for family in ("gpt2", "llama") for case in sorted(os.listdir(os.path.join(FIXTURES, family)))]
    for family, case in cases:
        folder = os.path.join(FIXTURES, family, case)
        reference = load(family, case, "reference.json")
        config = load(family, case, "config.json")
        inner = config.get("intermediate_size") or config.get("n_inner") or 4 * config["n_embd"]
        window = config.get("sliding_window")
        ran = json_run(case, "--model", folder, "--text", reference["text"], "--top", "400", "--ignore-eos")
        contract(case, ran, inner, top=400, window=window)
        if not ran.steps:
            continue
        equal(f"{case}: name", ran.model["name"], case)
        equal(f"{case}: parameters", ran.model["parameters"], model_parameters(folder))
        equal(f"{case}: shape", [ran.model[key] for key in ("layers", "heads", "d_model", "vocabulary")],
              [config[key] for key in SHAPE_FIELDS[family]])
        equal(f"{case}: architecture", ran.model["architecture"], config["model_type"])
        equal(f"{case}: kv_heads", ran.model["kv_heads"], config.get("num_key_value_heads", ran.model["heads"]))
        equal(f"{case}: ids", ran.fed, reference["ids"])
        for step, expected in zip(ran.steps, reference["steps"]):
            equal(f"{case}: FLOPs at {step['length']}", (step["uncached"]["flops"], step["cached"]["flops"]),
                  (expected["uncached"]["flops"], expected["cached"]["flops"]))
        equal(f"{case}: cache", {key: ran.total["cached"][key] for key in CACHE_KEYS}, reference["cache"])
        logits_of_the_fixture(ran, (family, case), reference)
        greedy = reference["greedy"]
        prompt = next((reference["text"][:n] for n in range(1, 20)
                       if run("--model", folder, "--text", reference["text"][:n], "--json").out.count(b'"step",')
                       == len(greedy["prompt_ids"])), reference["text"][:3])
        longer = json_run(f"{case} greedy", "--model", folder, "--prompt", prompt, "--tokens", str(len(greedy["new_ids"])))
        contract(f"{case} greedy", longer, inner, window=window)
        equal(f"{case}: the prompt's ids", [token["id"] for token in longer.steps[0]["fed"]], greedy["prompt_ids"])
        equal(f"{case}: greedy ids", longer.chosen, greedy["new_ids"])


def greedy_texts():
    begin("greedy continuations")
    names = bundled_names()
    for row in load("tiny-zh", "reference.json")["greedy"]:
        name = row["prompt"]
        arguments = ("--prompt", row["prompt"], "--tokens", str(row["max_new_tokens"]))
        ran = json_run(name, *arguments)
        contract(name, ran, 256)
        equal(f"{name}: prompt ids", [token["id"] for token in ran.steps[0]["fed"]], row["prompt_ids"])
        equal(f"{name}: new ids", ran.chosen, row["new_ids"])
        equal(f"{name}: new texts", [step["next"][0]["text"] for step in ran.steps], [json_text(id, names) for id in row["new_ids"]])
        if "\ufffd" not in row["new_text"]:
            equal(f"{name}: new text", "".join(step["next"][0]["text"] for step in ran.steps), row["new_text"])
        equal(f"{name}: fed", ran.fed, row["prompt_ids"] + row["new_ids"][:-1])
        equal(f"{name}: ended early", len(ran.steps) < row["max_new_tokens"], row["ended_by_eos"])
        if row["ended_by_eos"]:
            on = json_run(f"{name} --ignore-eos", *arguments, "--ignore-eos")
            equal(f"{name} --ignore-eos: steps", len(on.steps), row["max_new_tokens"])
            equal(f"{name} --ignore-eos: begins the same", on.chosen[:len(row["new_ids"])], row["new_ids"])
            equal(f"{name} --ignore-eos: the end token is fed", on.steps[len(row["new_ids"])]["fed"][0]["id"], 0)


def step_semantics():
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


def sampling():
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


# Arguments


def bad_arguments():
    begin("bad arguments")
    for value in ("0", "-1", "abc", "", " 3", "3.0", "0x3", "1e3", "-9223372036854775808"):
        fails(f"--prompt --tokens {value!r}", 64, "--prompt", "中", "--tokens", value, words=["--tokens"])
    fails("--tokens=-1", 64, "--prompt", "中", "--tokens=-1", words=["--tokens", "-1", "1"])
    fails("--text --tokens -1", 64, "--text", "中", "--tokens", "-1", words=["--tokens", "-1", "0"])
    fails("--tokens without a value", 64, "--tokens", words=["--tokens"])
    for start in ("--prompt", "--text"):
        fails(f"{start} ''", 64, start, "", words=[start])
        fails(f"{start} without a value", 64, start, words=[start])
    fails("--text and --prompt", 64, "--text", "中", "--prompt", "中", words=["--text", "--prompt"])
    fails("--text '' and --prompt ''", 64, "--text", "", "--prompt", "", words=["--text", "--prompt"])
    for option, values in {
            "--top": ("0", "-5", "abc", "99999999999999999999"),
            "--top-k": ("0", "-1", "abc", "1.5"),
            "--temperature": ("-1", "nan", "inf", "-inf", "1e999", "abc", "-1e-9"),
            "--seed": ("abc", "1.5", "99999999999999999999"),
            "--size": ("0x0", "1e9x2", "80", "80x", "x24", "80x24x1", "1001x24", "80x1001", "axb", "", "80 x 24",
                       "-1x5", "99999999999999999999x2", "８０x２４"),
            "--keys": ("Foo", "Right Foo", "right,left", "C-", "\x1b[C", "F99", "RightRight"),
            "--lang": ("fr", "", "ZH", "zh_CN"),
            "--theme": ("pink", "", "Dark")}.items():
        for value in values:
            fails(f"{option} {value!r}", 64, option, value, words=[option])
    fails("--temperature -1 is said as it was given", 64, "--temperature", "-1", words=["--temperature", "-1"])
    for name, arguments, word in (
            ("unknown option", ["--frob"], "--frob"), ("unknown option of run", ["run", "--frob"], "--frob"),
            ("unknown option of models", ["models", "--frob"], "--frob"),
            ("unknown option of export", ["export", "--json"], "--json"), ("short option", ["-x"], "-x"),
            ("unknown subcommand", ["frob"], "'frob'"), ("an empty subcommand", [""], "''"), ("extra argument", ["run", "extra"], "extra"),
            ("two extra arguments", ["run", "one", "two"], "one"), ("extra argument of models", ["models", "extra"], "extra"),
            ("a flag with a value", ["--json=1"], "--json"), ("behind --", ["--", "--json"], "--json"),
            ("-ox", ["export", "-ox"], "-ox"), ("a control character in an option", ["--\x1b[31mx\n\x07"], "--"),
            ("a control character in a subcommand", ["\x1b]0;x\x07"], "0;x"), ("invalid UTF-8", [b"--\xff\xfe"], "--"),
            ("bidi in an argument", ["\u202egnp.exe"], "gnp")):
        fails(name, 64, *arguments, words=[word])
    unknown = run("export", "--json").message
    check("`export --json`: no far-fetched proposal", "--top" not in unknown, "no `Did you mean '--top'?`", unknown)
    for option, value in (("--text", "中"), ("--json", None), ("--tokens", "3"), ("--model", "tiny-zh"), ("--keys", "Right")):
        given = [option] if value is None else [option, value]
        if option != "--keys":  # a lesson has keys too
            fails(f"{option} without a subcommand", 64, *given, bare=True, words=[f"kvtui run {option}"])
    fails("an unknown option without a subcommand", 64, "--frob", bare=True, words=["--frob", "--help"])
    for more in (["--plain"], ["--keys", "Right"]):
        fails(f"--json with {more}", 64, "--json", *more, words=["--json", more[0]])
    begin("bad arguments, in Chinese")
    for arguments in (["--tokens", "abc"], ["--frob"], ["frob"], ["--size", "80"], ["--lang", "fr"], ["--theme", "pink"],
                      ["--tokens"], ["--json=1"], ["export", "--format", "pdf"], ["--tokens", "-1"], ["--top", "0"],
                      ["--temperature", "inf"], ["--keys", "Foo"], ["--prompt", ""], ["--text", "a", "--prompt", "b"],
                      ["--text", "中" * 513], ["--text", "中", "--tokens", "512"], ["--model", "nope"],
                      ["export", "--step", "0"], ["export", "-o", "/nowhere/x"], ["export", "-o", "/dev/full"]):
        fails(f"{arguments}", (64, 65, 66, 73, 74), *arguments, chinese=True, env=environment(LC_ALL="zh_CN.UTF-8"))
        fails(f"{arguments} in English", (64, 65, 66, 73, 74), *arguments, chinese=False)


def languages():
    begin("languages")

    def is_chinese(*arguments, bare=False, **variables):
        result = run(*arguments, bare=bare, env=environment(**variables))
        said = result.text + result.message
        if "kvtui  tiny-zh" in said:  # a page: its text and candidates are Chinese in any case
            return "层 ×" in said and "layers ×" not in said
        return re.search(r"[\u4e00-\u9fff]", said) is not None

    page = ("--plain", "--text", "a")
    for variables, expected in (
            ({}, False), ({"LC_ALL": "zh_CN.UTF-8"}, True), ({"LC_ALL": "C", "LANG": "zh_CN"}, False),
            ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, False), ({"LANG": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": "", "LANG": "zh_TW"}, True), ({"LC_MESSAGES": "zh", "LANG": "en_US"}, True),
            ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, False), ({"LC_CTYPE": "zh_CN.UTF-8"}, False),
            ({"LANGUAGE": "zh"}, False), ({"LC_ALL": "en_US.UTF-8"}, False), ({"LC_ALL": "POSIX"}, False)):
        equal(f"a page under {variables}", is_chinese(*page, **variables), expected)
        equal(f"an error under {variables}", is_chinese("--tokens", "-1", **variables), expected)
        equal(f"--lang zh under {variables}", is_chinese("--lang", "zh", *page, **variables), True)
        equal(f"--lang en under {variables}", is_chinese("--lang", "en", *page, **variables), False)
        equal(f"--lang=en, an error, under {variables}", is_chinese("--lang=en", "--tokens", "-1", **variables), False)
        for arguments in (["--help"], ["run", "--help"], ["export", "--help"], ["models", "--help"], ["help", "run"]):
            equal(f"{' '.join(arguments)} under {variables}", is_chinese(*arguments, **variables), expected)
    equal("models --lang zh", is_chinese("models", "--lang", "zh"), True)
    equal("models", is_chinese("models"), False)
    equal("--help --lang zh", is_chinese("run", "--help", "--lang", "zh"), True)
    equal("the last --lang wins for errors too", is_chinese("--lang", "zh", "--lang", "en", "--tokens", "-1"), False)
    equal("the last --lang wins for pages", is_chinese("--lang", "zh", "--lang", "en", *page), False)
    for option in sorted(options_with_value()):
        equal(f"--lang=zh as the value of {option} is no option",
              is_chinese("export", option, "--lang=zh", "--frob", bare=True), False)
    equal("--lang behind -- is no option", is_chinese("--", "--lang", "zh"), False)
    equal("a text --lang=zh is no option", is_chinese("--plain", "--text", "--lang=zh"), False)


def options_with_value():
    """The options of which the help texts say that a value follows."""
    return {name for command in ("run", "export", "lesson", "lint", "models", "bench")
            for line in run(command, "--help").text.splitlines() if line.startswith("  -")
            for name in re.findall(r"(?<![\w-])(-[a-z]|--[a-z-]+)(?=,| <)", line) if name not in ("-h", "--lang")}


def help_texts():
    begin("help")
    root = succeeds("--help", "--help")
    for word in ("run", "export", "models", *(str(code) for code in (64, 65, 66, 69, 70, 73, 74))):
        check(f"--help names {word}", word in root.text, word, root.text)
    options = {"run": ["--model", "--prompt", "--text", "--tokens", "--ignore-eos", "--seed", "--temperature", "--top-k",
                       "--top", "--plain", "--json", "--keys", "--size", "--lang", "--ascii", "--theme"],
               "export": ["--step", "--layer", "--head", "--format", "-o", "--model", "--text"], "models": ["--lang"]}
    for command, names in options.items():
        for env in (environment(), environment(LC_ALL="zh_CN.UTF-8")):
            text = succeeds(f"{command} --help", command, "--help", env=env).text
            missing = [name for name in names if not re.search(rf"(^|[ ,]){re.escape(name)}\b", text, re.M)]
            check(f"{command} --help under {env.get('LC_ALL')} names every option", not missing, "", missing)
            check(f"{command} --help under {env.get('LC_ALL')} is clean", not control_bytes(text.encode()), "", text)
    equal("-h is --help", run("-h").out, root.out)
    equal("help is --help", run("help").out, root.out)
    equal("help beside bad options", run("run", "--tokens", "-1", "--help").code, 0)
    version = run("--version")
    check("--version, if it is there, is one line; if not, a usage error",
          (version.code == 0 and version.out.count(b"\n") == 1) or (version.code == 64 and version.out == b""), "", version)
    equal("help works with no model in sight", run("--help", program=installed("bare", models=False)).code, 0)


# Models


def installed(name, models=True):
    """A copy of the binary with or without models beside it."""
    root = os.path.join(work, name)
    program = os.path.join(root, "bin", "kvtui")
    if not os.path.exists(program):
        os.makedirs(os.path.dirname(program))
        shutil.copy(binary, program)
        if models:
            shutil.copytree(BUNDLED, os.path.join(root, "share", "kvtui", "models", "tiny-zh"))
    return program


def model_copy(base="gpt2/single-head", name="model"):
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(FIXTURES, base), folder)
    return folder


def model_lookup():
    begin("models")
    home = os.path.join(work, "home")
    for name in ("mine", "名 字", "bad\x1b[31m\n"):
        shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), os.path.join(home, "models", name))
    for name in ("empty", "broken", "fifo"):
        os.makedirs(os.path.join(home, "models", name))
    with open(os.path.join(home, "models", "broken", "config.json"), "w", encoding="utf-8") as file:
        file.write("{")
    os.mkfifo(os.path.join(home, "models", "fifo", "config.json"))
    env = environment(KVTUI_HOME=home)
    listing = succeeds("models", "models", env=env)
    check("models is clean text", not control_bytes(listing.out), "", control_bytes(listing.out))
    lines = {line.split("  ")[0]: line for line in listing.text.splitlines()}
    for name in ("mine", "名 字", "broken", "tiny-zh"):
        check(f"models lists {name}", name in lines, name, sorted(lines))
    check("a broken model says why", "broken/config.json" in lines.get("broken", ""), "its flaw", lines.get("broken"))
    check("tiny-zh's line has its shape", all(word in lines.get("tiny-zh", "") for word in ("gpt2", "4", "64", "1381", "512")),
          "gpt2, 4, 64, 1381, 512", lines.get("tiny-zh"))
    for name in ("mine", "名 字", "bad\x1b[31m\n"):
        ran = json_run(f"--model {name!r} by name", "--model", name, "--text", "中", env=env)
        equal(f"--model {name!r}: name", ran.model.get("name"), name)
        page = succeeds(f"--model {name!r} --plain", "--model", name, "--text", "中", "--plain", env=env)
        check(f"--model {name!r}: a clean page", not control_bytes(page.out), "", control_bytes(page.out))
    folder = os.path.join(home, "models", "mine")
    for path, cwd in ((folder, None), (folder + "/", None), ("./mine", os.path.join(home, "models")),
                      ("mine", os.path.join(home, "models")), ("mine//", os.path.join(home, "models"))):
        equal(f"--model {path}: name", json_run(path, "--model", path, "--text", "中", cwd=cwd).model.get("name"), "mine")
    for path in (".", "./", "../mine/."):
        ran = json_run(f"--model {path}", "--model", path, "--text", "中", cwd=folder)
        equal(f"--model {path} is named after its folder", ran.model.get("name"), "mine")
    fails("--model of a folder without config.json, by name", 66, "--model", "empty", env=env, words=["empty"])
    fails("--model of a folder without config.json", 66, "--model", os.path.join(home, "models", "empty"),
          words=["config.json"])
    fails("--model broken", 65, "--model", "broken", env=env, words=["broken/config.json"])
    fails("--model fifo", 66, "--model", "fifo", env=env, words=["fifo"])
    for name in ("nope", "", "..", "/", "/nope", "../nope", "nope/nope", "/etc/passwd", "/dev/null", "/dev/zero", "\x1b[31m",
                 "a\nb", "x" * 5000, "tiny-zh/config.json", "mine/../mine"):
        fails(f"--model {name[:20]!r}", 66, "--model", name)
    fails("--model nope names the places", 66, "--model", "nope", env=env, words=["nope", home])
    fails("a file as the model", 66, "--model", os.path.join(folder, "config.json"), words=["config.json"])
    bytes_name = os.path.join(os.fsencode(work), b"x\xff\xe4y")
    shutil.copytree(os.fsencode(folder), bytes_name)
    other = run("--model", bytes_name, "--text", "中", "--json")
    fails("a folder whose name is no UTF-8 is refused, and no other is opened", 64, result=other, words=["--model", "UTF-8"])
    for name in ("\ufffd", "x\ufffd"):
        shutil.copytree(folder, os.path.join(work, name))
        equal(f"a folder called {name!r} opens", json_run(name, "--model", f"./{name}", "--text", "中").model.get("name"), name)

    begin("where models are looked up")
    program = installed("prefix")
    equal("beside the executable", json_run("prefix", "--text", "中", program=program, cwd="/").model.get("name"), "tiny-zh")
    listing = run("models", program=program, cwd="/").text
    check("models names the folder beside the executable", "prefix/share/kvtui/models/tiny-zh" in listing, "", listing)
    link = os.path.join(work, "link-to-kvtui")
    os.symlink(program, link)
    equal("through a symbolic link", run("--text", "中", "--json", program=link, cwd="/").code, 0)
    equal("found by PATH", run("--text", "中", "--json", program="kvtui", cwd="/",
                               env=environment(PATH=os.path.dirname(program))).code, 0)
    bare = installed("bare", models=False)
    fails("no model anywhere", 66, program=bare, cwd="/", words=["tiny-zh", "bare/share/kvtui/models"])
    fails("models, and there is none", 66, "models", program=bare, cwd="/", words=["bare/share/kvtui/models"])
    elsewhere = run("models", program=bare, cwd="/", env=environment(KVTUI_HOME="/nowhere")).message
    check("models, and there is none: KVTUI_HOME is named", "KVTUI_HOME" in elsewhere and "/nowhere/models" in elsewhere, "both", elsewhere)
    star = run("models", program=bare, cwd="/").message
    check("`models` without a model does not speak of a model `*`", "*" not in star, "no model found in …", star)
    equal("KVTUI_HOME with a bare binary", run("--model", "mine", "--text", "中", program=bare, env=env).code, 0)
    for value in ("", "/nowhere", "relative", "/dev/null"):
        equal(f"KVTUI_HOME={value!r} is passed over", run("--text", "中", program=program, env=environment(KVTUI_HOME=value)).code, 0)
    away = os.path.join(work, "away")
    os.makedirs(os.path.join(away, "tiny-zh"))
    check("nor, by its name, one of the library", run("--model", "tiny-zh", "--text", "中", cwd=away).code == 0)
    fails("a path is one, whatever the library has", 66, "--model", "./tiny-zh", "--text", "中", cwd=away, words=["./tiny-zh/config.json"])
    shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), os.path.join(work, "local", "tiny-zh"))
    local = os.path.join(work, "local")
    equal("a model in the working folder: not the default", json_run("away", "--text", "中", cwd=local).model.get("vocabulary"), 1381)
    equal("… but by its name", json_run("away", "--model", "tiny-zh", "--text", "中", cwd=local).model.get("vocabulary"), 11)
    check("a folder tiny-zh in the working folder does not hide the default model",
          run("--text", "中", cwd=away).code == 0, "exit 0", run("--text", "中", cwd=away))
    shadow = os.path.join(work, "shadow", "models", "tiny-zh")
    shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), shadow)
    equal("KVTUI_HOME comes first", json_run("shadow", "--text", "中", env=environment(KVTUI_HOME=os.path.join(work, "shadow")))
          .model.get("vocabulary"), 11)


def odd_files():
    begin("odd files in a model's folder")
    for file in ("config.json", "model.safetensors", "tokenizer.json"):
        def put(kind, action, codes, words=(file,)):
            path = os.path.join(model_copy(), file)
            os.remove(path)
            action(path)
            fails(f"{file}: {kind}", codes, "--model", "model", "--text", "中", words=words, timeout=10)

        put("missing", lambda path: None, 66)
        put("a FIFO", os.mkfifo, 66)
        put("a folder", os.mkdir, 66)
        put("/dev/zero", lambda path: os.symlink("/dev/zero", path), 66)
        put("/dev/tty", lambda path: os.symlink("/dev/tty", path), 66)
        put("a loop of links", lambda path: os.symlink(path, path), 66)
        put("a link to nowhere", lambda path: os.symlink("/nowhere", path), 66)
        put("a link to a FIFO", lambda path: (os.mkfifo(path + ".fifo"), os.symlink(path + ".fifo", path)), 66)
        put("empty", lambda path: open(path, "w").close(), 65)
        put("one byte", lambda path: write(path, b"{"), 65)
        put("NULs", lambda path: write(path, bytes(4096)), 65)
        put("noise", lambda path: write(path, bytes(range(256)) * 64), 65)
        put("an empty terabyte", lambda path: sparse(path, 1 << 40), 65)
        put("of the kernel", lambda path: os.symlink("/proc/self/status", path), (65, 66))
    unreadable()


def not_finite():
    """A NaN that no logit shows is drawn as a dash, whatever the size, and the run ends well."""
    begin("not finite")
    folder = os.path.join(FIXTURES, "reported", "nan-in-an-older-row")
    for size in ("60x16", "80x24", "120x40", "200x60"):
        for keys in ("", "i Home Up Up Up", "d d Left", "o"):
            options = ["--plain", "--lang", "en", "--size", size] + (["--keys", keys] if keys else [])
            shown = succeeds(f"NaN in an older row, {size}, keys {keys!r}", "--model", folder, "--prompt", "中华人民", "--tokens", "1", *options)
            if not keys:
                row = next((line for line in shown.text.splitlines() if "中+" in line and "×" in line and "K" not in line), "")
                check(f"{size}: the row is drawn as a dash", "–" in row, "–", row)
    step = json_run("NaN in an older row", "--model", folder, "--prompt", "中华人民", "--tokens", "1").steps[0]
    equal("both runs agree, NaN and all", (step["length"], step["max_abs_difference"]), (4, 0))


def unreadable():
    folder = model_copy(name="unreadable")
    os.chmod(work, 0o755)
    os.chmod(os.path.join(folder, "tokenizer.json"), 0)
    program, options = binary, {}
    if os.geteuid() == 0:
        program = installed("prefix")
        options = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            if run("--help", program=program, **options).code != 0:
                return
        except (OSError, subprocess.SubprocessError):
            return
    fails("a file without permission", 66, "--model", folder, "--text", "中", program=program,
          words=["tokenizer.json", "Permission"], **options)
    os.chmod(folder, 0)
    fails("a folder without permission", 66, "--model", folder, "--text", "中", program=program, words=["unreadable"], **options)
    os.chmod(folder, 0o755)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def sparse(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


def text_for(entry):
    """What to run a forged file over: the text that it is made for, if a model of 24 positions can run it."""
    if "text" in entry and len(entry.get("ids", [])) <= 24:
        return entry["text"]
    return load(*entry["base"].split("/"), "reference.json")["text"]


def forged():
    begin("forged files")
    entries = load("forged", "index.json")
    jobs = []
    for number, entry in enumerate(entries):
        folder = model_copy(entry["base"], f"forged-{number}")
        shutil.copyfile(os.path.join(FIXTURES, "forged", entry["file"]), os.path.join(folder, entry["replaces"]))
        jobs.append((("run", "--json", "--model", folder, "--text", text_for(entry)), {"timeout": 10}))
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, limits[1]))  # no allocation of what a forged size asks for
    results = run_all(jobs)
    resource.setrlimit(resource.RLIMIT_AS, limits)
    for number, (entry, result) in enumerate(zip(entries, results)):
        name = f"{entry['file']} ({entry['flaw']})"
        expect = "reject" if entry["kind"] == "safetensors" else entry["expect"]  # their controls hold other tensors
        if expect == "reject":
            fails(name, (65, 66), words=[f"forged-{number}/"], result=result)
        elif expect == "accept":
            check(f"{name}: exit 0", result.code == 0 and result.err == b"", "exit 0", result)
            ran = Run(result)
            check(f"{name}: runs", len(ran.steps) > 0 and ran.total != {}, "steps", result)
        else:
            check(f"{name}: survives", result.code in (0, 64, 65, 66), "0, 64, 65 or 66", result)
            if result.code != 0:
                sentence(name, result, allow_output=True)
    begin("forged files, in Chinese")
    for entry in entries[::7]:
        if entry["expect"] == "reject":
            folder = model_copy(entry["base"], "forged")
            shutil.copyfile(os.path.join(FIXTURES, "forged", entry["file"]), os.path.join(folder, entry["replaces"]))
            fails(entry["file"], (65, 66), "--lang", "zh", "--model", folder, "--text", text_for(entry), chinese=True)
    begin("forged names")
    folder = model_copy(name="evil\x1b[2J\u202e")
    config = os.path.join(folder, "config.json")
    evil = {"model_type": "\x1b]0;pwned\x07\u009b31m\n\u202e" * 30}
    write(config, json.dumps({**json.load(open(config, encoding="utf-8")), **evil}).encode())
    fails("control characters in a field and in the path", 65, "--model", folder, words=["model_type", "^["])
    folder = model_copy(name="overflow")
    shutil.copyfile(os.path.join(FIXTURES, "forged", "weights", "overflow.safetensors"),
                    os.path.join(folder, "model.safetensors"))
    fails("infinite logits", 65, "export", "--model", folder, "--text", "中华", "-o", "overflow.txt", words=["overflow", "2"])
    check("infinite logits: no file", not os.path.exists(os.path.join(work, "overflow.txt")))
    wrong = fails("a root of the wrong kind", 65, "--model", put_file("tokenizer.json", b"[1]"), words=["tokenizer.json"])
    check("a list is not said to lack a field", "no field model" not in wrong.message, "it must be an object", wrong.message)
    wrong = fails("a field of the wrong kind", 65, "--model", put_file("tokenizer.json", b'{"model": 7}'), words=["model"])
    check("a number is not said to be missing", "no field model" not in wrong.message, "it must be an object", wrong.message)
    vocabulary = json.load(open(os.path.join(FIXTURES, "forged", "tokenizer", "vocab-empty.json"), encoding="utf-8"))
    wrong = run("--model", put_file("tokenizer.json", json.dumps(vocabulary).encode()), "--text", "中")
    check("a tokenizer that makes nothing of a text: the text is not said to be empty",
          wrong.code in (64, 65) and "at least one character" not in wrong.message, "the tokenizer has no token for it", wrong)


def put_file(name, data):
    folder = model_copy(name="put")
    write(os.path.join(folder, name), data)
    return folder


# Texts


def bundled_names():
    with open(os.path.join(BUNDLED, "tokenizer.json"), encoding="utf-8") as file:
        return {id: name for name, id in json.load(file)["model"]["vocab"].items()}


def byte_text(tokens, vocabulary):
    """The bytes that tokens stand for."""
    out = b""
    for token in tokens:
        name = vocabulary.get(token["id"], "")
        match = re.fullmatch(r"<0x([0-9A-F]{2})>", name)
        out += bytes([int(match[1], 16)]) if match else name.encode()
    return out


def hard_texts():
    begin("hard texts")
    names = bundled_names()
    rows = load("tokenizer", "tiny-zh-ids.json")
    jobs = []
    for number, row in enumerate(rows):
        text = row["text"]
        piped = {"stdin": text.encode() + b"\n"}
        size = ("80x24", "140x45")[number % 2]
        look = ("--size", size, "--lang", ("zh", "en")[number // 2 % 2], "--ignore-eos")
        jobs.append((("--prompt", "-", "--tokens", "1", "--json"), piped))
        argument = text if "\0" not in text and text != "-" else "a"
        jobs.append((("--text", argument, "--json") if number % 2 else ("--prompt", argument, "--json", "--tokens", "1"), {}))
        if number % 3 == 0:
            jobs.append((("--prompt", "-", "--tokens", "2", "--plain", *look), piped))
        elif number % 3 == 1:
            keys = "i Right f Left Escape ? Escape Right p o / x Escape g"
            jobs.append((("--prompt", "-", "--tokens", "2", "--keys", keys, *look), piped))
        else:
            jobs.append((("export", "--prompt", "-", "--tokens", "1", "--format", "svg", "--size", size), piped))
    results = run_all(jobs)
    for number, row in enumerate(rows):
        hard_text(number, row["text"], row["ids"], names, *results[3 * number:3 * number + 3])


def hard_text(number, text, ids, names, piped, argument, shown):
    name = f"text {number} {text!r}"
    if not ids:
        fails(name, 64, result=piped)
        return
    if not check(f"{name}: exit 0", piped.code == 0 and piped.err == b"", "exit 0", piped):
        return
    check(f"{name}: JSON has no control byte", not [b for b in piped.out if (b < 32 and b != 10) or b == 127])
    fed = Run(piped).steps[0]["fed"]
    equal(f"{name}: ids", [token["id"] for token in fed], ids)
    equal(f"{name}: the tokens make the text", byte_text(fed, names), text.encode())
    flaws = [token for token in fed if token["text"] != json_text(token["id"], names)]
    check(f"{name}: what each token adds", not flaws, "the character, or <0xNN> for part of one", flaws)
    if "\0" not in text and text != "-":
        equal(f"{name}: in an argument", Run(argument).fed, ids)
    if number % 3 < 2:
        clean_pages(f"{name}, shown", shown, (80, 140)[number % 2])
    else:
        check(f"{name}: svg", shown.code == 0 and not control_bytes(shown.out) and is_xml(shown.out), "XML", shown)


def json_text(id, names):
    match = re.fullmatch(r"<0x([0-9A-F]{2})>", names[id])
    if match and int(match[1], 16) < 0x80:
        return chr(int(match[1], 16))
    return names[id]


def is_xml(data):
    try:
        return ElementTree.fromstring(data).tag == "{http://www.w3.org/2000/svg}svg"
    except ElementTree.ParseError:
        return False


def columns_of(line):
    return sum(0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def clean_pages(name, result, columns):
    check(f"{name}: exit 0", result.code == 0 and result.err == b"", "exit 0", result)
    check(f"{name}: no escape or control", not control_bytes(result.out), "only LF", control_bytes(result.out)[:9])
    wide = [line for line in result.text.split("\n") if columns_of(line) > columns]
    check(f"{name}: no line is wider than {columns}", not wide, "", wide[:2])


def argument_bytes():
    begin("bytes in arguments")
    for raw, place in ((b"\xff", 1), (b"a\xffb", 2), ("中".encode() + b"\xe4\xb8", 4), (b"\xc0\x80", 1), (b"\xed\xa0\x80", 1),
                       ("中国".encode("gbk"), 1), (b"x" * 9000 + b"\xfe\n", 9001)):
        # What is no UTF-8 is said, not run as U+FFFD.
        for option in ("--text", "--prompt"):
            fails(f"{raw[:9]!r} behind {option}", 64, option, raw, "--json", words=[option, "UTF-8"])
        fails(f"{raw[:9]!r} behind {option}=", 64, option.encode() + b"=" + raw, "--json", words=[option, "UTF-8"])
        fails(f"{raw[:9]!r} on standard input", 65, "--prompt", "-", "--json", stdin=raw, words=["UTF-8", str(place)])
        fails(f"{raw[:9]!r} on standard input of bench", 65, "bench", "--prompt", "-", stdin=raw, words=["UTF-8", str(place)])
        fails(f"{raw[:9]!r} as bench's prompt", 64, "bench", "--prompt", raw, words=["--prompt", "UTF-8"])
    given = "\ufffd".encode()
    for name, result in (("an argument", run("--text", given, "--json")), ("standard input", run("--prompt", "-", "--json", stdin=given))):
        check(f"U+FFFD itself as {name} is a character", Run(result).fed != [], "fed", result)
    long_text = "长" * 40000
    fails("a prompt of 120,000 bytes", 65, "--prompt", long_text, words=["512"], timeout=10)
    clean_pages("a text of 150", run("--text", "中a" * 75, "--plain"), 80)
    clean_pages("a prompt of 512", run("--prompt", "中a" * 256, "--tokens", "1", "--plain"), 80)


def crafted_tokenizers():
    """Small models around the fixture's tokenizers, whose merges the bundled model does not have."""
    begin("other tokenizers")
    for name in ("merges", "merges-as-text", "added-tokens", "unknown-token", "no-unknown-token"):
        source = os.path.join(FIXTURES, "tokenizer", name, "tokenizer.json")
        tokenizer = json.load(open(source, encoding="utf-8"))
        ids = [*tokenizer["model"]["vocab"].values(), *(token["id"] for token in tokenizer.get("added_tokens", []))]
        folder = craft(name, vocabulary=max(ids) + 1, positions=128)
        shutil.copy(source, folder)
        rows = load("tokenizer", name, "ids.json")
        results = run_all([(("--model", folder, "--prompt", "-", "--tokens", "1", "--json"), {"stdin": row["text"].encode() + b"\n"})
                           for row in rows])
        for number, (row, result) in enumerate(zip(rows, results)):
            label = f"{name} {number} {row['text'][:30]!r}"
            if not row["ids"]:
                check(f"{label}: nothing to begin with", result.code in (64, 65), "64", result)
                continue
            check(f"{label}: exit 0", result.code == 0, "exit 0", result)
            equal(f"{label}: ids", Run(result).fed, row["ids"])
        started = time.monotonic()
        huge = fails(f"{name}: a megabyte", 65, "--model", folder, "--prompt", "-", stdin=("中华人民" * 80000).encode(), timeout=20)
        check(f"{name}: a megabyte is refused soon", time.monotonic() - started < 5, "5 s", f"{time.monotonic() - started:.1f} s {huge}")


def craft(name, vocabulary, positions, width=4):
    """A GPT-2 of one layer with made-up weights."""
    folder = os.path.join(work, "crafted", name)
    os.makedirs(folder)
    shapes = {"wte.weight": [vocabulary, width], "wpe.weight": [positions, width], "ln_f.weight": [width], "ln_f.bias": [width]}
    for norm in ("ln_1", "ln_2"):
        shapes |= {f"h.0.{norm}.weight": [width], f"h.0.{norm}.bias": [width]}
    for part, (rows, columns) in {"attn.c_attn": (width, 3 * width), "attn.c_proj": (width, width),
                                  "mlp.c_fc": (width, 4 * width), "mlp.c_proj": (4 * width, width)}.items():
        shapes |= {f"h.0.{part}.weight": [rows, columns], f"h.0.{part}.bias": [columns]}
    header, data, state = {}, b"", 22
    for tensor, shape in shapes.items():
        values = []
        for _ in range(math.prod(shape)):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            values.append((state >> 40) / 2**24 - 0.5)
        chunk = struct.pack(f"<{len(values)}f", *values)
        header[tensor] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(chunk)]}
        data += chunk
    text = json.dumps(header).encode()
    write(os.path.join(folder, "model.safetensors"), struct.pack("<Q", len(text)) + text + data)
    config = {"model_type": "gpt2", "n_embd": width, "n_head": 2, "n_layer": 1, "vocab_size": vocabulary, "n_positions": positions}
    write(os.path.join(folder, "config.json"), json.dumps(config).encode())
    return folder


# Standard input and output


def standard_input():
    begin("--prompt -")

    def fed(data, *more):
        return Run(run("--prompt", "-", "--tokens", "1", "--json", *more, stdin=data)).fed

    middle, line_feed = 411, 257
    equal("no newline", fed("中".encode()), [middle])
    equal("one final newline is dropped", fed("中\n".encode()), [middle])
    equal("only one", fed("中\n\n".encode()), [middle, line_feed])
    equal("a carriage return stays", fed("中\r\n".encode()), [middle, 14])
    equal("nothing else is trimmed", fed(" \t中 \n".encode()), [258, 10, middle, 258])
    equal("a leading newline stays", fed("\n中\n".encode()), [line_feed, middle])
    equal("a byte-order mark stays", fed(b"\xef\xbb\xbfa\n")[:3], [240, 188, 192])
    fails("nothing", 64, "--prompt", "-", stdin=b"")
    fails("a newline only", 64, "--prompt", "-", stdin=b"\n")
    equal("two newlines", fed(b"\n\n"), [line_feed])
    fails("2 MB", 65, "--prompt", "-", stdin=b"a" * 2_000_000, timeout=10)
    fails("1 MB", 65, "--prompt", "-", stdin=b"a" * 1_000_000, timeout=10)
    with open("/dev/zero", "rb") as endless:
        result = subprocess_run(["--prompt", "-"], stdin=endless)
        check("endless input is refused", result.code == 65, 65, result)
        sentence("endless input", result)
    folder = os.open("/", os.O_RDONLY)
    result = subprocess_run(["--prompt", "-"], stdin=folder)
    os.close(folder)
    check("a folder as standard input", result.code in (66, 74), "66 or 74", result)
    sentence("a folder as standard input", result)
    result = subprocess_run(["--prompt", "-", "--json"], preexec_fn=lambda: os.close(0))
    check("a closed standard input is not read from another file", result.code in (64, 66, 74), "64, 66 or 74", result)
    sentence("a closed standard input", result, allow_output=True)
    small = os.path.join(FIXTURES, "gpt2", "wide-inner")
    result = subprocess_run(["--prompt", "-", "--model", small], preexec_fn=lambda: os.close(0))
    check("a closed standard input, a small model", result.code in (64, 66, 74), "64, 66 or 74", result)
    slow = subprocess.Popen([binary, "run", "--prompt", "-", "--tokens", "1", "--json"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=work)
    for byte in "中华\n".encode():
        slow.stdin.write(bytes([byte]))
        slow.stdin.flush()
        time.sleep(0.01)
    out, err = slow.communicate(timeout=TIMEOUT)
    equal("byte by byte", Run(Result(["-"], slow.returncode, out, err)).fed, [middle, 541])
    read, written = os.pipe()
    fcntl.fcntl(read, fcntl.F_SETFL, os.O_NONBLOCK)
    late = subprocess.Popen([binary, "run", "--prompt", "-", "--tokens", "1", "--json"], stdin=read, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=environment(), cwd=work)
    os.close(read)
    time.sleep(0.3)
    try:
        os.write(written, "中".encode())
    except BrokenPipeError:
        pass
    os.close(written)
    out, err = late.communicate(timeout=TIMEOUT)
    check("a standard input that does not block is waited for", late.returncode == 0, "exit 0", Result([], late.returncode, out, err))
    equal("--prompt - with --keys", run("--prompt", "-", "--tokens", "1", "--keys", "Right", stdin="中".encode()).code, 0)
    equal("without --prompt - standard input is left alone", run("--text", "中", "--json", stdin=b"x" * 10).code, 0)


def subprocess_run(arguments, **options):
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    try:
        done = subprocess.run([binary, *of_run(arguments)], env=environment(), cwd=work, timeout=TIMEOUT, **options)
    except subprocess.TimeoutExpired:
        return Result(arguments, "timeout", b"", b"")
    return Result(arguments, done.returncode, done.stdout or b"", done.stderr or b"")


def standard_output():
    begin("standard output")
    long_run = ["--json", "--tokens", "400", "--ignore-eos"]
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), "restore_signals": False}
    for name, options in (("SIGPIPE as usual", {}), ("SIGPIPE ignored", ignore)):
        for arguments in (long_run, ["--plain", "--tokens", "400", "--ignore-eos"], ["--help"], ["models"], ["export"],
                          ["--keys", "Right " * 40]):
            started = time.monotonic()
            child = subprocess.Popen([binary, *of_run(arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     stdin=subprocess.DEVNULL, env=environment(), cwd=work, **options)
            if arguments is long_run:
                child.stdout.readline()
            child.stdout.close()
            err = child.stderr.read()
            code = child.wait(timeout=TIMEOUT)
            label = f"{name}, {arguments[0]} and the reader left"
            check(f"{label}: quiet", err == b"", "nothing on stderr", err)
            check(f"{label}: 141 or 0", code in (0, 141, -signal.SIGPIPE), "0 or 141", code)
            check(f"{label}: at once", time.monotonic() - started < 5, "5 s", time.monotonic() - started)
    for arguments in (["--json"], ["--plain"], ["--keys", "Right"], ["export"], ["models"], ["--help"], ["run", "--help"]):
        with open("/dev/full", "wb") as full:
            result = subprocess_run(arguments, stdout=full)
        check(f"{arguments} > /dev/full: 74", result.code == 74, 74, result)
        sentence(f"{arguments} > /dev/full", result)
        result = subprocess_run(arguments, preexec_fn=lambda: os.close(1), stdin=subprocess.DEVNULL)
        check(f"{arguments} with stdout closed: 74", result.code == 74, 74, result)
        result = subprocess_run(arguments, preexec_fn=lambda: os.close(2), stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        check(f"{arguments} with stderr closed: 0", result.code == 0 and result.out != b"", 0, result)
    for arguments, code in ((["--frob"], 64), (["--model", "nope"], 66), (["--text", "中" * 600], 65)):
        for what in ("closed", "full"):
            with open("/dev/full", "wb") as full:
                options = {"stderr": full} if what == "full" else {"preexec_fn": lambda: os.close(2)}
                result = subprocess_run(arguments, stdin=subprocess.DEVNULL, **options)
            check(f"{arguments} with stderr {what}: {code}", result.code == code and result.out == b"", code, result)

    def close_all():
        for descriptor in (0, 1, 2):
            os.close(descriptor)

    result = subprocess_run(["export", "-o", "closed.txt"], preexec_fn=close_all)
    path = os.path.join(work, "closed.txt")
    written = open(path, "rb").read() if os.path.exists(path) else None
    check("export -o with all three closed writes the same file", result.code == 0 and written == run("export").out,
          "the frame", (result.code, written and written[:60]))

    read, write_end = os.pipe()
    fcntl.fcntl(write_end, fcntl.F_SETFL, os.O_NONBLOCK)
    child = subprocess.Popen([binary, "run", *long_run], stdout=write_end, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                             env=environment(), cwd=work)
    os.close(write_end)
    time.sleep(0.7)
    with os.fdopen(read, "rb") as pipe:
        lines = pipe.read().count(b"\n")
    err = child.stderr.read()
    check("a standard output that does not block is waited for", child.wait(timeout=TIMEOUT) == 0 and lines == 409,
          "409 lines, exit 0", f"{lines} lines, exit {child.returncode}, {err!r}")
    child = subprocess.Popen([binary, "run", "--json", "--tokens", "505", "--ignore-eos"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL, env=environment(), cwd=work)
    first = child.stdout.readline()
    check("lines come as they are computed", b'"model"' in first and child.poll() is None, "the first line before the end", first)
    child.send_signal(signal.SIGTERM)
    child.stdout.read()
    err = child.stderr.read()
    check("SIGTERM ends it quietly", child.wait(timeout=TIMEOUT) in (143, -15) and err == b"", "143", (child.returncode, err))


# Pages and frames


def header_lines(result):
    return [line for line in result.text.split("\n") if line.startswith(" kvtui ")]


def split_pages(result):
    """Pages by their header line; without the blank line between two."""
    return [("kvtui " + page).rstrip("\n") for page in re.split(r"(?:^|\n) kvtui ", result.text)[1:]]


def pages():
    begin("pages")
    bare = succeeds("no option, no terminal", )
    plain = succeeds("--plain", "--plain")
    equal("not a terminal: --plain by default", bare.out, plain.out)
    clean_pages("--plain", plain, 80)
    equal("a page a step", len(header_lines(plain)), 16)
    listed = split_pages(plain)
    check("no page is higher than 24", all(page.count("\n") < 24 for page in listed), "", [p.count("\n") for p in listed])
    for number, page in enumerate(listed, 1):
        check(f"page {number} names its step", f"{number}/16" in page, f"{number}/16", page.split("\n")[0])
    steps = json_run("as JSON").steps
    for number in (1, 4, 7, 16):
        shown = succeeds(f"export --step {number}", "export", "--step", str(number))
        equal(f"page {number} = export --step {number}", listed[number - 1], split_pages(shown)[0])
        best = steps[number - 1]["next"][0]
        check(f"page {number} shows the best candidate", f"{best['text']} {100 * best['probability']:.1f}%" in listed[number - 1],
              f"{best['text']} {100 * best['probability']:.1f}%", listed[number - 1].split("\n")[2])
    check("the fourth page has the counters of step 4", all(word in listed[3] for word in ("16", "8 KiB", "1.77 M", "574 k")),
          "16 cells, 8 KiB, 1.77 M, 574 k", listed[3])
    for size in ("80x24", "60x16", "120x36", "200x60", "300x100", "1000x1000", "59x24", "80x15", "19x4", "1x1", "2x1", "1x1000", "1000x1"):
        columns, rows = map(int, size.split("x"))
        result = succeeds(f"--size {size}", "--plain", "--size", size)
        clean_pages(f"--size {size}", result, columns)
        if columns >= 60 and rows >= 16:
            equal(f"--size {size}: pages", len(header_lines(result)), 16)
            check(f"--size {size}: heights", all(page.count("\n") < rows for page in split_pages(result)), f"at most {rows} lines")
    small = run("--plain", "--text", "中", "--size", "40x10").text
    check("a small size says what it needs", "40" in small and "60" in small and "10" in small and "16" in small, "40 of 60, 10 of 16", small)
    for language in ("zh", "en"):
        shown = run("--plain", "--ascii", "--text", "abc", "--lang", language, "--size", "120x40", "--tokens", "3")
        letters = {c for c in shown.text if ord(c) > 126} - set("，。：；（）、“”？")
        letters = {c for c in letters if not "\u4e00" <= c <= "\u9fff"} if language == "zh" else letters
        check(f"--ascii --lang {language}: ASCII glyphs only", not letters, "ASCII", sorted(letters))
    helped = run("--keys", "?", "--ascii", "--lang", "en", "--size", "80x100")
    check("the help page under --ascii is ASCII", helped.text.replace(COUNTRY, "").isascii() or
          not [c for c in split_pages(helped)[-1] if ord(c) > 126 and c not in COUNTRY], "ASCII",
          sorted({c for c in helped.text if ord(c) > 126}))
    for names in ("End Right", "g", "/ x", "p", "Right Right i", "d", "f f", "o", "Space", "x", "/ Enter", "Right p Enter", "Left"):
        shown = run("--text", "abcdefgh", "--ascii", "--lang", "en", "--top", "1", "--size", "120x40", "--keys", names)
        strange = sorted({c for c in shown.text if ord(c) > 126})
        check(f"--ascii --keys {names!r}: no arrows, boxes or dashes", not [c for c in strange if not "\u4e00" <= c <= "\u9fff"], "ASCII", strange)
    for theme in ("dark", "light", "projector"):
        equal(f"--theme {theme}: text is the same", run("--plain", "--theme", theme).out, plain.out)


def keys():
    begin("--keys")
    plain = split_pages(run("--plain"))
    frames = succeeds('--keys "Right Right i"', "--keys", "Right Right i")
    clean_pages('--keys "Right Right i"', frames, 80)
    equal('--keys "Right Right i": frames', len(header_lines(frames)), 4)
    parts = split_pages(frames)
    equal("the frames before i are the pages", parts[:3], plain[:3])
    check("i changes the frame", parts[3] != parts[2])
    refused = split_pages(run("--keys", "/ Enter"))[-1]
    check("an empty prompt typed on the screen is not answered with options", "--prompt" not in refused, "type at least one character",
          refused[-700:])
    equal("--keys '': one frame", split_pages(run("--keys", "")), plain[:1])
    equal("--keys of blanks: one frame", split_pages(run("--keys", "   ")), plain[:1])
    equal("--size with --keys", split_pages(run("--keys", "Right", "--size", "120x36")), split_pages(run("--plain", "--size", "120x36"))[:2])
    for forth, back in (("Right", "Left"), ("l", "h"), ("NPage", "PPage"), ("PgDn", "PgUp"), ("PageDown", "PageUp"), ("End", "Home"),
                        ("i", "Escape"), ("?", "Escape"), ("Right Right Right", "Left Left Left"), ("]", "["), ("}", "{"), ("t t", "t")):
        got = split_pages(run("--keys", f"{forth} {back}"))
        equal(f"{forth} {back}: the first frame again", got[-1:], plain[:1])
        if forth in ("Right", "l", "NPage", "PgDn", "PageDown"):
            equal(f"{forth}: the second page", got[1:2], plain[1:2])
    got = split_pages(run("--keys", " ".join(["Right"] * 20)))
    equal("Right to the end", got[:16], plain)
    check("Right beyond the end stays at the last step", len(got) == 21 and all("16/16" in frame for frame in got[16:]), "16/16",
          [frame.split("\n")[0] for frame in got[16:]])
    equal("Right beyond the end, then Left and Right: the last page again", split_pages(run("--keys", "End Right Left Right"))[-1], plain[-1])
    equal("End is the last page", split_pages(run("--keys", "End"))[-1], plain[-1])
    equal("Left at the beginning stays; only the footer may say so",
          [frame.split("\n")[:-1] for frame in split_pages(run("--keys", "Left Left"))], [plain[0].split("\n")[:-1]] * 3)
    equal("Left at the beginning, then Right and Left: the first page again", split_pages(run("--keys", "Left Left Right Left"))[-1], plain[0])
    equal("g 5 Enter", split_pages(run("--keys", "g 5 Enter"))[-1], plain[4])
    for name in ("Right", "Left", "Up", "Down", "PPage", "PgUp", "PageUp", "NPage", "PgDn", "PageDown", "Home", "End", "Enter", "Escape",
                 "BSpace", "Tab", "Space", "DC", "Delete", "C-x", "a", "?", "/", "中", "［", "BTab", "IC", "Insert", "F1", "F12", "M-x"):
        equal(f"tmux's name {name} is known", run("--keys", name).code, 0)
    for quit in ("q", "C-c"):
        equal(f"{quit} ends: one frame", len(header_lines(run("--keys", f"{quit} Right Right"))), 1)
    equal("full-width keys count", split_pages(run("--keys", "］ ］"))[-1], split_pages(run("--keys", "] ]"))[-1])
    fresh = run("--keys", "/ 世 界 Enter")
    clean_pages("a new prompt", fresh, 80)
    equal("a new prompt runs", fresh.code, 0)
    check("a new prompt is shown", "世 界" in split_pages(fresh)[-1], "世 界", split_pages(fresh)[-1][:200])
    equal("Escape leaves the prompt alone", split_pages(run("--keys", "/ 世 Escape"))[-1], plain[0])
    again = run("--keys", "Right i f } ] t L d p o")
    equal("two runs print the same frames", again.out, run("--keys", "Right i f } ] t L d p o").out)
    fails("a bad name among good ones", 64, "--keys", "Right Nope Left", words=["Nope"])
    fails("a bad name of control characters is shown clean", 64, "--keys", "\x1b[31m", words=["^["])
    for key in ("Right", "i", "?", "L", "o", "f", "/"):
        huge = run("--keys", " ".join([key] * 300), "--size", "60x16", timeout=20)
        check(f"300 times {key}", huge.code == 0, 0, huge)


# export


def export():
    begin("export")
    text = succeeds("export", "export")
    clean_pages("export", text, 80)
    equal("the last step by default", header_lines(text)[0].split("step ")[1].split(" ")[0], "16/16")
    equal("--format txt is the default", run("export", "--format", "txt").out, text.out)
    equal("-o - is standard output", run("export", "-o", "-").out, text.out)
    succeeds("-o file", "export", "-o", "out.txt")
    equal("-o file: the same bytes", read("out.txt"), text.out)
    succeeds("--output=file", "export", "--output=out2.txt", "--step", "3")
    equal("--output=file: the same bytes", read("out2.txt"), run("export", "--step", "3").out)
    equal("-o replaces a longer file", (write(os.path.join(work, "long.txt"), b"x" * 99999), run("export", "-o", "long.txt").code,
                                        read("long.txt"))[1:], (0, text.out))
    os.makedirs(os.path.join(work, "文 件"))
    for name in ("文 件/图.txt", "-dash.txt", "a\nb.txt", "./out3.txt", os.path.join(work, "absolute.txt")):
        equal(f"-o {name!r}", (run("export", f"--output={name}").code, read(name)), (0, text.out))
    for arguments in ([b"--output=raw\xff.txt"], ["-o", b"raw\xff.txt"]):
        fails("-o of a name that is no UTF-8", 64, "export", *arguments, words=["-o", "UTF-8"])
    equal("-o of a name that is no UTF-8: no file", [name for name in os.listdir(work) if name.startswith("raw")], [])
    equal("-o of a name that has U+FFFD", (run("export", "-o", "raw\ufffd.txt").code, read("raw\ufffd.txt")), (0, text.out))
    write(os.path.join(work, "target.txt"), b"old")
    os.symlink("target.txt", os.path.join(work, "link.txt"))
    run("export", "-o", "link.txt")
    equal("-o through a link: the link stays, the target is written",
          (os.path.islink(os.path.join(work, "link.txt")), read("target.txt")), (True, text.out))
    os.makedirs(os.path.join(work, "links", "deep"))
    os.symlink("deep/two", os.path.join(work, "links", "one"))
    os.symlink("../new.txt", os.path.join(work, "links", "deep", "two"))
    run("export", "-o", "links/one")
    equal("-o through links to nothing yet: the file at their end is made",
          (os.readlink(os.path.join(work, "links", "one")), read("links/new.txt")), ("deep/two", text.out))
    os.symlink("loop", os.path.join(work, "loop"))
    fails("-o through a loop of links", 73, "export", "-o", "loop", words=["loop"])
    write(os.path.join(work, "log.txt"), b"first\n")
    with open(os.path.join(work, "log.txt"), "ab") as log:
        subprocess_run(["export", "-o", "/dev/stdout"], stdout=log)
    equal("-o /dev/stdout >> file appends", read("log.txt"), b"first\n" + text.out)
    for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o000, 0o644)):
        old = os.umask(mask)
        run("export", "-o", f"mask{mask:o}.txt")
        os.umask(old)
        equal(f"the file's mode under umask {mask:o}", os.stat(os.path.join(work, f"mask{mask:o}.txt")).st_mode & 0o777, mode)
    os.chmod(os.path.join(work, "out.txt"), 0o600)
    run("export", "-o", "out.txt")
    equal("an old file keeps its mode", os.stat(os.path.join(work, "out.txt")).st_mode & 0o777, 0o600)

    begin("export, bounds")
    for option, most in (("--step", 16), ("--layer", 4), ("--head", 4)):
        for value in ("0", "-1", str(most + 1), "9223372036854775807", "-9223372036854775808"):
            fails(f"{option} {value}", 64, "export", option, value, words=[option, "1", str(most)])
        fails(f"{option} beyond all integers", 64, "export", option, "99999999999999999999", words=[option])
        fails(f"{option} abc", 64, "export", option, "abc", words=[option])
        for value in ("1", str(most)):
            succeeds(f"{option} {value}", "export", option, value)
    pictures = {run("export", "--layer", str(layer), "--head", str(head)).out for layer in range(1, 5) for head in range(1, 5)}
    equal("every layer and head has its own picture", len(pictures), 16)
    shown = run("export", "--layer", "2", "--head", "3").text
    check("--layer 2 --head 3 are named", "layer 2/4" in shown and "head 3/4" in shown, "layer 2/4, head 3/4", shown[:300])
    fails("a step behind the end-of-sequence token", 64, "export", "--tokens", "40", "--step", "45", words=["45", "27"])
    fails("--format pdf", 64, "export", "--format", "pdf", words=["--format", "svg"])
    fails("export of an empty text", 64, "export", "--text", "")
    fails("export of an unknown model", 66, "export", "--model", "nope")

    begin("export, svg")
    for arguments in ([], ["--step", "1"], ["--size", "120x36"], ["--size", "20x4"], ["--size", "1x1"], ["--theme", "light"],
                      ["--theme", "projector"], ["--lang", "zh"], ["--ascii"], ["--text", "<&>\"']]>"], ["--text", "a\x01\x0b\ufffe\uffff\u2028"],
                      ["--text", "&amp;<!--"], ["--text", "\x1b[31m"]):
        picture = succeeds(f"svg {arguments}", "export", "--format", "svg", *arguments)
        check(f"svg {arguments}: well-formed", is_xml(picture.out), "XML", picture.text[:200])
        check(f"svg {arguments}: clean", not control_bytes(picture.out), "", control_bytes(picture.out)[:9])
        check(f"svg {arguments}: nothing from elsewhere", not re.search(rb"<script|<image|href|url\(", picture.out))
    shown = "".join(ElementTree.fromstring(run("export", "--format", "svg", "--text", "<&>").out).itertext())
    check("svg: the characters themselves", "<" in shown and "&" in shown and ">" in shown and "&amp;" not in shown, "< & >", shown[:200])
    equal("svg -o", (run("export", "--format", "svg", "-o", "p.svg").code, read("p.svg")), (0, run("export", "--format", "svg").out))

    begin("export, failing")
    before = sorted(os.listdir(work))
    for name, path in (("a missing folder", "missing/x.txt"), ("a folder", "."), ("a folder with a slash", "文 件/"), ("nothing", ""),
                       ("a file as a folder", "out.txt/x"), ("a name too long", "n" * 300), ("a path too long", "p/" * 3000 + "x"),
                       ("/proc", "/proc/kvtui-test"), ("control characters", "missing\x1b[31m\n/x")):
        result = fails(f"-o {name}", 73, "export", "-o", path) if path else run("export", "-o", "")
        if path and len(path) < 100:
            check(f"-o {name}: the path is named", path.split("/")[0].replace("\x1b", "^[").replace("\n", "^J") in result.message, path, result.message)
        if not path:
            check("-o '': refused", result.code in (64, 73) and result.err.count(b"\n") == 1, "64 or 73", result)
            check("-o '': the message does not say `create :`", "create :" not in result.message, "the empty path quoted or named", result.message)
    fails("-o /dev/full", 74, "export", "-o", "/dev/full", words=["/dev/full"])
    equal("-o /dev/null", run("export", "-o", "/dev/null").code, 0)
    equal("-o /dev/stdout", run("export", "-o", "/dev/stdout").out, text.out)
    os.mkfifo(os.path.join(work, "fifo"))
    fails("-o of a FIFO that nobody reads does not hang", (73, 74), "export", "-o", "fifo", timeout=10, words=["fifo"])
    equal("failed exports leave nothing behind", sorted(os.listdir(work)), sorted([*before, "fifo"]))
    got = []

    def reader():
        with open(os.path.join(work, "fifo"), "rb") as file:
            time.sleep(0.4)
            got.append(file.read())

    thread = threading.Thread(target=reader, daemon=True)
    thread.start()
    time.sleep(0.2)
    picture = ["export", "--format", "svg", "--size", "1000x1000"]
    result = run(*picture, "-o", "fifo", timeout=10)
    thread.join(5)
    check("-o of a FIFO with a slow reader gets it all", result.code == 0 and got == [run(*picture).out], "exit 0, the picture",
          (result, [len(data) for data in got]))
    write(os.path.join(work, "old.txt"), b"old content\n")

    def no_space():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))

    before = sorted(os.listdir(work))
    result = run("export", "-o", "old.txt", preexec_fn=no_space)
    check("the device is full: 74", result.code == 74, 74, result)
    sentence("the device is full", result, words=["old.txt"])
    equal("the device is full: the old file's content", read("old.txt"), b"old content\n")
    equal("the device is full: nothing left behind", sorted(os.listdir(work)), before)
    for arguments in (["--step", "99"], ["--model", "nope"], ["--frob"], ["--text", "中" * 600]):
        write(os.path.join(work, "old.txt"), b"old content\n")
        run("export", "-o", "old.txt", *arguments)
        equal(f"{arguments}: the old file's content", read("old.txt"), b"old content\n")
    run("export", "-o", "fresh.txt", "--step", "99")
    check("a refused export makes no file", not os.path.exists(os.path.join(work, "fresh.txt")))


def read(name):
    try:
        with open(os.path.join(work, name), "rb") as file:
            return file.read()
    except OSError as error:
        return repr(error)


RUN_KEYS = {"type", "cache", "tokens", "runs", "mean_seconds", "std_seconds", "tokens_per_second"}


def bench():
    begin("bench")
    result = succeeds("bench --json", "bench", "--json", "--runs", "2", "--tokens", "6")
    lines = [json.loads(line) for line in result.text.splitlines()]
    equal("line types", [line["type"] for line in lines], ["bench", "bench", "limits"])
    for line, cache in zip(lines, (True, False)):
        equal("keys of a run", set(line), RUN_KEYS | {"prompt_tokens", "prefill_seconds", "decode_seconds", "dtype", "threads", "flops", "bytes"})
        equal("with the cache first", (line["cache"], line["tokens"], line["runs"]), (cache, 6, 2))
        check("seconds are measured", line["mean_seconds"] > 0 and line["std_seconds"] >= 0, "> 0", line)
        check("tokens per second follow", abs(line["tokens_per_second"] * line["mean_seconds"] / 6 - 1) < 1e-9, "6 / mean", line)
    equal("keys of the limits", set(lines[2]), {"type", "gflops", "gigabytes_per_second", "threads"})
    check("limits are measured", lines[2]["gflops"] > 0 and lines[2]["gigabytes_per_second"] > 0, "> 0", lines[2])
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
        equal(f"{dtype}: one run and the limits", [line["type"] for line in lines], ["bench", "limits"])
        equal(f"{dtype}: what was run", [lines[0][key] for key in ("dtype", "threads", "prompt_tokens", "tokens")], [dtype, threads, 9, 5])
        equal(f"{dtype}: threads of the limits", lines[1]["threads"], threads)


def engines():
    """--dtype and --threads: both runs agree in every bit, FLOPs are those of f32, other threads give the same bits."""
    begin("--dtype and --threads")
    flops = {}
    for dtype in ("f32", "f16", "int8"):
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
    fails("--dtype of nothing", 64, "run", "--dtype", "f64", words=["--dtype", "f32", "int8"])
    fails("too many threads", 64, "run", "--threads", "65", words=["--threads", "64"])


def random_weights():
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
    memory()
    fails("--random of nothing", 66, "run", "--random", "nope", "--text", "中", words=["nope"])


def memory():
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


def wording():
    """Sentences that a reader would stumble over."""
    begin("wording")
    message = run("--model", "").message
    check("an empty model name is shown as such", "model :" not in message and "模型 ：" not in message, "quotes, or `--model is empty`", message)
    with open("/dev/full", "wb") as full:
        message = subprocess_run(["--json"], stdout=full).message
    check("a full device: names standard output and a way out", re.search("standard output|stdout", message) is not None and
          re.search(r"free|space on|another", message.replace("No space left on device", "")) is not None, "", message)
    message = run("--tokens", "abc").message
    check("--tokens abc: says what it must be", re.search("whole number|integer", message) is not None, "a whole number", message)
    message = run("--size", "80").message
    check("--size 80: says what it must be", re.search(r"\d+x\d+", message.replace("<COLSxROWS>", "")) is not None, "such as 80x24", message)
    message = run("--size", "0x0").message
    check("--size 0x0: says its range", "1000" in message, "1x1 to 1000x1000", message)
    message = run("frob").message
    check("an unknown subcommand: names those that there are or --help", re.search("--help|export", message) is not None, "", message)
    message = run("--frob").message
    check("an unknown option: names --help", "--help" in message, "--help", message)
    message = run("--keys", "Foo").message
    check("--keys Foo: quotes the name", re.search("Foo", message) is not None, "Foo", message)
    folder = model_copy()
    sparse(os.path.join(folder, "config.json"), 1 << 31)
    message = run("--model", folder).message
    check("a huge config.json: its size is not called a field", "field file size" not in message, "config.json has … bytes, at most …", message)
    folder = model_copy()
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "id-beyond-vocab-size.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("an id beyond the vocabulary: the token is named", re.search(r"model\.vocab\.\S", message) is not None, "model.vocab.<token>", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "added-token-beyond-vocab-size.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("an added token beyond the vocabulary: added_tokens is named", "added_tokens" in message, "added_tokens", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "merge-unknown-left.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("a bad merge is shown", "[…2]" not in message, "its two tokens", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "unknown-pre-tokenizer.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("an unsupported field: the way out is a sentence", "a model with null" not in message, "whose pre_tokenizer is null", message)
    folder = model_copy()
    write(os.path.join(folder, "model.safetensors"), b"x")
    message = run("--model", folder).message
    check("one byte: not `1 bytes`", "1 byte " in message, "1 byte", message)
    write(os.path.join(folder, "model.safetensors"), struct.pack("<Q", 4) + b"{a:}")
    message = run("--model", folder).message
    check("a broken safetensors header: no line of the file is named", "its header" in message and "line 1" not in message, "its header", message)
    folder = model_copy()
    write(os.path.join(folder, "config.json"), b"[]")
    message = run("--model", folder).message
    check("a root of the wrong kind", "config.json is []" in message and "must be an object" in message, "", message)
    shutil.rmtree(folder)
    shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), folder)
    os.remove(os.path.join(folder, "model.safetensors"))
    write(os.path.join(folder, "model.safetensors.index.json"), b'{"weight_map": ["x"]}')
    message = run("--model", folder).message
    check("weight_map of the wrong kind", "weight_map is" in message and "must be an object" in message, "", message)
    message = run("--text", "中", "--tokens", "abc", "--lang", "zh").message
    check("no mixture of languages", not re.search("The value|is invalid", message), "Chinese", message)
    message = run("--lang", "zh", "--model", "/nowhere/x").message
    check("Chinese: the unknown model", "没有模型" in message, "没有模型 …", message)
    message = run("--lang", "zh", "export", "--model", os.path.join(FIXTURES, "tokenizer")).message
    check("Chinese: the system's reason is not in English", "No such file" not in message, "没有这个文件", message)


def main():
    global binary, work
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: command_tests.py PATH_TO_KVTUI (which must be built)")
    binary = os.path.realpath(sys.argv[1])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kvtui-commands-") as work:
        work = os.path.realpath(work)
        for group in (country_by_steps, fixture_models, greedy_texts, step_semantics, sampling, bad_arguments, languages,
                      help_texts, model_lookup, odd_files, not_finite, forged, hard_texts, argument_bytes, crafted_tokenizers,
                      standard_input, standard_output, pages, keys, export, bench, engines, random_weights, wording):
            began = time.monotonic()
            try:
                group()
            except Exception as error:  # a group that breaks off is a failure, and the others still run
                check(f"{group.__name__} runs to its end", False, "no exception",
                      f"{type(error).__name__}: {error} (line {error.__traceback__.tb_next.tb_lineno})")
            if "KVTUI_TEST_TIMES" in os.environ:
                print(f"{time.monotonic() - began:6.1f} s  {group.__name__}", file=sys.stderr)
    if "KVTUI_TEST_TIMES" in os.environ:
        print(f"{time.monotonic() - started:6.1f} s  in all", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
