"""Lessons without a terminal, a fresh lesson, and a learner's progress."""

import json
import os
import subprocess

FRESH = """---
format: 1
title: A fresh lesson
sections: [22.1.1]
---

## Only step

Some words of {{length}} tokens.

```scene
id: only
step: 3
```

```quiz
id: cells
kind: number
at: 4
ask: How many cells?
answer: uncached.cells
why: "{{uncached.cells}} cells, because it is so."
```
"""


def plain(place, *arguments):
    """What kvtui prints for `arguments`, and its exit code."""
    done = subprocess.run(place.kvtui(*arguments), stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, env=place.environment(), check=False)
    return done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode


def lines(place, text, *arguments, changes=None):
    """What kvtui prints for lines on standard input, its exit code and its errors."""
    done = subprocess.run(place.kvtui(*arguments), input=text.encode(), capture_output=True, timeout=60,
                          env=place.environment(changes), check=False)
    return done.stdout, done.returncode, done.stderr.decode("utf-8", "replace")


def progress(place):
    """The progress file, or nothing."""
    path = os.path.join(place.folder, ".local/state/kvtui/progress.json")
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["lessons"]
    except FileNotFoundError:
        return {}


def fresh_lesson(place):
    """A lesson file of its own, so that nothing is answered yet; its path and its id."""
    folder = place.fresh()
    path = os.path.join(folder, "lesson.en.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(FRESH)
    return path, os.path.basename(folder.rstrip("/"))


def at_home(place, name="home"):
    """The variables of a learner with a home of his own, and the path of his progress file."""
    home = os.path.join(place.fresh(), name)
    os.makedirs(os.path.join(home, ".local/state/kvtui"))
    return {"HOME": home}, os.path.join(home, ".local/state/kvtui/progress.json")
