"""kvtui itself, as `kvtui bench --json` measures it, and the limits that it measures in the same process."""

from __future__ import annotations

import re
from pathlib import Path

from cases import DECODE, KVTUI, PREFILL, UNCACHED, Case
from engine import ROOT, About, Json, Unavailable, lines_of_json, output

BUILD = "swift build -c release --product kvtui"


def c_flags() -> str:
    """The kernels' flags, as the package's manifest has them."""
    found = re.search(r"unsafeFlags\(\[(.*?)\]", (ROOT / "Package.swift").read_text())
    return " ".join(re.findall(r'"(.*?)"', found[1])) if found else "unknown flags"


class Kvtui:
    """The built binary."""

    name = KVTUI

    def __init__(self, binary: Path) -> None:
        self.binary = binary

    def prepare(self) -> About:
        """Says what is measured."""
        if not self.binary.exists():
            raise Unavailable(f"there is no binary; `{BUILD}` makes it")
        swift = re.sub(r" \(.*", "", output(["swift", "--version"], "swift").splitlines()[0])
        build = f"{swift}; `{BUILD}`; kernels in C, `{c_flags()}`, instruction set chosen at run time"
        return About("kvtui", self.version(), build)

    def version(self) -> str:
        """The commit that the binary was built from, as far as can be known."""
        if not self.binary.is_relative_to(ROOT):
            return "a binary from elsewhere"
        commit = output(["git", "rev-parse", "--short", "HEAD"], "git").strip()
        changed = output(["git", "status", "--porcelain", "--", "Sources", "Package.swift"], "git").strip()
        return f"commit {commit}{', changed' if changed else ''}"

    def measure(self, case: Case) -> Json:
        """One process."""
        command = [self.binary, "bench", *case.shape.flag, "--dtype", case.dtype, "--threads", str(case.threads)]
        command += ["--prompt-tokens", str(case.prompt), "--tokens", str(case.tokens), "--runs", str(case.runs)]
        if case.work != UNCACHED:
            command.append("--skip-uncached")
        lines = lines_of_json(output([*command, "--json"], "kvtui"))
        bench = [line for line in lines if line["type"] == "bench" and line["cache"] == (case.work != UNCACHED)]
        limits = [line for line in lines if line["type"] == "limits"]
        if len(bench) != 1 or len(limits) != 1:
            raise Unavailable("`bench --json` printed other lines than were asked for")
        check(bench[0], case)
        key = {DECODE: "decode_seconds", PREFILL: "prefill_seconds", UNCACHED: "mean_seconds"}[case.work]
        return {"seconds": bench[0][key], "bench": bench[0], "limits": limits[0]}


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
