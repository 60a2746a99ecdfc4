"""Standard streams that are no terminals, and few descriptors."""

import resource
import shlex
import subprocess

from support.checks import check
from support.pseudo_terminal import Pty, QUIET, text_of
from support.tmux import Wrapped
from support.waiting import poll


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


def case_descriptors(place):
    """With few descriptors the error says so, and does not blame TERM."""
    for page in (place.command(), place.kvtui("lesson", "1"), place.kvtui()):
        for most in (4, 5, 6, 7):
            limit = lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            run = Pty(place, page, QUIET, before=limit)
            run.read(0.5)
            if not poll(lambda: run.read() or run.ended() or len(run.output) > 2000, 5) or not run.ended():
                run.write(b"qq")
            code, said = run.end(), text_of(run.output)
            check(f"{page[1:]} with {most} descriptors: not TERM, not KVTUI_HOME",
                  "TERM=" not in said and "KVTUI_HOME" not in said and code is not None and code >= 0
                  and (code == 0 or "\x1b" not in said),
                  f"{code} {said[-300:]}")
            run.close()
