"""script/install and script/uninstall: everything is found where it was put, pages and completions are the program's, nothing stays."""

import glob
import json
import os
import re
import shutil
import subprocess

from support.checks import begin, check, equal, skip
from support.here import REPOSITORY, work
from support.program import binary, environment, run
from support.pseudo_terminal import Pty, text_of

# How each shell is started, where its completions lie, and what it is told first.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "share/bash-completion/completions/kvtui", ". {script}; PS1='ready> '\n"),
    "zsh": (["zsh", "-f", "-i"], "share/zsh/site-functions/_kvtui", "fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; PS1='ready> '\n"),
    "fish": (["fish", "-N", "-i"], "share/fish/vendor_completions.d/kvtui.fish", "function fish_prompt; echo 'ready> '; end; source {script}\n"),
}
COMPLETED = (("kvtui doc", "tor"), ("kvtui run --ignore", "-eos"), ("kvtui run --theme pro", "jector"), ("kvtui run --model tiny-zh-g", "qa"),
             ("kvtui lesson 03", "-recomputing"))


def script(name, **extra):
    return subprocess.run([os.path.join(REPOSITORY, "script", name)], env={**environment(LANG="C.UTF-8"), "KVTUI": binary, **extra},
                          capture_output=True, text=True, check=False)


def files(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names)


def installed(name):
    """A prefix of its own, with the program in it."""
    folder = os.path.join(work, name)
    done = script("install", DESTDIR=folder, PREFIX="/usr")
    check("script/install", done.returncode == 0 and done.stdout == "", done)
    return folder + "/usr"


def case_found():
    """What was installed is found beside the program, through links, without the checkout."""
    begin("install: what is found")
    prefix = installed("one")
    link = os.path.join(work, "a link")
    os.symlink(prefix + "/bin/kvtui", link)
    for program in (prefix + "/bin/kvtui", link):
        report = json.loads(run("doctor", "--json", program=program, cwd="/").text)
        real = os.path.realpath(prefix)
        equal("models", [os.path.dirname(path) for path in report["folders"]["models"]], [real + "/share/kvtui/models"] * 4)
        equal("lessons", report["folders"]["lessons"], real + "/share/kvtui/lessons")
        equal("lectures", [os.path.dirname(path) for path in report["folders"]["lectures"]], [real + "/share/kvtui/lectures"] * 2)
    total = json.loads(run("run", "--json", "--text", "中华人民共和国", program=link).text.splitlines()[-1])
    equal("a run", (total["uncached"]["cells"], total["cached"]["cells"]), (140, 28))
    done = run("lint", "--strict", program=link, timeout=300)
    check("its lessons and lectures are sound", done.code == 0, done)
    done = run("export", "--lesson", "9", "--format", "py", program=link)
    check("a lesson's script", done.code == 0 and "use_cache" in done.text, done)
    equal("every lesson file is there", [name for name in files(REPOSITORY + "/lessons") if not name.endswith(".pyc")], files(prefix + "/share/kvtui/lessons"))
    shutil.rmtree(prefix + "/share/kvtui")
    done = run("lesson", "--list", program=link)
    check("without its files it says where it looked", done.code == 66 and b"share/kvtui/lessons" in done.err, done)
    done = run("--plain", program=link)
    check("and so does a run", done.code == 66 and b"share/kvtui/models" in done.err and done.err.count(b"\n") == 1, done)


