"""Frames as files."""

import xml.etree.ElementTree as ElementTree
import os
import re
import resource
import signal
import threading
import time

from support.checks import begin, check, equal
from support.here import work
from support.models import read, write
from support.output import clean_pages, control_bytes, header_lines, is_xml
from support.program import fails, run, sentence, subprocess_run, succeeds


def case_files():
    begin("export")
    text = succeeds("export", "export")
    clean_pages("export", text, 80)
    equal("the last step by default", header_lines(text)[0].split("step ")[1].split(" ")[0], "16/16")
    equal("--format txt is the default", run("export", "--format", "txt").out, text.out)
    equal("-o - is standard output", run("export", "-o", "-").out, text.out)
    succeeds("-o file", "export", "-o", "out.txt")
    equal("-o file: the same bytes", read("out.txt"), text.out)
    succeeds("--output=file", "export", "--output=out2.txt", "--step", "3")
    equal("--output=file: the same bytes", read("out2.txt"), run("export", "--step", "3").out)
    equal("-o replaces a longer file", (write(os.path.join(work, "long.txt"), b"x" * 99999), run("export", "-o", "long.txt").code,
                                        read("long.txt"))[1:], (0, text.out))
    os.makedirs(os.path.join(work, "文 件"))
    for name in ("文 件/图.txt", "-dash.txt", "a\nb.txt", "./out3.txt", os.path.join(work, "absolute.txt")):
        equal(f"-o {name!r}", (run("export", f"--output={name}").code, read(name)), (0, text.out))
    for arguments in ([b"--output=raw\xff.txt"], ["-o", b"raw\xff.txt"]):
        fails("-o of a name that is no UTF-8", 64, "export", *arguments, words=["-o", "UTF-8"])
    equal("-o of a name that is no UTF-8: no file", [name for name in os.listdir(work) if name.startswith("raw")], [])
    equal("-o of a name that has U+FFFD", (run("export", "-o", "raw\ufffd.txt").code, read("raw\ufffd.txt")), (0, text.out))


def case_links():
    """Links are followed, and stay."""
    text = run("export")
    write(os.path.join(work, "target.txt"), b"old")
    os.symlink("target.txt", os.path.join(work, "link.txt"))
    run("export", "-o", "link.txt")
    equal("-o through a link: the link stays, the target is written",
          (os.path.islink(os.path.join(work, "link.txt")), read("target.txt")), (True, text.out))
    os.makedirs(os.path.join(work, "links", "deep"))
    os.symlink("deep/two", os.path.join(work, "links", "one"))
    os.symlink("../new.txt", os.path.join(work, "links", "deep", "two"))
    run("export", "-o", "links/one")
    equal("-o through links to nothing yet: the file at their end is made",
          (os.readlink(os.path.join(work, "links", "one")), read("links/new.txt")), ("deep/two", text.out))
    os.symlink("loop", os.path.join(work, "loop"))
    fails("-o through a loop of links", 73, "export", "-o", "loop", words=["loop"])


def case_append_and_mode():
    """A file that is appended to, and the modes of files."""
    text = run("export")
    write(os.path.join(work, "log.txt"), b"first\n")
    with open(os.path.join(work, "log.txt"), "ab") as log:
        subprocess_run(["export", "-o", "/dev/stdout"], stdout=log)
    equal("-o /dev/stdout >> file appends", read("log.txt"), b"first\n" + text.out)
    for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o000, 0o644)):
        old = os.umask(mask)
        run("export", "-o", f"mask{mask:o}.txt")
        os.umask(old)
        equal(f"the file's mode under umask {mask:o}", os.stat(os.path.join(work, f"mask{mask:o}.txt")).st_mode & 0o777, mode)
    write(os.path.join(work, "private.txt"), b"old")
    os.chmod(os.path.join(work, "private.txt"), 0o600)
    run("export", "-o", "private.txt")
    equal("an old file keeps its mode", os.stat(os.path.join(work, "private.txt")).st_mode & 0o777, 0o600)


def case_bounds():
    begin("export, bounds")
    for option, most in (("--step", 16), ("--layer", 4), ("--head", 4)):
        for value in ("0", "-1", str(most + 1), "9223372036854775807", "-9223372036854775808"):
            fails(f"{option} {value}", 64, "export", option, value, words=[option, "1", str(most)])
        fails(f"{option} beyond all integers", 64, "export", option, "99999999999999999999", words=[option])
        fails(f"{option} abc", 64, "export", option, "abc", words=[option])
        for value in ("1", str(most)):
            succeeds(f"{option} {value}", "export", option, value)
    pictures = {run("export", "--layer", str(layer), "--head", str(head)).out for layer in range(1, 5) for head in range(1, 5)}
    equal("every layer and head has its own picture", len(pictures), 16)
    shown = run("export", "--layer", "2", "--head", "3").text
    check("--layer 2 --head 3 are named", "layer 2/4" in shown and "head 3/4" in shown, "layer 2/4, head 3/4", shown[:300])
    fails("a step behind the end-of-sequence token", 64, "export", "--tokens", "40", "--step", "45", words=["45", "27"])
    fails("--format pdf", 64, "export", "--format", "pdf", words=["--format", "svg"])
    fails("export of an empty text", 64, "export", "--text", "")
    fails("export of an unknown model", 66, "export", "--model", "nope")


