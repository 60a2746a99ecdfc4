#!/usr/bin/env python3
"""Drives the real kvtui in real terminals: tmux for pictures, bare ptys for bytes.

Run as `python3 Tests/EndToEnd/terminal_tests.py PATH_TO_KVTUI [WORD]`; with WORD only the cases whose name
has it. Needs tmux and Python's standard library. Prints every check and, last, `N passed, N failed`.

Nothing sleeps for luck: every wait polls for what it waits for and has a deadline.
"""

import fcntl
import json
import math
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

DEADLINE = 15.0
SIGNALS = ["HUP", "INT", "QUIT", "TERM", "ABRT", "SEGV", "BUS", "FPE", "ILL", "TRAP"]
COLOUR = re.compile(r"\x1b\[[0-9;:]*?(?<![0-9])(3[0-8]|4[0-8]|9[0-7]|10[0-7])(?![0-9])[0-9;:]*m")

# Runs a command in the foreground of a terminal and leaves what a check wants to know in files.
WRAPPER = """#!/bin/bash
trap : INT QUIT
cd "$1"; shift
stty -a > before
"$@"
echo $? > status.part
stty -a > after
mv status.part status
echo; echo WRAPPER-DONE
exec cat > /dev/null
"""


# ---------------------------------------------------------------- counting


class Tally:
    """Counts and prints checks."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"ok      {name}", flush=True)
            return
        self.failed += 1
        print(f"FAILED  {name}", flush=True)
        for line in str(detail).splitlines()[:40]:
            print(f"        | {line}", flush=True)

    @staticmethod
    def skip(name, why):
        print(f"skipped {name}: {why}", flush=True)


tally = Tally()
check = tally.check


def poll(condition, seconds=DEADLINE):
    """What `condition` returns once it is true, or its last value when the time is over."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)


# ---------------------------------------------------------------- environment


