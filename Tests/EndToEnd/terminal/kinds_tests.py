"""Kinds of terminals and locales: colours, TERM, character sets, wide glyphs, modes."""

import re
import unicodedata

from support.checks import check
from support.place import made_locale
from support.pseudo_terminal import Pty, text_of

COLOUR = re.compile(r"\x1b\[[0-9;:]*?(?<![0-9])(3[0-8]|4[0-8]|9[0-7]|10[0-7])(?![0-9])[0-9;:]*m")


def case_colour(place, tmux):
    """Colours, and none where none are wanted."""
    tmux.start(place.command())
    tmux.settled()
    coloured = tmux.settled(escapes=True)
    check("colours by default", COLOUR.search(coloured), repr(coloured[:400]))
    plain = tmux.capture()
    tmux.start(place.command(), changes={"NO_COLOR": "1"})
    tmux.settled(lambda text: text == plain)
    picture = tmux.settled(escapes=True)
    check("NO_COLOR: no colour", not COLOUR.search(picture), repr(picture[:400]))
    check("NO_COLOR: the same text", tmux.capture() == plain, tmux.capture())
    run = Pty(place, place.command(), {"NO_COLOR": "1"})
    run.frame()
    run.write(b"q")
    run.end()
    found = COLOUR.search(run.output.decode("utf-8", "replace"))
    check("NO_COLOR: no colour among the bytes", not found, found)
    run.close()


def case_term(place, tmux):
    """Terminal types: known, poor, unknown, none."""
    tmux.start(place.command())
    whole = tmux.settled()
    for term in ("screen", "tmux-256color", "xterm", "linux", "vt100", "vt220", "no-such-terminal",
                 "x" * 5000):
        tmux.start(place.command(), changes={"TERM": term})
        picture = tmux.settled(lambda text: text == whole, 5)
        check(f"TERM={term[:20]}: a picture", similar(picture, whole), picture)
        escapes = tmux.settled(escapes=True)
        if term in ("vt100", "vt220"):
            check(f"TERM={term}: attributes only", not COLOUR.search(escapes), repr(escapes[:300]))
        if term in ("linux", "xterm"):
            check(f"TERM={term}: no colour beyond the first 8", "38;5" not in escapes,
                  repr(escapes[:300]))
        tmux.keys("Right")
        check(f"TERM={term[:20]}: keys", tmux.changed(picture) != picture)
    for term in ("dumb", "", None):
        run = Pty(place, place.command(), {"TERM": term})
        code = run.end(60)
        check(f"TERM={term!r}: pages of text, no escape", code == 0 and b"\x1b" not in run.output
              and len(run.output) > 200, f"{code} {run.output[:300]!r}")
        run.close()


def similar(picture, whole):
    """Poor terminals may lack a glyph or two; the words are there."""
    words = [word for word in re.findall(r"[A-Za-z]{3,}", whole)]
    return len(words) > 3 and sum(word in picture for word in words) >= 0.8 * len(words)


def case_locale(place, tmux):
    """Locales: C, missing, 8-bit."""
    for changes in ({"LANG": "C"}, {"LANG": None}, {"LC_ALL": "xx_YY.UTF-8"}, {"LC_ALL": "POSIX"}):
        tmux.start(place.command(), changes=changes)
        picture = tmux.settled(lambda text: "中" in text)
        check(f"{changes}: 汉字", "中" in picture, picture)
    variables = made_locale(place, "en_US", "ISO-8859-1")
    if not variables:
        return
    run = Pty(place, place.command(), variables)
    run.frame()
    beyond = [byte for byte in run.output if byte >= 0x80]
    check("ISO-8859-1: ASCII only", not beyond and len(text_of(run.output)) > 200,
          text_of(run.output)[:600])
    run.write(b"\xe9q")
    check("ISO-8859-1: q after a Latin letter", run.end() == 0, run.code)
    run.close()


def case_width(place):
    """A terminal that draws · two columns wide gets ASCII decoration; nobody else does."""
    narrow = Pty(place, place.command())
    asked = narrow.until(lambda output: b"\x1b[6n" in output)
    check("the terminal is asked", asked, narrow.output[-300:])
    picture = narrow.output.find("中".encode())
    check("after the first picture", 0 < picture < narrow.output.find(b"\x1b[6n"))
    narrow.write(b"\x1b[24;2R")
    narrow.read(0.3)
    after = narrow.output[narrow.output.find(b"\x1b[6n"):]
    check("one column: nothing is drawn anew", b"\x1b[2J" not in after, after)
    narrow.write(b"q")
    check("one column: q ends", narrow.end(5) == 0, narrow.code)
    narrow.close()
    wide = Pty(place, place.command())
    wide.until(lambda output: b"\x1b[6n" in output)
    mark = len(wide.output)
    wide.write(b"\x1b[24;3R")
    wide.until(lambda output: b"\x1b[2J" in output[mark:])
    wide.frame()
    drawn = text_of(wide.output[mark:][wide.output[mark:].find(b"\x1b[2J"):])
    # Unicode's class A: one column in the west, two in such a terminal.
    bad = sorted({mark for mark in drawn if unicodedata.east_asian_width(mark) == "A"})
    check("two columns: drawn anew without such glyphs", "中" in drawn and not bad, f"{bad}\n{drawn}")
    wide.write(b"q")
    check("two columns: q ends", wide.end(5) == 0, wide.code)
    wide.close()
    silent = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1"})
    silent.frame()
    check("KVTUI_NO_PROBE=1: not asked", b"\x1b[6n" not in silent.output)
    silent.close()
    late = Pty(place, place.command())
    late.until(lambda output: b"\x1b[6n" in output)
    late.write(b"q")
    late.read(0.05)
    late.write(b"\x1b[24;2R")
    check("an answer after q", late.end(5) == 0, late.code)
    late.close()


def case_modes(place):
    """Every mode that is set is reset."""
    for changes, used in (({}, True), ({"KVTUI_NO_SYNC": "1"}, False)):
        run = Pty(place, place.command(), changes)
        run.frame()
        begun = run.output.count(b"\x1b[?2026h")
        check(f"{changes or 'by default'}: synchronised output {'used' if used else 'not used'}",
              (begun > 0) == used, begun)
        run.write(b"q")
        run.end()
        check(f"{changes or 'by default'}: all modes reset", all(
            run.output.rfind(b"\x1b[?%dl" % mode) > run.output.rfind(b"\x1b[?%dh" % mode)
            for mode in (2004, 1049, 2026)), run.output[-200:])
        run.close()
