"""Ctrl-Z, fg and &."""

import os
import shlex

from support.checks import check
from support.waiting import poll


def case_stop(place, tmux):
    """Ctrl-Z and fg under a shell."""
    tmux.start(["bash", "--norc", "--noprofile"], changes={"PS1": "SHELL> "})
    tmux.settled(lambda text: "SHELL>" in text)
    folder = place.fresh()
    tmux.keys(f"cd {shlex.quote(folder)}; stty -a > before; clear", "Enter")
    tmux.settled(lambda text: text.strip() == "SHELL>")
    tmux.keys(shlex.join(place.command()), "Enter")
    whole = tmux.settled(lambda text: "SHELL>" not in text and len(text) > 200)
    tmux.keys("Right")
    second = tmux.changed(whole)
    for turn in (1, 2):
        tmux.keys("C-z")
        picture = tmux.settled(lambda text: "Stopped" in text)
        check(f"Ctrl-Z {turn}: the shell is back", "Stopped" in picture, picture)
        check(f"Ctrl-Z {turn}: cursor and screen",
              tmux.show("#{alternate_on}#{cursor_flag}#{keypad_flag}") == "010")
        tmux.keys("stty -a > stopped; clear; echo HEL''LO", "Enter")
        picture = tmux.settled(lambda text: "HELLO" in text)
        check(f"Ctrl-Z {turn}: the shell echoes", "HELLO" in picture, picture)
        same = poll(lambda: read_file(folder, "stopped") == read_file(folder, "before"), 3)
        check(f"Ctrl-Z {turn}: stty as before", same, read_file(folder, "stopped"))
        tmux.keys("fg", "Enter")
        picture = tmux.settled(lambda text: text == second)
        check(f"fg {turn}: the same picture", picture == second, picture)
    tmux.keys("Left")
    check("keys after fg", tmux.settled(lambda text: text == whole) == whole, tmux.capture())
    tmux.resize(100, 30)
    tmux.changed(whole)
    tmux.keys("C-z")
    tmux.settled(lambda text: "Stopped" in text)
    tmux.resize(80, 24)
    tmux.keys("fg", "Enter")
    check("resized while stopped", tmux.settled(lambda text: text == whole) == whole, tmux.capture())
    tmux.keys("q")
    tmux.settled(lambda text: "SHELL>" in text)
    tmux.keys("clear; stty -a > after; echo code $?", "Enter")
    tmux.settled(lambda text: "code 0" in text)
    check("stty after all that", read_file(folder, "before") == read_file(folder, "after"),
          read_file(folder, "before") + "---\n" + read_file(folder, "after") + tmux.capture())


def case_background(place, tmux):
    """Started with &: stopped until fg."""
    tmux.start(["bash", "--norc", "--noprofile"], changes={"PS1": "SHELL> "})
    tmux.settled(lambda text: "SHELL>" in text)
    tmux.keys(shlex.join(place.command()) + " &", "Enter")
    tmux.settled(lambda text: "[1]" in text)
    tmux.keys("", "Enter")
    def stopped():
        tmux.keys("clear; jobs", "Enter")
        return "Stopped" in tmux.settled(lambda text: text.count("SHELL>") == 1)
    check("in the background: stopped", poll(stopped), tmux.capture())
    tmux.keys("fg", "Enter")
    picture = tmux.settled(lambda text: "SHELL>" not in text and len(text) > 200)
    check("brought to the foreground: a picture", "SHELL>" not in picture and len(picture) > 200, picture)
    tmux.keys("q")
    picture = tmux.settled(lambda text: "SHELL>" in text)
    check("and q ends it", "SHELL>" in picture, picture)


def read_file(folder, name):
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
