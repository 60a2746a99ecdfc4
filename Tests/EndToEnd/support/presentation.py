"""A presentation of the real kvtui on a pseudo terminal, and those who follow it: phones, terminals, the presenter's own."""

import glob
import http.client
import json
import os
import socket
import time

from support.lecture import free_port
from support.pseudo_terminal import QUIET, Pty
from support.waiting import DEADLINE, poll

ENTER, BACK, CODE = b"\r", b"\x7f", "X7H2"


class Presenter:
    """`kvtui present` with a home of its own, in which it may be started again."""

    def __init__(self, place, *arguments, home=None, port=None, columns=100, rows=30, program=None):
        self.home = home or place.fresh()
        self.port = port or free_port()
        self.variables = {**QUIET, "HOME": self.home, "XDG_RUNTIME_DIR": self.home + "/run", "XDG_STATE_HOME": self.home + "/state"}
        served = ["--serve", str(self.port), "--code", CODE]
        self.pressed = (b"", 0.0)
        command = [program or place.kvtui()[0], "present", *arguments, *served]
        self.terminal = Pty(place, command, self.variables, columns, rows)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.terminal.close()

    @property
    def pid(self):
        return self.terminal.pid

    @property
    def socket(self):
        """Where the presenter's other terminals find it."""
        return self.home + "/run/kvtui/present.sock"

    @property
    def kept(self):
        """Where the lecture is kept; a name that nothing has where it is not."""
        return (glob.glob(self.home + "/state/kvtui/presentation-*.json") or [self.home + "/none"])[0]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/j/{CODE}"

    def press(self, *keys):
        for key in keys:
            # What repeats faster than this is a key that is held.
            while key == self.pressed[0] and time.monotonic() - self.pressed[1] < 0.25:
                self.terminal.read(0.05)
            self.terminal.write(key)
            self.terminal.taken()
            self.pressed = (key, time.monotonic())
            self.terminal.read(0.2)

    def said(self):
        """What was said before the screen opened."""
        self.terminal.frame()
        return self.terminal.output.split(b"\x1b")[0].decode("utf-8", "replace").replace("\r", "")

    def until(self, condition, seconds=DEADLINE):
        """The state as phones get it, once `condition` holds of it; the screen is read meanwhile."""
        last = [None]

        def look():
            self.terminal.read()
            last[0] = self.state()
            return last[0] is not None and condition(last[0])

        poll(look, seconds)
        return last[0]

    def phase(self, phase, seconds=DEADLINE):
        """The state once a question is in a phase."""
        return self.until(lambda state: state["question"] and state["question"]["phase"] == phase, seconds)

    # Phones

    def ask(self, method, path, body=None, fields=None):
        """A status, and the body of the answer; (0, "") where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, f"/j/{CODE}{path}", body, {"Host": f"127.0.0.1:{self.port}", **(fields or {})})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def state(self):
        status, body = self.ask("GET", "/state")
        return json.loads(body) if status == 200 else None

    def vote(self, device, choice, round_number=1, question=None):
        """How a vote is answered; one that came too soon after the device's last is sent again, as the page does."""
        question = question or self.state()["question"]["id"]
        vote = json.dumps({"question": question, "round": round_number, "choice": choice, "device": device})
        for _ in range(3):
            status, _ = self.ask("POST", "/vote", vote, {"Content-Type": "application/json"})
            if status != 429:
                break
            time.sleep(1.1)
        return status

    # Terminals

    def owner(self):
        return Reader(self.socket)


class Reader:
    """Somebody who reads the state at a socket, a line each."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.settimeout(0.1)
        self.rest = b""
        self.documents = []
        self.has_ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def read(self):
        try:
            data = self.socket.recv(1 << 20)
        except TimeoutError:
            return
        except OSError:
            data = b""
        self.has_ended = self.has_ended or not data
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.documents += [json.loads(line) for line in lines]

    def until(self, condition, seconds=DEADLINE):
        """The newest document, once `condition` holds of it."""
        def look():
            self.read()
            return bool(self.documents) and condition(self.documents[-1])

        poll(look, seconds)
        return self.documents[-1] if self.documents else None

    def say(self, *lines):
        self.socket.sendall("".join(line + "\n" for line in lines).encode())


def connects(path):
    """Whether somebody listens at a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
            return True
        except OSError:
            return False


def mode(path):
    """The kind and the permissions of what lies there, as `ls` has them; empty where nothing does."""
    try:
        return oct(os.stat(path).st_mode)
    except FileNotFoundError:
        return ""
