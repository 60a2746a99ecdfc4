"""Runs that are kept and replayed, and files that only claim to be recordings."""

import json
import os
import random
import struct

from support.checks import begin, check, equal
from support.here import FIXTURES as ALL, work
from support.output import clean_pages, split_pages
from support.program import fails, run, run_all, succeeds

FIXTURES = os.path.join(ALL, "recordings")
MODELS = ("tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa", "tiny-zh-mla")
KEYS = "Right d Right Right Right Right d Right Right d Right f o c c Right ] } i Up Left Escape p Escape p g 3 Enter Left End Home"


def kept(name):
    return os.path.join(work, name)


def without_seconds(value):
    """What both of two runs count alike: all but the time."""
    if isinstance(value, dict):
        return {key: without_seconds(part) for key, part in value.items() if key != "seconds"}
    if isinstance(value, list):
        return [without_seconds(part) for part in value]
    return value


def body(frame):
    """A frame without header, footer and the line above it, which holds the time line."""
    lines = frame.split("\n")
    return lines[1:-2] if lines[-1] else lines[1:-3]


def case_record_and_replay():
    begin("record, replay")
    for model in MODELS:
        for name, options in (("text", ["--text", "中华人民", "--tokens", "3"]), ("prompt", ["--prompt", "床前明月", "--tokens", "5"])):
            options = ["--model", model, *options]
            path = kept(f"{model}-{name}.kvtrace")
            made = run("record", path, *options)
            check(f"{model} {name}: record is silent", made.code == 0 and made.out == b"" and made.err == b"", "exit 0", made)
            replayed = succeeds(f"{model} {name}: replay --json", "replay", path, "--json")
            equal(f"{model} {name}: the same file, the same lines", run("replay", path, "--json").out, replayed.out)
            live = [json.loads(line) for line in run("run", *options, "--json").text.splitlines()]
            own = [json.loads(line) for line in replayed.text.splitlines()]
            equal(f"{model} {name}: the run's objects", without_seconds(own), without_seconds(live))
            check(f"{model} {name}: the seconds are the recorded run's", all(o["cached"]["seconds"] > 0 for o in own[1:]), "> 0", own[1])
            for size in ("80x24", "60x16", "120x40", "200x60"):
                frames = split_pages(run("run", *options, "--keys", KEYS, "--size", size))
                again = split_pages(succeeds(f"{model} {name} {size}: replay --keys", "replay", path, "--keys", KEYS, "--size", size))
                equal(f"{model} {name} {size}: as many frames", len(again), len(frames))
                for index, (one, other) in enumerate(zip(frames, again)):
                    equal(f"{model} {name} {size}: frame {index}", body(other), body(one))
            pages = split_pages(run("run", *options, "--plain"))
            equal(f"{model} {name}: --plain", [body(page) for page in split_pages(run("replay", path, "--plain"))], [body(page) for page in pages])
            equal(f"{model} {name}: --from 3", split_pages(run("replay", path, "--plain", "--from", "3")), split_pages(run("replay", path, "--plain"))[2:])


def case_marks_and_search():
    begin("replay's own keys")
    path = kept("marks.kvtrace")
    succeeds("record", "record", path)
    frames = split_pages(run("replay", path, "--keys", "Right Right m 人 民 Enter Home ' M x Escape"))
    check("a mark is set and gone to", "3/16" in frames[-5].split("\n")[0] or "3/16" in frames[-4].split("\n")[0], "3/16", frames[-4][:90])
    check("the last mark was removed", json.load(open(path + ".marks.json")) == {"marks": []}, "no mark", open(path + ".marks.json").read())
    run("replay", path, "--keys", "Right m a Enter Right Right m b Enter")
    marks = json.load(open(path + ".marks.json"))["marks"]
    equal("marks are kept beside the file", [(mark["step"], mark["note"]) for mark in marks], [(2, "a"), (4, "b")])
    frames = split_pages(run("replay", path, "--keys", "' ' ' \""))
    equal("' and \" go round the marks", [frame.split("\n")[0].split("step ")[1].split("/")[0] for frame in frames[1:]], ["2", "4", "2", "4"])
    found = split_pages(run("replay", path, "--keys", "/ 国 Enter n"))
    check("a token is searched for", "7/16" in found[-2].split("\n")[0], "7/16", found[-2][:90])
    missing = split_pages(run("replay", path, "--keys", "/ 龙 Enter"))
    check("what is not there is said", "龙" in missing[-1].split("\n")[-1] or "龙" in missing[-1], "龙", missing[-1][-120:])
    equal("search changes nothing else", body(missing[-1]), body(split_pages(run("replay", path, "--keys", ""))[0]))
    with open(path + ".marks.json", "w", encoding="utf-8") as file:
        file.write('{"marks":[{"step":99,"layer":1,"head":1}]}')
    fails("a mark beyond the recording", 65, "replay", path, words=["marks.json", "step", "99"])
    with open(path + ".marks.json", "w", encoding="utf-8") as file:
        file.write("[")
    fails("marks that are no JSON", 65, "replay", path, words=["marks.json"])


