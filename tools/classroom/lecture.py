#!/usr/bin/env python3
"""Play a lecture to many phones and terminals that follow and vote, and measure what they see of it.

    python3 tools/classroom/lecture.py --followers 200 -- .build/release/classroom-driver 8080 X7H2
    python3 tools/classroom/lecture.py --followers 200 --presenter --terminals 40 -- .build/release/kvtui present --prompt 春天 --tokens 60

The command is run by this script: `classroom-driver` is told states through a pipe; with `--presenter` it is `kvtui present`, which
runs on a pseudo-terminal with a home of its own, serves and shares, and each step is a press of PgDn there. One state is one step: when it has come to all
followers, or after a while, the next follows. Times are from outside: from the state, or the key, until a follower has it
whole; of a presenter also from the key until the first byte of its frame. While a question is open every phone votes once a
round. It fails with `--check` where a state is lost or out of order, a vote is not counted, or a limit is passed. Needs Linux.
"""
import argparse
import json
import os
import fcntl
import pty
import re
import resource
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.parse

PAGE_DOWN = b"\x1b[6~"
END_OF_FRAME = b"\x1b[?2026l"


class Driver:
    """`classroom-driver`: states of a given size, a question every few steps."""

    def __init__(self, command, size):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid
        self.size = size
        self.sequence = 0
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.drawn = []
        self.share = None

    def question(self):
        """Every fifth step asks, the one after it asks again, the next tells."""
        place = self.sequence % 5
        if place > 2:
            return None
        phase = ("vote", "vote-again", "reveal")[place]
        question = {"id": f"q{self.sequence // 5}", "ask": "Which?", "options": ["one", "two", "three"], "phase": phase,
                    "answered": 0, "round": 1 if place == 0 else 2}
        return dict(question, counts=self.news()["counts"], answer=1) if phase == "reveal" else question

    def step(self):
        self.sequence += 1
        question = self.question()
        rows = "<div><i class=\"x0 n9 s0\">" + "x" * 60 + "</i></div>"
        html = "<div class=\"grid\" aria-hidden=\"true\">" + rows * (self.size // len(rows)) + "</div>"
        document = {"sequence": self.sequence, "language": "en", "sentence": f"Step {self.sequence}.", "question": question,
                    "canvas": {"columns": 80, "rows": 24, "html": html, "styles": [["#000000", "#ffffff", "#ffffff", "#000000", 0]]}}
        poll = ("-", "0", "-", "0") if question is None else (
            question["id"], str(question["round"]), "3", "1" if question["phase"].startswith("vote") else "0")
        line = "\t".join(("publish", str(self.sequence), *poll, json.dumps(document))) + "\n"
        started = time.monotonic()
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        return started

    def settle(self):
        self.process.stdout.readline()

    def news(self):
        self.process.stdin.write(b"news\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Terminal:
    """A presenter on a pseudo-terminal, which a key moves on; `keys` are pressed in turn."""

    def __init__(self, command, columns=120, rows=36, keys=(PAGE_DOWN,)):
        self.drawn = []
        self.keys, self.pressed = keys, 0
        self.output = b""
        self.started = None
        self.frame = threading.Event()
        self.home = tempfile.TemporaryDirectory(prefix="kvtui-lecture-")
        self.share = self.home.name + "/share"
        command = [*command, "--serve", "0", "--share", self.share]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", KVTUI_NO_PROBE="1", HOME=self.home.name,
                              XDG_RUNTIME_DIR=self.home.name, XDG_STATE_HOME=self.home.name)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)
        threading.Thread(target=self.read, daemon=True).start()
        if not self.frame.wait(60):
            raise OSError(f"no frame: {self.output[-500:]!r}")
        # It says where it is before its screen opens.
        self.url = re.search(rb"http://\S+", self.output)[0].decode()
        self.settle()

    def read(self):
        """Reads the screen as a terminal does, at once."""
        while True:
            try:
                data = os.read(self.terminal, 1 << 16)
            except OSError:
                return
            now = time.monotonic()
            if self.started is not None:
                self.drawn.append(now - self.started)
                self.started = None
            self.output = self.output[-100_000:] + data
            if END_OF_FRAME in self.output[-len(data) - 16:]:
                self.frame.set()

    def step(self):
        self.frame.clear()
        key = self.keys[self.pressed % len(self.keys)]
        self.pressed += 1
        self.started = started = time.monotonic()
        os.write(self.terminal, key)
        return started

    def settle(self):
        """Until its frame is there and nothing more comes."""
        self.frame.wait(5)
        before = -1
        while before != len(self.output):
            before = len(self.output)
            time.sleep(0.02)

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        self.home.cleanup()


