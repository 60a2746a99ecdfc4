"""What an engine is, and how one is run: in a process of its own, which prints a line of JSON."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cases import DECODE, LOADING, PREFILL, UNCACHED, Case

ROOT = Path(__file__).resolve().parents[2]
DRIVERS = Path(__file__).resolve().parent / "drivers"
SECONDS_ALLOWED = 1800

Json = dict[str, Any]


class Unavailable(Exception):
    """Why an engine, or one case of it, is skipped: the word that the document says."""


@dataclass(frozen=True)
class About:
    """What the document says of an engine."""

    title: str
    version: str
    build: str


class Engine(Protocol):
    """A program that is measured."""

    name: str

    def prepare(self) -> About:
        """Gets ready once, before anything is timed. Raises `Unavailable`."""

    def file(self, case: Case) -> Path:
        """The file of weights that a loading case reads, written when it is not there yet. Raises `Unavailable`."""

    def measure(self, case: Case) -> Json:
        """Runs what the case asks for: the seconds of each part, and what else was printed. Raises `Unavailable`."""


def output(command: list[str | Path], why: str, environment: dict[str, str] | None = None) -> str:
    """What a command prints; `why` and its complaint when it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=SECONDS_ALLOWED, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{why}: {type(error).__name__}") from error
    if done.returncode != 0:
        raise Unavailable(f"{why}: {without_folders(complaint(done.stderr)) or done.returncode}")
    return done.stdout


def complaint(errors: str) -> str:
    """The line that says what was wrong: the first that calls itself an error, else the last."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    named = [line for line in lines if re.search(r"(^|: )(fatal|error|fatal error):", line, re.IGNORECASE)]
    return (named or lines[-1:] or [""])[0]


def without_folders(text: str) -> str:
    """Keeps of each absolute path its last part: the document is about no particular machine's folders."""
    return re.sub(r"(?<![\w.:/])(?:/[\w.+-]+)+/", "", text)


def lines_of_json(text: str) -> list[Json]:
    """Its lines that are JSON objects."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def with_seconds(times: Json, case: Case) -> Json:
    """Adds the figure of the case: the median over what each run took."""
    if case.work == LOADING:
        seconds = times["load_seconds"]
        first = seconds + times["first_pass_seconds"]
        packed = {"to_packed": first + times["packing_seconds"]} if "packing_seconds" in times else {}
        return {"seconds": seconds, "to_first_token": first, **packed, **times}
    key = {DECODE: "decode_seconds", PREFILL: "prefill_seconds", UNCACHED: "seconds_of_runs"}[case.work]
    return {"seconds": statistics.median(times[key]), **times}
