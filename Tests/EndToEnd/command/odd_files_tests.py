"""Files in a model's folder that are none, cannot be read, or hold NaN."""

import os
import subprocess

from support.checks import begin, check, equal, skip
from support.here import FIXTURES, binary, work
from support.json_output import json_run
from support.models import installed, model_copy, sparse, write
from support.program import fails, run, succeeds


def case_odd_files():
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


def case_unreadable():
    """Files and folders without permission, for which root becomes nobody."""
    folder = model_copy(name="unreadable")
    os.chmod(work, 0o755)
    os.chmod(os.path.join(folder, "tokenizer.json"), 0)
    program, options = binary, {}
    if os.geteuid() == 0:
        program = installed("prefix")
        options = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            is_started = run("--help", program=program, **options).code == 0
        except (OSError, subprocess.SubprocessError):
            is_started = False
        if not is_started:
            skip("without permission", "nobody cannot start a program here")
            return
    fails("a file without permission", 66, "--model", folder, "--text", "中", program=program,
          words=["tokenizer.json", "Permission"], **options)
    os.chmod(folder, 0)
    fails("a folder without permission", 66, "--model", folder, "--text", "中", program=program, words=["unreadable"], **options)
    os.chmod(folder, 0o755)


def case_not_finite():
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
