"""What is measured by the clock."""

import os
import time

from support.checks import check
from support.pseudo_terminal import Pty
from support.waiting import poll

ALONE = "what runs beside it would count"


def case_first_frame(place):
    """The first picture comes at once."""
    best = 9.0
    for _ in range(5):
        start = time.monotonic()
        run = Pty(place, place.command())
        if run.until(lambda output: "中".encode() in output):
            best = min(best, time.monotonic() - start)
        run.close()
    limit = 0.1 if "release" in os.path.realpath(place.binary) else 1.5
    check(f"first picture within {limit} s", best < limit, f"{best:.3f} s")


def case_idle(place):
    """Waiting costs nothing."""
    run = Pty(place, place.command())
    run.frame()
    def used_in_a_second():
        before = run.processor_seconds()
        run.read(1.0)
        return run.processor_seconds() - before
    # The steps ahead of the viewer may still be on their way in the first of these.
    check("idle: no processor time", poll(lambda: used_in_a_second() < 0.05))
    run.close()
