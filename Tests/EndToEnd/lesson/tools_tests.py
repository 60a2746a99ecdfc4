"""A tool that a lesson's screen offers: opened at its place, and back to the lesson as it was."""

import os

from support.checks import check
from support.lessons import FRESH, plain


def with_link(link):
    return FRESH.replace("step: 3\n", f"step: 3\nopen: {link}\n")


def shown(frame):
    """A frame without its last line, which says something until the next key."""
    return frame.rsplit("\n", 1)[0]


def case_open(place):
    """The key opens the tool at the lesson's place; q comes back to the same screen."""
    path = os.path.join(place.fresh(), "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(with_link("memory --model llama-3-8b --gpu a100 --context 8192 --batch 3"))
    out, error, code = plain(place, "lint", path)
    check("it is clean", code == 0, out + error)
    held, _, _ = plain(place, "lesson", path, "--keys", "o", "--lang", "en")
    check("an open question holds it", "answer first" in held, held)
    plain(place, "lesson", path, "--keys", "s")
    out, error, code = plain(place, "lesson", path, "--keys", "t o q", "--size", "100x30")
    check("the planner at its place", code == 0 and "Llama-3-8B" in out and "8192" in out.replace(",", ""), error or out)
    lines = out.rstrip("\n").split("\n")
    height = (len(lines) - 3) // 4
    frames = ["\n".join(lines[index * (height + 1):index * (height + 1) + height]) for index in range(4)]
    check("the lesson is as it was", "Lesson" in frames[1] and shown(frames[3]) == shown(frames[1]), "\n".join(frames))


def case_lint(place):
    """A link is opened by the linter: what cannot be is said with its line."""
    folder = place.fresh()
    path = os.path.join(folder, "lesson.en.md")
    for link, word in (("record run.kvtrace", "record"), ("memory --json 1", "--json"), ("memory --model nobody", "nobody"),
                       ("memory --model /etc/passwd", "/etc/passwd"), ("memory --context", "--context"),
                       ("memory --context many", "many"), ("growth --tokens 0", "--tokens"), ("growth --model nobody", "nobody")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(with_link(link))
        out, error, code = plain(place, "lint", path, "--lang", "en")
        check(f"{link}: a finding with its line", code == 65 and f"{path}:11: open opens nothing" in out and word in out, out + error)
    check("nothing was written", os.listdir(folder) == ["lesson.en.md"], os.listdir(folder))


def case_course(place):
    """Every tool that the course offers opens, from its own screen, in both languages."""
    for lesson, screens in (("3", 1), ("7", 1), ("7", 2), ("7", 3), ("8", 1), ("8", 2), ("10", 3), ("12", 3)):
        for language in ("zh", "en"):
            keys = "n " * screens + "s Enter " * 3 + "o q"
            out, error, code = plain(place, "lesson", lesson, "--lang", language, "--keys", keys, "--size", "80x24")
            check(f"lesson {lesson}, screen {screens + 1}, {language}", code == 0, error or out[-1500:])
