#!/usr/bin/env python3
"""Play a lecture to a few phones while others are hostile, and see that nobody feels it.

    python3 tools/classroom/hostile.py -- .build/release/classroom-driver 0 X7H2
    python3 tools/classroom/hostile.py --presenter -- .build/release/kvtui present --prompt 春天

The commands are as those of lecture.py; a presenter goes to and fro between two steps. Each attack goes on while states are shown: all of them arrive at the phones that
were there before, and at one that comes after. It fails where a state is lost, where an attack gets another answer than it
deserves, or where descriptors or memory are not given back. Needs Linux.
"""
import argparse
import json
import os
import random
import resource
import socket
import struct
import sys
import threading
import time

from lecture import PAGE_DOWN, Class, Driver, Follower, Terminal, memory

PAGE_UP = b"\x1b[5~"
# What an attack says and no presenter's screen may.
WORDS = (b"evil", b"flood", b"xxxxxxxx")


class Attack:
    """What somebody does who is no phone; `statuses` are the answers that it may get, 0 none at all."""

    def __init__(self, name, statuses, body):
        self.name, self.statuses, self.body = name, statuses, body
        self.got = {}

    def note(self, status):
        self.got[status] = self.got.get(status, 0) + 1


class Site:
    """Where the server is, and how somebody speaks to it who may be rude."""

    def __init__(self, url):
        rest = url.removeprefix("http://")
        host, self.path = rest.split("/", 1)
        self.host, self.path = host, "/" + self.path
        name, _, port = host.partition(":")
        self.address = (name, int(port or 80))

    def connect(self, timeout=20):
        return socket.create_connection(self.address, timeout=timeout)

    def head(self, method="GET", path=None, host=None, *fields):
        lines = [f"{method} {self.path if path is None else path} HTTP/1.1", f"Host: {host or self.host}", *fields]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def status(self, data, end=False):
        with self.connect() as peer:
            try:
                peer.sendall(data)
                if end:
                    peer.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return self.read(peer)

    @staticmethod
    def read(peer):
        answer = b""
        try:
            while len(answer) < 64 and (data := peer.recv(4096)):
                answer += data
        except OSError:
            pass
        words = answer.split(b" ", 2)
        return int(words[1]) if len(words) > 2 and words[1].isdigit() else 0

    def vote(self, body, *fields):
        return self.head("POST", self.path + "/vote", None, "Content-Type: application/json", f"Content-Length: {len(body)}", *fields) + body


