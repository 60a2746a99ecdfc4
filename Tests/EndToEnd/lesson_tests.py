#!/usr/bin/env python3
"""Learns with the real kvtui in tmux: the menu, answers, kill -9 and resume, a lesson file that breaks while it is open.

Run as `python3 Tests/EndToEnd/lesson_tests.py PATH_TO_KVTUI`. Needs tmux and Python's standard library. Prints every check
and, last, `N passed, N failed`. Terminals and waiting are those of terminal_tests.py.
"""

import json
import os
import re
import signal
import subprocess
import sys

import terminal_tests
from terminal_tests import Place, Tmux, check, poll, tally

FRESH = """---
format: 1
title: A fresh lesson
sections: [22.1.1]
---

## Only step

Some words of {{length}} tokens.

```scene
id: only
step: 3
```

```quiz
id: cells
kind: number
at: 4
ask: How many cells?
answer: uncached.cells
why: "{{uncached.cells}} cells, because it is so."
```
"""


def command(place, *arguments):
    """kvtui itself, without a subcommand unless one is given."""
    return [place.binary, *arguments]


def plain(place, *arguments):
    """What kvtui prints for `arguments`, and its exit code."""
    done = subprocess.run(command(place, *arguments), stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, env=place.environment(), check=False)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode


def progress(place):
    """The progress file, or nothing."""
    path = os.path.join(place.folder, ".local/state/kvtui/progress.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["lessons"]
    except FileNotFoundError:
        return {}


def case_menu(place, tmux):
    """The first insight is two keys and a number away."""
    tmux.start(command(place))
    menu = tmux.settled(lambda text: "Free run" in text)
    check("the menu lists thirteen lessons", len(re.findall(r"^ .{0,4}\s+\d+  \S", menu, re.M)) == 13, menu)
    tmux.keys("Enter")
    first = tmux.settled(lambda text: "Lesson 1" in text)
    check("Enter opens the first lesson", "Lesson 1" in first, first)
    tmux.keys("2", "8", "Enter")
    answered = tmux.settled(lambda text: "right" in text)
    check("140 against 28 on the first screen", "140" in answered and "28" in answered, answered)
    tmux.keys("q")
    menu = tmux.settled(lambda text: "Free run" in text)
    check("q leads back to the menu", "right at once 1/" in menu, menu)


def case_kill(place, tmux):
    """kill -9 in mid-lesson loses nothing."""
    run = terminal_tests.Wrapped(tmux, command(place, "lesson", "3"))
    tmux.settled(lambda text: "Lesson 3" in text)
    tmux.keys("1", "6", "Enter")
    tmux.settled(lambda text: "right" in text)
    tmux.keys("n")
    second = tmux.settled(lambda text: "2/" in text.split("\n")[0])
    os.kill(run.pid(), signal.SIGKILL)
    poll(lambda: run.status(5))
    done = progress(place)
    check("the answer is on disk", done.get("03-recomputing", {}).get("quizzes"), done)
    tmux.start(command(place, "lesson", "3"))
    again = tmux.settled(lambda text: "Lesson 3" in text)
    check("the lesson goes on at its second screen", again.split("\n")[0] == second.split("\n")[0], again)
    listing, _, code = plain(place, "lesson", "--list")
    check("--list shows what is done", code == 0 and re.search(r"^03-recomputing .*1/", listing, re.M), listing)
    tmux.keys("q", "q")
    # The lock is free once that program has ended.
    reset = poll(lambda: plain(place, "lesson", "--reset", "3")[2] == 0)
    check("--reset forgets one lesson", reset and "03-recomputing" not in progress(place), progress(place))


def case_edit(place, tmux):
    """A lesson that is edited is shown anew; while it is broken, the last good version stays."""
    folder = place.fresh()
    path = os.path.join(folder, "lesson.en.md")

    def write(text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    write(FRESH)
    _, error, code = plain(place, "lint", path)
    check("a teacher's fresh lesson is clean", code == 0, error)
    tmux.start(command(place, "lesson", path))
    tmux.settled(lambda text: "Some words of 3 tokens" in text)
    write(FRESH.replace("Some words", "Other words"))
    picture = tmux.settled(lambda text: "Other words of 3 tokens" in text)
    check("an edit shows at once", "Other words of 3 tokens" in picture, picture)
    write(FRESH.replace("kind: number", "kind: nubmer"))
    picture = tmux.settled(lambda text: "lesson.en.md:" in text)
    check("a broken file is said with its line", re.search(r"lesson\.en\.md:\d+: ", picture), picture)
    check("the last good version stays", "Other words of 3 tokens" in picture, picture)
    write("")
    picture = tmux.settled(lambda text: "lesson.en.md:1:" in text)
    check("an empty file ends nothing", "Other words of 3 tokens" in picture, picture)
    os.unlink(path)
    tmux.keys("1", "6", "Enter")
    picture = tmux.settled(lambda text: "because it is so" in text)
    check("a file that is gone ends nothing", "16 cells, because it is so" in picture, picture)
    write(FRESH.replace("Some words", "Third words"))
    picture = tmux.settled(lambda text: "Third words" in text)
    check("a file that comes back is read", "Third words" in picture, picture)
    tmux.keys("q")


def fresh_lesson(place):
    """A lesson file of its own, so that nothing is answered yet; its path and its id."""
    folder = place.fresh()
    path = os.path.join(folder, "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(FRESH)
    return path, os.path.basename(folder.rstrip("/"))


def case_held(place, tmux):
    """An open question is not answered by the picture: the scene stops before the step that is asked about."""
    path, _ = fresh_lesson(place)
    tmux.start(command(place, "lesson", path))
    tmux.settled(lambda text: "A fresh lesson" in text)
    tmux.keys("Right", "End", "l")
    picture = tmux.settled(lambda text: "answer first" in text)
    check("Right and End say to answer first", "answer first" in picture, picture)
    check("the 16 cells are not shown", "step 3/7" in picture and not re.search(r"\b16\b", picture), picture)
    tmux.keys("1", "6", "Enter")
    picture = tmux.settled(lambda text: "right" in text)
    check("once answered the step is shown", "step 4/7" in picture, picture)
    tmux.keys("q", "q")


def case_typed(place, tmux):
    """What is typed or pasted behind a digit belongs to the answer; what is not understood costs no try."""
    path, name = fresh_lesson(place)
    tmux.start(command(place, "lesson", path))
    tmux.settled(lambda text: "A fresh lesson" in text)
    tmux.keys("1", "6", "e", "Enter")
    picture = tmux.settled(lambda text: "not understood" in text)
    check("16e is not understood", "not understood: 16e" in picture, picture)
    tmux.keys("BSpace", "Space", "c", "e", "l", "l", "s")
    picture = tmux.settled(lambda text: "16 cells_" in text)
    check("letters belong to the answer", "> 16 cells_" in picture, picture)
    check("nothing is recorded yet", not progress(place).get(name, {}).get("quizzes"), progress(place))
    tmux.keys("Enter")
    picture = tmux.settled(lambda text: "right" in text)
    check("16 cells is right at once", "16 cells, because it is so" in picture, picture)
    tmux.keys("q", "q")


def case_pasted(place, tmux):
    """A pasted answer counts."""
    path, _ = fresh_lesson(place)
    tmux.start(command(place, "lesson", path))
    tmux.settled(lambda text: "A fresh lesson" in text)
    tmux.call("set-buffer", " 16 cells")
    tmux.call("paste-buffer", "-p", "-t", "t")
    picture = tmux.settled(lambda text: "16 cells_" in text)
    check("pasted text is in the answer", "> 16 cells_" in picture, picture)
    tmux.keys("Enter")
    picture = tmux.settled(lambda text: "right" in text)
    check("and counts", "16 cells, because it is so" in picture, picture)
    tmux.keys("q", "q")


def case_small(place, tmux):
    """Lessons are there from 60 x 16 on, in both languages."""
    for language, columns, rows in (("zh", 60, 16), ("en", 60, 16), ("zh", 75, 40), ("en", 75, 40)):
        size = f"{columns}x{rows}"
        out, error, code = plain(place, "lesson", "3", "--lang", language, "--size", size, "--keys", "?")
        check(f"a lesson at {size} {language}", code == 0 and "Q K" in out and "?" in out, error or out)
        lines = out.split("\n")
        check(f"no line is wider than {size} {language}", all(len(line) <= columns for line in lines), out)
    out, _, _ = plain(place, "lesson", "3", "--lang", "en", "--size", "59x16", "--keys", "t")
    check("59 columns are too few, and it says so", "needs 60" in out, out)


def case_lint(place, _tmux):
    """The linter says path, line and what was meant, and exits with 65."""
    path = os.path.join(place.fresh(), "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(FRESH.replace("step: 3", "setp: 3").replace("uncached.cells\n", "uncached.cels\n", 1))
    out, error, code = plain(place, "lint", path)
    check("an unknown field with what was meant", f"{path}:13: unknown field setp; did you mean step?" in out, out)
    check("exit code 65, one sentence", code == 65 and error.count("\n") == 1, error)
    out, _, code = plain(place, "lint")
    check("all lessons are clean", code == 0 and out == "", out)
    _, error, code = plain(place, "lint", path + ".not")
    check("a file that is not there", code in (65, 66), error)


def case_every_lesson(place, _tmux):
    """Every lesson goes from its first screen to its end, in both languages and at each size."""
    listing, _, _ = plain(place, "lesson", "--list")
    ids = [line.split()[0] for line in listing.splitlines()]
    check("thirteen lessons", len(ids) == 13, listing)
    for lesson in ids:
        for language in ("zh", "en"):
            for size in ("60x16", "75x40", "80x24", "120x40"):
                # Every quiz: a hint, an absurd answer, then the answer is shown; then on.
                keys = "Tab 9 9 9 Enter s Enter " * 12
                out, error, code = plain(place, "lesson", lesson, "--lang", language, "--size", size, "--keys", keys)
                frames = out.count("\n\n") if code == 0 else 0
                check(f"{lesson} {language} {size}", code == 0 and frames > 0 and "{{" not in out, error or out[-2000:])


def case_second_instance(place, tmux):
    """A second kvtui learns, and leaves the progress to the first."""
    tmux.start(command(place, "lesson", "2"))
    tmux.settled(lambda text: "Lesson 2" in text)
    before = progress(place)
    out, error, code = plain(place, "lesson", "5", "--keys", "n n")
    check("it works", code == 0 and out, error)
    check("it writes nothing", progress(place).get("05-with-the-cache") == before.get("05-with-the-cache"))
    tmux.keys("q", "q")


CASES = [case_menu, case_kill, case_edit, case_held, case_typed, case_pasted, case_small, case_lint, case_every_lesson, case_second_instance]


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("usage: lesson_tests.py PATH_TO_KVTUI", file=sys.stderr)
        return 64
    place = Place(sys.argv[1])
    tmux = Tmux(place, "-lessons")
    try:
        for case in CASES:
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
