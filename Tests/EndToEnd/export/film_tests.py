"""Films: what a terminal shows at their end, version by version."""

import fcntl
import json
import os
import pty
import shutil
import subprocess
import sys
import termios
import unicodedata

from support.checks import check, equal, skip
from support.here import work
from support.pictures import cells_of, frames_of
from support.program import run, succeeds

RUN = ["--text", "中华人民共和国", "--tokens", "9"]
DEBIAN = "/usr/lib/python3/dist-packages"


def emulator():
    """pyte, also where it is Debian's and this Python is not; None, and why is said, where there is none."""
    try:
        import pyte
    except ImportError:
        sys.path.append(DEBIAN)
        try:
            import pyte
        except ImportError:
            skip("a terminal emulator", "there is no pyte here; it is in the package python3-pyte")
            return None
        finally:
            sys.path.remove(DEBIAN)
    return pyte


def screen_of(pyte, text, size=(80, 24)):
    screen = pyte.Screen(*size)
    pyte.Stream(screen).feed(text)
    return screen


def lines_of(screen):
    return [line.rstrip() for line in screen.display]


def film(*arguments, version="2"):
    made = succeeds(f"cast {version} {arguments}", "export", *RUN, *arguments, "--format", "cast", "--cast-version", version)
    lines = made.text.split("\n")
    equal(f"cast {version} {arguments}: lines end in line feeds", lines[-1], "")
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:-1]]


def absolute(header, events):
    """The events as they are timed from the start, whatever the version; refuses what neither version allows."""
    if header["version"] == 2:
        size, times = (header["width"], header["height"]), [event[0] for event in events]
    else:
        size, times, now = (header["term"]["cols"], header["term"]["rows"]), [], 0.0
        for event in events:
            now += event[0]
            times.append(now)
    equal(f"cast {header['version']}: times never run back", times, sorted(times))
    return size, [(round(time, 6), code, data) for time, (_, code, data) in zip(times, events)]


def case_versions():
    two = absolute(*film(version="2"))
    three = absolute(*film(version="3"))
    equal("both versions have the same events at the same times", three[1][:-1], two[1])
    equal("version 3 ends with the exit status", three[1][-1][1:], ("x", "0"))
    equal("both versions have the same size", (two[0], three[0]), ((80, 24), (80, 24)))
    equal("nothing but output and markers", {code for _, code, _ in two[1]}, {"o", "m"})
    equal("a marker a step", [data for _, code, data in two[1] if code == "m"],
          [f"{step}/16 {'prefill one by one' if step <= 7 else 'decode'}" for step in range(1, 17)])
    equal("a step every two seconds", [time for time, code, _ in two[1] if code == "o"], [2.0 * step for step in range(17)])


def case_no_ambiguous_glyph():
    for arguments in (["--lang", "zh"], ["--lang", "en"], ["--lang", "zh", "--size", "200x60"], ["--text", "①“…”—é", "--tokens", "1"]):
        options = arguments if "--text" in arguments else [*RUN, *arguments]
        made = run("export", *options, "--format", "cast")
        found = {c for line in made.text.splitlines()[1:] for c in json.loads(line)[2] if unicodedata.east_asian_width(c) == "A"}
        equal(f"{arguments}: glyphs that some terminals draw in two columns", found, set())


def case_last_screen():
    pyte = emulator()
    if not pyte:
        return
    for arguments in (["--ascii"], ["--ascii", "--theme", "light"], ["--ascii", "--size", "120x36"]):
        size = (120, 36) if "--size" in arguments else (80, 24)
        frames = frames_of(run("export", *RUN, *arguments).text, size[1])
        for version in "23":
            _, events = absolute(*film(*arguments, version=version))
            screen = screen_of(pyte, "", size)
            stream = pyte.Stream(screen)
            shown = []
            for _, code, data in events:
                if code == "o":
                    stream.feed(data)
                    shown.append(lines_of(screen))
            equal(f"cast {version} {arguments}: the screen after each frame is the canvas", shown, frames + frames[-1:])
            check(f"cast {version} {arguments}: no cursor", screen.cursor.hidden)
    drawn = [data for _, code, data in film("--lang", "zh")[1] if code == "o"]
    for step, (frame, data) in enumerate(zip(frames_of(run("export", *RUN, "--lang", "zh").text), drawn), 1):
        lines = lines_of(screen_of(pyte, data))
        equal(f"step {step}: the tokens are those of the canvas", tokens_of(lines[2]), tokens_of(frame[2]))


def tokens_of(line):
    """The 汉字 before the candidates, and how far they are apart: what stands before them is spelled in one column or two."""
    found = [(column, glyph) for column, glyph in sorted(cells_of(line.split("预测")[0]).items()) if "\u4e00" <= glyph <= "\u9fff"]
    return [(column - found[0][0], glyph) for column, glyph in found]


def case_asciinema():
    program = shutil.which("asciinema")
    if not program:
        skip("asciinema", "there is no asciinema here; it is in the package of that name")
        return
    pyte = emulator()
    run("export", *RUN, "--ascii", "--format", "cast", "-o", "film.cast")
    # It opens the terminal that it is started from.
    master, slave = pty.openpty()
    try:
        done = subprocess.run([program, "cat", "film.cast"], cwd=work, stdin=slave, capture_output=True, timeout=60, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, start_new_session=True,
                              preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0))
    finally:
        os.close(master)
        os.close(slave)
    check("asciinema reads the film", done.returncode == 0, "exit 0", done)
    if pyte:
        equal("asciinema cat: the last screen is the canvas", lines_of(screen_of(pyte, done.stdout.decode())),
              frames_of(run("export", *RUN, "--ascii").text)[-1])
