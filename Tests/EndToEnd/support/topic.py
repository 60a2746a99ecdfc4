"""Runs the cases of one topic: `python3 -m support.topic FILE [WORD]`, as `run` does; the last line says how many checks held.

A case is a function whose name begins with `case_`; of `place` and `tmux` it is given what it names.
"""

import importlib.util
import inspect
import re
import signal
import sys
import traceback

from support import checks
from support.checks import begin, check
from support.place import Place
from support.tmux import Tmux


def read_topic(path):
    """The file's module, and its cases in their order."""
    spec = importlib.util.spec_from_file_location("topic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cases = [value for name, value in vars(module).items() if name.startswith("case_") and value.__module__ == "topic"]
    with open(path, encoding="utf-8") as file:
        written = re.findall(r"^def (case_\w+)", file.read(), re.M)
    if len(written) != len(cases):
        check("no case hides another of its name", False, f"{len(cases)} cases", written)
    return cases


def run_case(case, given):
    """A case that breaks off, or that checks nothing, is a failure, and the others still run."""
    name = case.__name__[len("case_"):]
    begin(name)
    before = checks.passed + checks.failed + checks.skipped
    try:
        case(**{parameter: given[parameter] for parameter in inspect.signature(case).parameters})
    except Exception:
        check(f"{name} runs to its end", False, traceback.format_exc())
    if checks.passed + checks.failed + checks.skipped == before:
        check(f"{name} makes a check", False, "it made none")


def main(path, word="", *options):
    checks.is_verbose = "--verbose" in options
    # Whoever stops this topic has its terminals ended too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    place = Place()
    given = {"place": place, "tmux": Tmux(place)}
    try:
        for case in read_topic(path):
            if word in case.__name__:
                run_case(case, given)
    finally:
        Tmux.end_all(place)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
