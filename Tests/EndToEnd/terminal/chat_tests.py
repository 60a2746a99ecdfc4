"""A conversation on a terminal: answers come token by token, and whatever is under way can be left."""

import json
import os
import re
import time

from support.checks import check
from support.tmux import Wrapped
from support.waiting import alive, poll


def slow(place):
    """A conversation with a model of 12 layers, whose tokens take a while."""
    path = os.path.join(place.fresh(), "config.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"model_type": "gpt2", "n_layer": 12, "n_head": 8, "n_embd": 512, "n_positions": 2048,
                   "vocab_size": 8192}, file)
    return [place.binary, "chat", "--random", path, "--lang", "en", "--tokens", "1500"]


def case_streaming(place, tmux):
    """An answer grows as it is written, and is stopped; the comparison behind one too."""
    run = Wrapped(tmux, slow(place))
    pid = run.pid()
    tmux.settled(lambda text: "Hello!" in text)
    tmux.keys("Enter")
    told = poll(lambda: re.findall(r"answering, (\d+) tokens", tmux.capture()), 60)
    check("what is written is counted", told, tmux.capture())
    more = poll(lambda: set(re.findall(r"answering, (\d+) tokens", tmux.capture())) - set(told or []))
    check("and grows", more, tmux.capture())
    tmux.keys("Escape")
    stopped = tmux.settled(lambda text: "does not count" in text)
    check("Esc stops it, and it is asked next", "does not count" in stopped and "turn 0/4" in stopped, stopped)
    tmux.keys("Enter")
    poll(lambda: re.search(r"answering, \d+ tokens", tmux.capture()), 60)
    begin = time.monotonic()
    tmux.keys("q")
    run.status(10)
    check("q leaves at once", time.monotonic() - begin < 1.5 and not alive(pid), f"{time.monotonic() - begin:.1f} s")
    run.check_end("q while an answer is written", 0)


def case_typing(place, tmux):
    """A question is typed and pasted, wide characters among it, and edited; the mark moves as one types."""
    tmux.start([place.binary, "chat", "--lang", "zh"])
    tmux.settled(lambda text: "Enter" in text and "你好" in text)
    tmux.keys("p")
    tmux.keys("-l", "你")
    tmux.call("set-buffer", "是\n谁q")
    tmux.call("paste-buffer", "-p", "-t", "t")
    typed = tmux.settled(lambda text: "你是 谁q" in text)
    check("typed and pasted text is one line, and no key", "你是 谁q" in typed, typed)
    tmux.keys("BSpace", "BSpace", "BSpace")
    tmux.keys("-l", "谁？")
    tmux.keys("Enter")
    answered = tmux.settled(lambda text: "：你是谁？  + 答" in text and "：我叫" in text)
    check("it is answered", "：你是谁？  + 答" in answered and "：我叫" in answered, answered)
    tmux.keys("e")
    same = tmux.settled(lambda text: "还没改，失效 0" in text)
    check("nothing differs yet", "还没改，失效 0" in same, same)
    tmux.keys("Home", "DC")
    first = tmux.settled(lambda text: "第 3 个" in text)
    check("another first character differs there", "第 3 个 你" in first, first)
    tmux.keys("Escape")
    left = tmux.settled(lambda text: "：你是谁？  + 答" in text and "：我叫" in text)
    check("Esc changes nothing", "：你是谁？  + 答" in left and "：我叫" in left, left)
