"""kvtui notes: the presenter's second terminal, beside a presenter in Python and a real one."""

import os
import signal
import time

from support.checks import check, equal
from support.presenter import Presenter, backstage, document, place as shown, question
from support.program import environment, run
from support.tmux import Tmux, Wrapped
from support.waiting import poll

LESSON = {"kind": "lesson", "lesson": "03-recomputing", "screen": "one-step"}
VOTES = {"values": [4, 10, 16, 28], "answer": 16, "next_screen": "sum-up"}


def runtime(place):
    """A folder for sockets, and the path of the presenter's own."""
    folder = place.fresh()
    return folder, os.path.join(folder, "kvtui", "present.sock")


def sees(name, tmux, *words, without=()):
    def holds(picture):
        return all(word in picture for word in words) and not any(word in picture for word in without)
    picture = tmux.settled(holds)
    check(f"{name}: {', '.join(words)}", holds(picture), picture)
    return picture


def notes(place, tmux, folder, *options, columns=100, rows=30):
    return Wrapped(tmux, place.kvtui("notes", "--lang", "en", *options), columns=columns, rows=rows,
                   changes={"XDG_RUNTIME_DIR": folder})


def case_shows(place):
    """Answer, votes, what is behind them, what to do, notes, plan and who follows, at every size."""
    folder, path = runtime(place)
    with Presenter(path) as presenter:
        held = question("discuss", answered=23)
        presenter.publish(document(shown(**LESSON), held, backstage([[9, 5, 7, 2], [0] * 4], item=1, timer=45, **VOTES)))
        wide = run("notes", "--keys", "", "--lang", "en", "--size", "100x30", env=environment(XDG_RUNTIME_DIR=folder)).text
        for part in ("16", "23 votes", "30 %", "vote again", "masked cells count", "step 3", "the reveal, step 4", "6 / 5 min",
                     "4 / 7 min", "1 min late", "31 phones, 4 terminals", "timer 0:45", "part 4:10 / 7:00", "6 masked cells"):
            check(f"100x30: {part}", part in wide, wide)
        own = run("notes", "--keys", "", "--lang", "zh", "--size", "100x30", env=environment(XDG_RUNTIME_DIR=folder)).text
        check("in its own language the presentation's notes", "先别给提示" in own, own)
        small = run("notes", "--keys", "Tab Tab", "--lang", "en", "--size", "60x16", env=environment(XDG_RUNTIME_DIR=folder)).text
        for part in ("23 votes", "on the wall", "the reveal, step 4", "1 min late"):
            check(f"60x16: {part}", part in small, small)
        presenter.publish(document(shown(**LESSON), None, backstage(item=1, next_screen="sum-up")))
        later = run("notes", "--keys", "", "--lang", "en", "--size", "100x30", env=environment(XDG_RUNTIME_DIR=folder)).text
        check("the next screen", "next  Add them up" in later or "next" in later and "Q K" in later, later)


def case_drives(place, tmux):
    """Keys become commands; without a presentation they are dropped."""
    folder, path = runtime(place)
    wrapped = notes(place, tmux, folder)
    sees("waits", tmux, "no presentation yet")
    tmux.keys("Enter")
    sees("nobody listens", tmux, "no presentation listens")
    with Presenter(path) as presenter:
        presenter.publish(document(shown(**LESSON), question("vote"), backstage([[0] * 4] * 2, item=1, **VOTES)))
        sees("it begins", tmux, "on the wall")
        tmux.keys("Enter", "BSpace", "b", ".", "+", "-", ">", "<", "x", "x", "NPage", "PPage")
        wanted = ["go-on", "go-back", "blank", "spotlight", "more-time", "less-time", "next-item", "previous-item",
                  "skip", "skip", "go-on", "go-back"]
        poll(lambda: len(presenter.commands) >= len(wanted))
        equal("what the presenter hears", presenter.commands, wanted)
    sees("gone", tmux, "reconnecting", "on the wall")
    with Presenter(path) as presenter:
        presenter.publish(document(shown(**LESSON, step=2), None, backstage(item=1)))
        sees("found again", tmux, "step 2", without=("reconnecting",))
        equal("nothing is said late", presenter.commands, [])
    tmux.keys("q")
    wrapped.check_end("q", 0)


def case_real_presenter(place, tmux):
    """Two notes of a real presenter drive it; killed in any order, the next finds the state."""
    folder, _ = runtime(place)
    wall = Tmux(place, "-wall")
    second = Tmux(place, "-second")
    changes = {"XDG_RUNTIME_DIR": folder}
    first = notes(place, tmux, folder)
    sees("before it begins", tmux, "no presentation yet")
    wall.start(place.kvtui("present", "3", "--lang", "en"), changes=changes)
    sees("begun", tmux, "on the wall", "think", "16")
    other = notes(place, second, folder, columns=60, rows=16)
    sees("a second one", second, "think")
    tmux.keys("Enter")
    for view in (tmux, second):
        sees("driven from the first", view, "▸vote")
    # Quicker than that it is a key that is held, which goes past no question.
    time.sleep(0.3)
    second.keys("Enter")
    for view in (tmux, second):
        sees("driven from the second", view, "▸discuss")
    os.kill(other.pid(), signal.SIGKILL)
    tmux.keys("x", "x")
    sees("goes on without the second", tmux, "▸reveal")
    sees("the wall went along", wall, "16")
    os.kill(int(wall.show("#{pane_pid}")), signal.SIGKILL)
    sees("the presenter is killed", tmux, "reconnecting")
    wall.start(place.kvtui("present", "3", "--lang", "en"), changes=changes)
    sees("and begun again", tmux, "on the wall", without=("reconnecting",))
    os.kill(first.pid(), signal.SIGKILL)
    wall.keys("Enter")
    wrapped = notes(place, tmux, folder)
    sees("notes begun again", tmux, "on the wall")
    tmux.keys("q")
    wrapped.check_end("q", 0)


def case_language(place, tmux):
    """Beside a presentation in Chinese the lesson's notes are read in the language that was asked for, their numbers filled in."""
    folder, _ = runtime(place)
    wall = Tmux(place, "-wall")
    wall.start(place.kvtui("present", "3", "--from-start", "--lang", "zh"), changes={"XDG_RUNTIME_DIR": folder})
    notes(place, tmux, folder, columns=120, rows=36)
    sees("English notes", tmux, "masked cells count. Count the 9 together", without=("只有一条规矩",))
    tmux.keys("L")
    sees("Chinese notes", tmux, "只有一条规矩", without=("masked cells count",))


def case_private(place):
    """Without a folder of the user's own there is nothing to look for."""
    result = run("notes", "--lang", "en", env={"PATH": os.environ["PATH"], "XDG_STATE_HOME": "relative", "HOME": "relative"})
    check("no terminal, or no folder", result.code in (66, 69) and result.err.startswith(b"kvtui: "), result)
