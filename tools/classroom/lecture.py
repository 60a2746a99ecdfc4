#!/usr/bin/env python3
"""Play a lecture to many phones that follow and vote, and measure what they see of it.

    python3 tools/classroom/lecture.py --followers 200 -- .build/release/classroom-driver 8080 X7H2
    python3 tools/classroom/lecture.py --followers 200 --url http://127.0.0.1:8080/j/X7H2 \\
        -- .build/release/kvtui present … --serve 8080 --code X7H2

The command is run by this script: `classroom-driver` is told states through a pipe; anything else runs on a pseudo-terminal,
and each step is a press of PgDn there. One state is one step: when it has come to all followers, or after a while, the next
follows. Times are from outside: from the state, or the key, until a follower has the whole event. While a question is open
every follower votes once a round. It fails with `--check` where a state is lost or out of order, a vote is not counted, or a
limit is passed. Needs Linux for the memory.
"""
import argparse
import json
import os
import pty
import fcntl
import resource
import select
import selectors
import signal
import socket
import statistics
import struct
import subprocess
import sys
import termios
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
    """A presenter on a pseudo-terminal, which a key moves on."""

    def __init__(self, command, url, columns=120, rows=36):
        self.url = url
        self.drawn = []
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", KVTUI_NO_PROBE="1")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)
        self.wait_for_frame(20)

    def wait_for_frame(self, seconds):
        deadline, seen = time.monotonic() + seconds, b""
        while time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.05)[0]:
                seen = seen[-16:] + os.read(self.terminal, 1 << 16)
                if END_OF_FRAME in seen:
                    return time.monotonic()
        return None

    def step(self):
        self.started = time.monotonic()
        os.write(self.terminal, PAGE_DOWN)
        return self.started

    def settle(self):
        drawn = self.wait_for_frame(5)
        if drawn:
            self.drawn.append(drawn - self.started)
        while select.select([self.terminal], [], [], 0)[0]:
            os.read(self.terminal, 1 << 16)

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)


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
    """All phones, and what they saw."""

    def __init__(self, url, count):
        parts = urllib.parse.urlsplit(url)
        self.address, self.path = (parts.hostname, parts.port or 80), parts.path
        self.selector = selectors.DefaultSelector()
        self.followers = [Follower(self.address, self.path, number) for number in range(count)]
        for follower in self.followers:
            self.selector.register(follower.socket, selectors.EVENT_READ, follower)
        self.times = []
        self.statuses = {}
        self.voted = 0
        self.voting = 0.0

    def wait(self, started, seconds=5):
        """Until everybody has got one more state; how many have not."""
        waiting = set(self.followers)
        deadline = time.monotonic() + seconds
        while waiting and time.monotonic() < deadline:
            for key, _ in self.selector.select(0.05):
                if key.data.read() and key.data in waiting:
                    waiting.discard(key.data)
                    if started is not None:
                        self.times.append(time.monotonic() - started)
        return len(waiting)

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


def play(presenter, followers, steps, interval):
    lost, uncounted = 0, 0
    phones = Class(presenter.url, followers)
    if isinstance(presenter, Driver):
        presenter.step()
        presenter.settle()
    missing = phones.wait(None, 20)
    if missing:
        raise OSError(f"{missing} phones have no first state")
    for _ in range(steps):
        time.sleep(interval)
        started = presenter.step()
        lost += phones.wait(started)
        presenter.settle()
        taken = phones.vote()
        if taken is not None:
            uncounted += followers - taken
            if isinstance(presenter, Driver):
                uncounted += followers - sum(presenter.news()["counts"][-1])
    orders = [all(one < two for one, two in zip(phone.sequences, phone.sequences[1:])) for phone in phones.followers]
    ends = {phone.sequences[-1] for phone in phones.followers}
    votes = sum(phones.statuses.values())
    return {
        "followers": followers, "steps": steps, "states": len(phones.times), "lost": lost, "in_order": all(orders) and len(ends) == 1,
        "p50_ms": quantile(phones.times, 0.5), "p99_ms": quantile(phones.times, 0.99), "longest_ms": quantile(phones.times, 1),
        "votes": phones.statuses, "votes_uncounted": uncounted, "votes_per_second": votes / phones.voting if phones.voting else None,
        "key_ms": statistics.median(presenter.drawn) * 1000 if presenter.drawn else None, "memory_mb": memory(presenter.pid),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--steps", type=int, default=45)
    parser.add_argument("--interval", type=float, default=0.2, help="seconds between two steps")
    parser.add_argument("--bytes", type=int, default=40_000, help="of a state's picture, where classroom-driver shows it")
    parser.add_argument("--url", help="the page, where another program than classroom-driver serves it")
    parser.add_argument("--check", action="store_true", help="fail where a state or a vote is lost, p99 is too long, or memory 150 MB")
    parser.add_argument("--p99", type=float, default=100, help="milliseconds of which p99 stays below, with --check")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limits[1], max(limits[0], options.followers + 256)), limits[1]))
    presenter = Terminal(options.command, options.url) if options.url else Driver(options.command, options.bytes)
    try:
        result = play(presenter, options.followers, options.steps, options.interval)
    finally:
        presenter.close()
    print(json.dumps({name: round(value, 1) if isinstance(value, float) else value for name, value in result.items()}, indent=1))
    sound = not result["lost"] and result["in_order"] and not result["votes_uncounted"]
    if options.check and not (sound and result["p99_ms"] < options.p99 and result["memory_mb"] < 150):
        sys.exit(1)


if __name__ == "__main__":
    main()
