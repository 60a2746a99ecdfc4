"""Tries the archive and the Debian package of script/package in the root of a bare system; script/test-package makes one.

Usage: bare_system.py TREE PACKAGES. Each of the two is installed, runs its lessons and a run, says where it finds what it
has, is read about and completed, and is removed: the tree then has the files that it had before.
"""

import glob
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

TREE, PACKAGES = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WHOLE = {"uncached": 140, "cached": 28}  # QKᵀ cells of 中华人民共和国: 1 + 4 + … + 49, 1 + 2 + … + 7
LESSONS = len(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lessons/[0-9][0-9]-*")))

failed = 0
counted = 0


def check(name, holds, got=""):
    global failed, counted
    counted += 1
    if not holds:
        failed += 1
        print(f"FAILED {name}\n       got: {str(got)[-1500:]}", flush=True)
    return holds


def variables(**extra):
    return {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "TERM": "xterm-256color", "DEBIAN_FRONTEND": "noninteractive", **extra}


def inside(*command, stdin=b"", seconds=300, **extra):
    """Runs a command in the tree."""
    return subprocess.run(["chroot", TREE, *command], input=stdin, env=variables(**extra), capture_output=True, timeout=seconds, check=False)


def text(done):
    return done.stdout.decode("utf-8", "replace")


def typed(command, keys, until, seconds=30, **extra):
    """What a command says on a pseudo terminal once `keys` were typed and `until` is in it."""
    pid, master = pty.fork()
    if pid == 0:
        os.execvpe("chroot", ["chroot", TREE, *command], variables(**extra))
    output = b""

    def read(most, wanted):
        nonlocal output
        end = time.monotonic() + most
        while time.monotonic() < end and not re.search(wanted, output):
            if select.select([master], [], [], 0.2)[0]:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    return
                output += data
    try:
        for prompt, key in keys:
            read(seconds, prompt)
            # A shell that has drawn its prompt reads from then on.
            time.sleep(0.5)
            output = b""
            os.write(master, key)
        read(seconds, until)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)
    return output


def files():
    """Every path of the tree, but for what the system itself writes as it runs."""
    left_out = re.compile(r"^/(proc|sys|dev|tmp|run|root)(/|$)|^/var/(lib/(apt|dpkg)|cache|log)(/|$)|^/etc/(shells|ld\.so\.cache|mtab)$")
    found = set()
    for folder, folders, names in os.walk(TREE):
        place = folder[len(TREE):] or "/"
        if place != "/" and left_out.match(place):
            folders.clear()
            continue
        found.update(path for name in folders + names if not left_out.match(path := place.rstrip("/") + "/" + name))
    return found


def try_program(what, program, share):
    """The program that was installed, whose models lie in `share`."""
    done = inside(program, "--version")
    check(f"{what}: --version", done.returncode == 0 and re.match(r"kvtui \d+\.\d+\.\d+\b", text(done)), done)
    done = inside(program, "run", "--text", "中华人民共和国", "--json")
    total = json.loads(text(done).splitlines()[-1]) if done.returncode == 0 else {}
    for side, cells in WHOLE.items():
        check(f"{what}: a run, cells {side}", total.get(side, {}).get("cells") == cells, done)
    done = inside(program, "run", "--prompt", "床前", "--plain", "--lang", "zh")
    check(f"{what}: a page a step", done.returncode == 0 and "用 KV 缓存" in text(done), done)
    done = inside(program, "lesson", "--list", "--lang", "zh")
    check(f"{what}: the lessons", done.returncode == 0 and len(re.findall(r"^\d\d-", text(done), re.M)) == LESSONS, done)
    for number in range(1, LESSONS + 1):
        done = inside(program, "lesson", str(number), "--keys", "Right", "--lang", "zh" if number % 2 else "en")
        check(f"{what}: lesson {number}", done.returncode == 0 and len(done.stdout) > 1000 and not done.stderr, done)
    done = inside(program, "models")
    check(f"{what}: models", done.returncode == 0 and text(done).count("\n") == 4 and share in text(done), done)
    done = inside(program, "doctor", "--json")
    report = json.loads(text(done)) if done.returncode == 0 else {"folders": {"models": [], "lessons": None}, "widths": {}}
    check(f"{what}: doctor finds models", [os.path.dirname(path) for path in report["folders"]["models"]] == [share + "/models"] * 4, done)
    check(f"{what}: doctor finds lessons", report["folders"]["lessons"] == share + "/lessons" and report["folders"]["lessons_count"] == LESSONS, done)
    check(f"{what}: the menu opens on a terminal", b"kvtui" in typed([program], [(rb"kvtui", b"?")], rb"Ctrl-L", LANG="C.UTF-8"), "no picture")


