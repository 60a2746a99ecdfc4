"""A lecture before a class: the presenter's second terminal is told what to say of each screen and of each part."""

import json
import os
import select
import subprocess

from support.checks import check
from support.waiting import DEADLINE


class Notes:
    """What `kvtui notes --json` prints, a line a change."""

    def __init__(self, place):
        self.process = subprocess.Popen(place.kvtui("notes", "--json"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=place.environment())
        self.rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def told(self, condition):
        """The first state from now on that `condition` holds of; nothing where none comes."""
        while select.select([self.process.stdout], [], [], DEADLINE)[0]:
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                return None
            *lines, self.rest = (self.rest + piece).split(b"\n")
            for line in lines:
                state = json.loads(line)
                if "backstage" in state and condition(state):
                    return state
        return None


def case_bundled(place, tmux):
    """Notes are those of the screen, filled in from its run; of a run those of the part; in the language that is spoken."""
    tmux.start(place.kvtui("present", "--course", "45", "--lang", "zh"))
    tmux.settled(lambda text: "逐字生成" in text)
    tmux.keys("Enter")
    tmux.settled(lambda text: "同一句话" in text)
    with Notes(place) as notes:
        first = notes.told(lambda state: state["show"]["kind"] == "lesson")
        check("something is told", first is not None, "nothing")
        said = first["backstage"]["notes"]
        check("that one round is planned, then the screen's notes",
              len(said) == 6 and "一轮" in said[0] and "答 7 的" in said[3] and "答 70 的" in said[3], said)
        items = first["backstage"]["items"]
        check("the parts by their titles", items[0]["title"] == "逐字生成" and items[-1]["title"] == "从头走一遍", items)
        check("forty-five minutes are planned", sum(item["minutes"] for item in items) == 45, items)
        for _ in range(4 * len(items)):
            before = tmux.capture()
            if "从头走一遍" in before:
                break
            tmux.keys(">")
            tmux.changed(before)
        last = notes.told(lambda state: state["show"]["kind"] == "run")
        check("the part's notes", last is not None and "140 格对 28 格" in "".join(last["backstage"]["notes"]), last)
        tmux.keys("L")
        english = notes.told(lambda state: state["language"] == "en")
        check("in the other language", english is not None and "140 cells and 28" in "".join(english["backstage"]["notes"]), english)
        check("titles too", english["backstage"]["items"][-1]["title"] == "Once more from the beginning", english)
    tmux.keys("q", "q")
