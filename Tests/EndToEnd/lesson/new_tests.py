"""New lessons, and lessons that lie elsewhere."""

import os
import re

from support.checks import check, equal
from support.lessons import lines
from support.program import Result, sentence


def kvtui(place, *arguments, text="", **changes):
    out, code, error = lines(place, text, *arguments, changes=changes)
    return Result(arguments, code, out, error.encode())


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def case_new(place):
    """A new lesson is clean, opens, and says what to do next; nothing is overwritten."""
    for language in ("zh", "en"):
        folder = os.path.join(place.fresh(), "deep", "01-mine")
        made = kvtui(place, "lesson", "--new", folder, "--lang", language)
        check("made", made.code == 0 and made.err == b"", repr(made))
        files = [os.path.join(folder, f"lesson.{name}.md") for name in ("zh", "en")]
        equal("both languages, and nothing else", sorted(os.listdir(folder)), ["lesson.en.md", "lesson.zh.md"])
        check("it says where, and what to do", all(path in made.text for path in files)
              and "kvtui lint" in made.text and "KVTUI_LESSONS" in made.text, made.text)
        lint = kvtui(place, "lint", "--strict", *files)
        check("the linter has nothing to say", lint.code == 0 and lint.out == b"" and lint.err == b"", repr(lint))
        course = kvtui(place, "lint", "--strict", KVTUI_LESSONS=os.path.dirname(folder))
        check("nor of the course that it makes", course.code == 0 and course.out == b"", repr(course))
        kept = [read(path) for path in files]
        again = kvtui(place, "lesson", "--new", folder, "--lang", language)
        equal("again: 73", again.code, 73)
        sentence("again", again, words=(files[0],), chinese=language == "zh")
        os.unlink(files[0])
        equal("one of two is there: 73", kvtui(place, "lesson", "--new", folder).code, 73)
        check("nothing was written", not os.path.exists(files[0]) and read(files[1]) == kept[1])
    answer = kvtui(place, "lesson", files[1], "--lang", "en", text="16\n")
    check("its question is answered by its run", "right" in answer.text and "16 cells" in answer.text, answer.text)


def case_refused(place):
    """What cannot be made is said."""
    folder = place.fresh()
    with open(os.path.join(folder, "file"), "w", encoding="utf-8") as file:
        file.write("mine")
    for name, code, arguments in (
            ("a file in the way", 73, ("--new", os.path.join(folder, "file"))),
            ("below a file", 73, ("--new", os.path.join(folder, "file", "x"))),
            ("without a name", 64, ("--new", "")), ("without a value", 64, ("--new",)),
            ("with a lesson", 64, ("3", "--new", os.path.join(folder, "x"))),
            ("with --list", 64, ("--list", "--new", os.path.join(folder, "x")))):
        result = kvtui(place, "lesson", "--lang", "en", *arguments)
        equal(f"{name}: {code}", result.code, code)
        sentence(name, result, chinese=False)
    equal("nothing was touched", read(os.path.join(folder, "file")), "mine")
    check("nothing was made", not os.path.exists(os.path.join(folder, "x")))


def case_own_course(place):
    """KVTUI_LESSONS names lessons that are used in the place of the bundled ones."""
    folder, empty = place.fresh(), place.fresh()
    for name in ("01-one", "02-two"):
        kvtui(place, "lesson", "--new", os.path.join(folder, name))
    for value in (folder, f"{empty}:{folder}", f"{folder}:"):
        listing = kvtui(place, "lesson", "--list", KVTUI_LESSONS=value)
        equal(f"listed: {len(value)}", re.findall(r"^\S+", listing.text, re.M), ["01-one", "02-two"])
    menu = kvtui(place, "--lang", "en", "--keys", "Down", KVTUI_LESSONS=folder)
    check("the menu has them", menu.code == 0 and "A new lesson" in menu.text and "Token by token" not in menu.text, menu.text)
    opened = kvtui(place, "lesson", "two", "--lang", "en", "--keys", "n", KVTUI_LESSONS=folder)
    check("one is opened by its name", "Lesson 2" in opened.text, opened.text)
    none = kvtui(place, "lesson", "--list", "--lang", "en", KVTUI_LESSONS=empty)
    equal("no lessons there: 66", none.code, 66)
    sentence("no lessons there", none, words=(empty, "KVTUI_LESSONS"), chinese=False)
    bundled = kvtui(place, "lesson", "--list", KVTUI_LESSONS="")
    check("empty is not set", "03-recomputing" in bundled.text, bundled.text)


def case_folder(place):
    """A lesson is opened by its folder, in the language that is asked for; L changes it."""
    folder = os.path.join(place.fresh(), "07-mine")
    kvtui(place, "lesson", "--new", folder)
    for name in (folder, folder + "/"):
        for language, words in (("zh", "新的一课"), ("en", "A new lesson")):
            result = kvtui(place, "lesson", name, "--lang", language, "--keys", "?")
            check(f"{language} by its folder", result.code == 0 and words in result.text, repr(result))
    result = kvtui(place, "lesson", os.path.join(folder, "lesson.zh.md"), "--lang", "zh", "--keys", "L")
    check("L reads the file beside it", "新的一课" in result.text and "A new lesson" in result.text, result.text)


def case_hot_reload(place, tmux):
    """What the linter finds in a file that is edited is said with its line, and the lesson stays."""
    folder = os.path.join(place.fresh(), "01-mine")
    kvtui(place, "lesson", "--new", folder)
    path = os.path.join(folder, "lesson.en.md")
    good = read(path)

    def write(text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    tmux.start(place.kvtui("lesson", path, "--lang", "en"))
    tmux.settled(lambda text: "A new lesson" in text)
    for name, text, word in (("a field", good.replace("kind: number", "kidn: number"), "kidn"),
                             ("an expression", good.replace("answer: uncached.cells", "answer: uncached.cels"), "cels"),
                             ("a scene", good.replace("step: 3", "step: 99"), "step")):
        line = next(number for number, line in enumerate(text.split("\n"), 1) if line not in good.split("\n"))
        write(text)
        picture = tmux.settled(lambda picture: re.search(r"lesson\.en\.md:\d+:", picture) and word in picture)
        found = re.search(r"lesson\.en\.md:(\d+):", picture)
        # The linter names the line of the block for what stands in a scene.
        check(f"{name}: with its line", found and 0 <= line - int(found.group(1)) <= 4, picture)
        write(good.replace("Without a cache", "Mended: without"))
        picture = tmux.settled(lambda picture: "Mended" in picture and "md:" not in picture)
        check(f"{name}: mended", "Mended" in picture and "was read again" in picture, picture)
        write(good)
        tmux.settled(lambda picture: "Without a cache" in picture)
    tmux.keys("q")
