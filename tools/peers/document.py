"""The document: what holds for all processors, and a section of each, of the files that `docs/performance/` keeps."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from engine import ROOT, Json
from section import results_section

METHOD = Path(__file__).resolve().parent / "method.md"
DOCUMENT = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance"
RESULTS, TABLES, NOTES = ".json", ".tables.md", ".notes.md"


@dataclass(frozen=True)
class Section:
    """What one processor gave."""

    name: str
    processor: str
    date: str
    rounds: str
    text: str

    @property
    def anchor(self) -> str:
        """Where a link to its heading leads, as GitHub makes it."""
        return "#" + re.sub(r"[^\w -]", "", self.processor.lower()).replace(" ", "-")


def processor_name(processor: str) -> str:
    """A processor as its files are called: its name, family and model."""
    plain = re.sub(r"\((r|tm)\)", "", processor.lower())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def notes_of(name: str) -> str:
    """What was written by hand of a processor."""
    path = KEPT / (name + NOTES)
    return path.read_text().strip() if path.exists() else ""


def measured_section(results: Json) -> Section:
    """Of raw results."""
    processor = results["machine"]["processor"]
    name = processor_name(processor)
    text = results_section(results, notes_of(name))
    return Section(name, processor, results["date"], str(results["rounds"]), text)


def table_section(path: Path) -> Section:
    """Of tables that were kept from a time when raw results were not."""
    name = path.name.removesuffix(TABLES)
    text = path.read_text().strip()
    processor = re.search(r"^\| processor \| (.*) \|$", text, re.MULTILINE)
    date = re.search(r"\d{4}-\d\d-\d\d", text)
    rounds = re.search(r"rounds (\d+)", text)
    notes = notes_of(name)
    if notes:
        text = text.replace("### The machine", f"### Notes\n\n{notes}\n\n### The machine")
    return Section(name, *(found[found.re.groups] if found else "" for found in (processor, date, rounds)), text)


def kept_sections() -> dict[str, Section]:
    """Those of all processors, by name."""
    sections = [table_section(path) for path in sorted(KEPT.glob("*" + TABLES))]
    sections += [measured_section(json.loads(path.read_text())) for path in sorted(KEPT.glob("*" + RESULTS))]
    return {one.name: one for one in sorted(sections, key=lambda one: one.processor)}


def keep(results: Json) -> None:
    """Puts raw results in the place of what was kept of the same processor."""
    name = processor_name(results["machine"]["processor"])
    KEPT.mkdir(exist_ok=True)
    (KEPT / (name + RESULTS)).write_text(results_text(results))
    (KEPT / (name + TABLES)).unlink(missing_ok=True)


def results_text(results: Json) -> str:
    """Raw results as JSON, a line for each case and each measurement."""
    lists = ("cases", "skipped", "measurements")
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in results.items() if key not in lists]
    for key in lists:
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in results[key])
        lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def document(trial: Json | None = None) -> str:
    """Everything; a trial's section stands in the place of its processor's."""
    sections = kept_sections()
    if trial:
        section = measured_section(trial)
        sections[section.name] = section
    parts = [
        head(list(sections.values())),
        "## What holds on every processor\n\n" + (KEPT / "notes.md").read_text().strip(),
        METHOD.read_text().strip(),
        *(f"## {section.processor}\n\n{section.text}" for section in sections.values()),
    ]
    return "\n\n".join(parts) + "\n"


def head(sections: list[Section]) -> str:
    """What this is, how it is made again, and what there is of it."""
    rows = [f"| [{one.processor}]({one.anchor}) | {one.date} | {one.rounds} |" for one in sections]
    text = [
        "# Performance",
        "",
        "`kvtui` beside Hugging Face, llama.cpp and llama2.c, and beside what the machine can do: a section for each processor on which",
        "this command was run, which writes that processor's section and leaves the others as they are:",
        "",
        "    swift build -c release --product kvtui",
        "    tools/peers/measure",
        "",
        "Absolute figures move with the machine and the hour; ratios move less. This page is made of what is kept in `docs/performance/`:",
        "of each processor raw results (`.json`; of the oldest, tables) and notes, which are written by hand.",
        "`tools/peers/measure --remake` makes it again.",
        "",
        "| processor | measured | rounds |",
        "| --- | --- | ---: |",
        *rows,
    ]
    return "\n".join(text)