class Place:
    """A folder for one run, with a home of its own, and the program under test."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="kvtui-terminal-")
        self.count = 0
        self.wrapper = os.path.join(self.folder, "wrapper")
        with open(self.wrapper, "w", encoding="utf-8") as file:
            file.write(WRAPPER)
        os.chmod(self.wrapper, 0o755)

    def fresh(self):
        self.count += 1
        folder = os.path.join(self.folder, str(self.count))
        os.mkdir(folder)
        return folder

    def environment(self, changes=None):
        """The environment of a run; a value of None takes the name away."""
        keep = ("PATH", "KVTUI_HOME", "LD_LIBRARY_PATH")
        values = {name: os.environ[name] for name in keep if name in os.environ}
        values.update(
            HOME=self.folder, TMUX_TMPDIR=self.folder, LANG="C.UTF-8", TERM="xterm-256color", SWIFT_BACKTRACE="enable=no"
        )
        for name, value in (changes or {}).items():
            values.pop(name, None)
            if value is not None:
                values[name] = value
        return values

    def command(self, *arguments):
        return [self.binary, "run", *arguments]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# ---------------------------------------------------------------- tmux


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

    def kill(self):
        self.call("kill-server")


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


# ---------------------------------------------------------------- bare ptys


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


# ---------------------------------------------------------------- cases


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


def case_sizes(place, tmux):
    """Every size has a picture, and growing again gives the whole one."""
    for columns, rows in ((80, 24), (100, 30), (200, 60)):
        tmux.start(place.command(), columns=columns, rows=rows)
        picture = tmux.settled()
        lines = picture.split("\n")
        check(f"{columns}x{rows} has a picture within the screen",
              len(picture) > 200 and len(lines) <= rows, picture)
    tmux.start(place.command())
    whole = tmux.settled()
    for columns, rows in ((30, 8), (2, 2), (1, 1), (200, 3), (5, 60)):
        tmux.resize(columns, rows)
        small = tmux.changed(whole)
        check(f"{columns}x{rows} shows something else", small != whole, small)
        if (columns, rows) == (30, 8):
            numbers = [int(number) for number in re.findall(r"\d+", small)]
            check("30x8 says what is there and what is needed",
                  {30, 8} <= set(numbers) and max(numbers) > 30, small)
        tmux.resize(80, 24)
        again = tmux.settled(lambda text: text == whole)
        check(f"back from {columns}x{rows}", again == whole, again)
    tmux.start(place.command(), columns=30, rows=8)
    tmux.settled()
    tmux.resize(80, 24)
    check("started too small, then grown", tmux.settled(lambda text: text == whole) == whole,
          tmux.capture())


def case_storm(place, tmux):
    """Two hundred sizes in a row, then the right picture."""
    tmux.start(place.command())
    whole = tmux.settled()
    words = []
    for index in range(200):
        columns, rows = 10 + index * 37 % 190, 3 + index * 17 % 57
        words += ["resize-window", "-t", "t", "-x", str(columns), "-y", str(rows), ";"]
    tmux.call(*words, "resize-window", "-t", "t", "-x", "80", "-y", "24", seconds=60)
    picture = tmux.settled(lambda text: text == whole)
    check("the picture after 200 resizes", picture == whole, picture)
    tmux.keys("Right")
    check("keys work after 200 resizes", tmux.changed(whole) != whole)


def case_ends(place, tmux):
    """Every way to end gives the terminal back and says how it ended."""
    for key, status in (("q", 0), ("C-c", 130), ("C-\\", 131)):
        run = Wrapped(tmux, place.command())
        run.pid()
        tmux.settled()
        tmux.keys("Right")
        tmux.keys(key)
        run.check_end(key, status)
    for name in SIGNALS:
        number = getattr(signal, "SIG" + name)
        run = Wrapped(tmux, place.command())
        pid = run.pid()
        tmux.settled()
        os.kill(pid, number)
        run.check_end("SIG" + name, 128 + number)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def case_gone(place, tmux):
    """A terminal that is gone ends the program, HUP ignored or not."""
    run = Wrapped(tmux, place.command())
    pid = run.pid()
    tmux.settled()
    tmux.call("kill-session", "-t", "t")
    check("the session killed: ends", poll(lambda: not alive(pid), 5))
    for ignored in (False, True):
        word = "HUP ignored" if ignored else "HUP"
        second = Tmux(place, f"-gone{int(ignored)}")
        command = place.command()
        if ignored:
            command = ["bash", "-c", 'trap "" HUP; exec "$@"', "bash", *command]
        run = Wrapped(second, command)
        pid = run.pid()
        second.settled()
        server = int(second.show("#{pid}"))
        os.kill(server, signal.SIGKILL)
        check(f"tmux killed, {word}: ends", poll(lambda: not alive(pid), 5))
    for ignored, codes in ((False, (-signal.SIGHUP,)), (True, (129,))):
        before = (lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) if ignored else None
        run = Pty(place, place.command(), before=before)
        run.frame()
        run.hang_up()
        code = run.end(5)
        check(f"line dropped, HUP {'ignored' if ignored else 'not ignored'}: 129", code in codes, code)
        run.close()


def case_idle(place, tmux):
    """Waiting costs nothing."""
    del tmux
    run = Pty(place, place.command())
    run.frame()
    def used_in_a_second():
        before = run.processor_seconds()
        run.read(1.0)
        return run.processor_seconds() - before
    # The steps ahead of the viewer may still be on their way in the first of these.
    check("idle: no processor time", poll(lambda: used_in_a_second() < 0.05))
    run.close()


def case_stop(place, tmux):
    """Ctrl-Z and fg under a shell."""
    tmux.start(["bash", "--norc", "--noprofile"], changes={"PS1": "SHELL> "})
    tmux.settled(lambda text: "SHELL>" in text)
    folder = place.fresh()
    tmux.keys(f"cd {shlex.quote(folder)}; stty -a > before; clear", "Enter")
    tmux.settled(lambda text: text.strip() == "SHELL>")
    tmux.keys(shlex.join(place.command()), "Enter")
    whole = tmux.settled(lambda text: "SHELL>" not in text and len(text) > 200)
    tmux.keys("Right")
    second = tmux.changed(whole)
    for turn in (1, 2):
        tmux.keys("C-z")
        picture = tmux.settled(lambda text: "Stopped" in text)
        check(f"Ctrl-Z {turn}: the shell is back", "Stopped" in picture, picture)
        check(f"Ctrl-Z {turn}: cursor and screen",
              tmux.show("#{alternate_on}#{cursor_flag}#{keypad_flag}") == "010")
        tmux.keys("stty -a > stopped; clear; echo HEL''LO", "Enter")
        picture = tmux.settled(lambda text: "HELLO" in text)
        check(f"Ctrl-Z {turn}: the shell echoes", "HELLO" in picture, picture)
        same = poll(lambda: read_file(folder, "stopped") == read_file(folder, "before"), 3)
        check(f"Ctrl-Z {turn}: stty as before", same, read_file(folder, "stopped"))
        tmux.keys("fg", "Enter")
        picture = tmux.settled(lambda text: text == second)
        check(f"fg {turn}: the same picture", picture == second, picture)
    tmux.keys("Left")
    check("keys after fg", tmux.settled(lambda text: text == whole) == whole, tmux.capture())
    tmux.resize(100, 30)
    tmux.changed(whole)
    tmux.keys("C-z")
    tmux.settled(lambda text: "Stopped" in text)
    tmux.resize(80, 24)
    tmux.keys("fg", "Enter")
    check("resized while stopped", tmux.settled(lambda text: text == whole) == whole, tmux.capture())
    tmux.keys("q")
    tmux.settled(lambda text: "SHELL>" in text)
    tmux.keys("clear; stty -a > after; echo code $?", "Enter")
    tmux.settled(lambda text: "code 0" in text)
    check("stty after all that", read_file(folder, "before") == read_file(folder, "after"),
          read_file(folder, "before") + "---\n" + read_file(folder, "after") + tmux.capture())


def case_background(place, tmux):
    """Started with &: stopped until fg."""
    tmux.start(["bash", "--norc", "--noprofile"], changes={"PS1": "SHELL> "})
    tmux.settled(lambda text: "SHELL>" in text)
    tmux.keys(shlex.join(place.command()) + " &", "Enter")
    tmux.settled(lambda text: "[1]" in text)
    tmux.keys("", "Enter")
    def stopped():
        tmux.keys("clear; jobs", "Enter")
        return "Stopped" in tmux.settled(lambda text: text.count("SHELL>") == 1)
    check("in the background: stopped", poll(stopped), tmux.capture())
    tmux.keys("fg", "Enter")
    picture = tmux.settled(lambda text: "SHELL>" not in text and len(text) > 200)
    check("brought to the foreground: a picture", "SHELL>" not in picture and len(picture) > 200, picture)
    tmux.keys("q")
    picture = tmux.settled(lambda text: "SHELL>" in text)
    check("and q ends it", "SHELL>" in picture, picture)


def read_file(folder, name):
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def case_colour(place, tmux):
    """Colours, and none where none are wanted."""
    tmux.start(place.command())
    tmux.settled()
    coloured = tmux.settled(escapes=True)
    check("colours by default", COLOUR.search(coloured), repr(coloured[:400]))
    plain = tmux.capture()
    tmux.start(place.command(), changes={"NO_COLOR": "1"})
    tmux.settled(lambda text: text == plain)
    picture = tmux.settled(escapes=True)
    check("NO_COLOR: no colour", not COLOUR.search(picture), repr(picture[:400]))
    check("NO_COLOR: the same text", tmux.capture() == plain, tmux.capture())
    run = Pty(place, place.command(), {"NO_COLOR": "1"})
    run.frame()
    run.write(b"q")
    run.end()
    found = COLOUR.search(run.output.decode("utf-8", "replace"))
    check("NO_COLOR: no colour among the bytes", not found, found)
    run.close()


def case_term(place, tmux):
    """Terminal types: known, poor, unknown, none."""
    tmux.start(place.command())
    whole = tmux.settled()
    for term in ("screen", "tmux-256color", "xterm", "linux", "vt100", "vt220", "no-such-terminal",
                 "x" * 5000):
        tmux.start(place.command(), changes={"TERM": term})
        picture = tmux.settled(lambda text: text == whole, 5)
        check(f"TERM={term[:20]}: a picture", similar(picture, whole), picture)
        escapes = tmux.settled(escapes=True)
        if term in ("vt100", "vt220"):
            check(f"TERM={term}: attributes only", not COLOUR.search(escapes), repr(escapes[:300]))
        if term in ("linux", "xterm"):
            check(f"TERM={term}: no colour beyond the first 8", "38;5" not in escapes,
                  repr(escapes[:300]))
        tmux.keys("Right")
        check(f"TERM={term[:20]}: keys", tmux.changed(picture) != picture)
    for term in ("dumb", "", None):
        run = Pty(place, place.command(), {"TERM": term})
        code = run.end(60)
        check(f"TERM={term!r}: pages of text, no escape", code == 0 and b"\x1b" not in run.output
              and len(run.output) > 200, f"{code} {run.output[:300]!r}")
        run.close()


def similar(picture, whole):
    """Poor terminals may lack a glyph or two; the words are there."""
    words = [word for word in re.findall(r"[A-Za-z]{3,}", whole)]
    return len(words) > 3 and sum(word in picture for word in words) >= 0.8 * len(words)


def made_locale(place, language, charset):
    """The variables of a locale that is made for this; None, and why is said, where it cannot be made."""
    name = f"{language}.{charset}"
    if not shutil.which("localedef"):
        tally.skip(name, "there is no localedef here")
        return None
    folder = place.fresh()
    made = subprocess.run(["localedef", "-i", language, "-f", charset, os.path.join(folder, name)],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    # Warnings and failures have one exit code: what counts is whether there is a locale now.
    if not os.path.exists(os.path.join(folder, name, "LC_CTYPE")):
        reason = made.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        tally.skip(name, f"localedef makes none ({' '.join(reason)}); its sources are in the package locales")
        return None
    return {"LC_ALL": name, "LOCPATH": folder}


def case_locale(place, tmux):
    """Locales: C, missing, 8-bit."""
    for changes in ({"LANG": "C"}, {"LANG": None}, {"LC_ALL": "xx_YY.UTF-8"}, {"LC_ALL": "POSIX"}):
        tmux.start(place.command(), changes=changes)
        picture = tmux.settled(lambda text: "中" in text)
        check(f"{changes}: 汉字", "中" in picture, picture)
    variables = made_locale(place, "en_US", "ISO-8859-1")
    if not variables:
        return
    run = Pty(place, place.command(), variables)
    run.frame()
    beyond = [byte for byte in run.output if byte >= 0x80]
    check("ISO-8859-1: ASCII only", not beyond and len(text_of(run.output)) > 200,
          text_of(run.output)[:600])
    run.write(b"\xe9q")
    check("ISO-8859-1: q after a Latin letter", run.end() == 0, run.code)
    run.close()


def case_streams(place, tmux):
    """Standard streams that are no terminals."""
    done = subprocess.run(place.command(), stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                          env=place.environment(), check=False)
    check("output to a pipe: text, no escape, status 0",
          done.returncode == 0 and b"\x1b" not in done.stdout and len(done.stdout) > 200,
          f"{done.returncode} {done.stdout[:200]!r} {done.stderr[:200]!r}")
    check("output to a pipe: nothing on standard error", not done.stderr, done.stderr)
    shell = f"printf '中华人民\\n' | {shlex.join(place.command('--prompt', '-', '--tokens', '4'))}"
    run = Wrapped(tmux, ["bash", "-c", shell])
    first = tmux.settled(lambda text: "中" in text)
    check("--prompt -: a picture", "中" in first and len(first) > 200, first)
    tmux.keys("Right")
    check("--prompt -: keys from the terminal", tmux.changed(first) != first, tmux.capture())
    tmux.keys("q")
    run.check_end("--prompt -, q", 0)
    for word, redirection in (("closed", "2>&-"), ("redirected", "2>errors"), ("full", "2>/dev/full")):
        run = Wrapped(tmux, ["bash", "-c", f"{shlex.join(place.command())} {redirection}"])
        first = tmux.settled()
        tmux.keys("Right")
        check(f"standard error {word}: works", tmux.changed(first) != first, tmux.capture())
        tmux.keys("q")
        run.check_end(f"standard error {word}, q", 0)
    run = Wrapped(tmux, ["bash", "-c", f"exec {shlex.join(place.command())} <&-"])
    check("standard input closed: ends by itself or by q", end_or_quit(tmux, run) == "0", tmux.capture())


def end_or_quit(tmux, run):
    def ended():
        tmux.keys("q")
        return run.status(0.2)
    return poll(ended)


def case_input_method(place, tmux):
    """Keys as a Chinese input method leaves them."""
    pairs = [("]", "］"), ("]", "】"), ("?", "？"), ("i", "ｉ"), ("l", "ｌ"), ("d", "ｄ")]
    for ascii_key, full in pairs:
        tmux.start(place.command())
        first = tmux.settled()
        tmux.keys("-l", ascii_key)
        wanted = tmux.changed(first, 5)
        tmux.start(place.command())
        tmux.settled(lambda text: text == first)
        tmux.keys("-l", full)
        picture = tmux.settled(lambda text: text == wanted)
        check(f"{full} is {ascii_key}", picture == wanted != first, f"{picture}\n---\n{wanted}")


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
    check("t: the same text", tmux.capture() == first, tmux.capture())
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


def case_prompt(place, tmux):
    """A new prompt, typed and pasted."""
    tmux.start(place.command())
    tmux.settled()
    tmux.keys("/")
    tmux.keys("-l", "人民")
    typed = tmux.settled(lambda text: "人民" in text)
    check("typed text is seen", "人民" in typed, typed)
    tmux.keys("BSpace")
    shorter = tmux.settled(lambda text: "人民" not in text)
    check("Backspace takes one character", "人民" not in shorter, shorter)
    tmux.keys("-l", "民")
    tmux.keys("Enter")
    started = tmux.settled(lambda text: re.search(r"step 1/", text) and "人 民" in text)
    check("Enter runs it", "人 民" in started, started)
    tmux.keys("/")
    tmux.changed(started)
    tmux.call("set-buffer", "共和\nq国")
    tmux.call("paste-buffer", "-p", "-t", "t")
    pasted = tmux.settled(lambda text: "共和" in text)
    check("pasted text is seen, its q and its line end are no keys", "共和" in pasted, pasted)
    tmux.keys("Escape")
    check("Escape keeps the run", tmux.settled(lambda text: text == started) == started,
          tmux.capture())


def case_garbage(place, tmux):
    """Bytes that are no keys change nothing, and q works after them."""
    del tmux
    garbage = {
        "old mouse report": b"\x1b[M #%",
        "new mouse report": b"\x1b[<0;10;20M\x1b[<0;10;20m",
        "a cut character": b"\xe4\xb8",
        "no UTF-8 at all": b"\xff\xfe\x80\x9b",
        "function keys": b"\x1bOP\x1b[15~\x1b[[A\x1b[1;2P",
        "answers to old questions": b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1bP1$r0m\x1b\\\x1b[?1;2c\x1b[5;1R",
        "focus": b"\x1b[I\x1b[O",
    }
    for name, data in garbage.items():
        run = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1"})
        run.frame()
        before = text_of(run.output)
        run.write(data)
        run.read(0.3)
        shown = text_of(run.output)[len(before):]
        check(f"{name}: no other picture", len(shown.strip()) < 60, shown)
        check(f"{name}: still running", not run.ended(), run.code)
        run.write(b"q")
        check(f"{name}: q ends", run.end(5) == 0, run.code)
        run.close()
    run = Pty(place, place.command())
    run.frame()
    run.write(b"\x1b[200~" + "中文 q\r".encode() * 100_000 + b"\x1b[201~")
    run.frame(20)
    check("a paste of 1 MB: still running", not run.ended(), run.code)
    run.write(b"\x1b")
    run.read(0.3)
    run.write(b"q")
    check("a paste of 1 MB: q ends", run.end() == 0, run.code)
    run.close()
    run = Pty(place, place.command())
    run.frame()
    run.write(b"\x1b[C\x1b[D" * 20_000)
    run.write(b"q")
    check("40,000 keys in a row, then q", run.end(30) == 0, run.code)
    run.close()


def case_split(place, tmux):
    """A sequence that arrives in pieces, and an Escape alone."""
    del tmux
    run = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1", "KVTUI_ESCDELAY": "2000"})
    run.frame()
    before = len(run.output)
    for byte in (b"\x1b", b"[", b"C"):
        run.write(byte)
        run.read(0.1)
    run.frame()
    shown = text_of(run.output[before:])
    check("a split arrow moves", shown.strip(), repr(run.output[before:]))
    run.write(b"q")
    check("and leaks no letter: q ends", run.end(5) == 0, run.code)
    run.close()


def case_width(place, tmux):
    """A terminal that draws · two columns wide gets ASCII decoration; nobody else does."""
    del tmux
    narrow = Pty(place, place.command())
    asked = narrow.until(lambda output: b"\x1b[6n" in output)
    check("the terminal is asked", asked, narrow.output[-300:])
    picture = narrow.output.find("中".encode())
    check("after the first picture", 0 < picture < narrow.output.find(b"\x1b[6n"))
    narrow.write(b"\x1b[24;2R")
    narrow.read(0.3)
    after = narrow.output[narrow.output.find(b"\x1b[6n"):]
    check("one column: nothing is drawn anew", b"\x1b[2J" not in after, after)
    narrow.write(b"q")
    check("one column: q ends", narrow.end(5) == 0, narrow.code)
    narrow.close()
    wide = Pty(place, place.command())
    wide.until(lambda output: b"\x1b[6n" in output)
    mark = len(wide.output)
    wide.write(b"\x1b[24;3R")
    wide.until(lambda output: b"\x1b[2J" in output[mark:])
    wide.frame()
    drawn = text_of(wide.output[mark:][wide.output[mark:].find(b"\x1b[2J"):])
    # Unicode's class A: one column in the west, two in such a terminal.
    bad = sorted({mark for mark in drawn if unicodedata.east_asian_width(mark) == "A"})
    check("two columns: drawn anew without such glyphs", "中" in drawn and not bad, f"{bad}\n{drawn}")
    wide.write(b"q")
    check("two columns: q ends", wide.end(5) == 0, wide.code)
    wide.close()
    silent = Pty(place, place.command(), {"KVTUI_NO_PROBE": "1"})
    silent.frame()
    check("KVTUI_NO_PROBE=1: not asked", b"\x1b[6n" not in silent.output)
    silent.close()
    late = Pty(place, place.command())
    late.until(lambda output: b"\x1b[6n" in output)
    late.write(b"q")
    late.read(0.05)
    late.write(b"\x1b[24;2R")
    check("an answer after q", late.end(5) == 0, late.code)
    late.close()


def case_modes(place, tmux):
    """Every mode that is set is reset."""
    del tmux
    for changes, used in (({}, True), ({"KVTUI_NO_SYNC": "1"}, False)):
        run = Pty(place, place.command(), changes)
        run.frame()
        begun = run.output.count(b"\x1b[?2026h")
        check(f"{changes or 'by default'}: synchronised output {'used' if used else 'not used'}",
              (begun > 0) == used, begun)
        run.write(b"q")
        run.end()
        check(f"{changes or 'by default'}: all modes reset", all(
            run.output.rfind(b"\x1b[?%dl" % mode) > run.output.rfind(b"\x1b[?%dh" % mode)
            for mode in (2004, 1049, 2026)), run.output[-200:])
        run.close()


def case_first_frame(place, tmux):
    """The first picture comes at once."""
    del tmux
    best = 9.0
    for _ in range(5):
        start = time.monotonic()
        run = Pty(place, place.command())
        if run.until(lambda output: "中".encode() in output):
            best = min(best, time.monotonic() - start)
        run.close()
    limit = 0.1 if "release" in os.path.realpath(place.binary) else 1.5
    check(f"first picture within {limit} s", best < limit, f"{best:.3f} s")


def write_zeros(folder, vocabulary):
    """A GPT-2 of one layer whose weights are zeros that take no room on the disk."""
    width, inner = 512, 32
    matrices = {"attn.c_attn": 3 * width, "attn.c_proj": width, "mlp.c_fc": inner}
    shapes = {"wte.weight": [vocabulary, width], "wpe.weight": [32, width], "h.0.mlp.c_proj.weight": [inner, width]}
    shapes.update({f"h.0.{name}.weight": [width, columns] for name, columns in matrices.items()})
    shapes.update({f"h.0.{name}.bias": [columns] for name, columns in {**matrices, "mlp.c_proj": width}.items()})
    shapes.update({f"{norm}.{part}": [width] for norm in ("h.0.ln_1", "h.0.ln_2", "ln_f") for part in ("weight", "bias")})
    header, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    config = {"model_type": "gpt2", "n_layer": 1, "n_head": 8, "n_embd": width, "n_inner": inner, "n_positions": 32,
              "vocab_size": vocabulary}
    tokenizer = {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
    for name, value in (("config.json", config), ("tokenizer.json", tokenizer)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(value, file)
    return folder


def bars(output):
    """The amounts that bars show, in order, and what follows the last bar's own end."""
    found = re.findall(rb"loading \[[#.]{30}\] (\d+)/(\d+) MB", output)
    return [(int(read), int(total)) for read, total in found], output.rsplit(b" MB\r", 1)[-1]


