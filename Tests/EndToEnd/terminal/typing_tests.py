"""What people and input methods type and paste."""

import re
import time
import unicodedata

from support.checks import check
from support.pseudo_terminal import Pty, QUIET, text_of


def case_input_method(place, tmux):
    """Keys as a Chinese input method leaves them."""
    pairs = [("]", "］"), ("]", "】"), ("?", "？"), ("i", "ｉ"), ("l", "ｌ"), ("d", "ｄ"), ("}", "」"), ("}", "』"), ("$", "￥")]
    for ascii_key, full in pairs:
        tmux.start(place.command())
        first = tmux.settled()
        tmux.keys("-l", ascii_key)
        wanted = tmux.changed(first, 5)
        tmux.start(place.command())
        tmux.settled(lambda text: text == first)
        tmux.keys("-l", full)
        picture = tmux.settled(lambda text: text == wanted)
        check(f"{full} is {ascii_key}", picture == wanted != first, f"{picture}\n---\n{wanted}")


def case_prompt(place, tmux):
    """A new prompt, typed and pasted."""
    tmux.start(place.command())
    tmux.settled()
    tmux.keys("/")
    tmux.keys("-l", "人民")
    typed = tmux.settled(lambda text: "人民" in text)
    check("typed text is seen", "人民" in typed, typed)
    tmux.keys("BSpace")
    shorter = tmux.settled(lambda text: "人民" not in text)
    check("Backspace takes one character", "人民" not in shorter, shorter)
    tmux.keys("-l", "民")
    tmux.keys("Enter")
    started = tmux.settled(lambda text: re.search(r"step 1/", text) and "人 民" in text)
    check("Enter runs it", "人 民" in started, started)
    tmux.keys("/")
    tmux.changed(started)
    tmux.call("set-buffer", "共和\nq国")
    tmux.call("paste-buffer", "-p", "-t", "t")
    pasted = tmux.settled(lambda text: "共和" in text)
    check("pasted text is seen, its q and its line end are no keys", "共和" in pasted, pasted)
    tmux.keys("Escape")
    check("Escape keeps the run", tmux.settled(lambda text: text == started) == started,
          tmux.capture())


def case_pastes(place):
    """Pastes without brackets: a second line is no row of keys, and a long one is quick."""
    run = Pty(place, place.command("--lang", "en"), QUIET)
    run.frame()
    run.write(b"/")
    run.until(lambda output: b"A new prompt" in output)
    run.write("中华\rqq人民".encode())
    run.frame()
    run.read(0.3)
    check("two lines: the second is no keys", not run.ended(), run.code)
    run.write(b"\x15")
    run.read(0.2)
    mark = len(run.output)
    run.write("国".encode() * 35_000)
    begin = time.monotonic()
    run.write(b"\r")
    answered = run.until(lambda output: re.search(rb"longest|positions|too long|at most|step 1/", output[mark:]), 20)
    took = time.monotonic() - begin
    check(f"105 KB, then Enter: {took:.2f} s", answered and took < 2, text_of(run.output[mark:])[-300:])
    run.write(b"\x1b")
    run.read(0.2)
    run.write(b"q")
    check("then q ends", run.end() == 0, run.code)
    run.close()


def case_caret(place, tmux):
    """A field that is typed into has the terminal's cursor."""
    tmux.start(place.kvtui("run", "--lang", "en"))
    tmux.settled(lambda text: re.search(r"step 1/", text))
    check("no field: no cursor", tmux.show("#{cursor_flag}") == "0")
    for name, keys, word in (("jump", ["g", "1", "2"], "12_"), ("prompt", ["/", "a", "b"], "> ab")):
        tmux.keys(*keys)
        tmux.settled(lambda text, wanted=word: wanted in text)
        check_cursor(tmux, name, word)
        tmux.keys("Escape")
        tmux.settled(lambda text, wanted=word: wanted not in text)
    tmux.start(place.kvtui("lesson", "1", "--lang", "en"))
    tmux.settled(lambda text: "Lesson 1" in text)
    tmux.keys("2", "8")
    tmux.settled(lambda text: "> 28" in text)
    check_cursor(tmux, "a lesson's answer", "> 28")
    tmux.keys("q", "q")


def check_cursor(tmux, name, word):
    x, y, flag = tmux.show("#{cursor_x} #{cursor_y} #{cursor_flag}").split()
    lines = tmux.capture().split("\n")
    row = next(index for index, line in enumerate(lines) if word in line)
    before = lines[row][:lines[row].index(word) + len(word.rstrip("_"))]
    column = sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in before)
    check(f"{name}: the cursor is seen where one types", flag == "1" and int(y) == row and int(x) == column,
          f"{x},{y} {flag}, wanted {column},{row}\n{lines[row]}")
