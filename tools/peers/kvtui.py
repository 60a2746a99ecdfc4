"""kvtui itself, as `kvtui bench --json` measures it, and the limits that it measures in the same process."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cases import KVTUI, UNCACHED, Case
from engine import ROOT, About, Json, Unavailable, lines_of_json, output
from folders import folder_of
from shapes import Shape

BUILD = "swift build -c release --product kvtui"


def c_flags() -> str:
    """The kernels' flags, as the package's manifest has them."""
    found = re.search(r"unsafeFlags\(\[(.*?)\]", (ROOT / "Package.swift").read_text())
    return " ".join(re.findall(r'"(.*?)"', found[1])) if found else "unknown flags"


class Kvtui:
    """The built binary."""

    name = KVTUI

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder

    def prepare(self) -> About:
        """Says what is measured."""
        if not self.binary.exists():
            raise Unavailable(f"there is no binary; `{BUILD}` makes it")
        swift = re.sub(r" \(.*", "", output(["swift", "--version"], "swift").splitlines()[0])
        build = f"{swift}; `{BUILD}`; kernels in C, `{c_flags()}`, instruction set chosen at run time"
        return About("kvtui", self.version(), build)

    def version(self) -> str:
        """The commit that the binary was built from, as far as can be known."""
        if not self.binary.resolve().is_relative_to(ROOT):
            return "a binary from elsewhere"
        commit = output(["git", "rev-parse", "--short", "HEAD"], "git").strip()
        changed = output(["git", "status", "--porcelain", "--", "Sources", "Package.swift"], "git").strip()
        return f"commit {commit}{', changed' if changed else ''}"

    def file(self, case: Case) -> Path:
        """What is read."""
        return folder_of(case.shape, self.folder) / "model.safetensors"

    def model(self, shape: Shape) -> list[str]:
        """How the binary is told of a shape."""
        return ["--model", str(folder_of(shape, self.folder))] if shape.has_folder else list(shape.flag)

    def measure(self, case: Case) -> Json:
        """One process."""
        command = [self.binary, "bench", *self.model(case.shape), "--dtype", case.dtype, "--threads", str(case.threads)]
        command += ["--prompt-tokens", str(case.prompt), "--tokens", str(case.tokens), "--runs", str(case.runs)]
        if case.work != UNCACHED:
            command.append("--skip-uncached")
        lines = lines_of_json(output([*command, "--json"], "kvtui"))
        bench = one(line for line in lines if line["type"] == "bench" and line["cache"] == (case.work != UNCACHED))
        limits = one(line for line in lines if line["type"] == "limits")
        check(bench, case)
        if case.is_loading:
            loading = one(line for line in lines if line["type"] == "loading")
            return loading
        # `bench` has taken the medians over its runs.
        times = {"prefill_seconds": [bench["prefill_seconds"]], "decode_seconds": [bench["decode_seconds"]]}
        return {**times, "seconds_of_runs": [bench["mean_seconds"]], "limits": limits}


def one(lines: Iterable[Json]) -> Json:
    """The only one of some lines."""
    found = list(lines)
    if len(found) != 1:
        raise Unavailable("`bench --json` printed other lines than were asked for")
    return found[0]


def check(line: Json, case: Case) -> None:
    """Refuses a figure for other work than the peers do."""
    asked = {
        "tokens": case.tokens,
        "prompt_tokens": case.prompt,
        "runs": case.runs,
        "dtype": case.dtype,
        "threads": case.threads,
    }
    for key, value in asked.items():
        if line.get(key) != value:
            raise Unavailable(f"`bench` measured {key} {line.get(key)}, not {value}")
