"""kvtui on a bare pseudo terminal: for bytes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from support.waiting import DEADLINE, poll

QUIET = {"KVTUI_NO_PROBE": "1"}  # asks the terminal nothing


class Pty:
    """kvtui on a pseudo terminal whose bytes we see, and that answers only what we write."""

    def __init__(self, place, command, changes=None, columns=80, rows=24, before=None):
        self.output = b""
        self.code = None
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                if before:
                    before()
                os.execve(command[0], command, place.environment(changes))
            finally:
                os._exit(127)

    def read(self, seconds=0.0):
        """Reads what is there, waiting up to `seconds` for the first byte."""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            self.output += data
            seconds = 0

    def until(self, condition, seconds=DEADLINE):
        """Reads until `condition(output)` holds; whether it does."""
        end = time.monotonic() + seconds
        while not condition(self.output):
            if time.monotonic() > end or (self.ended() and not self.rest()):
                return bool(condition(self.output))
            self.read(0.05)
        return True

    def rest(self):
        before = len(self.output)
        self.read(0.05)
        return len(self.output) > before

    def frame(self, seconds=DEADLINE):
        """Waits for a picture that is finished: output that has paused."""
        def paused(output):
            return len(output) > 300 and not select.select([self.master], [], [], 0.15)[0]
        return self.until(paused, seconds)

    def write(self, data):
        """Writes without ever blocking on a full terminal: its output is read meanwhile."""
        view = memoryview(data)
        while view:
            readable, writable, _ = select.select([self.master], [self.master], [], DEADLINE)
            if readable:
                self.read()
            if writable:
                view = view[os.write(self.master, view[:1024]):]
            if not readable and not writable:
                return False
        return True

    def taken(self, seconds=DEADLINE):
        """Waits until the program has read all that was written: what it finds at once it may take for a paste."""
        def is_empty():
            self.read()
            try:
                terminal = os.open(f"/proc/{self.pid}/fd/0", os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
            except OSError:
                return True  # the program is gone
            try:
                return struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)))[0] == 0
            finally:
                os.close(terminal)
        return poll(is_empty, seconds)

    def ended(self):
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def end(self, seconds=DEADLINE):
        """The exit code, negative for a signal; None when it does not end."""
        def reap():
            if self.master >= 0:
                self.read()
            return self.ended()
        poll(reap, seconds)
        return self.code

    def hang_up(self):
        os.close(self.master)
        self.master = -1

    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            self.end(5)
        if self.master >= 0:
            self.hang_up()


def text_of(output):
    """The output without its escape sequences."""
    plain = re.sub(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[()][0-9A-B]|[=>78])", b"", output)
    return plain.decode("utf-8", "replace")
