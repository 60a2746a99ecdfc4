"""Measures every case with every engine, once a round, engine beside engine, so that what drifts hits all alike."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import page_cache
from cases import ON_DISK, Case
from engine import Engine, Json, Unavailable, with_seconds


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


class Rounds:
    """All measurements of a run. Results are saved after each: a run that is stopped leaves what it has."""

    def __init__(self, engines: list[Engine], results: Json, save: Callable[[], None], minutes: float | None) -> None:
        self.engines = engines
        self.results = results
        self.save = save
        self.end = time.monotonic() + minutes * 60 if minutes else None
        self.failed: set[tuple[str, str]] = set()
        self.jobs: dict[tuple[str, Any], Json] = {}

    def measure(self, cases: list[Case], rounds: int) -> None:
        """Every round, or as many of them as there is time for."""
        for number in range(rounds):
            self.jobs.clear()
            for case in cases:
                if case.rounds and number >= case.rounds:
                    continue
                for engine in self.turn(case, number):
                    if self.end and time.monotonic() > self.end:
                        self.results["stopped_in_round"] = number + 1
                        return
                    if not self.measure_one(case, engine, number):
                        self.failed.add((case.name, engine.name))
                    self.save()

    def turn(self, case: Case, number: int) -> list[Engine]:
        """Those that can do it; another one begins each round, so that none always runs behind the same one."""
        able = [engine for engine in self.engines if engine.name in case.engines]
        able = able[number % len(able) :] + able[: number % len(able)] if able else []
        return [engine for engine in able if (case.name, engine.name) not in self.failed]

    def measure_one(self, case: Case, engine: Engine, number: int) -> bool:
        """One case of one engine."""
        head = f"round {number + 1}: {case.name}: {engine.name}"
        try:
            figures = with_seconds(self.job(case, engine), case)
        except Unavailable as reason:
            print(f"{head}: skipped: {reason}", file=sys.stderr)
            self.results["skipped"].append({"engine": engine.name, "case": case.name, "why": str(reason)})
            return False
        what = f"{figures['seconds']:.3f} s" if case.is_loading else f"{case.units / figures['seconds']:.1f} tokens/s"
        print(f"{head}: {what}", file=sys.stderr)
        self.results["measurements"].append({"round": number, "case": case.name, "engine": engine.name, **figures})
        return True

    def job(self, case: Case, engine: Engine) -> Json:
        """What a process measured for this case, or for another one that asks for the same."""
        key = (engine.name, case.job)
        if key not in self.jobs:
            if case.is_loading:
                (page_cache.drop if case.weights == ON_DISK else page_cache.fetch)(engine.file(case))
            self.jobs[key] = engine.measure(case)
        return self.jobs[key]
