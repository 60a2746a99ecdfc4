"""Bytes that are no keys, come in pieces, or are those of another protocol."""

import signal

from support.checks import check
from support.pseudo_terminal import Pty, QUIET, text_of


def case_garbage(place):
    """Bytes that are no keys change nothing, and q works after them."""
    garbage = {
        "old mouse report": b"\x1b[M #%",
        "new mouse report": b"\x1b[<0;10;20M\x1b[<0;10;20m",
        "a cut character": b"\xe4\xb8",
        "no UTF-8 at all": b"\xff\xfe\x80\x9b",
        "function keys": b"\x1bOP\x1b[15~\x1b[[A\x1b[1;2P",
        "answers to old questions": b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1bP1$r0m\x1b\\\x1b[?1;2c\x1b[5;1R",
        "focus": b"\x1b[I\x1b[O",
    }
    for name, data in garbage.items():
        run = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1"})
        run.frame()
        before = text_of(run.output)
        run.write(data)
        run.read(0.3)
        shown = text_of(run.output)[len(before):]
        check(f"{name}: no other picture", len(shown.strip()) < 60, shown)
        check(f"{name}: still running", not run.ended(), run.code)
        run.write(b"q")
        check(f"{name}: q ends", run.end(5) == 0, run.code)
        run.close()
    run = Pty(place, place.command())
    run.frame()
    run.write(b"\x1b[200~" + "中文 q\r".encode() * 100_000 + b"\x1b[201~")
    run.frame(20)
    check("a paste of 1 MB: still running", not run.ended(), run.code)
    run.write(b"\x1b")
    run.read(0.3)
    run.write(b"q")
    check("a paste of 1 MB: q ends", run.end() == 0, run.code)
    run.close()
    run = Pty(place, place.command())
    run.frame()
    run.write(b"\x1b[C\x1b[D" * 20_000)
    run.write(b"q")
    check("40,000 keys in a row, then q", run.end(30) == 0, run.code)
    run.close()


def case_split(place):
    """A sequence that arrives in pieces, and an Escape alone."""
    run = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1", "KVTUI_ESCDELAY": "2000"})
    run.frame()
    before = len(run.output)
    for byte in (b"\x1b", b"[", b"C"):
        run.write(byte)
        run.read(0.1)
    run.frame()
    shown = text_of(run.output[before:])
    check("a split arrow moves", shown.strip(), repr(run.output[before:]))
    run.write(b"q")
    check("and leaks no letter: q ends", run.end(5) == 0, run.code)
    run.close()


def case_protocols(place):
    """Keys in the protocols that another program left on."""
    for name, data in (("kitty's q", b"\x1b[113u"), ("q pressed and let go", b"\x1b[113;1:1u\x1b[113;1:3u")):
        run = Pty(place, place.command(), QUIET)
        run.frame()
        run.write(data)
        check(f"{name} ends", run.end(5) == 0, run.code)
        run.close()
    for name, data in (("kitty", b"\x1b[99;5u"), ("modifyOtherKeys", b"\x1b[27;5;99~")):
        for page in (place.command(), place.kvtui()):
            for keys in (b"", b"/"):
                run = Pty(place, page, QUIET)
                run.frame()
                run.write(keys)
                run.read(0.2)
                run.write(data)
                check(f"Ctrl-C of {name} ends {page[1:]} after {keys!r}", run.end(5) == -signal.SIGINT, run.code)
                run.close()
