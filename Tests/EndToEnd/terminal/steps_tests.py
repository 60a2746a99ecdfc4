"""Stepping, playing, and the modes of the run screen."""

import re

from support.checks import check
from support.waiting import poll


def case_steps(place, tmux):
    """Going forward and back gives the same pictures."""
    tmux.start(place.command())
    pictures = [tmux.settled()]
    for _ in range(5):
        tmux.keys("Right")
        pictures.append(tmux.changed(pictures[-1]))
    check("five Right give six pictures", len(set(pictures)) == 6, "\n".join(pictures))
    for index in range(4, -1, -1):
        tmux.keys("Left")
        picture = tmux.settled(lambda text, wanted=pictures[index]: text == wanted)
        check(f"Left to picture {index + 1}", picture == pictures[index],
              f"{picture}\n--- wanted\n{pictures[index]}")
    tmux.keys("l")
    check("l is Right", tmux.settled(lambda text: text == pictures[1]) == pictures[1])
    tmux.keys("h")
    check("h is Left", tmux.settled(lambda text: text == pictures[0]) == pictures[0])
    tmux.keys("NPage")
    check("a clicker's page down is Right",
          tmux.settled(lambda text: text == pictures[1]) == pictures[1])
    tmux.keys("PPage")
    check("a clicker's page up is Left",
          tmux.settled(lambda text: text == pictures[0]) == pictures[0])
    tmux.keys("Right", "Right", "Right", "Left", "Right")
    check("keys in one batch", tmux.settled(lambda text: text == pictures[3]) == pictures[3])
    tmux.keys("Home")
    check("Home", tmux.settled(lambda text: text == pictures[0]) == pictures[0])
    tmux.keys("End")
    last = tmux.changed(pictures[0])
    check("End is another picture", last not in pictures, last)


def case_keys(place, tmux):
    """Modes are entered and left, and leaving gives the picture from before."""
    tmux.start(place.command())
    tmux.settled()
    tmux.keys("Right", "Right")
    first = tmux.settled(lambda text: re.search(r"step 3/", text))
    for name, enter, leave in (
        ("help", ["?"], ["?"]), ("help, then Escape", ["?"], ["Escape"]),
        ("a cell, then Escape", ["i"], ["Escape"]), ("layers", ["]"], ["["]),
        ("heads", ["}"], ["{"]), ("a prompt, then Escape", ["/", "x"], ["Escape"]),
        ("a jump, then Escape", ["g"], ["Escape"]),
    ):
        tmux.keys(*enter)
        inside = tmux.changed(first, 5)
        check(f"{name}: another picture", inside != first, inside)
        tmux.keys(*leave)
        picture = tmux.settled(lambda text: text == first, 5)
        check(f"{name}: back to the same", picture == first, picture)
    coloured = tmux.settled(escapes=True)
    tmux.keys("t")
    recoloured = tmux.settled(lambda text: text != coloured, escapes=True)
    check("t: other colours", recoloured != coloured)
    body, footer = tmux.capture().rstrip("\n").rsplit("\n", 1)
    check("t: the same text, and the theme's name below it", body == first.rstrip("\n").rsplit("\n", 1)[0] and "theme: " in footer,
          tmux.capture())
    tmux.keys("g", "1", "Enter")
    picture = tmux.settled(lambda text: re.search(r"step 1/", text))
    check("g 1 Enter: the first step", re.search(r"step 1/", picture), picture)


def case_play(place, tmux):
    """Space plays without more keys, and pauses."""
    tmux.start(place.command())
    first = tmux.settled()
    tmux.keys("+", "+", "+", "+", "Space")
    moved = poll(lambda: re.search(r"step [3-9]/", tmux.capture()))
    check("Space: steps go by", moved, tmux.capture())
    tmux.keys("Space")
    paused = tmux.settled()
    still = not poll(lambda: tmux.capture() != paused, 2.5)
    check("Space again: they stop", still and paused != first, paused)


def case_bursts(place, tmux):
    """Sixty presses at once are sixty steps; frames may be skipped."""
    text = "春眠不觉晓，处处闻啼鸟。" * 6
    for key in ("Right", "l"):
        tmux.start(place.command("--text", text, "--tokens", "0", "--lang", "en"))
        tmux.settled(lambda text: "step 1/" in text)
        tmux.keys("-N", "60", key)
        arrived = tmux.settled(lambda text: re.search(r"step 61/", text))
        check(f"60 x {key}: step 61", re.search(r"step 61/", arrived), arrived)
