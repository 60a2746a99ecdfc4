"""Tools open where options say: the same picture as after the keys that lead there, and lines of the same."""

import json
import re

from support.checks import check, equal
from support.program import fails, succeeds

SIZE = ("--size", "100x34", "--lang", "en")
PLACES = {
    "growth": (("growth", "--tokens", "12"), ("--step", "3"), "Left Left Left Left"),
    "curves of FLOP": (("growth", "--tokens", "12"), ("--step", "12", "--picture", "flops"), "g f End"),
    "linear axes": (("growth", "--tokens", "12"), ("--picture", "cells", "--axes", "linear"), "g y"),
    "attention": (("attention", "--text", "中华人民共和国"), ("--step", "5", "--form", "mla"), "Left Left Up"),
    "a fault": (("fault", "mask-top-left", "--tokens", "6"), ("--step", "3"), "Home Right Right"),
    "a conversation": (("chat",), ("--turns", "2"), "Enter Enter"),
}


def frames(name, *arguments, keys):
    text = succeeds(name, *arguments, *SIZE, "--keys", keys).text
    return [part for part in re.split(r"(?m)^(?= kvtui  )", text) if part.strip()]


def picture(frame):
    """A frame without its last line, in which something may be said of the last key."""
    return frame.rstrip("\n").split("\n")[:-1]


def lines(name, *arguments):
    return [json.loads(line) for line in succeeds(name, *arguments, "--json").text.splitlines()]


def case_places():
    """What options open is what keys lead to."""
    for name, (command, options, keys) in PLACES.items():
        at, by = frames(name, *command, *options, keys=""), frames(name, *command, keys=keys)
        equal(f"{name}: one frame", len(at), 1)
        equal(name, picture(at[-1]), picture(by[-1]))


def case_exported():
    """A lesson's tool, and so the picture of one, opens there too."""
    for name, (command, options, keys) in PLACES.items():
        tool = ("export", "--tool", " ".join((*command, *options)), "--format", "txt", *SIZE)
        by = picture(frames(name, *command, keys=keys)[-1])
        shown = succeeds(name, *tool).text
        check(f"{name}: as a picture", all(line.rstrip() in shown for line in by[1:]), by, shown)


def case_turns():
    """Lines of JSON and pages end with the turn that is named."""
    fields = ("type", "turn", "question", "answer", "computed_tokens", "reused_tokens")

    def turns(name, *arguments):
        return [[line.get(field) for field in fields] for line in lines(name, "chat", *arguments)]

    whole = turns("all turns")
    for count in (0, 1, 3, 4):
        equal(f"{count} turns", turns(f"{count} turns", "--turns", str(count)), whole[:count + 1])
    page = succeeds("a page", "chat", "--turns", "1", "--plain", "--lang", "zh").text
    check("a page of one turn", "你好！" in page and "你是谁？" not in page, "", page)
    shown = frames("a conversation goes on", "chat", "--turns", "3", keys="Enter")
    check("the script goes on behind them", "turn 3/4" in shown[0] and "turn 4/4" in shown[-1], "", shown[0])


def case_batch():
    """Prefill and decode begin at a number of sequences, and have the others beside it."""
    command = ("phases", "--prompt-tokens", "7", "--context", "15", "--runs", "1", "--machine", "a10", "--batch", "8")
    shown = frames("a batch", *command, keys="Left Right Right")
    equal("frames", len(shown), 4)
    for frame, batch in zip(shown, (8, 4, 8, 16)):
        check(f"batch {batch}", f"decode of {batch}, context 15 each" in frame, "", frame)
    decodes = {line["batch"] for line in lines("lines", *command) if line.get("phase") == "decode"}
    equal("lines are of the one that is given", decodes, {8})


def case_refused():
    """A place is refused where there is no screen, or no such place."""
    for words, arguments in (
        (["--step", "6"], ("growth", "--tokens", "5", "--step", "6", "--keys", "")),
        (["--json", "--step"], ("growth", "--tokens", "5", "--step", "2", "--json")),
        (["--picture", "circles"], ("growth", "--tokens", "5", "--picture", "circles", "--keys", "")),
        (["--plain", "--axes"], ("growth", "--axes", "log", "--plain")),
        (["--step", "0"], ("attention", "--step", "0", "--keys", "")),
        (["--json", "--form"], ("attention", "--form", "mla", "--json")),
        (["--form", "MLA"], ("attention", "--form", "MLA", "--keys", "")),
        (["--step", "9"], ("fault", "none", "--tokens", "3", "--step", "9", "--keys", "")),
        (["--plain", "--step"], ("fault", "none", "--step", "1", "--plain")),
        (["--seed", "--step"], ("fault", "--seed", "3", "--step", "1", "--keys", "")),
        (["--turns", "5"], ("chat", "--turns", "5", "--json")), (["--turns", "-1"], ("chat", "--turns", "-1", "--json")),
    ):
        fails(" ".join(arguments), 64, *arguments, words=words)
