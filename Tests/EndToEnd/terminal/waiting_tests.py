"""Steps that take seconds."""

import json
import os
import re
import time

from support.checks import check
from support.tmux import Wrapped
from support.waiting import alive, poll


def slow(place, prompt, tokens=8):
    """A run of a model of 12 layers; a prompt of a thousand characters takes seconds."""
    path = os.path.join(place.fresh(), "config.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"model_type": "gpt2", "n_layer": 12, "n_head": 8, "n_embd": 512, "n_positions": 2048,
                   "vocab_size": 8192}, file)
    return [place.binary, "run", "--random", path, "--prompt", prompt, "--tokens", str(tokens), "--lang", "en"]


def case_waiting(place, tmux):
    """The first step of a long prompt is computed while the screen says how far, and can be left."""
    for key, status in (("q", 0), ("C-c", 130)):
        run = Wrapped(tmux, slow(place, "中华人民共和国" * 200))
        pid = run.pid()
        begin = time.monotonic()
        seen = tmux.settled(lambda text: "Computing step 1" in text)
        opened = time.monotonic() - begin
        check(f"{key}: the screen is there before the step", "Computing step 1" in seen, seen)
        places = {place for place in re.findall(r"layer (\d+)/12", seen)}
        moved = poll(lambda: set(re.findall(r"layer (\d+)/12", tmux.capture())) - places)
        check(f"{key}: layers go by", moved, tmux.capture())
        begin = time.monotonic()
        tmux.keys(key)
        run.status(10)
        check(f"{key}: left at once (opened after {opened:.1f} s)", time.monotonic() - begin < 1.5 and not alive(pid),
              f"{time.monotonic() - begin:.1f} s")
        run.check_end(key, status)


def case_waiting_steps(place, tmux):
    """Keys while the first step is computed: three steps are three, a theme and a help page come at once."""
    tmux.start(slow(place, "中华人民共和国" * 80))
    tmux.settled(lambda text: "Computing step 1" in text)
    tmux.keys("Right", "Right", "Right")
    said = tmux.settled(lambda text: "then on to step 4" in text or "step 4/" in text)
    check("where three presses lead is said", "step 4" in said, said)
    arrived = tmux.settled(lambda text: re.search(r"step 4/8", text), 90)
    check("and they lead there", re.search(r"step 4/8", arrived), arrived)


def case_waiting_prompt(place, tmux):
    """A prompt that is typed is computed in the same way, and can be left."""
    run = Wrapped(tmux, slow(place, "中", 3))
    tmux.settled(lambda text: re.search(r"step 1/", text), 30)
    tmux.keys("/")
    tmux.settled(lambda text: "A new prompt" in text)
    tmux.call("set-buffer", "中华人民共和国" * 200)
    tmux.call("paste-buffer", "-p", "-t", "t")
    tmux.settled(lambda text: "共和国" in text)
    tmux.keys("Enter")
    seen = tmux.settled(lambda text: "Computing step 1" in text)
    check("a typed prompt is computed under way", "Computing step 1" in seen, seen)
    begin = time.monotonic()
    tmux.keys("q")
    run.status(10)
    check("q leaves it at once", time.monotonic() - begin < 1.5, time.monotonic() - begin)
    run.check_end("q while a typed prompt is computed", 0)


def case_waiting_measuring(place, tmux):
    """What is measured with all processors lets the screen go first."""
    run = Wrapped(tmux, [*place.kvtui("phases"), "--lang", "en"])
    pid = run.pid()

    def niceness(thread):
        with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8") as file:
            return int(file.read().rsplit(")", 1)[1].split()[16])

    others = poll(lambda: [niceness(thread) for thread in os.listdir(f"/proc/{pid}/task") if niceness(thread) > niceness(pid)], 30)
    check("threads that measure give way to the one that draws", others, others)
    tmux.keys("q")
    run.check_end("q", 0)
