"""A program that is completed in lesson 9: each arrangement is the run that `kvtui fault` makes of it; the lesson's script."""

import json
import os
import shutil
import subprocess
import sys

from support.checks import check, equal, skip
from support.here import work
from support.lessons import lines, plain
from support.program import fails, succeeds

RUN = ("--prompt", "世界最高峰是", "--tokens", "6")


def facts(place, fault):
    out, error, code = plain(place, "fault", fault, *RUN, "--json")
    check(f"{fault}: facts", (error, code) == ("", 0), "", error)
    return json.loads(out.splitlines()[-1])


def case_arrangements(place):
    for letters, fault in (("e c f", "none"), ("b c f", "position-restarted"), ("e c a", "mask-top-left"), ("e c d", "appended-twice")):
        total = facts(place, fault)
        plain(place, "lesson", "--reset", "9")
        out, code, _ = lines(place, f"n\nn\nn\n{letters}\nq\n", "lesson", "9", "--lang", "en")
        text = " ".join(out.decode("utf-8").split())
        equal(f"{letters}: ends well", code, 0)
        if fault == "none":
            equal("the sound run has no gap", total["max_logits"], 0)
            check(f"{letters} is right", "right Position behind what is kept" in text, "right", text[-900:])
            continue
        check(f"{letters} is wrong by its run", total["max_logits"] > 0 and f"{letters}:" in text, letters, text[-900:])
        changes = total["text_changes"]
        told = f"it writes “{changes['broken']['text']}” for “{changes['sound']['text']}”" if changes else "the text is right"
        check(f"{letters}: what it says is what {fault} says", told in text, told, text[-900:])


def case_script():
    path = os.path.join(work, "loop.py")
    made = succeeds("the script", "export", "--lesson", "9", "--format", "py", "-o", path)
    equal("nothing on standard output", made.out, b"")
    for arguments in (("--lesson", "3", "--format", "py"), ("--format", "py"), ("--course", "45", "--format", "py"),
                      ("--lesson", "9", "--format", "py", "--tokens", "3")):
        fails(" ".join(arguments), 64, "export", *arguments)
    python = os.environ.get("KVTUI_PYTHON") or shutil.which("python3") or sys.executable
    if subprocess.run([python, "-c", "import torch, transformers"], capture_output=True, check=False).returncode != 0:
        skip("the script runs", "there is no torch with transformers for python3; KVTUI_PYTHON names another")
        return
    done = subprocess.run([python, path, "--tokens", "8"], capture_output=True, text=True, cwd=work, timeout=300, check=False)
    equal("it ends well", done.returncode, 0)
    for line in ("same tokens: yes", "generate(use_cache=True) writes the same: yes", "text: 世界最高峰是珠穆朗玛峰"):
        check(f"it prints {line}", line in done.stdout, line, done.stdout + done.stderr[-400:])