def case_pages():
    """Every command has a page in both languages, with every option that its help names."""
    begin("install: man pages")
    prefix = installed("pages")
    commands = re.findall(r"^  ([a-z]+)(?: \(default\))?  ", run("--help", "--lang", "en", bare=True).text, re.M)
    names = sorted(["kvtui.1"] + [f"kvtui-{name}.1" for name in commands])
    for language, folder in (("en", "share/man/man1"), ("zh", "share/man/zh_CN/man1")):
        equal(f"pages, {language}", sorted(os.listdir(f"{prefix}/{folder}")), names)
        for name in commands:
            with open(f"{prefix}/{folder}/kvtui-{name}.1", encoding="utf-8") as file:
                page = file.read().replace("\\-", "-")
            options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", run(name, "--help", "--lang", language, timeout=120).text, re.M))
            missing = sorted(option for option in options if option not in page)
            check(f"{name}, {language}: every option", not missing and options, missing)
            has = re.search("[\u4e00-\u9fff]", page) is not None
            # Names of things in the other language stand in some.
            check(f"{name}, {language}: its language", has if language == "zh" else len(re.findall("[\u4e00-\u9fff]", page)) < 40, page[:300])
    if not shutil.which("man"):
        return skip("man", "it is not installed")
    for folder in ("man1", "zh_CN/man1"):
        pages = sorted(glob.glob(f"{prefix}/share/man/{folder}/*.1"))
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", *pages], env={**environment(LANG="C.UTF-8"), "MANWIDTH": "100"},
                              capture_output=True, text=True, check=False)
        check(f"man shows {folder} without a complaint", done.returncode == 0 and not done.stderr, done.stderr)
        check(f"and all of it, {folder}", done.stdout.count("--version") >= len(pages), done.stdout[:300])


def case_completions(place):
    """Completions complete commands, options, their words, models and lessons."""
    begin("install: completions")
    prefix = installed("completions")
    for shell, (command, path, first) in SHELLS.items():
        program = shutil.which(shell)
        if not program:
            skip(f"completions of {shell}", "it is not installed")
            continue
        done = subprocess.run([shell, "-n", f"{prefix}/{path}"], capture_output=True, text=True, check=False)
        check(f"{shell} reads them", done.returncode == 0 and not done.stderr, done.stderr)
        facts = {"script": f"{prefix}/{path}", "folder": os.path.dirname(f"{prefix}/{path}")}
        changes = {"TERM": "dumb" if shell == "zsh" else "xterm-256color", "LANG": "C.UTF-8", "PATH": f"{prefix}/bin:{os.environ['PATH']}"}
        screen = Pty(place, [program, *command[1:]], changes, columns=120)
        try:
            screen.frame(3)
            screen.write(first.format(**facts).encode())
            screen.until(lambda output: len(re.findall(rb"ready> ", output)) > 1, 20)
            for line, rest in COMPLETED:
                screen.frame(1)
                screen.output = b""
                screen.write(line.encode() + b"\t")
                seen = screen.until(lambda output, rest=rest: rest in text_of(output), 20)
                check(f"{shell}: {line}", seen, rest, text_of(screen.output))
                screen.write(b"\x15")
        finally:
            screen.close()


def case_removed():
    """Removing leaves what was there, and nothing else; an upgrade leaves nothing of the older one."""
    begin("uninstall")
    folder = os.path.join(work, "kept")
    os.makedirs(folder + "/usr/bin")
    os.makedirs(folder + "/usr/share/empty")
    with open(folder + "/usr/bin/other", "w", encoding="utf-8") as file:
        file.write("mine")
    before = sorted(os.walk(folder))
    options = {"DESTDIR": folder, "PREFIX": "/usr"}
    script("install", **options)
    with open(folder + "/usr/share/kvtui/installed", "a", encoding="utf-8") as file:
        file.write("share/kvtui/of-an-older-one\n")
    with open(folder + "/usr/share/kvtui/of-an-older-one", "w", encoding="utf-8") as file:
        file.write("old")
    done = script("install", **options)
    check("installed again", done.returncode == 0 and not os.path.exists(folder + "/usr/share/kvtui/of-an-older-one"), done)
    done = script("uninstall", **options)
    check("removed", done.returncode == 0, done)
    equal("as it was", sorted(os.walk(folder)), before)
    fresh = os.path.join(work, "fresh")
    script("install", PREFIX=fresh)
    script("uninstall", PREFIX=fresh)
    check("a prefix that was not there is not there any more", not os.path.exists(fresh), os.listdir(work))
    done = script("uninstall", **options)
    check("nothing is there to be removed", done.returncode == 66 and "PREFIX" in done.stderr, done)
    script("install", **options)
    with open(folder + "/usr/share/kvtui/installed", "a", encoding="utf-8") as file:
        file.write("../../mine\n")
    done = script("uninstall", **options)
    check("a list that leads elsewhere is not followed", done.returncode == 65, done)
    done = script("install", PREFIX="relative")
    check("a prefix that is no absolute path", done.returncode == 64 and "PREFIX" in done.stderr, done)