class Reader:
    """One terminal that follows: it reads the shared socket, a document a line."""

    def __init__(self, path, number):
        self.device = f"terminal {number}"
        self.rest = []
        self.sequences = []
        self.document = None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.setblocking(False)

    def read(self):
        """Whether a state has come whole."""
        try:
            data = self.socket.recv(1 << 18)
        except BlockingIOError:
            return False
        if not data:
            raise OSError(f"{self.device} was dropped")
        self.rest.append(data)
        if b"\n" not in data:
            return False
        *lines, rest = b"".join(self.rest).split(b"\n")
        self.rest = [rest]
        for line in lines:
            self.document = line
            self.sequences.append(json.loads(line)["sequence"])
        return True


class Onlooker:
    """A terminal of `kvtui` itself that follows on a pseudo-terminal of its own."""

    def __init__(self, command, home):
        self.frames = 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", KVTUI_NO_PROBE="1", HOME=home, XDG_RUNTIME_DIR=home, XDG_STATE_HOME=home)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            os.execvp(command[0], command)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            try:
                self.frames += os.read(self.terminal, 1 << 16).count(END_OF_FRAME)
            except OSError:
                return

    def close(self):
        """Whether it was there until now."""
        is_there = os.waitpid(self.pid, os.WNOHANG) == (0, 0)
        if is_there:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        return is_there


class Follower:
    """One phone that follows."""

    def __init__(self, address, path, number):
        self.device = f"phone {number}"
        self.rest = b""
        self.sequences = []
        self.document = None
        self.is_head = True
        self.socket = socket.create_connection(address, timeout=20)
        self.socket.sendall(f"GET {path}/events HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n\r\n".encode())
        self.socket.setblocking(False)

    def read(self):
        """Whether a state has come whole."""
        try:
            data = self.socket.recv(1 << 16)
        except BlockingIOError:
            return False
        if not data:
            raise OSError(f"{self.device} was dropped: {self.rest[:200]!r}")
        self.rest += data
        if self.is_head and b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise OSError(f"{self.device}: {head[:100]!r}")
            self.is_head = False
        *events, self.rest = self.rest.split(b"\n\n")
        for event in events:
            fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
            if b"data" in fields:
                self.document = fields[b"data"]
                self.sequences.append(int(fields[b"id"]))
        return any(b"data: " in event for event in events)


