"""Large weights are read with a bar."""

import os
import re
import signal
import subprocess

from support.checks import check
from support.models import write_zeros
from support.pseudo_terminal import Pty, QUIET
from support.tmux import Tmux, Wrapped
from support.waiting import DEADLINE


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


def case_typed_while_loading(place, tmux):
    """Keys that are typed while weights are read do not show in the bar, and count afterwards."""
    model = write_zeros(place.fresh(), 150_000)
    command = place.command("--model", model, "--text", "ab", "--lang", "en")
    run = Pty(place, command, QUIET)
    run.until(lambda output: b"loading [" in output)
    run.write(b"ZZZ")
    run.until(lambda output: b"\x1b[?1049h" in output, 60)
    check("not echoed into the bar", b"Z" not in run.output.split(b"\x1b[?1049h")[0], run.output[:300])
    run.frame()
    run.write(b"q")
    check("then q ends", run.end() == 0, run.code)
    run.close()
    run = Pty(place, command, QUIET)
    run.until(lambda output: b"loading [" in output)
    run.write(b"q")
    check("q while weights are read leaves as soon as they are", run.end(60) == 0, run.code)
    run.close()
    for name in ("TERM", "USR1", "HUP"):
        wrapped = Wrapped(Tmux(place, f"-load{name}"), command)
        wrapped.tmux.settled(lambda text: "loading [" in text)
        os.kill(wrapped.pid(), getattr(signal, "SIG" + name))
        wrapped.check_end(f"SIG{name} while weights are read", 128 + getattr(signal, "SIG" + name))
