#!/usr/bin/env python3
"""Learns with the real kvtui in tmux: the menu, answers, kill -9 and resume, a lesson file that breaks while it is open.

Run as `python3 Tests/EndToEnd/lesson_tests.py PATH_TO_KVTUI [WORD]`; with WORD only the cases whose name has it. Needs tmux and Python's standard library. Prints every check
and, last, `N passed, N failed`. Terminals and waiting are those of terminal_tests.py.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

import terminal_tests
from terminal_tests import Place, Pty, Tmux, check, poll, tally

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


def lines(place, text, *arguments, changes=None):
    """What kvtui prints for lines on standard input, its exit code and its errors."""
    done = subprocess.run(command(place, *arguments), input=text.encode(), capture_output=True, timeout=60,
                          env=place.environment(changes), check=False)
    return done.stdout, done.returncode, done.stderr.decode("utf-8", "replace")


def at_home(place, name="home"):
    """The variables of a learner with a home of his own, and the path of his progress file."""
    home = os.path.join(place.fresh(), name)
    os.makedirs(os.path.join(home, ".local/state/kvtui"))
    return {"HOME": home}, os.path.join(home, ".local/state/kvtui/progress.json")


def case_nested_sums(place, _tmux):
    """260 bytes that ask for a thousand million sums are refused within a second."""
    path = os.path.join(os.path.dirname(__file__), "../Fixtures/lessons/nested-sums/lesson.en.md")
    before = time.monotonic()
    out, _, code = plain(place, "lint", path)
    seconds = time.monotonic() - before
    check("nested sums: refused, with the line and the limit",
          code == 65 and re.search(r"lesson\.en\.md:9: .*10000 steps", out), out)
    check("nested sums: within a second", seconds < 1, seconds)
    out, code, error = lines(place, "", "lesson", path, "--lang", "en")
    check("nested sums: the lesson can be opened all the same", code == 0 and b"Words" in out, error)


def case_progress_file(place, _tmux):
    """A progress file that is none is set aside, whatever it is, and not waited for."""
    def make_fifo(path):
        os.mkfifo(path)

    def make_link(path):
        os.symlink("/etc/hostname", path)

    def make_large(path):
        with open(path, "wb") as file:
            file.truncate(1 << 31)

    for name, make in (("a FIFO", make_fifo), ("a link", make_link), ("2 GiB", make_large)):
        changes, path = at_home(place)
        make(path)
        out, code, error = lines(place, "16\n", "lesson", "3", "--lang", "en", changes=changes)
        check(f"progress is {name}: said, and the lesson works",
              code == 0 and b"progress.json.bad" in out and b"right" in out, out[:600] + error.encode())
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)["lessons"]
        check(f"progress is {name}: kept from then on", kept["03-recomputing"]["quizzes"], kept)
    changes, path = at_home(place)
    kept = {"quizzes": {"cells-at-4": "right", "x": "guessed"}, "steps": [], "isDone": True}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"format": 1, "lessons": {"03-recomputing": kept}}, file)
    out, code, _ = lines(place, "", "lesson", "--list", "--lang", "en", changes=changes)
    check("an unknown value costs itself alone", code == 0 and re.search(rb"^03-recomputing .*done", out, re.M), out)
    check("the file as it was is kept", os.path.exists(path + ".bad"), os.listdir(os.path.dirname(path)))


def without_folders():
    """A mounted file system in which nobody makes a folder, not even root."""
    for place in ("/sys", "/dev/pts"):
        try:
            os.mkdir(place + "/kvtui")
        except FileNotFoundError:
            continue
        except OSError:
            return place
        os.rmdir(place + "/kvtui")
    return None


def case_no_folder(place, _tmux):
    """Progress that cannot be kept is said in the lesson, with the reason."""
    home = without_folders()
    if home is None:
        print("# no_folder: this machine has no file system in which no folder can be made")
        return
    out, code, error = lines(place, "", "lesson", "3", "--lang", "en", "--keys", "", changes={"HOME": home})
    check("no folder: said in the lesson", code == 0 and b"progress cannot be kept" in out, out[-300:])
    check("no folder: with the system's reason", b"o such file" not in out, error)


def case_trouble_in_lesson(place, tmux):
    """A second instance says in the lesson that it does not keep progress, and keeps it once the first has ended."""
    plain(place, "lesson", "--reset", "6")
    first = Pty(place, command(place, "lesson", "2"))
    first.frame()
    tmux.start(command(place, "lesson", "6"))
    picture = tmux.settled(lambda text: "Lesson 6" in text)
    check("said in the lesson", "another kvtui keeps the progress" in picture, picture)
    tmux.keys("n")
    tmux.settled(lambda text: "2/" in text.split("\n")[0])
    check("nothing is written yet", "06-honest-counting" not in progress(place), progress(place))
    first.write(b"qq")
    first.end()
    first.close()
    tmux.keys("n")
    kept = poll(lambda: len(progress(place).get("06-honest-counting", {}).get("steps", [])) == 2)
    check("the lock is taken when the first has ended", kept, progress(place))
    tmux.keys("q", "q")
    poll(lambda: plain(place, "lesson", "--reset", "6")[2] == 0)


def case_lines(place, _tmux):
    """Into a pipe, or in a terminal that cannot place its cursor, a lesson is pages that are answered line by line."""
    changes, path = at_home(place)
    out, code, error = lines(place, "", "lesson", "3", "--lang", "en", changes=changes)
    text = out.decode()
    check("a pipe: every screen", code == 0 and re.findall(r"^== .* (\d)/4 ", text, re.M) == list("1234"), error or text)
    check("a pipe: no escape sequence, no line beyond 80 columns",
          b"\x1b" not in out and all(len(line) <= 80 for line in text.splitlines()), text)
    check("a pipe: text, picture and questions",
          all(words in text for words in ("Without a cache a step computes", "recomputes all 3", "? The next step has 4")), text)
    check("a pipe: what nobody answered is no progress", not os.path.exists(path), path)
    out, code, error = lines(place, "17\n16\n", "lesson", "3", "--lang", "en", changes=changes)
    text = out.decode()
    check("a wrong line, then a right one", code == 0 and text.index("try once more") < text.index("✓ right"), text[:2000])
    check("the rest is printed at the end of the input", " 4/4 " in text, text[-500:])
    with open(path, encoding="utf-8") as file:
        kept = json.load(file)["lessons"]["03-recomputing"]
    check("what was answered is kept, and that alone", kept["quizzes"] == {"cells-at-4": "helped"}, kept)
    out, code, _ = lines(place, "s\n\nn\nb\nq\n", "lesson", "3", "--lang", "zh", changes=at_home(place)[0])
    text = out.decode()
    check("s, an empty line, n, b and q", code == 0 and "答案 16" in text
          and re.findall(r"^== .* (\d)/4 ", text, re.M) == list("1232"), text)
    out, code, _ = lines(place, "0\n1,1 9,9\na\n", "lesson", "2", "--lang", "en", changes=at_home(place)[0])
    check("cells and options by lines", code == 0 and b" 4/4 " in out, out[-400:])
    out, code, _ = lines(place, "", changes=at_home(place)[0])
    check("kvtui alone still lists", code == 0 and out.count(b"\n") == 13, out)
    run = Pty(place, command(place, "lesson", "3"), {"TERM": "dumb", **at_home(place)[0]})
    run.until(lambda output: b"? The next step" in output)
    run.write(b"16\n")
    answered = run.until(lambda output: b"right" in output)
    check("TERM=dumb: answered by a line", answered, run.output[-500:])
    run.write(b"q\n")
    check("TERM=dumb: no escape sequence, status 0", run.end() == 0 and b"\x1b" not in run.output, run.output)
    run.close()


def case_charsets(place, tmux):
    """In a locale that is not UTF-8 nothing turns into question marks: what it has not is English in ASCII."""
    for language, charset, hanzi in (("zh_CN", "GBK", True), ("zh_CN", "GB18030", True), ("zh_TW", "BIG5", False),
                                     ("en_US", "ISO-8859-1", False)):
        variables = terminal_tests.made_locale(place, language, charset)
        if not variables:
            continue
        for name, arguments, words in (("a lesson", ["lesson", "2"], b"Attention and QK^T"), ("the menu", [], b"Free run")):
            run = Pty(place, command(place, *arguments), {**variables, **at_home(place)[0]})
            run.frame()
            beyond = [byte for byte in run.output if byte >= 0x80]
            check(f"{charset}: {name} in ASCII", not beyond and words in run.output and b"??" not in run.output,
                  terminal_tests.text_of(run.output)[:600])
            run.write(b"q" if not arguments else b"qq")
            check(f"{charset}: {name} ends", run.end() == 0, run.code)
            run.close()
        run = Pty(place, command(place, "lesson", "2"), {**variables, **at_home(place)[0]})
        run.frame()
        run.write(b"q")
        menu = run.until(lambda output: b"Free run" in output)
        beyond = [byte for byte in run.output if byte >= 0x80]
        check(f"{charset}: the menu behind a lesson in ASCII", menu and not beyond, terminal_tests.text_of(run.output)[-600:])
        run.write(b"q")
        run.end()
        run.close()
        for name, arguments, status in (("--help", ["--help"], 0), ("--list", ["lesson", "--list"], 0),
                                        ("an error", ["lesson", "99"], 66), ("pages", ["run", "--plain"], 0),
                                        ("a lesson's pages", ["lesson", "2"], 0)):
            out, code, _ = lines(place, "", *arguments, changes={**variables, **at_home(place)[0]})
            done = subprocess.run(command(place, *arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                                  env=place.environment({**variables, **at_home(place)[0]}), check=False)
            said = done.stdout + done.stderr
            try:
                text = said.decode(charset)
            except UnicodeDecodeError as problem:
                text = f"{problem} {said!r}"
            holds = bool(re.search("[\u4e00-\u9fff]", text)) if hanzi else said.isascii() and re.search("[a-z]{4}", text)
            check(f"{charset}: {name}", code == status and holds and "�" not in text, text[:600])
        out, code, _ = lines(place, "", "run", "--json", changes=variables)
        check(f"{charset}: JSON is UTF-8", code == 0 and "中".encode() in out, out[:200])


def case_ascii(place, _tmux):
    """With --ascii titles and notices read as words, not as code points."""
    out, error, code = plain(place, "lesson", "2", "--lang", "en", "--ascii", "--keys", "Enter")
    check("--ascii: the title", code == 0 and "Attention and QK^T" in out, error or out[:300])
    for lesson in range(1, 14):
        out, _, _ = plain(place, "lesson", str(lesson), "--lang", "en", "--ascii", "--keys", "s Enter n " * 6)
        marks = {mark for mark in re.findall(r"<U\+([0-9A-F]+)>", out) if not 0x3000 <= int(mark, 16) <= 0xFFFF}
        check(f"--ascii: lesson {lesson} spells everything but 汉字", not marks and out.isascii(), marks)


CASES = [case_menu, case_kill, case_edit, case_held, case_typed, case_pasted, case_small, case_lint, case_every_lesson,
         case_second_instance, case_nested_sums, case_progress_file, case_no_folder, case_trouble_in_lesson, case_lines,
         case_charsets, case_ascii]


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("usage: lesson_tests.py PATH_TO_KVTUI", file=sys.stderr)
        return 64
    place = Place(sys.argv[1])
    tmux = Tmux(place, "-lessons")
    try:
        word = sys.argv[2] if len(sys.argv) > 2 else ""
        for case in (case for case in CASES if word in case.__name__):
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
