"""kvtui progress: what was answered, what is due, exports and what a class's come to."""

import json
import os
import re
import time

from support.checks import check, equal
from support.lessons import at_home, lines, plain
from support.output import control_bytes
from support.program import sentence, Result

DAY = 86400


def kvtui(place, home, *arguments, text=""):
    """What kvtui prints for a learner, its exit code and its errors, as a result."""
    out, code, error = lines(place, text, *arguments, changes=home)
    return Result(arguments, code, out, error.encode())


def record_path(progress_path):
    return os.path.join(os.path.dirname(progress_path), "record.jsonl")


def answered(place, *sessions):
    """A learner who typed these lines in these lessons: his home and the path of his record."""
    home, path = at_home(place)
    for lesson, text in sessions:
        kvtui(place, home, "lesson", lesson, "--lang", "en", text=text)
    return home, record_path(path)


def questions(place, home):
    result = kvtui(place, home, "progress", "--json")
    check("progress --json is one object on one line",
          result.code == 0 and result.out.count(b"\n") == 1 and result.err == b"", repr(result))
    return {(row["lesson"], row["id"]): row for row in json.loads(result.out)["questions"]}


def case_json(place):
    """The contract's fields for each way in which a question can end."""
    home, path = answered(place, ("3", "16\n"), ("5", "s\n"), ("8", ""))
    rows = questions(place, home)
    row = rows[("03-recomputing", "cells-at-4")]
    equal("right at once", (row["state"], row["tries"]), ("right", 1))
    shown = [row for (lesson, _), row in rows.items() if lesson == "05-with-the-cache"]
    equal("the answer was asked for", [(row["state"], row["tries"]) for row in shown], [("shown", 0)])
    equal("what nobody answered is not there", len(rows), 2)
    home, _ = answered(place, ("3", "10\n16\n"))
    row = questions(place, home)[("03-recomputing", "cells-at-4")]
    equal("right later", (row["state"], row["tries"], row["wrong"]), ("later", 2, [{"answer": "10"}]))
    home, _ = answered(place, ("3", "10\n9\n"))
    row = questions(place, home)[("03-recomputing", "cells-at-4")]
    equal("wrong twice", (row["state"], row["tries"]), ("shown", 2))
    home, _ = answered(place, ("3", "10\n"), ("3", "16\n"))
    row = questions(place, home)[("03-recomputing", "cells-at-4")]
    equal("wrong, then right after a break", (row["state"], row["tries"]), ("later", 2))
    home, _ = at_home(place)
    equal("a learner who did nothing", questions(place, home), {})


def case_times(place):
    """Each line of the record has the time at which it was answered."""
    before = int(time.time())
    _, path = answered(place, ("3", "10\n16\n"))
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    equal("a line an answer", [event["answer"] for event in events], ["10", "16"])
    check("seconds since 1970", all(before <= event["at"] <= time.time() for event in events), events)


def case_page(place):
    """A table in both languages; what is due is named, and the menu asks it."""
    home, path = answered(place, ("3", "10\n16\n"), ("5", "s\n"))
    for language, words in (("zh", ("一次答对", "误解", "没有到期的题")), ("en", ("at once", "Misconceptions", "Nothing is due"))):
        result = kvtui(place, home, "progress", "--lang", language)
        check(f"a page in {language}", result.code == 0 and all(word in result.text for word in words), result.text)
        check(f"a page in {language} without escape sequences", not control_bytes(result.out), result.text)
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    for event in events:
        event["at"] -= 3 * DAY
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    text = kvtui(place, home, "progress", "--lang", "en").text
    check("due after three days", "Due: 2 questions" in text, text)
    # The question may be asked with another number than the first time.
    asked = kvtui(place, home, "--lang", "en", "--keys", "Enter").text
    characters = int(re.findall(r"(\d+)\s+characters", asked)[-1])
    digits = " ".join(str(characters * characters))
    frames = kvtui(place, home, "--lang", "en", "--keys", f"Enter {digits} Enter Enter").text
    check("the menu proposes it", "2 questions to be asked again" in frames.split("\n\n")[0], frames)
    check("Enter asks it, then the next", "Review: Lesson 3" in frames and "Review: Lesson 5" in frames, frames)
    rows = questions(place, home)
    row = rows[("03-recomputing", "cells-at-4")]
    equal("the first result stays", (row["state"], row["last"], row["asked"]), ("later", "right", 2))
    check("and it is due no more", not row["is_due"], row)
    text = kvtui(place, home, "progress", "--lang", "en").text
    check("one is left", "Due: 1 question " in text, text)