def case_svg():
    begin("export, svg")
    for arguments in ([], ["--step", "1"], ["--size", "120x36"], ["--size", "20x4"], ["--size", "1x1"], ["--theme", "light"],
                      ["--theme", "projector"], ["--lang", "zh"], ["--ascii"], ["--text", "<&>\"']]>"], ["--text", "a\x01\x0b\ufffe\uffff\u2028"],
                      ["--text", "&amp;<!--"], ["--text", "\x1b[31m"]):
        picture = succeeds(f"svg {arguments}", "export", "--format", "svg", *arguments)
        check(f"svg {arguments}: well-formed", is_xml(picture.out), "XML", picture.text[:200])
        check(f"svg {arguments}: clean", not control_bytes(picture.out), "", control_bytes(picture.out)[:9])
        check(f"svg {arguments}: nothing from elsewhere", not re.search(rb"<script|<image|href|url\(", picture.out))
    shown = "".join(ElementTree.fromstring(run("export", "--format", "svg", "--text", "<&>").out).itertext())
    check("svg: the characters themselves", "<" in shown and "&" in shown and ">" in shown and "&amp;" not in shown, "< & >", shown[:200])
    equal("svg -o", (run("export", "--format", "svg", "-o", "p.svg").code, read("p.svg")), (0, run("export", "--format", "svg").out))


def case_failing():
    begin("export, failing")
    text = run("export")
    os.makedirs(os.path.join(work, "a folder"))
    write(os.path.join(work, "a file"), b"old")
    before = sorted(os.listdir(work))
    for name, path in (("a missing folder", "missing/x.txt"), ("a folder", "."), ("a folder with a slash", "a folder/"), ("nothing", ""),
                       ("a file as a folder", "a file/x"), ("a name too long", "n" * 300), ("a path too long", "p/" * 3000 + "x"),
                       ("/proc", "/proc/kvtui-test"), ("control characters", "missing\x1b[31m\n/x")):
        result = fails(f"-o {name}", 73, "export", "-o", path) if path else run("export", "-o", "")
        if path and len(path) < 100:
            check(f"-o {name}: the path is named", path.split("/")[0].replace("\x1b", "^[").replace("\n", "^J") in result.message, path, result.message)
        if not path:
            check("-o '': refused", result.code in (64, 73) and result.err.count(b"\n") == 1, "64 or 73", result)
            check("-o '': the message does not say `create :`", "create :" not in result.message, "the empty path quoted or named", result.message)
    fails("-o /dev/full", 74, "export", "-o", "/dev/full", words=["/dev/full"])
    equal("-o /dev/null", run("export", "-o", "/dev/null").code, 0)
    equal("-o /dev/stdout", run("export", "-o", "/dev/stdout").out, text.out)
    os.mkfifo(os.path.join(work, "fifo"))
    fails("-o of a FIFO that nobody reads does not hang", (73, 74), "export", "-o", "fifo", timeout=10, words=["fifo"])
    equal("failed exports leave nothing behind", sorted(os.listdir(work)), sorted([*before, "fifo"]))


def case_slow_reader():
    """A FIFO's reader gets all of a picture, however slow it is."""
    os.mkfifo(os.path.join(work, "read"))
    got = []

    def reader():
        with open(os.path.join(work, "read"), "rb") as file:
            time.sleep(0.4)
            got.append(file.read())

    thread = threading.Thread(target=reader, daemon=True)
    thread.start()
    time.sleep(0.2)
    picture = ["export", "--format", "svg", "--size", "1000x1000"]
    result = run(*picture, "-o", "read", timeout=10)
    thread.join(5)
    check("-o of a FIFO with a slow reader gets it all", result.code == 0 and got == [run(*picture).out], "exit 0, the picture",
          (result, [len(data) for data in got]))


def case_old_file():
    """What fails leaves the old file as it was, and makes no new one."""
    write(os.path.join(work, "old.txt"), b"old content\n")

    def no_space():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))

    before = sorted(os.listdir(work))
    result = run("export", "-o", "old.txt", preexec_fn=no_space)
    check("the device is full: 74", result.code == 74, 74, result)
    sentence("the device is full", result, words=["old.txt"])
    equal("the device is full: the old file's content", read("old.txt"), b"old content\n")
    equal("the device is full: nothing left behind", sorted(os.listdir(work)), before)
    for arguments in (["--step", "99"], ["--model", "nope"], ["--frob"], ["--text", "中" * 600]):
        write(os.path.join(work, "old.txt"), b"old content\n")
        run("export", "-o", "old.txt", *arguments)
        equal(f"{arguments}: the old file's content", read("old.txt"), b"old content\n")
    run("export", "-o", "fresh.txt", "--step", "99")
    check("a refused export makes no file", not os.path.exists(os.path.join(work, "fresh.txt")))