def try_archive():
    before = files()
    archive = glob.glob(PACKAGES + "/*.tar.gz")[0]
    name = os.path.basename(archive).removesuffix(".tar.gz")
    subprocess.run(["tar", "-C", TREE + "/opt", "-xzf", archive], check=True)
    home = f"/opt/{name}"
    inside("ln", "-s", home + "/bin/kvtui", "/usr/local/bin/kvtui")
    try_program("the archive", "kvtui", home + "/share/kvtui")
    missing = inside("ldd", home + "/bin/kvtui")
    check("the archive: nothing is missing", "not found" not in text(missing), missing)
    subprocess.run(["rm", "-r", TREE + home, TREE + "/usr/local/bin/kvtui"], check=True)
    check("the archive: removed without a trace", files() == before, sorted(files() ^ before)[:20])


def try_package():
    done = inside("apt-get", "update", "-qq", "-o", "Acquire::Check-Valid-Until=false", "-o", "Acquire::Check-Date=false", seconds=600)
    check("apt-get update", done.returncode == 0, done)
    # What people have on such a machine; none of it is needed to run.
    done = inside("apt-get", "install", "-y", "-qq", "--no-install-recommends", "man-db", "bash-completion", "zsh", "fish", "locales", seconds=900)
    check("man, shells and locales are there", done.returncode == 0, done.stderr)
    inside("localedef", "-i", "zh_CN", "-f", "UTF-8", "zh_CN.UTF-8")
    before = files()
    package = glob.glob(PACKAGES + "/*.deb")[0]
    subprocess.run(["cp", package, TREE + "/tmp/kvtui.deb"], check=True)
    done = inside("apt-get", "install", "-y", "-qq", "/tmp/kvtui.deb", seconds=600)
    check("the package: installed", done.returncode == 0, done.stderr)
    try_program("the package", "kvtui", "/usr/share/kvtui")
    try_pages()
    try_completions()
    done = inside("dpkg", "--verify", "kvtui")
    check("the package: every file is as it was packed", done.returncode == 0 and not done.stdout, done)
    done = inside("apt-get", "purge", "-y", "-qq", "--auto-remove", "kvtui", seconds=300)
    check("the package: removed", done.returncode == 0, done.stderr)
    check("the package: removed without a trace", files() == before, sorted(files() ^ before)[:20])


def try_pages():
    for locale, word, other in (("C.UTF-8", "EXIT STATUS", "退出码"), ("zh_CN.UTF-8", "退出码", "EXIT STATUS")):
        done = inside("man", "kvtui", LANG=locale, MANWIDTH="100")
        check(f"man kvtui in {locale}", done.returncode == 0 and word in text(done) and other not in text(done), done)
        check(f"man kvtui in {locale}: no complaint", not done.stderr, done.stderr)
        done = inside("man", "kvtui", "run", LANG=locale, MANWIDTH="80")
        check(f"man kvtui run in {locale}", done.returncode == 0 and "--ignore-eos" in text(done), done)
    # The index is made by a trigger of man-db, in its own time.
    inside("mandb", "-q", seconds=300)
    done = inside("man", "-k", "kvtui")
    check("man -k finds the pages", done.returncode == 0 and "kvtui-doctor" in text(done), done)


def try_completions():
    bash = ["bash", "--norc", "-i"]
    start = (rb"\$ |# ", b". /usr/share/bash-completion/bash_completion; PS1='> '\n")
    for typing, word in ((b"kvtui doc\t", rb"kvtui doctor"), (b"kvtui run --ignore\t", rb"--ignore-eos"), (b"kvtui run --model tiny-zh-g\t", rb"tiny-zh-gqa"),
                         (b"kvtui run --theme pro\t", rb"projector"), (b"kvtui lesson 03\t", rb"03-recomputing")):
        seen = typed(bash, [start, (rb"\n> ", typing)], word)
        check(f"bash completes {typing!r}", re.search(word, seen), seen)
    zsh = ["zsh", "-f", "-i"]
    start = (rb"# |% ", b"autoload -U compinit; compinit -u; PS1='> '\n")
    for typing, word in ((b"kvtui doc\t", rb"doctor"), (b"kvtui run --ignore\t", rb"--ignore-eos"), (b"kvtui run --model tiny-zh-g\t", rb"tiny-zh-gqa")):
        seen = typed(zsh, [start, (rb"\n\r?.*> ", typing)], word, TERM="dumb")
        check(f"zsh completes {typing!r}", re.search(word, seen), seen)
    # As it starts for anybody: without its configuration it looks for no completions.
    fish = ["fish", "-i", "-C", "function fish_prompt; echo 'ready> '; end"]
    for typing, word in ((b"kvtui doc\t", rb"doctor"), (b"kvtui run --ignore\t", rb"--ignore-eos"), (b"kvtui run --model tiny-zh-g\t", rb"tiny-zh-gqa")):
        seen = typed(fish, [(rb"ready> ", typing)], word)
        check(f"fish completes {typing!r}", re.search(word, seen), seen)


def main():
    try_archive()
    try_package()
    print(f"{counted - failed} passed, {failed} failed in {TREE}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
