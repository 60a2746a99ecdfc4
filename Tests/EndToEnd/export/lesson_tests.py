"""Lessons on paper, as the program hands them out."""

import os
import re
import shutil

from support.browser import Browser, found
from support.checks import check, equal, skip
from support.here import FIXTURES, REPOSITORY, work
from support.output import control_bytes
from support.program import fails, run, succeeds

LESSON = "03-recomputing"


def case_markdown():
    for language, answers, ask, answer in (("zh", "## 答案", "**问 1** ", "**答** 16"), ("en", "## Answers", "**Question 1** ", "**Answer** 16")):
        made = succeeds(f"md {language}", "export", "--lesson", "3", "--lang", language)
        check(f"md {language}: clean", not control_bytes(made.out), "", control_bytes(made.out)[:9])
        before, _, after = made.text.partition(f"\n{answers}\n")
        equal(f"md {language}: the first question, once without and once with its answer", (before.count(ask), after.count(ask)), (1, 1))
        # At the fourth step of 中华人民共和国 the run without a cache computes 4 x 4 cells.
        equal(f"md {language}: its answer", (before.count(answer), after.count(answer)), (0, 1))
        check(f"md {language}: a picture of the run", re.search(r"```text\n[^`]*\bQ K\b[^`]*```", before) is not None, "a block", before[:400])
        check(f"md {language}: every number is filled in", "{{" not in made.text)
        equal(f"md {language} is the default", made.out, run("export", "--lesson", LESSON, "--format", "md", "--lang", language).out)


def case_html():
    path = os.path.join(work, "lesson.html")
    made = succeeds("html", "export", "--lesson", "3", "--format", "html", "--lang", "zh", "-o", path)
    equal("html: nothing on standard output", made.out, b"")
    if not found():
        skip("the handout in a browser", "there is no chromium here; it is in the package of that name")
        return
    with Browser(work) as chromium:
        chromium.size(360, 740, phone=True)
        chromium.open(path)
        equal("nothing is fetched, nothing is complained of", (chromium.fetched(), chromium.complaints()), ([], []))
        equal("no script", chromium.value("document.scripts.length"), 0)
        equal("a picture a screen", chromium.value("document.querySelectorAll('.grid').length"), 4)
        equal("the questions are numbered", chromium.value("[...document.querySelectorAll('p > strong:first-child')].map((e) => e.textContent).filter((t) => t.startsWith('问'))"),
              [f"问 {number}" for number in (1, 2, 3, 4, 1, 2, 3, 4)])
        equal("the page does not scroll sideways", chromium.value("document.documentElement.scrollWidth"), 360)


