#!/usr/bin/env python3
"""Measure the real program on a pseudo-terminal with a folder of 1 GB: opening, keys while it computes, leaving, memory.

    python3 tools/bench/folder.py .build/release/kvtui [SHAPE…]

The folder has random bf16 weights (tools/peers/folders.py writes it, once, into .build/peers; without a SHAPE it is
Qwen2.5-0.5B's, 0.99 GB). Last comes a tiny shape whose run has 4,096 steps. Times are wall clock from outside, as in
screen.py. Goals are printed beside the figures; only a terminal that is not given back makes this fail.
"""
import ctypes
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import termios
import time

import screen

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "peers"))
import folders  # noqa: E402
import page_cache  # noqa: E402
import shapes  # noqa: E402

FOLDER = ROOT / ".build" / "peers"
SIZE = (200, 60)
PROMPT = 1000
STARTS = 4
KEYS = 24
MOMENTS = 12
STEPS = 4096
QUIET = 5
PATIENCE = 300
# The title that stands there once the weights are read; progress is drawn ten times a second.
ALL_READ = b"Computing step 1"
# Few enough tokens that their step is shown before the weights are packed, and what stands on the screen with it.
SHORT, FIRST_STEP = 8, b"QK"
# Progress is drawn in frames of less than 300 bytes; help, which comes and goes with `?`, takes thousands.
LARGE_FRAME = 1000
HELP = b"?"
SHOWN_CURSOR, LEFT_SCREEN, TOOK_SCREEN = (b"\x1b[?25h", b"\x1b[?12l\x1b[?25h"), b"\x1b[?1049l", b"\x1b[?1049h"


class WatchedProgram(screen.Program):
    """A program whose terminal is looked at when it has gone."""

    def __init__(self, command: list[str]) -> None:
        self.output = b""
        super().__init__(command, *SIZE)
        # Held open here too, so that the terminal stays when the program goes.
        libc = ctypes.CDLL(None)
        libc.ptsname.restype = ctypes.c_char_p
        self.other_end = os.open(libc.ptsname(self.terminal), os.O_RDWR | os.O_NOCTTY)

    def read(self, seconds: float) -> bytes:
        """What comes, which is kept."""
        data = super().read(seconds)
        self.output += data
        return data

    def until_shown(self, words: bytes) -> float:
        """Read until some words have been drawn; the time at which they came."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.output:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words!r} did not come")
            self.read(0.5)
        return time.monotonic()

    def modes(self) -> list:
        """How the terminal treats what is typed: echo among it."""
        return termios.tcgetattr(self.other_end)[:4]

    def until_gone(self) -> int:
        """Read until the program has gone; its status, negative for a signal."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self.read(0)
                return os.waitstatus_to_exitcode(status)
            self.read(0.001)
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        raise TimeoutError("it does not leave")

    def release(self) -> None:
        """Close the terminal of a program that has gone."""
        os.close(self.other_end)
        os.close(self.terminal)

    def close(self) -> None:
        """End the program."""
        os.close(self.other_end)
        super().close()


def terminal_faults(output: bytes, modes: list, before: list) -> list[str]:
    """What the terminal was not given back of."""
    faults = []
    if output.rfind(TOOK_SCREEN) > output.rfind(LEFT_SCREEN):
        faults.append("the alternate screen was not left")
    if output.rfind(b"\x1b[?25l") > max(output.rfind(shown) for shown in SHOWN_CURSOR):
        faults.append("the cursor is hidden")
    if modes != before:
        faults.append("the terminal's modes differ" + ("" if modes[3] & termios.ECHO else ": no echo"))
    return faults


def command(binary: str, folder: pathlib.Path, *options: str, prompt: int = PROMPT) -> list[str]:
    """A run with a prompt of so many tokens."""
    return [
        binary, "run", "--model", str(folder), "--prompt", screen.text_of(prompt), "--tokens", "4", "--lang", "en", *options
    ]


def opening(binary: str, folder: pathlib.Path) -> dict[str, float]:
    """Time the first frame, and the one that says that the weights are read, as stored and as int8, of weights that are in
    memory and that are not; the medians of reading from memory, in seconds."""
    weights, medians = folder / "model.safetensors", {}
    for dtype, goal in (("bf16", 0.6), ("int8", 1.5)):
        for where, prepare in (("from memory", page_cache.fetch), ("from the disk", page_cache.drop)):
            frames, readings = [], []
            for _ in range(STARTS):
                prepare(weights)
                program = WatchedProgram(command(binary, folder, "--dtype", dtype))
                frames.append(program.frame(PATIENCE) - program.started)
                readings.append(program.until_shown(ALL_READ) - program.started)
                program.close()
            if where == "from memory":
                medians[dtype] = statistics.median(readings)
            for name, times in ((f"first frame (goal: under {goal} s)", frames), ("weights read", readings)):
                print(f"{name}, {dtype}, {where}: median {statistics.median(times):.2f} s, max {max(times):.2f} s", flush=True)
    return medians


def first_steps(binary: str, folder: pathlib.Path) -> None:
    """Time the frame of a short prompt's first step."""
    for dtype in ("bf16", "int8"):
        for where, prepare in (("from memory", page_cache.fetch), ("from the disk", page_cache.drop)):
            times = []
            for _ in range(STARTS):
                prepare(folder / "model.safetensors")
                program = WatchedProgram(command(binary, folder, "--dtype", dtype, prompt=SHORT))
                times.append(program.until_shown(FIRST_STEP) - program.started)
                program.close()
            median = statistics.median(times)
            print(f"first step of {SHORT} tokens, {dtype}, {where}: median {median:.2f} s, max {max(times):.2f} s", flush=True)


