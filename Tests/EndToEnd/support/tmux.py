"""kvtui in a pane of a tmux server of our own: for pictures."""

import fcntl
import os
import shlex
import struct
import subprocess
import termios

from support.checks import check
from support.waiting import DEADLINE, poll


class Tmux:
    """A tmux server of our own."""

    sockets = []

    def __init__(self, place, label=""):
        self.place = place
        self.socket = f"kvtui-test-{os.getpid()}{label}"
        self.is_kept = False
        Tmux.sockets.append(self.socket)

    def call(self, *arguments, seconds=DEADLINE):
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=seconds, env=self.place.environment(), check=False)
        return done.stdout.decode("utf-8", "replace")

    def start(self, command, columns=80, rows=24, changes=None):
        """Starts a session that runs `command`; TERM is tmux's own unless `changes` says otherwise."""
        environment = self.place.environment({"TERM": "screen-256color", **(changes or {})})
        words = ["env", "-i", *[f"{name}={value}" for name, value in environment.items()], *command]
        if not self.is_kept:
            # A server without a session ends, and one that ends takes no new session.
            self.call("new-session", "-d", "-s", "keep", "sleep 3600")
            self.is_kept = True
        self.call("kill-session", "-t", "t")
        self.call("new-session", "-d", "-s", "t", "-x", str(columns), "-y", str(rows),
                  shlex.join(words))

    def keys(self, *names):
        self.call("send-keys", "-t", "t", *names)

    def resize(self, columns, rows):
        self.call("resize-window", "-t", "t", "-x", str(columns), "-y", str(rows))
        poll(lambda: self.size() == (columns, rows))

    def size(self):
        """What the program is told, which tmux puts off for a moment when sizes follow each other."""
        terminal = os.open(self.show("#{pane_tty}"), os.O_RDONLY | os.O_NOCTTY)
        try:
            rows, columns = struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, b"\0" * 8))[:2]
        finally:
            os.close(terminal)
        return columns, rows

    def capture(self, escapes=False):
        options = ["-e"] if escapes else []
        text = self.call("capture-pane", "-t", "t", "-p", "-N", *options)
        return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n")

    def settled(self, condition=lambda picture: picture.strip(), seconds=DEADLINE, escapes=False):
        """The picture once `condition` holds and two looks at it agree."""
        last = [None]

        def look():
            picture = self.capture(escapes)
            same = picture == last[0]
            last[0] = picture
            return same and bool(condition(picture))

        poll(look, seconds)
        return last[0]

    def changed(self, before, seconds=DEADLINE):
        return self.settled(lambda picture: picture.strip() and picture != before, seconds)

    def show(self, form):
        return self.call("display-message", "-p", "-t", "t", form).strip()

    @classmethod
    def end_all(cls, place):
        """Ends all servers that were started."""
        for socket in cls.sockets:
            subprocess.run(["tmux", "-L", socket, "kill-server"], stdin=subprocess.DEVNULL, capture_output=True,
                           timeout=10, env=place.environment(), check=False)


class Wrapped:
    """kvtui in a tmux pane under the wrapper script."""

    def __init__(self, tmux, command, **options):
        self.tmux = tmux
        self.folder = tmux.place.fresh()
        inner = ["bash", "-c", 'echo $$ > pid.part; mv pid.part pid; exec "$@"', "bash", *command]
        tmux.start([tmux.place.wrapper, self.folder, *inner], **options)

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def pid(self):
        text = poll(lambda: self.read("pid"))
        if not text:
            raise ValueError("kvtui was not started: " + self.tmux.capture())
        return int(text)

    def status(self, seconds=DEADLINE):
        return poll(lambda: self.read("status"), seconds)

    def check_end(self, name, status):
        got = self.status()
        check(f"{name}: status {status}", got == str(status), f"status {got!r}\n{self.tmux.capture()}")
        check(f"{name}: stty as before", self.read("before") and self.read("before") == self.read("after"),
              self.read("before") + "\n---\n" + self.read("after"))
        picture = self.tmux.settled(lambda text: "WRAPPER-DONE" in text)
        flags = self.tmux.show("#{alternate_on}#{cursor_flag}#{keypad_flag}#{keypad_cursor_flag}")
        check(f"{name}: screen, cursor and keypad given back",
              flags == "0100" and "WRAPPER-DONE" in picture, f"flags {flags}\n{picture}")
