"""A lecture that phones follow: the server itself, told states through a pipe."""

import json
import os
import socket
import subprocess

from support.here import binary

DRIVER = os.path.join(os.path.dirname(os.path.realpath(binary)), "classroom-driver")
CODE = "X7H2"
# Ink and ground in the light theme and in the dark one, and whether it is bold.
STYLES = [["#1a1a1a", "#ffffff", "#e8e8ec", "#101014", 0], ["#ffffff", "#1d4ed8", "#101014", "#8ab4ff", 1]]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def canvas(rows, columns=80):
    """A picture whose rows are texts in ASCII, in the markup of an exported page."""
    lines = "".join(f"<div><i class=\"x0 n{max(1, len(row))} s{index % 2}\">{row}</i></div>\n" for index, row in enumerate(rows))
    return {"columns": columns, "rows": len(rows), "html": f"<div class=\"grid\" aria-hidden=\"true\">{lines}</div>", "styles": STYLES}


def question(phase, **fields):
    """A question with three options, in a phase."""
    return {"id": "cells", "ask": "这一步算几格？", "options": ["1 格", "4 格", "16 格"], "phase": phase, "answered": 0,
            "round": 2 if phase in ("vote-again", "reveal") else 1, **fields}


class Lecture:
    """A presenter: `show` makes a state the newest."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.process = subprocess.Popen([DRIVER, str(self.port), CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sequence = 0
        self.url = json.loads(self.process.stdout.readline())["url"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def tell(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def show(self, sentence, asked=None, language="zh", picture=None):
        self.sequence += 1
        document = {"sequence": self.sequence, "language": language, "sentence": sentence, "question": asked,
                    "canvas": picture or canvas([f"step {self.sequence}", "x" * 80])}
        poll = ["-", "0", "-", "0"]
        if asked:
            options = "-" if asked["options"] is None else str(len(asked["options"]))
            poll = [asked["id"], str(asked["round"]), options, "1" if asked["phase"].startswith("vote") else "0"]
        self.tell("\t".join(["publish", str(self.sequence), *poll, json.dumps(document, ensure_ascii=False)]))

    def news(self):
        return self.tell("news")