def keys_while_opening(binary: str, folder: pathlib.Path, read: float) -> None:
    """Time a key at a random moment while the weights are read, in a start of its own each."""
    chance, times = random.Random(22), []
    for _ in range(MOMENTS):
        page_cache.fetch(folder / "model.safetensors")
        program = screen.Program(command(binary, folder), *SIZE)
        first = program.frame(PATIENCE) - program.started
        time.sleep(chance.uniform(0, max(0.0, 0.8 * read - first)))
        times.append(program.press(HELP, LARGE_FRAME))
        program.close()
    screen.report("a key while the weights are read (goal: under 10 ms)", times)


def wait_for_large_frame(program: screen.Program, seconds: float) -> bool:
    """Whether one comes that nobody asked for: what was computed is there."""
    try:
        program.frame(seconds, LARGE_FRAME)
    except TimeoutError:
        return False
    return True


def keys_while_computing(binary: str, folder: pathlib.Path) -> None:
    """Time keys at random moments of the first step's prefill, in which both runs read the whole prompt."""
    chance = random.Random(22)
    program = WatchedProgram(command(binary, folder))
    program.until_shown(ALL_READ)
    times, is_done = [], False
    for _ in range(KEYS):
        # A frame while help is away is of the run itself: then nothing is computed any more.
        is_done = wait_for_large_frame(program, chance.uniform(0.05, 0.5))
        if is_done:
            break
        times.append(program.press(HELP, LARGE_FRAME))
    if len(times) % 2 and not is_done:
        times.append(program.press(HELP, LARGE_FRAME))
    if times:
        screen.report(f"a key while a prefill of {PROMPT} tokens runs (goal: under 10 ms)", times)
    else:
        print(f"the prefill of {PROMPT} tokens was over before a key could be pressed")
    program.close()


def peak_memory(binary: str, folder: pathlib.Path, dtype: str) -> None:
    """Memory once the first step is there, beside the weights' file and what `kvtui memory` plans of K and V."""
    program = screen.Program(command(binary, folder, "--dtype", dtype), *SIZE)
    program.frame(PATIENCE)
    wait_for_large_frame(program, PATIENCE)
    peak, file = program.memory(), (folder / "model.safetensors").stat().st_size / (1 << 20)
    program.close()
    asked = [binary, "memory", "--model", folder, "--context", str(PROMPT), "--dtype", "fp32", "--json"]
    plan = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout.splitlines()[0])
    cache = plan["cache_bytes"] / (1 << 20)
    print(
        f"peak memory after a prefill of {PROMPT} tokens, {dtype}: {peak:.0f} MiB; the weights' file has {file:.0f} MiB,"
        f" and `kvtui memory` plans {cache:.0f} MiB for K and V in f32 (two runs, and the record of what they computed, each have as much)",
        flush=True,
    )


def leaving(binary: str, folder: pathlib.Path, read: float) -> int:
    """Leave at random moments, half of them while the weights are read; how many terminals were not given back."""
    chance, failures = random.Random(22), 0
    for name, key in (("q", b"q"), ("Ctrl-C", b"\x03")):
        for part, begin, end in (("while it opens", 0.0, read), ("while the prefill runs", read, read + 3)):
            times, codes = [], set()
            for _ in range(MOMENTS):
                moment = chance.uniform(begin, end)
                seconds, code, faults = left_after(command(binary, folder), key, moment)
                times.append(seconds)
                codes.add(code)
                for fault in faults:
                    failures += 1
                    print(f"FAULT: {name} after {moment:.2f} s: {fault}")
            screen.report(f"{name} {part}, until the program has gone (status {', '.join(map(str, sorted(codes)))})", times)
            sys.stdout.flush()
    print(f"terminals given back (cursor, screen, modes): {4 * MOMENTS - failures} of {4 * MOMENTS}")
    return failures


def left_after(words: list[str], key: bytes, moment: float) -> tuple[float, int, list[str]]:
    """Milliseconds that leaving took, the status, and what is wrong with the terminal."""
    program = WatchedProgram(words)
    before = program.modes()
    while (rest := program.started + moment - time.monotonic()) > 0:
        program.read(rest)
    pressed = time.monotonic()
    os.write(program.terminal, key)
    code = program.until_gone()
    seconds = time.monotonic() - pressed
    faults = terminal_faults(program.output, program.modes(), before)
    program.release()
    return seconds * 1000, code, faults


def many_steps(binary: str) -> None:
    """Keys at the end of a run of 4,096 steps, all of which are there."""
    folder = folders.folder_of(shapes.TINY_LONG, FOLDER)
    print(f"{STEPS:,} steps, a tiny shape (goal: a key under 10 ms)")
    screen.key_frames(binary, STEPS, *SIZE, str(folder), QUIET)


def measure(binary: str, shape: shapes.Shape) -> int:
    """Everything of a shape's folder; how many terminals were not given back."""
    folder = folders.folder_of(shape, FOLDER)
    print(f"{shape.title}, random bf16 weights of {(folder / 'model.safetensors').stat().st_size / 1e9:.2f} GB")
    medians = opening(binary, folder)
    first_steps(binary, folder)
    keys_while_opening(binary, folder, medians["bf16"])
    keys_while_computing(binary, folder)
    for dtype in medians:
        peak_memory(binary, folder, dtype)
    return leaving(binary, folder, medians["bf16"])


def main() -> int:
    """Print all figures."""
    binary = os.path.abspath(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [folders.named(name) for name in sys.argv[2:]] or [shapes.QWEN25]
    failures = sum(measure(binary, shape) for shape in wanted)
    many_steps(binary)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
