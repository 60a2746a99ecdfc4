#!/usr/bin/env python3
"""Measure the real program on a pseudo-terminal: first frame, a key's frame, memory.

    python3 tools/bench/screen.py .build/release/kvtui [SCREEN…]

A frame ends with the sequence that ends a synchronised update (DEC mode 2026). Times are wall clock from outside: from the
fork to the end of the first frame, and from a key's byte to the end of its frame. Medians are what to quote. The keys of a
screen are pressed in several passes: each key counts with the median of its passes, so that what happens once, and to another
key each time, is told from a frame that is slow.
"""
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

PASSES = 3
END_OF_FRAME = b"\x1b[?2026l"
SENTENCE = "中华人民共和国成立于1949年10月1日，首都是北京。"


class Program:
    """kvtui on a pseudo-terminal of a given size."""

    def __init__(self, command: list[str], columns: int, rows: int) -> None:
        self.started = time.monotonic()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", KVTUI_NO_PROBE="1")
            # The size must be there before the program asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execv(command[0], command)
        self.unread = b""

    def read(self, seconds: float) -> bytes:
        """What comes within some seconds, or nothing."""
        ready = select.select([self.terminal], [], [], seconds)[0]
        return os.read(self.terminal, 1 << 16) if ready else b""

    def frame(self, seconds: float = 10, least: int = 0) -> float:
        """Wait for the end of a frame of at least so many bytes; the time at which it came."""
        deadline = time.monotonic() + seconds
        while True:
            while END_OF_FRAME in self.unread:
                frame, self.unread = self.unread.split(END_OF_FRAME, 1)
                if len(frame) >= least:
                    return time.monotonic()
            if time.monotonic() > deadline:
                raise TimeoutError("no frame came")
            self.unread += self.read(0.5)

    def drain(self, quiet: float) -> None:
        """Read until nothing comes for `quiet` seconds."""
        while self.read(quiet):
            pass
        self.unread = b""

    def press(self, keys: bytes, least: int = 0) -> float:
        """Milliseconds from the key to its frame, which has at least so many bytes."""
        # What came since the last frame is not this key's.
        while self.read(0):
            pass
        self.unread = b""
        pressed = time.monotonic()
        os.write(self.terminal, keys)
        return (self.frame(least=least) - pressed) * 1000

    def memory(self) -> float:
        """Peak resident memory in MiB (Linux)."""
        with open(f"/proc/{self.process}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def close(self) -> None:
        """End the program."""
        os.kill(self.process, signal.SIGTERM)
        os.waitpid(self.process, 0)
        os.close(self.terminal)


def text_of(tokens: int) -> str:
    """A text of so many tokens: each character is one, of tiny-zh's tokenizer."""
    return (SENTENCE * (tokens // len(SENTENCE) + 1))[:tokens]


def report(name: str, times: list[float]) -> None:
    """One line of figures."""
    ordered = sorted(times)
    print(f"{name}: median {statistics.median(ordered):.1f} ms, max {ordered[-1]:.1f} ms ({len(ordered)})")


def report_passes(name: str, passes: list[list[float]]) -> None:
    """One line of figures: each key's median of all passes, and the largest of single frames."""
    keys = sorted(statistics.median(times) for times in zip(*passes))
    largest = max(map(max, passes))
    print(
        f"{name}: median {statistics.median(keys):.1f} ms, slowest key {keys[-1]:.1f} ms"
        f" ({len(keys)} keys, {len(passes)} passes; largest single frame {largest:.1f} ms)"
    )


def first_frames(binary: str, columns: int, rows: int) -> None:
    """Time the first frame of several starts."""
    times = []
    for _ in range(12):
        program = Program([binary, "run"], columns, rows)
        times.append((program.frame() - program.started) * 1000)
        program.close()
    report(f"first frame at {columns} x {rows}", times[2:])


def key_frames(binary: str, tokens: int, columns: int, rows: int, model: str = "tiny-zh", quiet: float = 2) -> None:
    """Time the frames of keys in a run of `tokens` tokens, once it is computed: when nothing is drawn for `quiet` seconds."""
    program = Program([binary, "run", "--model", model, "--text", text_of(tokens)], columns, rows)
    program.frame()
    os.write(program.terminal, b"$")
    program.drain(quiet)
    # Each of these changes the picture; a key that changes nothing has no frame.
    steps = min(30, tokens - 1)
    other = [b"]", b"}", b"i", b"k", b"k", b"\x1b[D", b"i", b"o", b"o", b"f", b"f", b"f", b"t", b"t", b"t"]
    # The head and the layer before the next pass asks for those behind: the last ones have none.
    keys = other + [b"h"] * steps + [b"l"] * steps + [b"[", b"{"]
    passes = [[program.press(key) for key in keys] for _ in range(PASSES)]
    report_passes(f"run of {tokens} tokens at {columns} x {rows}", passes)
    print(f"  peak memory {program.memory():.0f} MiB")
    program.close()


LEFT, RIGHT, UP, DOWN = b"\x1b[D", b"\x1b[C", b"\x1b[A", b"\x1b[B"

# Every screen of the menu: its command, keys that bring it to what is measured, and keys of which each changes the picture.
SCREENS = {
    "menu": (["lesson"], [], [DOWN] * 24 + [UP] * 24),
    "memory planner": (["memory"], [], [UP, DOWN] * 8 + [b"n", b"k", b"b", b"e", b"e"]),
    "conversation": (["chat"], [b"\r"] * 4, [UP, UP, DOWN, DOWN] * 6 + [b"\t", b"\t"]),
    "growth": (["growth"], [], [LEFT, RIGHT] * 8 + [b"g", b"y", b"f", b"f", b"f", b"f", b"y", b"g"]),
    "prefill and decode": (["phases"], [], [RIGHT, RIGHT, LEFT, LEFT] * 4 + [DOWN, UP, b"m", b"g", b"h"]),
    "cache policies": (["lab"], [], [LEFT] * 12 + [RIGHT] * 12 + [b"]", b"}", b"i", LEFT, b"i"]),
    "server": (["lab", "--requests", "REQUESTS"], [], [LEFT] * 8 + [RIGHT] * 8 + [DOWN, UP, b"i", RIGHT, b"i"]),
    "speculative": (["lab", "--policy", "speculative:4"], [], [RIGHT] * 4 + [LEFT] * 4 + [b"]", b"}"]),
    "forms of attention": (["attention"], [], [LEFT] * 12 + [RIGHT] * 12 + [b"\t"] * 4),
    "broken caches": (["fault"], [], [LEFT] * 8 + [RIGHT] * 8 + [b"i", UP, LEFT, b"i"]),
}
REQUESTS = [("中华人民共和国", 12, 1), ("世界最高峰是", 12, 3), ("中华人民共和国成立于", 8, 5)]


def screen_frames(binary: str, names: list[str], columns: int, rows: int) -> None:
    """Time the frames of keys on every screen of the menu, once it has what it shows."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as requests:
        for prompt, tokens, arrives in REQUESTS:
            line = {"prompt": prompt, "tokens": tokens, "arrives": arrives}
            requests.write(json.dumps(line, ensure_ascii=False) + "\n")
        requests.flush()
        for name in names:
            command, before, keys = SCREENS[name]
            command = [requests.name if part == "REQUESTS" else part for part in command]
            program = Program([binary, *command], columns, rows)
            program.frame()
            program.drain(quiet=3)
            for key in before:
                os.write(program.terminal, key)
                program.drain(quiet=2)
            passes = []
            for _ in range(PASSES):
                times = []
                for key in keys:
                    times.append(program.press(key))
                    program.drain(quiet=0.1)
                passes.append(times)
            report_passes(f"{name} at {columns} x {rows}", passes)
            program.close()


def main() -> None:
    """Print all figures."""
    binary = os.path.abspath(sys.argv[1])
    if names := sys.argv[2:]:
        screen_frames(binary, names, 200, 60)
        return
    for columns, rows in [(80, 24), (200, 60)]:
        first_frames(binary, columns, rows)
    for tokens in [16, 500]:
        key_frames(binary, tokens, 200, 60)
    screen_frames(binary, list(SCREENS), 200, 60)


if __name__ == "__main__":
    main()