def case_nothing_is_overwritten():
    begin("record's file")
    path = kept("there.kvtrace")
    with open(path, "w", encoding="utf-8") as file:
        file.write("mine")
    fails("a file that is there stays", 73, "record", path, words=["there.kvtrace", "--force"])
    equal("what it held", open(path, encoding="utf-8").read(), "mine")
    succeeds("--force replaces it", "record", path, "--force")
    succeeds("and it is a recording", "replay", path, "--json")
    fails("a folder that is not there", 73, "record", kept("no/where.kvtrace"), words=["where.kvtrace"])
    fails("no name", 64, "record", words=[])
    fails("--from beyond the end", 64, "replay", path, "--from", "17", words=["--from", "16"])
    frames = split_pages(run("run", "--keys", "w " + " ".join(["BSpace"] * 12) + " k e p t Enter", cwd=work))
    check("a key keeps the run on the screen", os.path.exists(kept("kept")), "kept", frames[-1][-300:])
    succeeds("which is a recording", "replay", kept("kept"), "--json")
    before = os.stat(kept("kept")).st_mtime_ns
    frames = split_pages(run("run", "--keys", "w " + " ".join(["BSpace"] * 12) + " k e p t Enter Escape", cwd=work))
    check("the same name again asks first", "kept" in frames[-2] and os.stat(kept("kept")).st_mtime_ns == before, "asked", frames[-2][-300:])
    run("run", "--keys", "w " + " ".join(["BSpace"] * 12) + " k e p t Enter Enter", cwd=work)
    check("Enter twice replaces it", os.stat(kept("kept")).st_mtime_ns != before)


def case_foreign():
    begin("recordings by other hands")
    names = sorted(name for name in os.listdir(FIXTURES) if name.endswith(".kvtrace"))
    check("there are some of every kind", len(names) >= 15, ">= 15", len(names))
    jobs = [(("replay", os.path.join(FIXTURES, name), "--json"), {}) for name in names]
    for name, result in zip(names, run_all(jobs)):
        lines = [json.loads(line) for line in result.text.splitlines()] if result.code == 0 else []
        check(f"{name}: its lines", [line["type"] for line in lines][:1] == ["model"] and lines[-1]["type"] == "total", "model … total", result)
    for name in names:
        for size in ("60x16", "80x24", "200x60"):
            pages = run("replay", os.path.join(FIXTURES, name), "--keys", "Right ] } i Escape d p f o c End [ {", "--size", size)
            clean_pages(f"{name} {size}", pages, int(size.split("x")[0]))


def case_export_of_a_part():
    begin("export of recordings that lack layers or heads")
    for name, word in (("layers", "layer 2/6"), ("heads", "[3]")):
        path = os.path.join(FIXTURES, f"{name}.kvtrace")
        text = succeeds(f"{name}: export", "export", path, "--step", "3").text
        check(f"{name}: it begins with what there is", word in text, word, text[:300])
        named = succeeds(f"{name}: what is named is shown, though it is not there", "export", path, "--step", "3", "--layer", "1", "--head", "1").text
        check(f"{name}: as dashes", "–" in named, "–", named[:600])


def case_damaged():
    begin("damaged recordings")
    path = kept("whole.kvtrace")
    succeeds("record", "record", path, "--text", "中华人民共和国")
    whole = open(path, "rb").read()
    header = struct.unpack("<Q", whole[:8])[0]
    lengths = sorted(set([*range(0, 64), *range(64, 4096, 61), *range(4096, len(whole), 2503)]))
    jobs = []
    for length in lengths:
        cut = kept(f"cut-{length}.kvtrace")
        with open(cut, "wb") as file:
            file.write(whole[:length])
        jobs.append((("replay", cut, "--json"), {}))
    for length, result in zip(lengths, run_all(jobs)):
        check(f"cut at {length}: 65 and a sentence", result.code == 65 and len(result.message.splitlines()) == 1, 65, result)
    chance = random.Random(11)
    jobs = []
    for index in range(150):
        bytes_ = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 5))):
            bytes_[chance.randrange(len(bytes_) if index % 3 == 0 else header + 8)] = chance.randrange(256)
        damaged = kept(f"damaged-{index}.kvtrace")
        with open(damaged, "wb") as file:
            file.write(bytes_)
        jobs.append((("replay", damaged, "--keys", "Right End i Up d ] }"), {}))
    for index, result in enumerate(run_all(jobs)):
        check(f"flipped {index}: drawn, or 65 and a sentence", result.code == 0 or (result.code == 65 and len(result.message.splitlines()) == 1),
              "0 or 65", result)


def forged(name, **changes):
    """A small recording whose metadata say something else; a value of None takes one away."""
    values = {
        "model": {"name": "m", "architecture": "x", "layers": 1, "heads": 1, "kv_heads": 1, "d_model": 2, "d_head": 2, "vocabulary": 9,
                  "parameters": 1, "dtype": "f32"},
        "tokens": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}],
        "steps": [{"step": 1, "phase": "prefill", "length": 1}, {"step": 2, "phase": "decode", "length": 2}],
    }
    tensors = changes.pop("tensors", {kind: ([1, 2, 2], [0.0] * 4) for kind in ("query", "key", "value")})
    values["model"].update(changes.pop("of_model", {}))
    values.update(changes)
    texts = {"format": "kvtrace", "version": "1"}
    texts.update({key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items() if value is not None})
    header, data = {"__metadata__": {key: value for key, value in texts.items() if value != "absent"}}, b""
    for kind, (shape, floats) in tensors.items():
        raw = struct.pack(f"<{len(floats)}f", *floats)
        header[f"layer.0.{kind}"] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header).encode()
    path = kept(name + ".kvtrace")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)
    return path


