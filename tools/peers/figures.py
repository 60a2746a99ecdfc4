"""Raw results as figures. Only what was measured in the same round is compared: a median of ratios."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from cases import KVTUI, PREFILL, Case
from engine import Json


@dataclass(frozen=True)
class Figure:
    """A figure of each round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """What is quoted."""
        return statistics.median(self.values)


class Figures:
    """Looks into raw results. A figure that was not measured is None."""

    def __init__(self, results: Json) -> None:
        self.cases = [Case.from_json(fields) for fields in results["cases"]]
        self.by_case: dict[tuple[str, str], dict[int, Json]] = {}
        for one in results["measurements"]:
            self.by_case.setdefault((one["case"], one["engine"]), {})[one["round"]] = one

    def case(self, name: str) -> Case | None:
        """A case of this run."""
        return next((case for case in self.cases if case.name == name), None)

    def rounds(self, case: Case, engine: str) -> dict[int, Json]:
        """What an engine measured, by round."""
        return self.by_case.get((case.name, engine), {})

    def speed(self, case: Case, engine: str) -> Figure | None:
        """Tokens a second."""
        return figure(case.units / one["seconds"] for one in self.rounds(case, engine).values())

    def ratio(self, case: Case, peer: str, part: str = "seconds") -> Figure | None:
        """How many times as fast kvtui is."""
        own, other = self.rounds(case, KVTUI), self.rounds(case, peer)
        return figure(other[number][part] / own[number][part] for number in own if number in other)

    def printed(self, case: Case, engine: str, key: str) -> Figure | None:
        """What an engine printed under a name in each round."""
        return figure(one[key] for one in self.rounds(case, engine).values() if key in one)

    def rate(self, case: Case, masked: bool = True) -> Figure | None:
        """What kvtui does a second: FLOP in a prefill, bytes read in decoding."""
        amount = work_amount(case, masked)
        return figure(amount / one["seconds"] for one in self.rounds(case, KVTUI).values())

    def limit(self, case: Case) -> Figure | None:
        """What the machine can do of that a second with as many threads, measured in kvtui's own process."""
        return figure(limit_of(one, case) for one in self.limited(case))

    def share(self, case: Case, masked: bool = True) -> Figure | None:
        """The part of the limit that is reached."""
        amount = work_amount(case, masked)
        return figure(amount / one["seconds"] / limit_of(one, case) for one in self.limited(case))

    def limited(self, case: Case) -> list[Json]:
        """The measurements whose limits are for as many threads as the case has."""
        return [one for one in self.rounds(case, KVTUI).values() if one["limits"].get("threads") == case.threads]


def figure(values: Iterable[float]) -> Figure | None:
    """None where nothing was measured."""
    found = tuple(values)
    return Figure(found) if found else None


def work_amount(case: Case, masked: bool) -> float:
    """FLOP of a prefill, bytes of decoding, in one run."""
    if case.work == PREFILL:
        return case.shape.prefill_flops(case.prompt) - (0 if masked else case.shape.masked_flops(case.prompt))
    return case.units * case.shape.bytes_per_token(case.dtype, case.context)


def limit_of(measurement: Json, case: Case) -> float:
    """The limit on that, per second."""
    return measurement["limits"]["gflops" if case.work == PREFILL else "gigabytes_per_second"] * 1e9
