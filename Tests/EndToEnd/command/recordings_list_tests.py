"""The recordings that there are: listed, opened above the list, and back."""

import json
import os

from support.checks import begin, check, equal
from support.here import work
from support.output import control_bytes, split_pages
from support.program import environment, fails, run, succeeds


def shelf(name):
    folder = os.path.join(work, name)
    home = os.path.join(folder, "home")
    os.makedirs(home, exist_ok=True)
    return folder, home, environment(KVTUI_HOME=home, LANG="C.UTF-8")


def case_list():
    begin("the list of recordings")
    folder, home, env = shelf("shelf")
    models = environment(LANG="C.UTF-8")
    for path, options in ((os.path.join(folder, "one.kvtrace"), ["--text", "中华人民", "--tokens", "3"]),
                          (os.path.join(home, "two.kvtrace"), ["--prompt", "床前明月", "--tokens", "5", "--model", "tiny-zh-mqa"])):
        succeeds("a recording is made", "record", path, *options, env=models)
    with open(os.path.join(folder, "junk.kvtrace"), "wb") as file:
        file.write(b"\x1b[2Jnothing")
    with open(os.path.join(folder, "other.txt"), "wb") as file:
        file.write(b"nothing")
    os.makedirs(os.path.join(folder, "folder.kvtrace"), exist_ok=True)
    # Names are data as well.
    with open(os.path.join(folder, "\x1b[31mred.kvtrace"), "wb") as file:
        file.write(b"")
    listed = succeeds("replay without a file", "replay", "--plain", "--lang", "en", cwd=folder, env=env)
    check("no control byte", not control_bytes(listed.out.replace(b"\n", b"")), "none", listed.out)
    lines = listed.text.splitlines()
    equal("a line for each file", len(lines), 5)
    for path, name in ((os.path.join(folder, "one.kvtrace"), "one.kvtrace"), (os.path.join(home, "two.kvtrace"), home + "/two.kvtrace")):
        objects = [json.loads(line) for line in run("replay", path, "--json").text.splitlines()]
        count = sum(o["type"] == "step" for o in objects)
        line = next(line for line in lines if line.startswith(name))
        check(f"{name}: model and steps", f"  {objects[0]['name']}  {count} steps  " in line, count, line)
        frame = split_pages(succeeds("the list's frame", "replay", "--keys", "t", "--size", "200x60", "--lang", "en", cwd=folder, env=env))[-1]
        row = next(line for line in frame.split("\n") if name in line)
        check(f"{name}: the screen's row", objects[0]["name"] in row and f" {count} " in row, count, row)
    check("what is none says why", any(line.startswith("junk.kvtrace  ") and len(line) > 30 for line in lines), "why", listed.text)
    keys = "End Enter Right m Enter q"
    frames = split_pages(succeeds("one is played above the list", "replay", "--keys", keys, "--size", "80x24", "--lang", "en", cwd=folder, env=env))
    check("the chosen one is played", "recording two.kvtrace" in frames[2] and "step 2/" in frames[3], "two", frames[2])
    check("q comes back to the list, at its line", any("two.kvtrace" in line and "▸" in line for line in frames[6].split("\n")), "list", frames[6])
    check("its marks lie beside it", os.path.exists(os.path.join(home, "two.kvtrace.marks")) or any(
        name.startswith("two.kvtrace") and name != "two.kvtrace" for name in os.listdir(home)), "marks", os.listdir(home))
    fromMenu = split_pages(succeeds("from the menu", "lesson", "--keys", "v End Enter q q", "--lang", "en", "--size", "80x24", cwd=folder,
                                    env=environment(XDG_STATE_HOME=folder, LANG="C.UTF-8")))
    check("the menu's list is of the working folder", "one.kvtrace" in fromMenu[1], "one", fromMenu[1])
    check("and leads back to the menu", "Try it yourself" in fromMenu[-1], "menu", fromMenu[-1])


def case_none():
    begin("no recordings")
    folder, _, env = shelf("empty-shelf")
    page = succeeds("an empty folder", "replay", "--plain", "--lang", "en", cwd=folder, env=env)
    check("it says how one is made", "kvtui record" in page.text, "record", page.text)
    frame = split_pages(succeeds("its frame", "replay", "--keys", "Down", "--lang", "en", "--size", "60x16", cwd=folder, env=env))[-1]
    check("the screen says it too", "kvtui record run.kvtrace" in frame or "none yet" in frame, "record", frame)
    for option in (["--from", "2"], ["--model", "tiny-zh"], ["--json"]):
        fails(f"{option[0]} needs a file", 64, "replay", *option, words=["FILE", option[0]], cwd=folder, env=env)