class Class:
    """All phones and terminals, and what they saw."""

    def __init__(self, url, count, share=None, terminals=0):
        parts = urllib.parse.urlsplit(url)
        self.address, self.path = (parts.hostname, parts.port or 80), parts.path
        self.selector = selectors.DefaultSelector()
        self.followers = [Follower(self.address, self.path, number) for number in range(count)]
        self.terminals = [Reader(share, number) for number in range(terminals)]
        for follower in self.followers + self.terminals:
            self.selector.register(follower.socket, selectors.EVENT_READ, follower)
        self.times, self.terminal_times = [], []
        self.statuses = {}
        self.voted = 0
        self.voting = 0.0

    def wait(self, started, seconds=5):
        """Until everybody has got one more state; how many have not."""
        waiting = set(self.followers + self.terminals)
        deadline = time.monotonic() + seconds
        while waiting and time.monotonic() < deadline:
            for key, _ in self.selector.select(0.05):
                if key.data.read() and key.data in waiting:
                    waiting.discard(key.data)
                    if started is not None:
                        times = self.times if isinstance(key.data, Follower) else self.terminal_times
                        times.append(time.monotonic() - started)
        return len(waiting)

    def settle(self, seconds=0.05):
        """Until nothing has come for a while."""
        while ready := self.selector.select(seconds):
            for key, _ in ready:
                key.data.read()

    def answered(self, count, seconds=10):
        """How many voted, as everybody is told in the end; the smallest of what they were told."""
        deadline = time.monotonic() + seconds
        while True:
            told = [(json.loads(follower.document)["question"] or {}).get("answered", 0) for follower in self.followers + self.terminals]
            if min(told) >= count or time.monotonic() > deadline:
                return min(told)
            for key, _ in self.selector.select(0.3):
                key.data.read()

    def vote(self):
        """Every phone answers what is asked; how many votes were taken, None where nothing is open."""
        question = json.loads(self.followers[0].document).get("question")
        if not question or question["phase"] not in ("vote", "vote-again"):
            return None
        # A device votes once a second.
        time.sleep(max(0, self.voted + 1.1 - time.monotonic()))
        waiting = list(enumerate(self.followers))
        for _ in range(5):
            begun = time.monotonic()
            waiting = [(number, follower) for number, follower in waiting if self.answer(question, number, follower) == 429]
            self.voted = time.monotonic()
            self.voting += self.voted - begun
            if not waiting:
                break
            # As the page does where too many came at once.
            time.sleep(1.1)
        return len(self.followers) - len(waiting)

    def answer(self, question, number, follower):
        options = question["options"]
        vote = {"question": question["id"], "round": question["round"], "device": follower.device,
                "choice": number % len(options) if options else number % 7}
        status = self.post(json.dumps(vote))
        self.statuses[status] = self.statuses.get(status, 0) + 1
        return status

    def post(self, body):
        with socket.create_connection(self.address, timeout=20) as phone:
            phone.sendall((f"POST {self.path}/vote HTTP/1.1\r\nHost: {self.address[0]}:{self.address[1]}\r\nContent-Type: application/json\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
            answer = b""
            while data := phone.recv(4096):
                answer += data
        return int(answer.split(b" ", 2)[1]) if answer else 0


def memory(pid):
    """The most that a process had resident, in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def quantile(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000 if times else None


def milliseconds(times, name):
    return {f"{name}_p50_ms": quantile(times, 0.5), f"{name}_p99_ms": quantile(times, 0.99), f"{name}_longest_ms": quantile(times, 1)}


def play(presenter, options):
    lost, uncounted = 0, 0
    followers = options.followers
    phones = Class(presenter.url, followers, presenter.share, options.terminals)
    is_driven = isinstance(presenter, Driver)
    if is_driven:
        presenter.step()
        presenter.settle()
    missing = phones.wait(None, 20)
    if missing:
        raise OSError(f"{missing} have no first state")
    # kvtui of the same build: `follow` as a student has it, and the presenter's own `notes`.
    onlookers = [Onlooker([options.command[0], "follow", presenter.share], presenter.home.name) for _ in range(options.follow)]
    onlookers += [Onlooker([options.command[0], "notes"], presenter.home.name)] if options.follow else []
    for _ in range(options.steps):
        time.sleep(options.interval)
        phones.settle()
        started = presenter.step()
        missing = phones.wait(started)
        if missing:
            print(f"a state is missing: {missing}; the last was {phones.followers[0].document[:300]!r}", file=sys.stderr)
        lost += missing
        presenter.settle()
        taken = phones.vote()
        if taken is not None:
            uncounted += followers - taken
            counted = sum(presenter.news()["counts"][-1]) if is_driven else phones.answered(followers)
            uncounted += followers - counted
    phones.settle(0.5)
    frames = [onlooker.frames for onlooker in onlookers]
    gone = sum(not onlooker.close() for onlooker in onlookers)
    everybody = phones.followers + phones.terminals
    orders = [all(one < two for one, two in zip(seen.sequences, seen.sequences[1:])) for seen in everybody]
    ends = {seen.sequences[-1] for seen in everybody}
    votes = sum(phones.statuses.values())
    return {
        "followers": followers, "terminals": options.terminals, "steps": options.steps, "states": len(phones.times) + len(phones.terminal_times),
        "lost": lost + gone, "onlookers_frames": frames, "in_order": all(orders) and len(ends) == 1,
        **milliseconds(phones.times, "phones"), **(milliseconds(phones.terminal_times, "terminals") if options.terminals else {}),
        "votes": phones.statuses, "votes_uncounted": uncounted, "votes_per_second": votes / phones.voting if phones.voting else None,
        **milliseconds(presenter.drawn, "key"), "memory_mb": memory(presenter.pid),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--terminals", type=int, default=0, help="how many read the shared socket, with --presenter")
    parser.add_argument("--steps", type=int, default=45)
    parser.add_argument("--interval", type=float, default=0.2, help="seconds between two steps")
    parser.add_argument("--bytes", type=int, default=40_000, help="of a state's picture, where classroom-driver shows it")
    parser.add_argument("--follow", type=int, default=0, help="how many kvtui follow run besides, and one kvtui notes")
    parser.add_argument("--presenter", action="store_true", help="the command is kvtui present")
    parser.add_argument("--check", action="store_true", help="fail where a state or a vote is lost, p99 is too long, or memory 150 MB")
    parser.add_argument("--p99", type=float, default=100, help="milliseconds of which p99 stays below, with --check")
    parser.add_argument("--key", type=float, help="milliseconds of which the p99 of the presenter's own keys stays below, with --check")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limits[1], max(limits[0], options.followers + options.terminals + 256)), limits[1]))
    presenter = Terminal(options.command) if options.presenter else Driver(options.command, options.bytes)
    try:
        result = play(presenter, options)
    finally:
        presenter.close()
    print(json.dumps({name: round(value, 1) if isinstance(value, float) else value for name, value in result.items()}, indent=1))
    sound = not result["lost"] and result["in_order"] and not result["votes_uncounted"]
    late = max(result["phones_p99_ms"], result.get("terminals_p99_ms", 0))
    slow = options.key and result["key_p99_ms"] and result["key_p99_ms"] >= options.key
    if options.check and not (sound and late < options.p99 and not slow and result["memory_mb"] < 150):
        sys.exit(1)


if __name__ == "__main__":
    main()
