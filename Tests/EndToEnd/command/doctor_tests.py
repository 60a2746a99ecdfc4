"""`kvtui doctor` and `--version`: each line is what the machine says when it is asked in another way."""

import json
import os
import platform
import re
import subprocess
import unicodedata

from support.checks import begin, check, equal, skip
from support.here import REPOSITORY, work
from support.program import binary, environment, run, succeeds
from support.pseudo_terminal import Pty, text_of

PLACES = ("program", "system", "processor", "locale", "terminal", "widths", "folders")
NAME = "xt \x1b]0;evil\x07\x9b31m\u202e(42)"  # a terminal that says what it should not


def report(*arguments, **options):
    return json.loads(succeeds("doctor --json", "doctor", "--json", *arguments, **options).text)


def case_machine():
    """System, processor and memory are those of the machine."""
    begin("doctor: the machine")
    found = report()
    equal("its sections", tuple(found), ("type", *PLACES))
    check("the kernel", found["system"]["kernel"] == f"{platform.system()} {platform.release()} {platform.machine()}", found["system"])
    equal("processors", found["processor"]["processors"], os.sysconf("SC_NPROCESSORS_ONLN"))
    equal("memory", found["processor"]["memory_bytes"], os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    check("for this process", 0 < found["processor"]["allowed_bytes"] <= found["processor"]["memory_bytes"], found["processor"])
    if platform.system() != "Linux":
        return skip("processor, distribution", "they are asked of Linux here")
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        facts = file.read()
    name = re.search(r"^model name\s*: (.*)$", facts, re.M)
    equal("the processor's name", found["processor"]["name"], name[1] if name else None)
    flags = set((re.search(r"^flags\s*: (.*)$", facts, re.M) or ["", ""])[1].split())
    best = "avx512" if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= flags else "avx2" if {"avx2", "fma", "f16c"} <= flags else "baseline"
    check("the instruction set", found["processor"]["instruction_set"] in (best, "baseline"), best, found["processor"])
    with open("/etc/os-release", encoding="utf-8") as file:
        equal("the distribution", found["system"]["distribution"], re.search(r'^PRETTY_NAME="?(.*?)"?$', file.read(), re.M)[1])
    libc, number = platform.libc_ver()
    if libc == "glibc":
        equal("the C library", found["program"]["c_library"], f"glibc {number}")


def case_version():
    """The commit is git's where the build said one, and nothing is made up where it did not."""
    begin("--version")
    for language, unknown in (("zh", "编译时没有记下提交"), ("en", "built without a record of its commit")):
        said = succeeds("--version", "--version", "--lang", language).text
        check("version and origin on a line", re.fullmatch(r"kvtui \d+\.\d+\.\d+(?: \([^\n]+\)|（[^\n]+）)\n", said), said)
        number = re.match(r"kvtui ([\d.]+)", said)[1]
        found = report("--lang", language)["program"]
        equal("doctor says the same version", found["version"], number)
        if found["commit"] is None:
            check("no commit is said", unknown in said and found["changed"] is None and found["commit_date"] is None, said)
            continue
        check("the commit is said", found["commit"] in said and found["commit_date"] in said, said)
        git = subprocess.run(["git", "show", "-s", "--format=%H %cs", found["commit"]], cwd=REPOSITORY, capture_output=True, text=True, check=False)
        if git.returncode == 0:
            equal("it is one of this repository, of that day", git.stdout.strip(), f"{found['commit']} {found['commit_date']}")
    with open(os.path.join(REPOSITORY, "CHANGELOG.md"), encoding="utf-8") as file:
        equal("the changelog's newest version", re.search(r"^## \[(\d[\d.]*)\]", file.read(), re.M)[1], number)


def case_without_terminal():
    """Without a terminal nothing is asked, and nothing is said that was not answered."""
    begin("doctor: no terminal")
    found = report(env=environment(LANG="C.UTF-8", TERM="xterm-256color", COLORTERM="truecolor"))
    terminal = found["terminal"]
    equal("standard output is none", terminal["output_is_terminal"], False)
    equal("no size", (terminal["columns"], terminal["rows"]), (None, None))
    equal("no screen, and why", (terminal["opens_screen"], terminal["obstacle"] is None), (False, False))
    equal("terminfo's colours", (terminal["terminfo_colours"], terminal["colours"]), (256, 256))
    equal("variables", terminal["variables"], ["TERM=xterm-256color", "COLORTERM=truecolor"])
    equal("NO_COLOR", report(env=environment(TERM="xterm-256color", NO_COLOR="1"))["terminal"]["colours"], 0)
    lost = report(env=environment(LANG="C.UTF-8"))["terminal"]
    equal("without TERM nothing is known of it", (lost["terminfo"], lost["terminfo_colours"]), (None, None))


def case_widths():
    """Own table and C library agree with Unicode's East_Asian_Width."""
    begin("doctor: widths")
    for row in report(env=environment(LANG="C.UTF-8"))["widths"]["samples"]:
        wide = 2 if unicodedata.east_asian_width(row["text"]) in "WF" else 1
        equal(f"{row['text']}", (row["table"], row["library"], row["terminal"]), (wide, wide, None))


def case_folders():
    """Where things are found is where they are."""
    begin("doctor: folders")
    home = os.path.join(work, "home")
    os.makedirs(home, exist_ok=True)
    found = report(env=environment(KVTUI_HOME=REPOSITORY, HOME=home, XDG_STATE_HOME=home))["folders"]
    equal("models", sorted(found["models"]), sorted(f"{REPOSITORY}/models/{name}" for name in os.listdir(REPOSITORY + "/models")))
    lessons = [name for name in os.listdir(REPOSITORY + "/lessons") if name[:2].isdigit()]
    equal("lessons", (found["lessons"], found["lessons_count"]), (REPOSITORY + "/lessons", len(lessons)))
    equal("progress", (found["state"], found["state_writable"]), (home + "/kvtui", True))
    equal("a folder that nobody can make", report(env=environment(XDG_STATE_HOME="/proc/nowhere"))["folders"]["state_writable"],
          False if os.getuid() else report(env=environment(XDG_STATE_HOME="/proc/nowhere"))["folders"]["state_writable"])


def case_untrusted():
    """What variables and files say is escaped, in words and in JSON."""
    begin("doctor: untrusted")
    env = environment(LANG="C.UTF-8", TERM="xterm", TERM_PROGRAM="a\x1b[31mb\x07\u202ec", KVTUI_LESSONS="/no\x1bwhere")
    for arguments in (["--json"], ["--lang", "zh"], ["--lang", "en"], ["--ascii"]):
        out = run("doctor", *arguments, env=env).out
        check(f"{arguments}: no control reaches the output", not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae", out), out[:300])
    check("--ascii is ASCII", run("doctor", "--ascii", env=env).out.isascii(), run("doctor", "--ascii", env=env).text)


def answering(place, name, shift, *arguments, **changes):
    """What doctor says on a terminal that calls itself `name` and draws `·` so many columns wider."""
    screen = Pty(place, [binary, "doctor", *arguments], {"TERM": "xterm-256color", "LANG": "C.UTF-8", "KVTUI_NO_PROBE": "", **changes})
    try:
        screen.until(lambda output: b"\x1b[c" in output, 20)
        asked = screen.output.decode("utf-8", "replace")
        for sample in re.findall(r"\r([^\r\x1b])\x1b\[6n", asked):
            columns = 1 + (2 if unicodedata.east_asian_width(sample) in "WF" else 1) + (shift if sample == "·" else 0)
            screen.write(f"\x1b[7;{columns}R".encode())
        screen.write(f"\x1bP>|{name}\x1b\\\x1b[?64;1;2c".encode())
        code = screen.end(20)
        return code, text_of(screen.output.split(b"\x1b[c", 1)[-1])
    finally:
        screen.close()


def case_terminal(place):
    """The terminal itself is asked: its name, and how wide it draws."""
    begin("doctor: a terminal that answers")
    code, said = answering(place, "Test(1.2)", 0, "--lang", "en")
    check("it ends well", code == 0, code)
    check("its name and attributes", "Test(1.2)" in said and "64;1;2" in said, said)
    check("its size", re.search(r"columns +80", said) and re.search(r"rows +24", said), said)
    check("a screen can be opened", re.search(r"a screen can be opened +yes", said), said)
    check("all agree", re.search(r"all agree +yes", said), said)
    code, said = answering(place, "Wide", 1, "--lang", "zh")
    check("one that draws · in two columns", re.search(r"都一致 +否", said) and re.search(r"U\+B7 .*终端 2  不一致", said), said)
    code, said = answering(place, NAME, 0, "--lang", "en")
    check("what it says is escaped", code == 0 and not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202e]", said), said)
    silent = Pty(place, [binary, "doctor", "--lang", "en"], {"TERM": "xterm-256color", "LANG": "C.UTF-8", "KVTUI_NO_PROBE": ""})
    try:
        check("one that says nothing is not waited for long", silent.end(20) == 0 and re.search(r"it says that it is +unknown", text_of(silent.output)), text_of(silent.output))
    finally:
        silent.close()
    quiet = Pty(place, [binary, "doctor", "--lang", "en"], {"TERM": "xterm-256color", "LANG": "C.UTF-8", "KVTUI_NO_PROBE": "1"})
    try:
        quiet.end(20)
        check("with KVTUI_NO_PROBE=1 nothing is asked", b"\x1b" not in quiet.output, quiet.output[:200])
    finally:
        quiet.close()


def case_usage():
    begin("doctor: usage")
    for language, words in (("zh", ("程序", "终端", "字符宽度", "文件夹")), ("en", ("Program", "Terminal", "Widths", "Folders"))):
        said = succeeds("doctor", "doctor", "--lang", language, env=environment(LANG="C.UTF-8")).text
        check(f"its sections in {language}", all(re.search(rf"^{word}$", said, re.M) for word in words), said)
    help_text = succeeds("--help", "--help", "--lang", "en", bare=True).text
    check("--help alone names every command", all(f"\n  {name} " in help_text for name in ("run", "lesson (default)", "doctor", "lab")), help_text)
    check("and none that is for installing", "manual" not in help_text, help_text)