def check_bar(name, output, behind):
    """A bar that grows to its end and is gone before what comes behind it."""
    amounts, rest = bars(output)
    grows = amounts == sorted(amounts) and len(amounts) > 3 and amounts[0][0] == 0 and amounts[-1][0] == amounts[-1][1]
    check(f"{name}: a bar that grows to its end", grows, amounts)
    check(f"{name}: gone before anything else", rest.startswith(b" " * 58) and behind in rest, rest[:200])


def case_weights(place, tmux):
    """Large weights are read with a bar, which leaves nothing behind."""
    model = write_zeros(place.fresh(), 40_000)
    options = ["--model", model, "--lang", "en"]
    text = ["--text", "ab"]
    commands = {
        "run": (["run", *options, *text, "--json"], b'{"'), "export": (["export", *options, *text], b"kvtui"),
        "bench": (["bench", *options, "--prompt", "ab", "--runs", "1", "--tokens", "2"], b"kvtui"),
    }
    for name, (arguments, behind) in commands.items():
        run = Pty(place, [place.binary, *arguments])
        code = run.end()
        check(f"{name}: status 0", code == 0, f"{code}\n{run.output[-500:]}")
        check_bar(name, run.output, behind if name != "bench" else b"timing [")
        run.close()
    run = Pty(place, place.command(*options, *text))
    run.frame()
    check_bar("screen", run.output, b"\x1b[?1049h")
    run.close()
    wrapped = Wrapped(tmux, place.command(*options, *text))
    tmux.settled(lambda picture: "QK" in picture)
    tmux.keys("q")
    wrapped.check_end("screen", 0)
    check("screen: nothing is left of the bar", "loading" not in tmux.capture(), tmux.capture())
    done = subprocess.run(place.command(*options, *text, "--json"), capture_output=True, check=False,
                          timeout=DEADLINE, env=place.environment())
    check("no bar where there is no terminal", done.returncode == 0 and done.stderr == b"", done.stderr)
    run = Pty(place, place.command("--text", "中", "--json"))
    run.end()
    check("no bar for small weights", b"loading" not in run.output, run.output[:200])
    case_weights_interrupted(place)


