"""`play` without a terminal, and files that nobody should have written."""

import json
import os

from support.checks import begin, check, equal
from support.here import work
from support.models import write
from support.output import clean_pages, split_pages
from support.program import environment, fails, run, succeeds

HEAD = {"format": "kvtui-keys", "version": 1, "command": "run", "options": {}, "language": "en", "theme": "dark", "size": "80x24"}


def session(*events, name="demo.keys", **head):
    lines = [json.dumps({key: value for key, value in {**HEAD, **head}.items() if value is not None}, ensure_ascii=False)]
    lines += [event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events]
    write(os.path.join(work, name), ("\n".join(lines) + "\n").encode())
    return name


def keys(names):
    return [{"after": 250, "key": name} for name in names.split()]


def case_plain():
    begin("play --plain")
    for names, options in (("Right Right i Up", {}), ("End ] } f", {"text": "床前明月光", "tokens": 2}), ("/ 世 界 Enter Right", {}),
                           ("", {"prompt": "床前", "tokens": 3, "seed": 7, "temperature": 0.8, "top-k": 5, "ignore-eos": True})):
        path = session(*keys(names), options=options)
        arguments = [word for name, value in options.items()
                     for word in ([f"--{name}"] if value is True else [f"--{name}", str(value)])]
        played = succeeds(f"play {names}", "play", path, "--plain")
        clean_pages(f"play {names}", played, 80)
        equal(f"play {names}: the frames of --keys", played.out, run("run", *arguments, "--lang", "en", "--keys", names).out)
    path = session(*keys("Tab 9 Enter n"), command="lesson", options={"id": "3"})
    equal("a lesson: the frames of --keys", run("play", path, "--plain").out,
          run("lesson", "3", "--lang", "en", "--keys", "Tab 9 Enter n", env=environment(HOME=work)).out)
    menu = split_pages(run("play", session(*keys("r Right"), command="lesson"), "--plain"))
    check("the menu leads to a run", len(menu) == 3 and "step 2/" in menu[-1], "step 2/", menu[-1:])
    equal("without a terminal that is what play does", run("play", path).out, run("play", path, "--plain").out)
    left = session(*keys("Right q"), {"end": True})
    equal("the key that left is not pressed", len(split_pages(run("play", left))), 2)
    equal("but with --quit-at-end, where nothing is shown any more", len(split_pages(run("play", left, "--quit-at-end"))), 2)
    beats = split_pages(run("play", session(*keys("Space"), {"after": 3300, "key": "Space"})))
    check("a run plays in the pauses", len(beats) == 3 and "step 4/" in beats[-1], "step 4/", beats[-1:])


def case_overrides():
    begin("play's options")
    path = session(*keys("Right"), language="zh", theme="light", size="100x30")
    equal("the file's look", run("play", path).out, run("run", "--lang", "zh", "--size", "100x30", "--keys", "Right").out)
    equal("--lang and --size", run("play", path, "--lang", "en", "--size", "60x16").out,
          run("run", "--lang", "en", "--size", "60x16", "--keys", "Right").out)
    equal("--ascii", run("play", path, "--lang", "en", "--ascii").out,
          run("run", "--lang", "en", "--size", "100x30", "--ascii", "--keys", "Right").out)
    fails("--theme of no theme", 64, "play", path, "--theme", "pink", words=["--theme", "pink"])
    fails("--size of no size", 64, "play", path, "--size", "big", words=["--size"])


