#!/usr/bin/env python3
"""Presses keys in the real kvtui as hostile and as impatient people do, in tmux and on bare ptys.

Run as `python3 Tests/EndToEnd/interactive_tests.py PATH_TO_KVTUI [WORD]`; with WORD only the cases whose name has it.
Needs tmux and Python's standard library. Prints every check and, last, `N passed, N failed`. Terminals and waiting are
those of terminal_tests.py.
"""

import json
import os
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import time
import unicodedata

import terminal_tests
from terminal_tests import Place, Pty, Tmux, Wrapped, alive, check, poll, tally, text_of, write_zeros

QUIET = {"KVTUI_NO_PROBE": "1"}


def slow(place, prompt, tokens=8):
    """A run of a model of 12 layers; a prompt of a thousand characters takes seconds."""
    path = os.path.join(place.fresh(), "config.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"model_type": "gpt2", "n_layer": 12, "n_head": 8, "n_embd": 512, "n_positions": 2048,
                   "vocab_size": 8192}, file)
    return [place.binary, "run", "--random", path, "--prompt", prompt, "--tokens", str(tokens), "--lang", "en"]


def school(place, *arguments):
    return [place.binary, *arguments]


def to_free_run(tmux):
    """From the menu to the run screen."""
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("End", "Up", "Enter")
    return tmux.settled(lambda text: re.search(r"step 1/", text))


def to_menu(tmux):
    tmux.keys("q")
    return tmux.settled(lambda text: "Free run" in text)


# ---------------------------------------------------------------- the menu and what it leads to


def case_look(place, tmux):
    """One look survives every change of page."""
    wanted = {}
    for name, arguments, word in (("lesson", ["lesson", "1"], "Lesson 1"), ("run", ["run"], "step 1/")):
        tmux.start(school(place, *arguments, "--lang", "en", "--theme", "light"))
        tmux.settled(lambda text, word=word: word in text)
        wanted[name] = tmux.settled(escapes=True)
    tmux.start(school(place, "--lang", "en"))
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
    again = tmux.settled(lambda text: text == wanted["lesson"], escapes=True)
    check("after all that the lesson looks as it did", again == wanted["lesson"], again)
    tmux.keys("q", "q")


def case_not_edited(place, tmux):
    """A lesson that is opened is not said to be read again."""
    tmux.start(school(place, "--lang", "en"))
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


