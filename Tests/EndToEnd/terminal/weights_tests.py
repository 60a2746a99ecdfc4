"""Large weights are read with a bar, or beside the run's screen."""

import os
import re
import signal
import subprocess
import time

from support.checks import check
from support.models import write_zeros
from support.pseudo_terminal import Pty, QUIET
from support.tmux import Tmux, Wrapped
from support.waiting import DEADLINE

READING = b"Reading the weights"
# Beyond 64 tokens no first step is computed before the weights are packed.
LONG = "ab" * 40


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


def case_weights(place):
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
    done = subprocess.run(place.command(*options, *text, "--json"), capture_output=True, check=False,
                          timeout=DEADLINE, env=place.environment())
    check("no bar where there is no terminal", done.returncode == 0 and done.stderr == b"", done.stderr)
    run = Pty(place, place.command("--text", "中", "--json"))
    run.end()
    check("no bar for small weights", b"loading" not in run.output, run.output[:200])


def case_weights_interrupted(place):
    """Ctrl-C while weights are read ends a command without a screen by its signal, and takes the bar away."""
    larger = write_zeros(place.fresh(), 150_000)
    run = Pty(place, place.command("--model", larger, "--text", "ab", "--lang", "en", "--plain"))
    run.until(lambda output: b"loading [" in output)
    run.write(b"\x03")
    code = run.end()
    run.read(0.1)
    check("Ctrl-C ends it by its signal", code == -signal.SIGINT, code)
    check("Ctrl-C takes the bar away", run.output.endswith(b" " * 58 + b"  \r"), run.output[-100:])
    run.close()


def case_typed_while_loading(place):
    """Keys that are typed while weights are read do not show in the bar."""
    model = write_zeros(place.fresh(), 150_000)
    run = Pty(place, place.command("--model", model, "--text", "ab", "--lang", "en", "--plain"), QUIET)
    run.until(lambda output: b"loading [" in output)
    run.write(b"ZZZ")
    run.end(60)
    check("not echoed into the bar", b"Z" not in run.output.split(b"MB\r")[0], run.output[:300])
    run.close()


def case_read_beside_the_screen(place, tmux):
    """The run screen is there while large weights are read: it says how far, takes keys, and can be left at once."""
    command = place.command("--model", write_zeros(place.fresh(), 600_000), "--prompt", LONG, "--tokens", "2", "--lang", "en")
    run = Pty(place, command, QUIET)
    check("the screen is there at once", run.until(lambda output: READING in output), run.output[-300:])
    check("no bar besides", b"loading [" not in run.output, run.output[:300])
    run.write(b"?")
    check("help comes while they are read", run.until(lambda output: b"Ctrl-C" in output or b"help" in output), run.output[-300:])
    run.write(b"?q")
    begin = time.monotonic()
    check("q leaves it", run.end() == 0, run.code)
    check("at once", time.monotonic() - begin < 1.5, time.monotonic() - begin)
    run.close()
    for name, key, status in (("q", "q", 0), ("Ctrl-C", "C-c", 130)):
        wrapped = Wrapped(tmux, command)
        tmux.settled(lambda picture: READING.decode() in picture)
        tmux.keys(key)
        wrapped.check_end(f"{name} while weights are read", status)
    for name in ("TERM", "USR1", "HUP"):
        wrapped = Wrapped(Tmux(place, f"-load{name}"), command)
        wrapped.tmux.settled(lambda picture: READING.decode() in picture)
        os.kill(wrapped.pid(), getattr(signal, "SIG" + name))
        wrapped.check_end(f"SIG{name} while weights are read", 128 + getattr(signal, "SIG" + name))
    wrapped = Wrapped(tmux, place.command("--model", write_zeros(place.fresh(), 40_000), "--prompt", LONG, "--lang", "en"))
    check("then the run is there", "QK" in tmux.settled(lambda picture: "QK" in picture), tmux.capture())
    tmux.keys("q")
    wrapped.check_end("the run", 0)


def case_first_step_before_they_are_packed(place, tmux):
    """A short first step is there before large weights are in memory, goes on from there, and can be left meanwhile."""
    model = write_zeros(place.fresh(), 600_000)
    wrapped = Wrapped(tmux, place.command("--model", model, "--prompt", "ab", "--tokens", "3", "--lang", "en"))
    first = tmux.settled(lambda picture: "QK" in picture)
    check("the first step is there", "QK" in first, first)
    tmux.keys("Right")
    second = tmux.settled(lambda picture: "step 2" in picture and "computing" not in picture)
    check("then the second step is there", "step 2" in second, second)
    tmux.keys("Left")
    again = tmux.settled(lambda picture: "step 1" in picture)
    check("the first is as it was", again.splitlines()[1:8] == first.splitlines()[1:8], f"{first}\n{again}")
    tmux.keys("q")
    wrapped.check_end("the run", 0)
    for name, key, status in (("q", "q", 0), ("Ctrl-C", "C-c", 130)):
        wrapped = Wrapped(tmux, place.command("--model", model, "--prompt", "ab", "--tokens", "3", "--lang", "en"))
        tmux.settled(lambda picture: "QK" in picture)
        tmux.keys(key)
        wrapped.check_end(f"{name} while weights are packed", status)


def case_bad_weights_beside_the_screen(place, tmux):
    """Weights that turn out wrong while the screen is there: it says so, and so does the program's end."""
    folder = write_zeros(place.fresh(), 40_000)
    path = os.path.join(folder, "model.safetensors")
    with open(path, "r+b") as file:
        head = file.read(4096)
        file.seek(0)
        file.write(head.replace(b'"ln_f.bias"', b'"ln_g.bias"'))
    wrapped = Wrapped(tmux, place.command("--model", folder, "--text", "ab", "--lang", "en"))
    said = tmux.settled(lambda picture: "ln_f.bias" in picture)
    check("the screen says what is wrong", "ln_f.bias" in said, said)
    tmux.keys("q")
    wrapped.check_end("a run without weights", 65)
    check("the program says it too", "ln_f.bias" in tmux.capture(), tmux.capture())
