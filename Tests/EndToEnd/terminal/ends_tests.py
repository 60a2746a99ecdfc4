"""Every way to end gives the terminal back."""

import os
import signal
import time

from support.checks import check
from support.pseudo_terminal import Pty
from support.tmux import Tmux, Wrapped
from support.waiting import alive, poll

SIGNALS = ["HUP", "INT", "QUIT", "TERM", "ABRT", "SEGV", "BUS", "FPE", "ILL", "TRAP"]
FAULTS = ["SEGV", "ABRT", "BUS", "ILL", "TRAP", "FPE"]
OTHERS = ["XCPU", "ALRM", "USR1", "USR2", "PIPE", "VTALRM", "PROF", "POLL", "PWR", "STKFLT", "SYS", "RTMIN", "RTMAX"]


def ends_by(tmux, name, behind="", **options):
    """A signal from outside ends the run screen, and gives the terminal back."""
    number = int(getattr(signal, "SIG" + name))
    run = Wrapped(tmux, tmux.place.command(), **options)
    pid = run.pid()
    tmux.settled()
    os.kill(pid, number)
    run.check_end(f"SIG{name}{behind}", 128 + number)


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
        ends_by(tmux, name)


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


def case_signals(tmux):
    """Every signal that ends a process gives the terminal back first."""
    for name in OTHERS:
        ends_by(tmux, name)


def case_faults_from_outside(tmux):
    """A fault's signal from outside ends the process, whatever reports crashes."""
    for name in FAULTS:
        ends_by(tmux, name, " with a reporter of crashes",
                changes={"SWIFT_BACKTRACE": "enable=yes,interactive=no,timeout=1s"})


def case_late_answer(place):
    """An answer of a slow line is not typed into the shell."""
    for name, key, code in (("q", b"q", 0), ("Ctrl-C", b"\x03", -signal.SIGINT)):
        for delay in (0.3, 1.0):
            run = Pty(place, place.command())
            run.until(lambda output: b"\x1b[6n" in output)
            run.read(0.1)
            run.write(key)
            run.read(delay)
            run.write(b"\x1b[24;2Rabc")
            begin = time.monotonic()
            check(f"{name}, the answer {delay} s later: ends", run.end(5) == code, run.code)
            check(f"{name}, {delay} s: and not later", time.monotonic() - begin < 1)
            run.read(0.2)
            check(f"{name}, {delay} s: not echoed", b"24;2R" not in run.output and b"^[" not in run.output,
                  run.output[-100:])
            run.close()
    run = Pty(place, place.command())
    run.until(lambda output: b"\x1b[6n" in output)
    run.write(b"q")
    check("a terminal that never answers holds nobody for long", run.end(3.5) == 0, run.code)
    run.close()