def case_wide_glyphs(place, tmux):
    """A terminal that draws · two columns wide has said so once, for all pages."""
    del tmux
    run = Pty(place, school(place, "--lang", "en"))
    run.until(lambda output: b"\x1b[6n" in output)
    run.write(b"\x1b[24;3R")
    run.until(lambda output: b"\x1b[2J" in output)
    for name, keys, word in (
        ("a lesson", b"\x1b[H\r", b"Lesson"), ("the menu again", b"q", b"Free run"),
        ("the free run", b"\x1b[F\x1b[A\r", b"cache"), ("a step of it", b"\x1b[C", b""),
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


def case_ascii(place, tmux):
    """A locale without 汉字 holds for every page."""
    del tmux
    folder = place.fresh()
    made = subprocess.run(
        ["localedef", "-i", "zh_CN", "-f", "GBK", os.path.join(folder, "zh_CN.GBK")],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    if made.returncode > 1:
        tally.skip("GBK", "no locale sources here")
        return
    run = Pty(place, school(place), {"LC_ALL": "zh_CN.GBK", "LOCPATH": folder})
    run.frame()
    for name, keys in (("a lesson", b"\x1b[H\r"), ("the menu again", b"q"), ("the free run", b"\x1b[F\x1b[A\r"),
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
    run = Wrapped(tmux, school(place, "--lang", "en"))
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


# ---------------------------------------------------------------- waiting


def case_waiting(place, tmux):
    """The first step of a long prompt is computed while the screen says how far, and can be left."""
    for key, status in (("q", 0), ("C-c", 130)):
        run = Wrapped(tmux, slow(place, "中华人民共和国" * 200))
        pid = run.pid()
        begin = time.monotonic()
        seen = tmux.settled(lambda text: "Computing step 1" in text)
        opened = time.monotonic() - begin
        check(f"{key}: the screen is there before the step", "Computing step 1" in seen, seen)
        places = {place for place in re.findall(r"layer (\d+)/12", seen)}
        moved = poll(lambda: set(re.findall(r"layer (\d+)/12", tmux.capture())) - places)
        check(f"{key}: layers go by", moved, tmux.capture())
        begin = time.monotonic()
        tmux.keys(key)
        run.status(10)
        check(f"{key}: left at once (opened after {opened:.1f} s)", time.monotonic() - begin < 1.5 and not alive(pid),
              f"{time.monotonic() - begin:.1f} s")
        run.check_end(key, status)


def case_waiting_steps(place, tmux):
    """Keys while the first step is computed: three steps are three, a theme and a help page come at once."""
    tmux.start(slow(place, "中华人民共和国" * 80))
    tmux.settled(lambda text: "Computing step 1" in text)
    tmux.keys("Right", "Right", "Right")
    said = tmux.settled(lambda text: "then on to step 4" in text or "step 4/" in text)
    check("where three presses lead is said", "step 4" in said, said)
    arrived = tmux.settled(lambda text: re.search(r"step 4/8", text), 90)
    check("and they lead there", re.search(r"step 4/8", arrived), arrived)


def case_waiting_prompt(place, tmux):
    """A prompt that is typed is computed in the same way, and can be left."""
    run = Wrapped(tmux, slow(place, "中", 3))
    tmux.settled(lambda text: re.search(r"step 1/", text), 30)
    tmux.keys("/")
    tmux.settled(lambda text: "A new prompt" in text)
    tmux.call("set-buffer", "中华人民共和国" * 200)
    tmux.call("paste-buffer", "-p", "-t", "t")
    tmux.settled(lambda text: "共和国" in text)
    tmux.keys("Enter")
    seen = tmux.settled(lambda text: "Computing step 1" in text)
    check("a typed prompt is computed under way", "Computing step 1" in seen, seen)
    begin = time.monotonic()
    tmux.keys("q")
    run.status(10)
    check("q leaves it at once", time.monotonic() - begin < 1.5, time.monotonic() - begin)
    run.check_end("q while a typed prompt is computed", 0)


def case_typed_while_loading(place, tmux):
    """Keys that are typed while weights are read do not show in the bar, and count afterwards."""
    del tmux
    model = write_zeros(place.fresh(), 150_000)
    command = place.command("--model", model, "--text", "ab", "--lang", "en")
    run = Pty(place, command, QUIET)
    run.until(lambda output: b"loading [" in output)
    run.write(b"ZZZ")
    run.until(lambda output: b"\x1b[?1049h" in output, 60)
    check("not echoed into the bar", b"Z" not in run.output.split(b"\x1b[?1049h")[0], run.output[:300])
    run.frame()
    run.write(b"q")
    check("then q ends", run.end() == 0, run.code)
    run.close()
    run = Pty(place, command, QUIET)
    run.until(lambda output: b"loading [" in output)
    run.write(b"q")
    check("q while weights are read leaves as soon as they are", run.end(60) == 0, run.code)
    run.close()
    for name in ("TERM", "USR1", "HUP"):
        wrapped = Wrapped(Tmux(place, f"-load{name}"), command)
        wrapped.tmux.settled(lambda text: "loading [" in text)
        os.kill(wrapped.pid(), getattr(signal, "SIG" + name))
        wrapped.check_end(f"SIG{name} while weights are read", 128 + getattr(signal, "SIG" + name))


# ---------------------------------------------------------------- bursts


def case_bursts(place, tmux):
    """Sixty presses at once are sixty steps; frames may be skipped."""
    text = "春眠不觉晓，处处闻啼鸟。" * 6
    for key in ("Right", "l"):
        tmux.start(place.command("--text", text, "--tokens", "0", "--lang", "en"))
        tmux.settled(lambda text: "step 1/" in text)
        tmux.keys("-N", "60", key)
        arrived = tmux.settled(lambda text: re.search(r"step 61/", text))
        check(f"60 x {key}: step 61", re.search(r"step 61/", arrived), arrived)


def case_pastes(place, tmux):
    """Pastes without brackets: a second line is no row of keys, and a long one is quick."""
    del tmux
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


def case_protocols(place, tmux):
    """Keys in the protocols that another program left on."""
    del tmux
    for name, data in (("kitty's q", b"\x1b[113u"), ("q pressed and let go", b"\x1b[113;1:1u\x1b[113;1:3u")):
        run = Pty(place, place.command(), QUIET)
        run.frame()
        run.write(data)
        check(f"{name} ends", run.end(5) == 0, run.code)
        run.close()
    for name, data in (("kitty", b"\x1b[99;5u"), ("modifyOtherKeys", b"\x1b[27;5;99~")):
        for page in (place.command(), school(place)):
            for keys in (b"", b"/"):
                run = Pty(place, page, QUIET)
                run.frame()
                run.write(keys)
                run.read(0.2)
                run.write(data)
                check(f"Ctrl-C of {name} ends {page[1:]} after {keys!r}", run.end(5) == -signal.SIGINT, run.code)
                run.close()


def case_redraw(place, tmux):
    """Ctrl-L draws every page anew, over what somebody else has written."""
    for name, arguments, keys in (
        ("run", ["run"], []), ("a cell", ["run"], ["i"]), ("a prompt", ["run"], ["/", "a"]), ("help", ["run"], ["?"]),
        ("menu", [], []), ("lesson", ["lesson", "1"], []),
    ):
        tmux.start(school(place, *arguments))
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


def case_late_answer(place, tmux):
    """An answer of a slow line is not typed into the shell."""
    del tmux
    for name, key, code in (("q", b"q", 0), ("Ctrl-C", b"\x03", -signal.SIGINT)):
        for delay in (0.3, 1.0):
            run = Pty(place, place.command())
            run.until(lambda output: b"\x1b[6n" in output)
            run.read(0.1)
            run.write(key)
            run.read(delay)
            run.write(b"\x1b[24;2Rabc")
            begin = time.monotonic()
            check(f"{name}, the answer {delay} s later: ends", run.end(5) == code, run.code)
            check(f"{name}, {delay} s: and not later", time.monotonic() - begin < 1)
            run.read(0.2)
            check(f"{name}, {delay} s: not echoed", b"24;2R" not in run.output and b"^[" not in run.output,
                  run.output[-100:])
            run.close()
    run = Pty(place, place.command())
    run.until(lambda output: b"\x1b[6n" in output)
    run.write(b"q")
    check("a terminal that never answers holds nobody for long", run.end(3.5) == 0, run.code)
    run.close()


# ---------------------------------------------------------------- signals and limits


def case_signals(place, tmux):
    """Every signal that ends a process gives the terminal back first."""
    for name in ("XCPU", "ALRM", "USR1", "USR2", "PIPE", "VTALRM", "PROF", "POLL", "PWR", "STKFLT", "SYS", "RTMIN",
                 "RTMAX"):
        number = int(getattr(signal, "SIG" + name))
        run = Wrapped(tmux, place.command())
        pid = run.pid()
        tmux.settled()
        os.kill(pid, number)
        run.check_end("SIG" + name, 128 + number)


def case_faults_from_outside(place, tmux):
    """A fault's signal from outside ends the process, whatever reports crashes."""
    for name in ("SEGV", "ABRT", "BUS", "ILL", "TRAP", "FPE"):
        number = int(getattr(signal, "SIG" + name))
        run = Wrapped(tmux, place.command(), changes={"SWIFT_BACKTRACE": "enable=yes,interactive=no,timeout=1s"})
        pid = run.pid()
        tmux.settled()
        os.kill(pid, number)
        run.check_end(f"SIG{name} with a reporter of crashes", 128 + number)


def case_descriptors(place, tmux):
    """With few descriptors the error says so, and does not blame TERM."""
    del tmux
    for page in (place.command(), school(place, "lesson", "1"), school(place)):
        for most in (4, 5, 6, 7):
            limit = lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            run = Pty(place, page, QUIET, before=limit)
            run.read(0.5)
            if not poll(lambda: run.read() or run.ended() or len(run.output) > 2000, 5) or not run.ended():
                run.write(b"qq")
            code, said = run.end(), text_of(run.output)
            check(f"{page[1:]} with {most} descriptors: not TERM, not KVTUI_HOME",
                  "TERM=" not in said and "KVTUI_HOME" not in said and code is not None and code >= 0
                  and (code == 0 or "\x1b" not in said),
                  f"{code} {said[-300:]}")
            run.close()


def case_caret(place, tmux):
    """A field that is typed into has the terminal's cursor."""
    tmux.start(school(place, "run", "--lang", "en"))
    tmux.settled(lambda text: re.search(r"step 1/", text))
    check("no field: no cursor", tmux.show("#{cursor_flag}") == "0")
    for name, keys, word in (("jump", ["g", "1", "2"], "12_"), ("prompt", ["/", "a", "b"], "> ab")):
        tmux.keys(*keys)
        tmux.settled(lambda text, wanted=word: wanted in text)
        check_cursor(tmux, name, word)
        tmux.keys("Escape")
        tmux.settled(lambda text, wanted=word: wanted not in text)
    tmux.start(school(place, "lesson", "1", "--lang", "en"))
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


def case_input_method(place, tmux):
    """「」『』 are { }, ￥ is $."""
    for full, wanted in (("」", "}"), ("』", "}"), ("￥", "$")):
        tmux.start(place.command())
        first = tmux.settled()
        tmux.keys("-l", wanted)
        changed = tmux.changed(first, 5)
        tmux.start(place.command())
        tmux.settled(lambda text, wanted=first: text == wanted)
        tmux.keys("-l", full)
        picture = tmux.settled(lambda text, wanted=changed: text == wanted)
        check(f"{full} is {wanted}", picture == changed != first, picture)


def case_storm(place, tmux):
    """Random keys in bursts and sizes, through the menu, lessons and runs: always a picture, and always a way out."""
    keys = ["Right", "Left", "Home", "End", "Up", "Down", "Space", "Enter", "Tab", "BSpace", "NPage", "PPage", "i", "p",
            "g", "/", "d", "f", "o", "c", "t", "L", "?", "n", "b", "s", "1", "2", "8", "[", "]", "{", "}", "x", "C-l",
            "C-u", "」", "国"]
    for seed, page in enumerate((["lesson", "1"], ["lesson", "5"], ["run"])):
        chance = random.Random(seed)
        run = Wrapped(tmux, school(place, *page), columns=80, rows=24)
        pid = run.pid()
        tmux.settled()
        # Escape twice leaves a lesson and the menu.
        named = keys + ["Escape"] * (page == ["run"])
        for turn in range(50):
            tmux.keys(*[chance.choice(named) for _ in range(chance.randint(1, 20))])
            if turn % 15 == 7:
                tmux.resize(chance.randint(1, 140), chance.randint(1, 45))
        tmux.resize(80, 24)
        picture = tmux.settled()
        check(f"storm {seed}: still there", alive(pid) and picture.strip(), picture)
        tmux.keys("C-c")
        run.check_end(f"storm {seed}, Ctrl-C", 130)


CASES = [
    case_look, case_not_edited, case_wide_glyphs, case_ascii, case_free_runs, case_waiting, case_waiting_steps,
    case_waiting_prompt, case_typed_while_loading, case_bursts, case_pastes, case_protocols, case_redraw,
    case_late_answer, case_signals, case_faults_from_outside, case_descriptors, case_caret, case_input_method, case_storm,
]


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("usage: interactive_tests.py PATH_TO_KVTUI [WORD]", file=sys.stderr)
        return 64
    place = Place(sys.argv[1])
    tmux = Tmux(place, "-interactive")
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        for case in CASES:
            if word in case.__name__:
                terminal_tests.run_case(case, place, tmux)
    finally:
        for socket in Tmux.sockets:
            subprocess.run(["tmux", "-L", socket, "kill-server"], stdin=subprocess.DEVNULL, capture_output=True,
                           timeout=10, env=place.environment(), check=False)
        place.remove()
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
