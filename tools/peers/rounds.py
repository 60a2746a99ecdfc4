"""Measures every case with every engine, once a round, engine beside engine, so that what drifts hits all alike."""

from __future__ import annotations

import sys
from collections.abc import Callable

from cases import Case
from engine import Engine, Json, Unavailable


def prepare(engines: list[Engine], results: Json) -> list[Engine]:
    """Those that are there. What they are, or why they are not, goes into the results."""
    ready = []
    for engine in engines:
        try:
            about = engine.prepare()
        except Unavailable as reason:
            print(f"skipped: {engine.name}: {reason}", file=sys.stderr)
            results["skipped"].append({"engine": engine.name, "why": str(reason)})
            continue
        results["peers"][engine.name] = {"title": about.title, "version": about.version, "build": about.build}
        ready.append(engine)
    return ready


def measure(cases: list[Case], engines: list[Engine], rounds: int, results: Json, save: Callable[[], None]) -> None:
    """All rounds. Results are saved after each measurement: a run that is stopped leaves what it has."""
    failed: set[tuple[str, str]] = set()
    for number in range(rounds):
        for case in cases:
            able = [engine for engine in engines if engine.name in case.engines]
            # Another engine begins each round, so that none always runs behind the same one.
            turn = number % len(able) if able else 0
            for engine in able[turn:] + able[:turn]:
                if (case.name, engine.name) in failed:
                    continue
                if not measure_one(case, engine, number, results):
                    failed.add((case.name, engine.name))
                save()


def measure_one(case: Case, engine: Engine, number: int, results: Json) -> bool:
    """One case of one engine."""
    head = f"round {number + 1}: {case.name}: {engine.name}"
    try:
        figures = engine.measure(case)
    except Unavailable as reason:
        print(f"{head}: skipped: {reason}", file=sys.stderr)
        results["skipped"].append({"engine": engine.name, "case": case.name, "why": str(reason)})
        return False
    print(f"{head}: {case.units / figures['seconds']:.1f} tokens/s", file=sys.stderr)
    results["measurements"].append({"round": number, "case": case.name, "engine": engine.name, **figures})
    return True
