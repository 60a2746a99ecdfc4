"""Lesson files: edited while they are open, checked, too large."""

import os
import re
import time

from support.checks import check
from support.here import FIXTURES
from support.lessons import FRESH, lines, plain


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
    tmux.start(place.kvtui("lesson", path))
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


def case_lint(place):
    """The linter says path, line and what was meant, and exits with 65."""
    path = os.path.join(place.fresh(), "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(FRESH.replace("step: 3", "setp: 3").replace("uncached.cells\n", "uncached.cels\n", 1))
    out, error, code = plain(place, "lint", path)
    check("an unknown field with what was meant", f"{path}:13: unknown field setp; did you mean step?" in out, out)
    check("exit code 65, one sentence", code == 65 and error.count("\n") == 1, error)
    out, _, code = plain(place, "lint")
    check("all lessons are clean", code == 0 and all(": warning: " in line for line in out.splitlines()), out)
    _, error, code = plain(place, "lint", path + ".not")
    check("a file that is not there", code in (65, 66), error)


def case_nested_sums(place):
    """260 bytes that ask for a thousand million sums are refused within a second."""
    path = os.path.join(FIXTURES, "lessons", "nested-sums", "lesson.en.md")
    before = time.monotonic()
    out, _, code = plain(place, "lint", path)
    seconds = time.monotonic() - before
    check("nested sums: refused, with the line and the limit",
          code == 65 and re.search(r"lesson\.en\.md:9: .*10000 steps", out), out)
    check("nested sums: within a second", seconds < 1, seconds)
    out, code, error = lines(place, "", "lesson", path, "--lang", "en")
    check("nested sums: the lesson can be opened all the same", code == 0 and b"Words" in out, error)