def attacks(site):
    """All attacks; each goes on until it is done, a few seconds."""

    def repeat(count, *requests, end=False):
        return lambda attack: [attack.note(site.status(request, end)) for _ in range(count) for request in requests]

    def large(attack):
        for _ in range(5):
            with site.connect() as peer:
                try:
                    peer.sendall(site.head("POST", site.path + "/vote", None, "Content-Type: application/json", "Content-Length: 10485760"))
                    for _ in range(160):
                        peer.sendall(b"x" * 65536)
                except OSError:
                    pass
                attack.note(site.read(peer))

    def slow(attack):
        peers = [site.connect() for _ in range(50)]
        deadline = time.monotonic() + 14
        while time.monotonic() < deadline:
            for peer in peers:
                try:
                    peer.sendall(b"GET /"[:1] if random.random() < 0.5 else b"x")
                except OSError:
                    pass
            time.sleep(0.5)
        for peer in peers:
            attack.note(site.read(peer))
            peer.close()

    def crowd(attack):
        peers = []
        for _ in range(2000):
            try:
                peers.append(site.connect(5))
            except OSError:
                attack.note(0)
        time.sleep(2)
        for peer in peers:
            peer.settimeout(12)
            attack.note(site.read(peer))
            peer.close()

    def garbage(attack):
        for _ in range(300):
            attack.note(site.status(os.urandom(random.randrange(1, 3000)), True))

    def asleep(attack):
        """Phones that follow and read nothing."""
        peers = []
        for _ in range(30):
            peer = socket.socket()
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.connect(site.address)
            peer.sendall(site.head("GET", site.path + "/events"))
            peers.append(peer)
        time.sleep(4)
        for peer in peers:
            peer.settimeout(1)
            attack.note(site.read(peer))
            peer.close()

    def resets(attack):
        """Phones that come and go, with and without a word."""
        for number in range(500):
            with site.connect() as peer:
                peer.sendall(site.head("GET", site.path + ("/events" if number % 2 else "/state"))[: number % 90])
                if number % 3 == 0:
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        attack.note(0)

    def flood(attack):
        for number in range(1500):
            vote = {"question": "q0", "round": 1, "choice": number, "device": f"flood {number}"}
            attack.note(site.status(site.vote(json.dumps(vote).encode())))

    return [
        Attack("another host", {421}, repeat(50, site.head(host="evil.example"), site.head("GET", site.path + "/events", "evil.example:80"))),
        Attack("another origin", {403}, repeat(50, site.head("GET", None, None, "Origin: http://evil.example"), site.vote(b"{}", "Origin: null"))),
        Attack("wrong codes", {404}, repeat(12, site.head("GET", "/j/2222/state"))),
        Attack("wrong methods", {405}, repeat(50, site.head("DELETE"), site.head("PUT"), site.head("BREW"))),
        Attack("wrong types", {415}, repeat(50, site.vote(b"{}").replace(b"application/json", b"text/plain"))),
        Attack("no JSON", {400}, repeat(50, site.vote(b"{"), site.vote(b"[" * 1000), site.vote(b"\xff\xfe"))),
        Attack("large bodies", {413}, large),
        Attack("large heads", {431}, repeat(20, site.head("GET", None, None, "X: " + "x" * 100_000))),
        Attack("half-closed", {0, 200, 400}, repeat(50, site.head()[:30], site.head(), b"", end=True)),
        Attack("garbage", {0, 400, 431}, garbage),
        Attack("slow heads", {0, 400, 408}, slow),
        Attack("two thousand", {0, 503}, crowd),
        Attack("asleep", {0, 200}, asleep),
        Attack("resets", {0}, resets),
        Attack("votes without end", {204, 400, 409, 429}, flood),
    ]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def suffer(presenter, phones, site, attack):
    """One attack while the lecture goes on; what was wrong with it."""
    thread = threading.Thread(target=attack.body, args=(attack,))
    thread.start()
    lost = shown = 0
    presenter.output = b""
    while thread.is_alive() or shown < 3:
        phones.settle(0.02)
        lost += phones.wait(presenter.step(), 10)
        presenter.settle()
        shown += 1
        time.sleep(0.1)
    thread.join()
    late = Follower(site.address, site.path, "late")
    late.socket.setblocking(True)
    while not late.sequences:
        late.read()
    late.socket.close()
    wrong = []
    if lost:
        wrong.append(f"{lost} of {shown} states lost")
    if set(attack.got) - attack.statuses:
        wrong.append(f"statuses {attack.got}, of which only {sorted(attack.statuses)} are deserved")
    wrong += [f"{word} on the screen" for word in WORDS if word in presenter.output]
    phones.settle()
    if late.sequences[-1] != phones.followers[0].sequences[-1]:
        wrong.append("who comes late sees something else")
    print(f"{attack.name:20} {shown:4} states, answers {attack.got}{''.join('; WRONG: ' + flaw for flaw in wrong)}", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--followers", type=int, default=10)
    parser.add_argument("--presenter", action="store_true", help="the command is kvtui present")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    presenter = Terminal(options.command, keys=(PAGE_DOWN, PAGE_UP)) if options.presenter else Driver(options.command, 20_000)
    wrong = []
    try:
        phones = Class(presenter.url, options.followers)
        site = Site(presenter.url)
        presenter.step()
        presenter.settle()
        phones.wait(None)
        before = descriptors(presenter.pid)
        for attack in attacks(site):
            wrong += suffer(presenter, phones, site, attack)
        deadline = time.monotonic() + 40
        while descriptors(presenter.pid) > before and time.monotonic() < deadline:
            time.sleep(0.5)
        after, most = descriptors(presenter.pid), memory(presenter.pid)
        print(f"descriptors {before} before, {after} after; {most:.0f} MB at most")
        wrong += ["descriptors are lost"] * (after > before) + ["memory"] * (most >= 150)
    finally:
        presenter.close()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
