"""Lessons line by line."""

import json
import os
import re

from support.checks import check
from support.here import LESSONS
from support.lessons import at_home, lines
from support.pseudo_terminal import Pty


def case_lines(place):
    """Into a pipe, or in a terminal that cannot place its cursor, a lesson is pages that are answered line by line."""
    changes, path = at_home(place)
    out, code, error = lines(place, "", "lesson", "3", "--lang", "en", changes=changes)
    text = out.decode()
    check("a pipe: every screen", code == 0 and re.findall(r"^== .* (\d)/4 ", text, re.M) == list("1234"), error or text)
    check("a pipe: no escape sequence, no line beyond 80 columns",
          b"\x1b" not in out and all(len(line) <= 80 for line in text.splitlines()), text)
    check("a pipe: text, picture and questions",
          all(words in text for words in ("Without a cache a step computes", "recomputes all 3", "? Step 4 has 4")), text)
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
    check("kvtui alone still lists", code == 0 and out.count(b"\n") == LESSONS, out)
    run = Pty(place, place.kvtui("lesson", "3"), {"TERM": "dumb", **at_home(place)[0]})
    run.until(lambda output: b"? The next step" in output)
    run.write(b"16\n")
    answered = run.until(lambda output: b"right" in output)
    check("TERM=dumb: answered by a line", answered, run.output[-500:])
    run.write(b"q\n")
    check("TERM=dumb: no escape sequence, status 0", run.end() == 0 and b"\x1b" not in run.output, run.output)
    run.close()
