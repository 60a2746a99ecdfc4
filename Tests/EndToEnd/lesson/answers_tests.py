"""Answers to an open question."""

import re

from support.checks import check
from support.lessons import fresh_lesson, progress


def open_fresh_lesson(place, tmux):
    """Opens a lesson of which nothing is answered; its id."""
    path, name = fresh_lesson(place)
    tmux.start(place.kvtui("lesson", path))
    tmux.settled(lambda text: "A fresh lesson" in text)
    return name


def case_held(place, tmux):
    """An open question is not answered by the picture: the scene stops before the step that is asked about."""
    open_fresh_lesson(place, tmux)
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
    name = open_fresh_lesson(place, tmux)
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
    open_fresh_lesson(place, tmux)
    tmux.call("set-buffer", " 16 cells")
    tmux.call("paste-buffer", "-p", "-t", "t")
    picture = tmux.settled(lambda text: "16 cells_" in text)
    check("pasted text is in the answer", "> 16 cells_" in picture, picture)
    tmux.keys("Enter")
    picture = tmux.settled(lambda text: "right" in text)
    check("and counts", "16 cells, because it is so" in picture, picture)
    tmux.keys("q", "q")
