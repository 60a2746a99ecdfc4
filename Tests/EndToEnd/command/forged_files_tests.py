"""Forged checkpoints: refused with a sentence, or survived."""

import json
import os
import resource
import shutil

from support.checks import begin, check
from support.here import FIXTURES, work
from support.json_output import Run
from support.models import model_copy, put_file, write
from support.program import fails, is_quiet, run, run_all, sentence
from support.reference import load


def text_for(entry):
    """What to run a forged file over: the text that it is made for, if a model of 24 positions can run it."""
    if "text" in entry and len(entry.get("ids", [])) <= 24:
        return entry["text"]
    return load(*entry["base"].split("/"), "reference.json")["text"]


def case_forged():
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
            check(f"{name}: exit 0", result.code == 0 and is_quiet(result), "exit 0", result)
            ran = Run(result)
            check(f"{name}: runs", len(ran.steps) > 0 and ran.total != {}, "steps", result)
        else:
            check(f"{name}: survives", result.code in (0, 64, 65, 66), "0, 64, 65 or 66", result)
            if result.code != 0:
                sentence(name, result, allow_output=True)


def case_forged_in_chinese():
    begin("forged files, in Chinese")
    for entry in load("forged", "index.json")[::7]:
        if entry["expect"] == "reject":
            folder = model_copy(entry["base"], "forged")
            shutil.copyfile(os.path.join(FIXTURES, "forged", entry["file"]), os.path.join(folder, entry["replaces"]))
            fails(entry["file"], (65, 66), "--lang", "zh", "--model", folder, "--text", text_for(entry), chinese=True)


def case_forged_names():
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


def case_wrong_kinds():
    """A value of another kind is not said to be missing."""
    wrong = fails("a root of the wrong kind", 65, "--model", put_file("tokenizer.json", b"[1]"), words=["tokenizer.json"])
    check("a list is not said to lack a field", "no field model" not in wrong.message, "it must be an object", wrong.message)
    wrong = fails("a field of the wrong kind", 65, "--model", put_file("tokenizer.json", b'{"model": 7}'), words=["model"])
    check("a number is not said to be missing", "no field model" not in wrong.message, "it must be an object", wrong.message)
    vocabulary = json.load(open(os.path.join(FIXTURES, "forged", "tokenizer", "vocab-empty.json"), encoding="utf-8"))
    wrong = run("--model", put_file("tokenizer.json", json.dumps(vocabulary).encode()), "--text", "中")
    check("a tokenizer that makes nothing of a text: the text is not said to be empty",
          wrong.code in (64, 65) and "at least one character" not in wrong.message, "the tokenizer has no token for it", wrong)
