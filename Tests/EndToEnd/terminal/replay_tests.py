"""Recordings on a terminal: replayed, marked, taken over; a run that is kept by a key."""

import json
import os
import subprocess

from support.checks import check, equal
from support.here import FIXTURES


def recorded(place, name, *options):
    """A recording of the bundled model, in the topic's folder."""
    path = os.path.join(place.folder, name)
    if not os.path.exists(path):
        made = subprocess.run([place.binary, "record", path, *options], env=place.environment(), capture_output=True, check=False)
        check(f"{name} is recorded", made.returncode == 0, made.stderr.decode())
    return path


def case_replay(place, tmux):
    """The run's own screen: forward and back, a mark, a search."""
    path = recorded(place, "run.kvtrace")
    tmux.start(place.kvtui("replay", path))
    first = tmux.settled(lambda text: "1/16" in text)
    check("the header says what it is", "recording run.kvtrace" in first, first)
    tmux.keys("Right", "Right")
    third = tmux.settled(lambda text: "3/16" in text)
    tmux.keys("Left", "Left")
    equal("back is the first picture", tmux.settled(lambda text: text == first), first)
    tmux.keys("Right", "Right", "m", "h", "i", "Enter")
    tmux.settled(lambda text: "step 3 is marked" in text)
    tmux.keys("End", "'")
    marked = tmux.settled(lambda text: "3/16" in text)
    check("the mark is gone to, and its note is said", "hi" in marked.splitlines()[-2] and marked.splitlines()[1:20] == third.splitlines()[1:20], marked)
    equal("the mark is kept", json.load(open(path + ".marks.json"))["marks"][0]["note"], "hi")
    tmux.keys("/", "国", "Enter")
    check("a token is found", "7/16" in tmux.settled(lambda text: "7/16" in text))
    tmux.keys("q")


def case_take_over(place, tmux):
    """Where the checkpoint is at hand the model goes on from the step that is shown."""
    path = recorded(place, "prompt.kvtrace", "--prompt", "床前", "--tokens", "6")
    tmux.start(place.kvtui("replay", path))
    tmux.settled(lambda text: "1/6" in text)
    tmux.keys("Right", "Right")
    shown = tmux.settled(lambda text: "3/6" in text)
    tmux.keys("T")
    live = tmux.settled(lambda text: "live from step 3" in text, 20)
    check("the header says that it is live", "live from step 3" in live, live)
    equal("the picture is the same but for header, footer and time line", live.splitlines()[1:18], shown.splitlines()[1:18])
    tmux.keys("End")
    last = tmux.settled(lambda text: "step 14/14" in text, 20)
    check("the model goes on beyond the recording", "14/14" in last, last)
    tmux.keys("q")


def case_recording_only(place, tmux):
    """A recording whose model is not at hand stays one, and says so."""
    tmux.start(place.kvtui("replay", os.path.join(FIXTURES, "recordings", "sinks.kvtrace")))
    first = tmux.settled(lambda text: "1/" in text)
    tmux.keys("T")
    said = tmux.settled(lambda text: "a recording only" in text)
    check("it says so", "a recording only" in said, said)
    check("and shows what it showed", said.splitlines()[1:20] == first.splitlines()[1:20], said)
    tmux.keys("d")
    check("it says what it has not", "no counts" in tmux.settled(lambda text: "no counts" in text))
    tmux.keys("q")


def case_keep(place, tmux):
    """A key keeps the run that is on the screen, under a name that is asked for; another file is replaced only when asked."""
    folder = place.fresh()
    path = os.path.join(folder, "a.kvtrace")
    tmux.start(place.command("--prompt", "床前", "--tokens", "4"))
    tmux.settled(lambda text: "1/4" in text)
    tmux.keys("w")
    asked = tmux.settled(lambda text: "in which file" in text)
    check("a name is asked for", "run.kvtrace" in asked, asked)
    tmux.keys(*["BSpace"] * 12)
    tmux.call("send-keys", "-t", "t", "-l", path)
    tmux.keys("Enter")
    check("it is kept", "kept as" in tmux.settled(lambda text: "kept as" in text))
    replayed = subprocess.run([place.binary, "replay", path, "--json"], env=place.environment(), capture_output=True, check=False)
    check("and can be replayed", replayed.returncode == 0 and len(replayed.stdout.splitlines()) >= 3, replayed.stderr.decode())
    tmux.keys("q")
