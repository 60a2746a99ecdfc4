"""Lessons on paper, as the program hands them out."""

import os
import re

from support.browser import Browser, found
from support.checks import check, equal, skip
from support.here import REPOSITORY, work
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


def case_refused():
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