def case_claims():
    begin("what a recording claims")
    succeeds("a plain one", "replay", forged("plain"), "--json")
    steps = [{"step": 1, "phase": "prefill", "length": 2}]
    for name, words, changes in (
        ("no format", ["format"], {"format": "absent"}), ("another format", ["format"], {"format": "zip"}),
        ("a later version", ["version"], {"version": "2"}), ("no model", ["model"], {"model": None}),
        ("no steps", ["steps"], {"steps": None}), ("an empty list of steps", ["steps"], {"steps": []}),
        ("no tokens", ["tokens"], {"tokens": None}), ("steps that are no JSON", ["steps"], {"steps": "[1,"}),
        ("10^9 layers", ["layers"], {"of_model": {"layers": 10**9}}), ("no layers", ["layers"], {"of_model": {"layers": 0}}),
        ("2 heads of one", ["layer.0.query"], {"of_model": {"heads": 2, "kv_heads": 1}}),
        ("3 heads on 2", ["kv_heads"], {"of_model": {"heads": 3, "kv_heads": 2}}),
        ("wider heads", ["layer.0.query"], {"of_model": {"d_head": 3}}),
        ("a length beyond the rows", ["length"], {"steps": [{"step": 1, "phase": "prefill", "length": 3}]}),
        ("a length that falls", ["length"], {"steps": [*steps, {"step": 2, "phase": "decode", "length": 1}]}),
        ("a step that is missing", ["step"], {"steps": [{"step": 2, "phase": "prefill", "length": 1}]}),
        ("a phase that there is not", ["phase"], {"steps": [{"step": 1, "phase": "think", "length": 1}]}),
        ("more rows than were fed", ["cached.rows"], {"steps": [{"step": 1, "phase": "prefill", "length": 1, "cached": {"rows": 5}}]}),
        ("negative cells", ["cells"], {"steps": [{"step": 1, "phase": "prefill", "length": 1, "cached": {"cells": -1}}]}),
        ("a scale of 0", ["scale"], {"attention": [{"kind": "full", "scale": 0}]}),
        ("a window of 0", ["window"], {"attention": [{"kind": "sliding", "window": 0}]}),
        ("keys of a later layer", ["kv_from"], {"attention": [{"kind": "full", "kv_from": 3}]}),
        ("rules for two layers", ["attention"], {"attention": [{"kind": "full"}, {"kind": "full"}]}),
        ("a head that there is not", ["heads"], {"heads": [4]}), ("more given than there are", ["given"], {"given": 9}),
        ("no query", ["layer.0.query"], {"tensors": {kind: ([1, 2, 2], [0.0] * 4) for kind in ("key", "value")}}),
        ("no value", ["layer.0.value"], {"tensors": {kind: ([1, 2, 2], [0.0] * 4) for kind in ("query", "key")}}),
        ("flat tensors", ["layer.0.query"], {"tensors": {kind: ([4], [0.0] * 4) for kind in ("query", "key", "value")}}),
        ("detail of another shape", ["detail"], {"detail": [{"uncached": [[9, 1, 1, 1]], "cached": [[1, 1, 1, 1]]}] * 2}),
    ):
        fails(name, 65, "replay", forged(f"claim-{name.replace(' ', '-').replace('^', '')}", **changes), words=words)
    nan = float("nan")
    for name, floats in (("NaN", [nan] * 4), ("infinities", [float("inf"), -float("inf")] * 2), ("huge", [3e38] * 4)):
        path = forged(name, tensors={kind: ([1, 2, 2], floats) for kind in ("query", "key", "value")})
        clean_pages(f"{name} in every tensor", run("replay", path, "--keys", "Right i Escape End f o d"), 80)
    for name, text in (("escapes", "\x1b[31m\x1b]0;x\x07"), ("bidi", "\u202e\u2066"), ("script", "<script>alert(1)</script>"),
                       ("long", "字" * 10_000), ("empty", "")):
        path = forged(f"text-{name}", tokens=[{"id": 1, "text": text}] * 2, of_model={"name": text or "m", "architecture": text})
        clean_pages(f"tokens and names: {name}", run("replay", path, "--keys", "Right i Escape / x Enter"), 80)
        clean_pages(f"tokens and names, --plain: {name}", run("replay", path, "--plain"), 80)
    fails("no such file", 66, "replay", kept("nowhere.kvtrace"), words=["nowhere"])
    fails("a folder", 66, "replay", work, words=[])
    os.mkfifo(kept("fifo"))
    fails("a FIFO is not waited for", 66, "replay", kept("fifo"), words=["fifo"])