def case_growing(place):
    """The interval grows with each right answer; a clock comes in as the record's times."""
    home, path = answered(place, ("3", "16\n"))
    due = questions(place, home)[("03-recomputing", "cells-at-4")]["due"]
    with open(path, encoding="utf-8") as file:
        event = json.loads(file.readline())
    check("three days after it was right at once", 2 * DAY < due - event["at"] <= 3 * DAY, due - event["at"])
    at = event["at"] - 200 * DAY
    spans = []
    with open(path, "w", encoding="utf-8") as file:
        for days in (0, 3, 7, 16, 35, 35):
            at += days * DAY
            event["at"] = at
            file.write(json.dumps(event) + "\n")
            file.flush()
            spans.append(round((questions(place, home)[("03-recomputing", "cells-at-4")]["due"] - at) / DAY + 0.25))
    equal("longer each time", spans, [3, 7, 16, 35, 35, 35])


def case_export(place):
    """What a learner hands in has no time; what a class handed in is added up, question by question."""
    homes = [answered(place, *sessions)[0] for sessions in (
        [("3", "16\n")], [("3", "10\n16\n")], [("3", "10\n9\n"), ("5", "s\n")])]
    files = []
    for number, home in enumerate(homes):
        path = os.path.join(place.fresh(), f"{number}.json")
        result = kvtui(place, home, "progress", "--export", path)
        check("an export says nothing", result.code == 0 and result.out == b"" and result.err == b"", repr(result))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        check("no time, no name", not any(word in text for word in ('"at"', "since", "due", home["HOME"])), text)
        files.append(path)
    home, _ = at_home(place)
    result = kvtui(place, home, "progress", "--sum", *files, "--json")
    total = json.loads(result.out)
    row = next(row for row in total["questions"] if row["id"] == "cells-at-4")
    equal("a question of the class", (row["n"], row["right"], row["later"], row["shown"]), (3, 1, 1, 1))
    equal("its wrong answers, the common ones first", row["wrong"], [{"answer": "10", "n": 2}, {"answer": "9", "n": 1}])
    equal("how many exports", total["learners"], 3)
    belief = next(row for row in total["misconceptions"] if row["number"] == 2)
    equal("by misconception", (belief["n"], belief["right"]), (1, 0))
    page = kvtui(place, home, "progress", "--lang", "en", "--sum", *files)
    check("as a page", page.code == 0 and "3 exports" in page.text and "10 ×2" in page.text, page.text)
    standard = kvtui(place, homes[0], "progress", "--export", "-")
    with open(files[0], "rb") as file:
        equal("- is standard output", standard.out, file.read())


def case_refused(place):
    """What is no export is refused with 65, by its name; other mistakes have the codes that they have elsewhere."""
    home, _ = at_home(place)
    folder = place.fresh()
    good = os.path.join(folder, "good.json")
    kvtui(place, home, "progress", "--export", good)
    for name, content in (("text", "hello"), ("empty", ""), ("object", "{}"), ("other", '{"format":1,"lessons":{}}'),
                          ("later", '{"format":"kvtui progress","version":9,"questions":[]}')):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        result = kvtui(place, home, "progress", "--lang", "en", "--sum", good, path)
        equal(f"{name}: 65", result.code, 65)
        sentence(name, result, words=(path,), chinese=False)
    for name, code, arguments in (
            ("no such file", 66, ("--sum", folder + "/nothing")), ("a folder", 66, ("--sum", folder)),
            ("no file given", 64, ("--sum",)), ("two things at once", 64, ("--export", "x", "--sum", good)),
            ("an export as JSON", 64, ("--export", "x", "--json")),
            ("a place that cannot be", 73, ("--export", folder + "/no/where.json"))):
        result = kvtui(place, home, "progress", "--lang", "en", *arguments)
        equal(f"{name}: {code}", result.code, code)
        sentence(name, result, chinese=False)


def case_old_progress(place):
    """What an older version kept is taken over, and older versions can read what is kept."""
    home, path = at_home(place)
    old = {"format": 1, "lessons": {"03-recomputing": {
        "quizzes": {"cells-at-4": "helped"}, "steps": ["one-step"], "current": "sum-up", "isDone": False}}}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(old, file)
    for _ in range(2):
        row = questions(place, home)[("03-recomputing", "cells-at-4")]
        equal("its result", (row["state"], row["asked"]), ("later", 1))
    kvtui(place, home, "lesson", "5", "--lang", "en", text="s\n")
    with open(path, encoding="utf-8") as file:
        kept = json.load(file)
    equal("the same format", (kept["format"], sorted(kept["lessons"]["05-with-the-cache"])),
          (1, ["current", "isDone", "quizzes", "steps"]))
    listing, _, _ = plain(place, "lesson", "--list")
    check("the listing works", "03-recomputing" in listing, listing)