def case_weights_interrupted(place):
    """Ctrl-C while weights are read ends the program by its signal, and takes the bar away."""
    larger = write_zeros(place.fresh(), 150_000)
    run = Pty(place, place.command("--model", larger, "--text", "ab", "--lang", "en"))
    run.until(lambda output: b"loading [" in output)
    run.write(b"\x03")
    code = run.end()
    run.read(0.1)
    check("Ctrl-C ends it by its signal", code == -signal.SIGINT, code)
    check("Ctrl-C takes the bar away", run.output.endswith(b" " * 58 + b"  \r"), run.output[-100:])
    check("Ctrl-C came before the screen", b"\x1b[?1049h" not in run.output, run.output[-300:])
    run.close()


CASES = [
    case_steps, case_sizes, case_storm, case_ends, case_gone, case_idle, case_stop, case_background,
    case_colour, case_term, case_locale, case_streams, case_input_method, case_keys, case_play,
    case_prompt, case_garbage, case_split, case_width, case_modes, case_first_frame,
    case_weights,
]


def run_case(case, place, tmux):
    print(f"# {case.__name__[5:]}: {case.__doc__}", flush=True)
    try:
        case(place, tmux)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        check(case.__name__, False, repr(error))


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        print("usage: terminal_tests.py PATH_TO_KVTUI [WORD]", file=sys.stderr)
        return 64
    if not shutil.which("tmux"):
        print("terminal_tests.py needs tmux", file=sys.stderr)
        return 69
    place = Place(sys.argv[1])
    tmux = Tmux(place)
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        for case in CASES:
            if word in case.__name__:
                run_case(case, place, tmux)
    finally:
        for socket in Tmux.sockets:
            subprocess.run(["tmux", "-L", socket, "kill-server"], stdin=subprocess.DEVNULL,
                           capture_output=True, timeout=10, env=place.environment(), check=False)
        place.remove()
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
