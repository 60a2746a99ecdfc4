"""Lectures: a file that lists what is presented, checked before a class, and the two that come with the program."""

import glob
import os
import re
import subprocess

from support.checks import check
from support.here import REPOSITORY

HEAD = "format: 1\ntitle: Mine\nitems:\n"


def ran(place, *arguments, folder=None, changes=None):
    """What kvtui prints for arguments, its errors and its exit code."""
    done = subprocess.run(place.kvtui(*arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                          env=place.environment(changes), cwd=folder, check=False)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode


def written(place, text, name="mine.yaml"):
    """The path of a lecture of its own."""
    path = os.path.join(place.fresh(), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def shown(place, course, keys, *arguments):
    """The last frame of a lecture after keys, and what went wrong."""
    out, error, code = ran(place, "present", "--course", course, "--keys", keys, "--size", "80x24", "--lang", "en", *arguments)
    check(f"{course} is presented", code == 0 and error == "", error)
    return "\n".join(out.splitlines()[-24:])


def case_parts(place):
    """Parts come in their order, and of a lesson only the screens that are listed."""
    path = written(place, HEAD + "  - lesson: 3\n    screens: [one-step, last-row]\n"
                   '  - run: [--text, 中华, --tokens, "2"]\n    title: {zh: 走, en: Walk}\n    minutes: 3\n')
    title = shown(place, path, "")
    check("the title comes first, with its parts", all(words in title for words in ("Mine", "1  Again and again", "2  Walk")), title)
    first = shown(place, path, "Enter")
    check("it begins with the first screen", "The cells of one step" in first.splitlines()[0], first.splitlines()[0])
    second = shown(place, path, "Enter x x Enter")
    check("a screen that is not listed is passed over", "Only the last row counts" in second.splitlines()[0], second)
    third = shown(place, path, "> > >")
    check("a run follows", "1/4" in third and "Lesson" not in third, third)


def case_bundled(place):
    """A bundled lecture is found by its number, its name and its file's, from anywhere and in both languages."""
    folder = place.fresh()
    for name in ["45", "45-minutes", "45-minutes.yaml", "90"]:
        for language in ["zh", "en"]:
            out, error, code = ran(place, "present", "--course", name, "--keys", "", "--lang", language, folder=folder)
            check(f"--course {name} in {language}", code == 0 and error == "" and out.strip() != "", error)
    out, error, code = ran(place, "present", "--course", "46", "--keys", "")
    check("one that is not there, with those that are", code == 66 and "45-minutes, 90-minutes" in error, error)
    mine = os.path.join(folder, "45-minutes.yaml")
    with open(mine, "w", encoding="utf-8") as file:
        file.write(HEAD + "  - run: []\n")
    out, error, code = ran(place, "present", "--course", "45-minutes.yaml", "--keys", "", "--lang", "en", folder=folder)
    check("a file of one's own goes first", code == 0 and "Lesson" not in out, out + error)


def screens(item):
    """How many screens a part of a lecture has: those that it lists, or all of its lesson."""
    lesson = re.match(r"lesson: (\d+)", item)
    listed = re.search(r"^    screens: \[([^\]]*)\]", item, re.MULTILINE)
    if not lesson:
        return 1
    if listed:
        return listed.group(1).count(",") + 1
    path = glob.glob(os.path.join(REPOSITORY, "lessons", f"{int(lesson.group(1)):02}-*", "lesson.en.md"))[0]
    with open(path, encoding="utf-8") as file:
        return len(re.findall(r"^## ", file.read(), re.MULTILINE))


def case_every_screen(place):
    """Every screen and every run of the bundled lectures opens, forwards to the end."""
    for name in ["45", "90"]:
        with open(os.path.join(REPOSITORY, "lectures", f"{name}-minutes.yaml"), encoding="utf-8") as file:
            parts = sum(screens(item) for item in re.split(r"^  - (?=lesson|run)", file.read(), flags=re.MULTILINE)[1:])
        # The title stands before them, and the end behind.
        out = shown(place, name, " ".join([">"] * (parts + 1)))
        check("there are as many screens as the file lists", "The end" in out and "the end;" not in out, out[-2000:])
        out = shown(place, name, " ".join([">"] * parts))
        check("and no fewer", "The end" not in out, out[-2000:])
        out = shown(place, name, " ".join([">"] * (parts + 2)))
        check("behind the end is nothing", "the end; q q" in out, out[-2000:])


def case_faults(place):
    """Whatever is wrong is said at the beginning, with its line, and the exit code is 65."""
    for body, line, words in [
        ("  - lesson: 15", 4, "14-what-a-server-does"),
        ("  - lesson: 1\n  - lesson: 3\n    screens: [nope]", 6, "one-step, sum-up"),
        ("  - lesson: 3\n    screens: [sum-up, one-step]", 5, "one-step"),
        ("  - run: [--nonsense]", 4, "--nonsense"),
        ("  - run: [--tokens, many]", 4, "--tokens"),
        ("  - run: [--text, a, --prompt, b]", 4, "--text"),
        ('  - run: [--prompt, "-"]', 4, "--prompt"),
        ("  - run: [--help]", 4, "--help"),
        ("  - run: [--model, nowhere]", 4, "nowhere"),
        ("  - recording: none.kvtrace", 4, "none.kvtrace"),
        ("  - recording: /dev/zero", 4, "/dev/zero"),
        ("  - lesson: 1\n    minutes: soon", 5, "1 … 240"),
        ("  - lesson: 1\n    mintues: 3", 5, "did you mean minutes?"),
        ("  - lesson: 1\n    notes: {zh: [a], en: [a, b]}", 5, "notes"),
        ("  - {}", 4, "lesson / run / recording"),
        ("  - run: &a []\n  - run: *a", 1, "&… *…"),
        ("  - \x1b[31m", 1, "YAML"),
    ]:
        path = written(place, HEAD + body + "\n")
        out, error, code = ran(place, "present", "--course", path, "--keys", "", "--lang", "en")
        check(f"{body!r}: refused before anything is shown", code == 65 and out == "", out + error)
        check(f"{body!r}: one sentence", error.count("\n") == 1 and "\x1b" not in error, error)
        check(f"{body!r}: with its line", f"{path}:{line}: " in error and words in error, error)
        out, _, code = ran(place, "lint", path, "--lang", "en")
        check(f"{body!r}: the linter says it too", code == 65 and f"{path}:{line}: " in out, out)


def case_files(place):
    """A file that is not there, no text, too large or no file at all."""
    large = written(place, HEAD + "  - lesson: 1\n" + "#\n" * 40_000)
    binary = written(place, "")
    with open(binary, "wb") as file:
        file.write(b"\xff\xfe\x00")
    for path, expected in [(large, 65), (binary, 65), (place.fresh() + "/none.yaml", 66), (place.fresh() + "/", 65)]:
        out, error, code = ran(place, "present", "--course", path, "--keys", "")
        check(f"{path}: refused", code == expected and out == "" and error.count("\n") == 1, f"{code} {error}")


def case_recordings(place):
    """A recording is named from where the lecture lies."""
    path = written(place, HEAD + "  - recording: kept.kvtrace\n")
    kept = os.path.join(os.path.dirname(path), "kept.kvtrace")
    _, error, code = ran(place, "record", kept, "--text", "中华", "--tokens", "1")
    check("a run is recorded", code == 0, error)
    out = shown(place, path, "Enter")
    check("the recording is presented", "kept" in out, out)


def case_together(place):
    """A lecture is all that is presented."""
    for more in [["3"], ["--text", "a"], ["--prompt", "a"], ["--tokens", "3"], ["--model", "tiny-zh"], ["--ignore-eos"]]:
        out, error, code = ran(place, "present", "--course", "45", "--keys", "", "--lang", "en", *more)
        check(f"--course with {more}", code == 64 and out == "" and "--course" in error, f"{code} {error}")


def case_lint(place):
    """Without files the linter checks the bundled lectures as well; with one, all of its parts at once."""
    out, error, code = ran(place, "lint")
    check("all that is bundled is clean", code == 0 and out == "" and error == "", out + error)
    path = written(place, HEAD + "  - lesson: 99\n  - lesson: 1\n  - recording: none\n")
    out, _, code = ran(place, "lint", path, "--lang", "en")
    check("every part", code == 65 and [int(n) for n in re.findall(r":(\d+): ", out)] == [4, 6], out)
    home = place.fresh()
    os.symlink(os.path.join(REPOSITORY, "lessons"), os.path.join(home, "lessons"))
    os.makedirs(os.path.join(home, "lectures"))
    with open(os.path.join(home, "lectures", "7-bad.yaml"), "w", encoding="utf-8") as file:
        file.write(HEAD + "  - lesson: 99\n")
    out, _, code = ran(place, "lint", "--lang", "en", changes={"KVTUI_HOME": home})
    check("lectures are found in $KVTUI_HOME", code == 65 and "7-bad.yaml:4: " in out, out)
