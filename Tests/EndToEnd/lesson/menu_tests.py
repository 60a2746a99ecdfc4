"""From the menu through every lesson."""

import re

from support.checks import check
from support.here import LESSONS
from support.lessons import plain


def case_menu(place, tmux):
    """The first insight is two keys and a number away."""
    tmux.start(place.kvtui())
    menu = tmux.settled(lambda text: "Free run" in text)
    check("the menu lists every lesson", len(re.findall(r"^.{0,5}\s*\d+ \S", menu, re.M)) == LESSONS, menu)
    tmux.keys("Enter")
    first = tmux.settled(lambda text: "Lesson 1" in text)
    check("Enter opens the first lesson", "Lesson 1" in first, first)
    tmux.keys("2", "8", "Enter")
    answered = tmux.settled(lambda text: "right" in text)
    check("140 against 28 on the first screen", "140" in answered and "28" in answered, answered)
    tmux.keys("q")
    menu = tmux.settled(lambda text: "Free run" in text)
    check("q leads back to the menu, which has the first answer", re.search(r"1 Token by token\s+1/\d", menu), menu)
    check("and says where one stopped", "screen 1 of 4" in menu, menu)


def case_small(place):
    """Lessons are there from 60 x 16 on, in both languages."""
    for language, columns, rows in (("zh", 60, 16), ("en", 60, 16), ("zh", 75, 40), ("en", 75, 40)):
        size = f"{columns}x{rows}"
        out, error, code = plain(place, "lesson", "3", "--lang", language, "--size", size, "--keys", "?")
        check(f"a lesson at {size} {language}", code == 0 and "Q K" in out and "?" in out, error or out)
        lines = out.split("\n")
        check(f"no line is wider than {size} {language}", all(len(line) <= columns for line in lines), out)
    out, _, _ = plain(place, "lesson", "3", "--lang", "en", "--size", "59x16", "--keys", "t")
    check("59 columns are too few, and it says so", "needs 60" in out, out)


def case_every_lesson(place):
    """Every lesson goes from its first screen to its end, in both languages and at each size."""
    listing, _, _ = plain(place, "lesson", "--list")
    ids = [line.split()[0] for line in listing.splitlines()]
    check("every lesson", len(ids) == LESSONS, listing)
    for lesson in ids:
        for language in ("zh", "en"):
            for size in ("60x16", "75x40", "80x24", "120x40"):
                # Every quiz: a hint, an absurd answer, then the answer is shown; then on.
                keys = "Tab 9 9 9 Enter s Enter " * 12
                out, error, code = plain(place, "lesson", lesson, "--lang", language, "--size", size, "--keys", keys)
                frames = out.count("\n\n") if code == 0 else 0
                check(f"{lesson} {language} {size}", code == 0 and frames > 0 and "{{" not in out, error or out[-2000:])