def case_hostile():
    """Whatever a file says, it is one sentence with file and line, or a screen."""
    begin("hostile sessions")
    right = {"after": 5, "key": "Right"}
    for event, words in (
            ({"key": "Rihgt"}, ["key", "Rihgt"]), ({"after": -1, "key": "q"}, ["after"]), ({"after": 10 ** 9, "key": "q"}, ["after"]),
            ({"after": 1e308, "key": "q"}, ["after"]), ({"key": "\x1b[31m"}, ["key"]), ({"key": "q", "run": "ls"}, ["run"]),
            ({"paste": 5}, ["paste"]), ("{", ["JSON"]), ("\x00", ["JSON"]), ("[" * 500, ["JSON"])):
        name = event if isinstance(event, str) else json.dumps(event)
        fails(f"the line {name[:40]!r}", 65, "play", session(right, right, event), words=["demo.keys", "4", *words])
    for head, words in (
            ({"command": "export"}, ["command"]), ({"command": "record"}, ["command"]), ({"command": None}, ["command"]),
            ({"version": 2}, ["version"]), ({"format": "kvtrace"}, ["format"]), ({"size": "1x"}, ["size"]), ({"theme": "x"}, ["theme"]),
            ({"options": {"output": "x"}}, ["output"]), ({"options": {"o": "x"}}, ["options.o"]),
            ({"options": {"keep-keys": "x"}}, ["keep-keys"]), ({"options": {"prompt": "-"}}, ["prompt"]),
            ({"options": {"text": ["x"]}}, ["text"]), ({"command": "replay"}, ["file"]), ({"colour": "red"}, ["colour"])):
        fails(f"the head {head}", 65, "play", session(right, **head), words=["demo.keys", "1", *words])
    for options, words in (
            ({"tokens": "many"}, ["--tokens"]), ({"tokens": 10 ** 6}, ["tokens"]), ({"text": ""}, ["--text"]),
            ({"text": "a", "prompt": "b"}, ["--text", "--prompt"]), ({"seed": "x"}, ["--seed"]), ({"dtype": "f64"}, ["--dtype"]),
            ({"model": "a", "random": "gpt2"}, ["--model", "--random"])):
        fails(f"options that run refuses: {options}", 65, "play", session(right, options=options), words=["demo.keys", *words])
    fails("a model that is not there", 66, "play", session(right, options={"model": "nowhere"}), words=["nowhere"])
    fails("a recording that is not there", 66, "play", session(right, command="replay", options={"file": "nowhere.kvtrace"}),
          words=["nowhere.kvtrace"])
    fails("a lesson that is not there", 66, "play", session(right, command="lesson", options={"id": "99"}), words=["99"])
    fails("a file that is not there", 66, "play", "nowhere.keys", words=["nowhere.keys"])
    fails("a folder", 66, "play", work, words=["regular file"])
    fails("/dev/zero", 66, "play", "/dev/zero")
    write(os.path.join(work, "empty.keys"), b"")
    fails("an empty file", 65, "play", "empty.keys", words=["empty.keys", "format"])
    write(os.path.join(work, "large.keys"), b"\n" * (1 << 21))
    fails("a large file", 65, "play", "large.keys", words=["large.keys"])
    hostile = "\x1b]0;x\x07\u202e<script>" + "中" * 5000
    typed = session({"key": "/"}, {"after": 0, "paste": hostile}, {"key": "Enter"}, options={"text": hostile[:300], "tokens": 0})
    shown = run("play", typed, timeout=60)
    check("text of any kind is drawn", shown.code == 0 and b"\x1b" not in shown.out and "\u202e" not in shown.text, "exit 0", shown)
    writing = session(*[{"key": name} for name in ("w", *["BSpace"] * 80, *"stolen", "Enter")])
    fails("a recording that a file wants written", 73, "play", writing, words=["writes no file"], allow_output=True)
    check("nothing was written", not os.path.exists(os.path.join(work, "stolen")))
    busy = session(*[{"after": 600000, "key": name} for name in ("Space", "Up", "Down", "Up") * 20])
    check("hours of pauses are no wait", run("play", busy, timeout=30).code == 0, "exit 0")


def case_keeping():
    """Where no keys are pressed, none are kept, and no file is made."""
    begin("--keep-keys without a terminal")
    path = os.path.join(work, "never.keys")
    fails("no terminal", 69, "run", "--keep-keys", path, words=["--keep-keys"])
    fails("no terminal, a lesson", 69, "lesson", "3", "--keep-keys", path, words=["--keep-keys"])
    for other in (["--json"], ["--plain"], ["--keys", "q"]):
        fails(f"together with {other[0]}", 64, "run", "--keep-keys", path, *other, words=["--keep-keys", other[0]])
    fails("together with --list", 64, "lesson", "--list", "--keep-keys", path, words=["--list"])
    check("there is no file", not os.path.exists(path))
    said = run("run", "--keep-keys", "--lang", "--lang", "zh", "--json").message
    check("its value is no option", "--json" in said and "给一个" in said, "in Chinese", said)
