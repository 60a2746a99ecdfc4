"""Texts that are hard to encode and to show."""

import re

from support.checks import begin, check, equal
from support.json_output import Run
from support.output import clean_pages, control_bytes, is_xml
from support.program import fails, run_all
from support.reference import bundled_names, json_text, load


def byte_text(tokens, vocabulary):
    """The bytes that tokens stand for."""
    out = b""
    for token in tokens:
        name = vocabulary.get(token["id"], "")
        match = re.fullmatch(r"<0x([0-9A-F]{2})>", name)
        out += bytes([int(match[1], 16)]) if match else name.encode()
    return out


def case_hard_texts():
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
