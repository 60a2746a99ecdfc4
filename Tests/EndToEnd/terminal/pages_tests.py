"""The menu, lessons and runs behind each other: one look, one answer of the terminal, nothing left behind."""

import os
import re
import unicodedata

from support.checks import check
from support.place import made_locale
from support.pseudo_terminal import Pty, text_of
from support.tmux import Wrapped
from support.waiting import poll


def to_free_run(tmux):
    """From the menu to the run screen."""
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("r")
    return tmux.settled(lambda text: re.search(r"step 1/", text))


def to_menu(tmux):
    tmux.keys("q")
    return tmux.settled(lambda text: "Free run" in text)


def seen(text):
    """A picture without what ends its lines unseen: blanks, and the style after them."""
    return re.sub(r"(?:\x1b\[[0-9;]*m| )+$", "", text, flags=re.MULTILINE)


def case_look(place, tmux):
    """One look survives every change of page."""
    wanted = {}
    for name, arguments, word in (("lesson", ["lesson", "1"], "Lesson 1"), ("run", ["run"], "step 1/")):
        tmux.start(place.kvtui(*arguments, "--lang", "en", "--theme", "light"))
        tmux.settled(lambda text, word=word: word in text)
        wanted[name] = tmux.settled(escapes=True)
    tmux.start(place.kvtui("--lang", "en"))
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("t", "Home", "Enter")
    lesson = tmux.settled(lambda text: text == wanted["lesson"], escapes=True)
    check("a theme of the menu is the lesson's", lesson == wanted["lesson"], lesson)
    to_menu(tmux)
    to_free_run(tmux)
    run = tmux.settled(lambda text: text == wanted["run"], escapes=True)
    check("and the free run's", run == wanted["run"], run)
    tmux.keys("L")
    tmux.settled(lambda text: "第 1/" in text)
    tmux.keys("q")
    menu = tmux.settled(lambda text: "自由运行" in text)
    check("the free run's language is the menu's", "自由运行" in menu, menu)
    tmux.keys("Home", "Enter")
    first = tmux.settled(lambda text: "第 1 课" in text)
    check("and the next lesson's", "第 1 课" in first, first)
    tmux.keys("L", "q")
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("Home", "Enter")
    again = tmux.settled(lambda text: seen(text) == seen(wanted["lesson"]), escapes=True)
    check("after all that the lesson looks as it did", seen(again) == seen(wanted["lesson"]), again)
    tmux.keys("q", "q")


def case_not_edited(place, tmux):
    """A lesson that is opened is not said to be read again."""
    tmux.start(place.kvtui("--lang", "en"))
    for lesson in ("1", "2", "3"):
        tmux.settled(lambda text: "Free run" in text)
        tmux.keys(lesson, "Enter")
        tmux.settled(lambda text, wanted=lesson: f"Lesson {wanted}" in text)
        said = poll(lambda: "read again" in tmux.capture(), 1.2)
        check(f"lesson {lesson}: its keys are in the footer", not said, tmux.capture())
        tmux.keys("L")
        tmux.settled(lambda text, wanted=lesson: f"第 {wanted} 课" in text)
        said = poll(lambda: "课文已更新" in tmux.capture(), 1.2)
        check(f"lesson {lesson} in Chinese: too", not said, tmux.capture())
        tmux.keys("L")
        tmux.settled(lambda text, wanted=lesson: f"Lesson {wanted}" in text)
        tmux.keys("q")
    tmux.keys("q")


def ambiguous(drawn):
    return sorted({mark for mark in drawn if unicodedata.east_asian_width(mark) == "A"})


def case_wide_glyphs(place):
    """A terminal that draws · two columns wide has said so once, for all pages."""
    run = Pty(place, place.kvtui("--lang", "en"))
    run.until(lambda output: b"\x1b[6n" in output)
    # The first picture clears the screen too: what counts is the one behind the answer.
    answered = len(run.output)
    run.write(b"\x1b[24;3R")
    run.until(lambda output: b"\x1b[2J" in output[answered:])
    run.frame()
    for name, keys, word in (
        ("a lesson", b"\x1b[H\r", b"Lesson"), ("the menu again", b"q", b"Free run"),
        ("the free run", b"r", b"cache"), ("a step of it", b"\x1b[C", b""),
        ("the menu after it", b"q", b"Free run"), ("the next lesson", b"2\r", b"Lesson"),
    ):
        mark = len(run.output)
        run.write(keys)
        run.until(lambda output, mark=mark: len(output) > mark)
        run.frame()
        drawn = text_of(run.output[mark:])
        check(f"{name}: no glyph that may be wide", word in run.output[mark:] and not ambiguous(drawn),
              f"{ambiguous(drawn)}\n{drawn}")
    check("asked once", run.output.count(b"\x1b[6n") == 1, run.output.count(b"\x1b[6n"))
    run.close()


def case_ascii(place):
    """A locale without 汉字 holds for every page."""
    variables = made_locale(place, "zh_CN", "GBK")
    if not variables:
        return
    run = Pty(place, place.kvtui(), variables)
    run.frame()
    for name, keys in (("a lesson", b"\x1b[H\r"), ("the menu again", b"q"), ("the free run", b"r"),
                       ("the menu after it", b"q"), ("the next lesson", b"2\r")):
        run.write(keys)
        run.read(0.5)
        run.frame()
        check(f"{name}: ASCII, no ?? for text", all(byte < 0x80 for byte in run.output) and b"???" not in run.output,
              text_of(run.output)[-600:])
    run.close()


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def case_free_runs(place, tmux):
    """Free runs from the menu give back what they took, and stop computing."""
    run = Wrapped(tmux, place.kvtui("--lang", "en"))
    pid = run.pid()
    to_free_run(tmux)
    to_menu(tmux)
    before = descriptors(pid)
    for _ in range(4):
        to_free_run(tmux)
        tmux.keys("End")
        to_menu(tmux)
    check("four more free runs: no descriptor more", poll(lambda: descriptors(pid) <= before, 3),
          f"{before} and {descriptors(pid)}")
    tmux.keys("q")
    run.check_end("q from the menu", 0)


def case_redraw(place, tmux):
    """Ctrl-L draws every page anew, over what somebody else has written."""
    for name, arguments, keys in (
        ("run", ["run"], []), ("a cell", ["run"], ["i"]), ("a prompt", ["run"], ["/", "a"]), ("help", ["run"], ["?"]),
        ("menu", [], []), ("lesson", ["lesson", "1"], []),
    ):
        tmux.start(place.kvtui(*arguments))
        shown = tmux.settled()
        if keys:
            tmux.keys(*keys)
            shown = tmux.changed(shown)
        with open(tmux.show("#{pane_tty}"), "w", encoding="utf-8") as terminal:
            terminal.write("\x1b[5;5HBROADCAST MESSAGE")
        spoilt = tmux.settled(lambda text: "BROADCAST" in text)
        tmux.keys("C-l")
        again = tmux.settled(lambda text, wanted=shown: text == wanted, 5)
        check(f"{name}: as before", "BROADCAST" in spoilt and again == shown, again)