def case_lecture():
    """A lecture's parts in its order: of lessons the screens that it shows, of a run its picture and the command that shows it."""
    parts = {"zh": ["第 1 课", "第 2 课", "第 3 课", "第 4 课", "第 5 课", "第 7 课", "第 10 课", "从头走一遍"],
             "en": ["Lesson 1:", "Lesson 2:", "Lesson 3:", "Lesson 4:", "Lesson 5:", "Lesson 7:", "Lesson 10:", "Once more from the beginning"]}
    for language, answers, ask, answer in (("zh", "答案", "问", "答"), ("en", "Answers", "Question", "Answer")):
        made = succeeds(f"md {language}", "export", "--course", "45", "--lang", language)
        check(f"md {language}: clean", not control_bytes(made.out), "", control_bytes(made.out)[:9])
        before, _, after = made.text.partition(f"\n## {answers}\n")
        headings = re.findall(r"^## (.*)$", before, re.MULTILINE)
        check(f"md {language}: the parts", len(headings) == len(parts[language])
              and all(heading.startswith(part) for heading, part in zip(headings, parts[language])), parts[language], headings)
        equal(f"md {language}: the screens of the third lesson", len(re.findall(r"^### ", before.split("\n## ")[3], re.MULTILINE)), 2)
        numbers = [re.findall(rf"^\*\*{ask} (\d+)\*\* ", text, re.MULTILINE) for text in (before, after)]
        equal(f"md {language}: the questions, numbered through", numbers[0], [str(number + 1) for number in range(len(numbers[0]))])
        check(f"md {language}: there are some", len(numbers[0]) >= 8, numbers[0])
        equal(f"md {language}: again with their answers", numbers[1], numbers[0])
        equal(f"md {language}: answers", [text.count(f"**{answer}** ") for text in (before, after)], [0, len(numbers[0])])
        check(f"md {language}: the run", "`kvtui run --text 中华人民共和国 --tokens 9`" in before, before[-900:])
        check(f"md {language}: every number is filled in", "{{" not in made.text)
        # A note of the presenter's, of a screen and of the part that is a run.
        for note in ("带全班数一遍", "masked cells count.", "灰色的", "grey ="):
            check(f"md {language}: no notes", note not in made.text, note)
    page = succeeds("html", "export", "--course", "45", "--format", "html", "--lang", "en").text
    equal("html: a picture a screen, and one of the run", page.count('class="grid"'), page.count("<h3>") + 1)
    folder = os.path.join(work, "lecture")
    os.mkdir(folder)
    shutil.copy(os.path.join(FIXTURES, "recordings", "bundled.kvtrace"), os.path.join(folder, "here.kvtrace"))
    own = os.path.join(folder, "own.yaml")
    with open(own, "w", encoding="utf-8") as file:
        file.write("format: 1\ntitle: {zh: 我的课, en: Mine}\nitems:\n  - recording: here.kvtrace\n  - run: [--prompt, 春 天, --tokens, '2']\n"
                   "    notes: [only for me]\n  - lesson: 3\n    screens: [sum-up]\n")
    text = succeeds("a file of one's own", "export", "--course", own, "--lang", "en").text
    for part in ("# Mine\n", "`kvtui replay here.kvtrace`", '`kvtui run --prompt "春 天" --tokens 2`', "**Question 1** "):
        check(f"one's own: {part.strip()}", part in text, text[:600])
    check("one's own: nothing of this machine, nor of the notes", folder not in text and "only for me" not in text)


def case_refused():
    fails("a lecture and a lesson", 64, "export", "--course", "45", "--lesson", "3", words=["--lesson", "--course"])
    fails("a lecture that is not there", 66, "export", "--course", "17", words=["17", "45-minutes"])
    fails("a lecture as a picture", 64, "export", "--course", "45", "--format", "svg", words=["--format", "md", "html"])
    fails("a lecture and a recording", 64, "export", "x.kvtrace", "--course", "45", words=["--course", "FILE"])
    for option in (["--step", "1"], ["--text", "中"], ["--seed", "3"], ["--tool", "growth"]):
        fails(f"a lecture with {option[0]}", 64, "export", "--course", "45", *option, words=["--course", option[0]])
    fails("a lesson as a picture", 64, "export", "--lesson", "3", "--format", "svg", words=["--format", "md", "html"])
    fails("a lesson that is not there", 66, "export", "--lesson", "nope", words=["nope"])
    fails("a lesson and a recording", 64, "export", "x.kvtrace", "--lesson", "3", words=["--lesson", "FILE"])
    for option in (["--step", "1"], ["--steps", "1..2"], ["--layer", "1"], ["--head", "1"], ["--text", "中"], ["--model", "tiny-zh"]):
        fails(f"a lesson with {option[0]}", 64, "export", "--lesson", "3", *option, words=["--lesson", option[0]])


def case_files():
    """A lesson's file that lies anywhere, and progress that is neither read nor made."""
    home = os.path.join(work, "home")
    os.mkdir(home)
    source = os.path.join(REPOSITORY, "lessons", LESSON, "lesson.zh.md")
    made = run("export", "--lesson", source, "--lang", "zh", env={"HOME": home, "PATH": os.environ["PATH"]})
    equal("by its file: the same handout", made.out, run("export", "--lesson", "3", "--lang", "zh").out)
    equal("no progress is kept", os.listdir(home), [])
