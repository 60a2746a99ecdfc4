"""Every size has a picture, in whatever order sizes come."""

import random
import re

from support.checks import check
from support.tmux import Wrapped
from support.waiting import alive


def case_sizes(place, tmux):
    """Every size has a picture, and growing again gives the whole one."""
    for columns, rows in ((80, 24), (100, 30), (200, 60)):
        tmux.start(place.command(), columns=columns, rows=rows)
        picture = tmux.settled()
        lines = picture.split("\n")
        check(f"{columns}x{rows} has a picture within the screen",
              len(picture) > 200 and len(lines) <= rows, picture)
    tmux.start(place.command())
    whole = tmux.settled()
    for columns, rows in ((30, 8), (2, 2), (1, 1), (200, 3), (5, 60)):
        tmux.resize(columns, rows)
        small = tmux.changed(whole)
        check(f"{columns}x{rows} shows something else", small != whole, small)
        if (columns, rows) == (30, 8):
            numbers = [int(number) for number in re.findall(r"\d+", small)]
            check("30x8 says what is there and what is needed",
                  {30, 8} <= set(numbers) and max(numbers) > 30, small)
        tmux.resize(80, 24)
        again = tmux.settled(lambda text: text == whole)
        check(f"back from {columns}x{rows}", again == whole, again)
    tmux.start(place.command(), columns=30, rows=8)
    tmux.settled()
    tmux.resize(80, 24)
    check("started too small, then grown", tmux.settled(lambda text: text == whole) == whole,
          tmux.capture())


def case_storm(place, tmux):
    """Two hundred sizes in a row, then the right picture."""
    tmux.start(place.command())
    whole = tmux.settled()
    words = []
    for index in range(200):
        columns, rows = 10 + index * 37 % 190, 3 + index * 17 % 57
        words += ["resize-window", "-t", "t", "-x", str(columns), "-y", str(rows), ";"]
    tmux.call(*words, "resize-window", "-t", "t", "-x", "80", "-y", "24", seconds=60)
    picture = tmux.settled(lambda text: text == whole)
    check("the picture after 200 resizes", picture == whole, picture)
    tmux.keys("Right")
    check("keys work after 200 resizes", tmux.changed(whole) != whole)


def case_storm_of_keys(place, tmux):
    """Random keys in bursts and sizes, through the menu, lessons and runs: always a picture, and always a way out."""
    keys = ["Right", "Left", "Home", "End", "Up", "Down", "Space", "Enter", "Tab", "BSpace", "NPage", "PPage", "i", "p",
            "g", "/", "d", "f", "o", "c", "t", "L", "?", "n", "b", "s", "1", "2", "8", "[", "]", "{", "}", "x", "C-l",
            "C-u", "」", "国"]
    for seed, page in enumerate((["lesson", "1"], ["lesson", "5"], ["run"])):
        chance = random.Random(seed)
        run = Wrapped(tmux, place.kvtui(*page), columns=80, rows=24)
        pid = run.pid()
        tmux.settled()
        # Escape twice leaves a lesson and the menu.
        named = keys + ["Escape"] * (page == ["run"])
        for turn in range(50):
            tmux.keys(*[chance.choice(named) for _ in range(chance.randint(1, 20))])
            if turn % 15 == 7:
                tmux.resize(chance.randint(1, 140), chance.randint(1, 45))
        tmux.resize(80, 24)
        picture = tmux.settled()
        check(f"storm {seed}: still there", alive(pid) and picture.strip(), picture)
        tmux.keys("C-c")
        run.check_end(f"storm {seed}, Ctrl-C", 130)
