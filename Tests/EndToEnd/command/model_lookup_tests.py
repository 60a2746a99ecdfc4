"""Where models are looked up, and how they are named."""

import os
import shutil

from support.checks import begin, check, equal
from support.here import FIXTURES, work
from support.json_output import json_run
from support.models import installed
from support.output import control_bytes
from support.program import environment, fails, run, succeeds


def home_of_models():
    """A home with good and bad models, made once."""
    home = os.path.join(work, "home")
    if os.path.exists(home):
        return home
    for name in ("mine", "名 字", "bad\x1b[31m\n"):
        shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), os.path.join(home, "models", name))
    for name in ("empty", "broken", "fifo"):
        os.makedirs(os.path.join(home, "models", name))
    with open(os.path.join(home, "models", "broken", "config.json"), "w", encoding="utf-8") as file:
        file.write("{")
    os.mkfifo(os.path.join(home, "models", "fifo", "config.json"))
    return home


def case_names():
    begin("models")
    home = home_of_models()
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


def case_places():
    begin("where models are looked up")
    env = environment(KVTUI_HOME=home_of_models())
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
