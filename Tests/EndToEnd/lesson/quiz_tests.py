"""Questions: options in a learner's own order, numbers drawn anew, what is said to marks, and what the linter warns of."""

import os
import re

from support.checks import check, equal
from support.lessons import lines, plain, progress

HEAD = """---
format: 1
title: A mixed lesson
sections: [22.1.1]
---

## Only step

Some words.

```scene
id: only
step: 3
counters: false
```

```quiz
"""
OPTIONS = HEAD + """id: which
kind: choice
ask: Which?
options:
  - {text: alpha, if: length == 1, reply: not alpha}
  - {text: beta, if: length == 3}
  - {text: gamma, if: length == 4, reply: not gamma}
  - {text: delta, if: length == 5, reply: not delta}
why: it is beta
```
"""
DRAWN = HEAD + """id: cells
kind: number
at: n
draw: {n: [4, 5, 6, 7]}
ask: "How many cells has step {{n}}?"
answer: uncached.cells
replies: {n + n: "rows times columns", else: "think of rows"}
why: "{{n}} x {{n}} = {{uncached.cells}}"
```
"""
MARKS = HEAD + """id: marks
kind: cells
mark: computed
pane: cached
at: 5
ask: Mark them
replies: {all: that is without a cache, else: look at rows}
why: the last row
```
"""


def lesson(place, text):
    """A lesson file of its own; its path and its id."""
    folder = place.fresh()
    path = os.path.join(folder, "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path, os.path.basename(folder.rstrip("/"))


def order(text):
    """The options in the order in which a page shows them."""
    return re.findall(r"\b[1-4] (alpha|beta|gamma|delta)\b", text)


def case_mixed(place, tmux):
    """Who sits at a terminal has an order of his own, and finds it again; a digit means what stands behind it."""
    orders = []
    for _ in range(6):
        path, name = lesson(place, OPTIONS)
        tmux.start(place.kvtui("lesson", path, "--lang", "en"))
        picture = tmux.settled(lambda text: "Which?" in text and len(order(text)) == 4)
        orders.append(order(picture))
        check("all four are there", sorted(orders[-1]) == ["alpha", "beta", "delta", "gamma"], picture)
        wrong = orders[-1].index("gamma") + 1
        tmux.keys(str(wrong), "Enter")
        picture = tmux.settled(lambda text: "not gamma" in text)
        check("the reply is to what was chosen", f"{wrong}: not gamma" in picture, picture)
        right = orders[-1].index("beta") + 1
        tmux.keys(str(right), "Enter")
        picture = tmux.settled(lambda text: "it is beta" in text)
        check("the right one is right", "right" in picture, picture)
        tmux.keys("q", "q")
        kept = progress(place).get(name, {})
        check("the seed is kept", isinstance(kept.get("seed"), int) and kept["quizzes"] == {"which": "helped"}, kept)
        again, _, _ = plain(place, "lesson", path, "--lang", "en", "--keys", "")
        equal("the same order once more", order(again), orders[-1])
    check("orders differ", len({tuple(one) for one in orders}) > 1, orders)


def case_file_order(place):
    """What is scripted finds the order of the file, on paper too."""
    path, _ = lesson(place, OPTIONS)
    wanted = ["alpha", "beta", "gamma", "delta"]
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--keys", "")
    equal("--keys", order(out), wanted)
    out, _, _ = lines(place, "2\n", "lesson", path, "--lang", "en")
    check("lines", order(out.decode())[:4] == wanted and "it is beta" in out.decode(), out.decode())
    paper, _, _ = plain(place, "export", "--lesson", path, "--format", "md", "--lang", "en")
    check("paper", re.findall(r"^\d\. (\w+)$", paper, re.M)[:4] == wanted, paper)


def case_again(place):
    """An answered question is asked again with other numbers, which the next visit goes on with."""
    path, name = lesson(place, DRAWN)
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--size", "100x30", "--keys", "1 6 Enter r")
    asked = [int(step) for step in re.findall(r"How many cells has step (\d)\?", out)]
    check("first 4, then another", asked[0] == 4 and asked[-1] in (5, 6, 7), asked)
    equal("how often", progress(place)[name]["tries"], {"cells": 1})
    check("the first result stays", progress(place)[name]["quizzes"] == {"cells": "right"}, progress(place)[name])
    wrong = " ".join(str(2 * asked[-1]))
    right = " ".join(str(asked[-1] ** 2))
    out, _, _ = plain(place, "lesson", path, "--lang", "en", "--size", "100x30", "--keys", f"r {wrong} Enter {right} Enter")
    check("a reply to the new number", "rows times columns" in out or "think of rows" in out, out)


def case_marks(place):
    """To marks it is said how far they are off."""
    path, _ = lesson(place, MARKS)
    out, _, _ = lines(place, "a\n4 3\n", "lesson", path, "--lang", "en")
    text = out.decode()
    check("all of them", "20 too many: that is without a cache" in text, text)
    check("others", "5 missed, 10 too many: look at rows" in text, text)
    check("the answer says what its marks mean", "!: missed" in text, text)


def case_numerals(place):
    """Numbers in Chinese, full-width signs and sums are understood; what is not costs no try."""
    text = DRAWN.replace("at: n\ndraw: {n: [4, 5, 6, 7]}\n", "at: 4\n").replace("n + n", "8").replace("{{n}}", "4")
    for answer in ("十六", "四乘四", "４×４", "(1+3)*4", "2^4", "16 cells", "一十六格"):
        path, name = lesson(place, text)
        out, _, _ = lines(place, answer + "\n", "lesson", path, "--lang", "en")
        equal(f"{answer} is right at once", progress(place)[name]["quizzes"], {"cells": "right"})
        check(f"{answer} is right", "4 x 4 = 16" in out.decode() and "is not it" not in out.decode(), out.decode())
    path, name = lesson(place, text)
    out, _, _ = lines(place, "几个\n16\n", "lesson", path, "--lang", "en")
    check("it is said", "not understood" in out.decode(), out.decode())
    equal("no try lost", progress(place)[name]["quizzes"], {"cells": "right"})


def case_warnings(place):
    """The linter warns; that fails only where it is asked to."""
    path, _ = lesson(place, DRAWN.replace(", else: \"think of rows\"", "").replace("Some words.", "Here are 77 words, and 16."))
    out, error, code = plain(place, "lint", path, "--lang", "en")
    check("warnings fail nothing", code == 0, error)
    check("what stands above", "warning: the answer to cells, 16, stands on its own screen" in out, out)
    check("what nobody replies to", "77" in out and "has no reply" in out, out)
    _, error, code = plain(place, "lint", path, "--lang", "en", "--strict")
    check("--strict fails", code == 65 and error, error)
    path, _ = lesson(place, DRAWN)
    out, _, code = plain(place, "lint", path, "--lang", "en", "--strict")
    check("nothing to say", code == 0 and not out, out)
    path, _ = lesson(place, DRAWN.replace("n + n", "n ^ 2"))
    out, _, code = plain(place, "lint", path, "--lang", "en")
    check("an error is one", code == 65 and "warning" not in out and "right answer" in out, out)
    out, _, code = plain(place, "lint", "--lang", "zh")
    check("the course has warnings at most", code == 0 and all("提醒：" in line for line in out.splitlines()), out)
