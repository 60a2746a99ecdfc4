"""Holds the package's graph: which target may know which.

It reads `swift package dump-package` for what targets depend on, the sources for what they import, which the build does
not hold against each other, and the table of ARCHITECTURE.md.
"""

import json
import pathlib
import re
import subprocess
import sys

# A target imports from lower floors only; one of the same floor is no way.
FLOORS = [
    {"CKernels", "CJansson", "COniguruma", "CUtf8proc", "CCmark", "CQrencode", "CTerminal", "CBuildRecord", "AllocationCounter"},
    {"Base"},
    {"Kernels", "Planner", "Classroom"},
    {"Trace", "ClassroomServer"},
    {"TinyModel", "Viz"},
    {"Lessons"},
    {"Screens"},
    {"Terminal"},
    {"kvtui", "kvtui-benchmarks"},
]

# What a target must not reach, on any way.
WALLS = {
    "Trace": {"TinyModel", "COniguruma", "Viz", "CTerminal"},
    "Planner": {"TinyModel", "Trace", "CTerminal"},
    "ClassroomServer": {"TinyModel", "Trace", "CTerminal"},
    "Viz": {"TinyModel", "COniguruma", "CTerminal"},
    "Lessons": {"TinyModel", "COniguruma", "CTerminal"},
    "Screens": {"TinyModel", "COniguruma", "CTerminal"},
}

# What a target may depend on, where that is all that it may.
ONLY = {"Base": {"CJansson"}, "Planner": {"Base"}, "Classroom": {"Base"}, "ClassroomServer": {"Base", "Classroom"},
        "Kernels": {"Base", "CKernels"}, "Viz": {"Base", "Trace"}}

IMPORT = re.compile(r"^\s*(?:@\w+\s+)?(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|func|let|protocol)\s+)?(\w+)", re.M)


def reached(graph, target):
    """All targets that `target` depends on, on any way."""
    found, waiting = set(), list(graph.get(target, ()))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph.get(name, ()))
    return found


def faults(graph, imports):
    """Sentences on what is wrong; `graph` and `imports` are of the package's own targets, without tests."""
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    for name in sorted(graph):
        if name not in floor:
            yield f"{name} stands on no floor of FLOORS"
        for other in sorted(graph[name] | imports.get(name, set())):
            if floor.get(other, -1) >= floor.get(name, len(FLOORS)):
                yield f"{name} knows {other}, which is not below it"
        for other in sorted(imports.get(name, set()) - graph[name]):
            yield f"{name} imports {other} and does not depend on it in Package.swift"
        for other in sorted(graph[name] - imports.get(name, set())):
            yield f"{name} depends on {other} in Package.swift and imports it nowhere"
        for other in sorted(reached(graph, name) & WALLS.get(name, set())):
            yield f"{name} reaches {other}"
        for other in sorted(graph[name] - ONLY.get(name, graph[name])):
            yield f"{name} depends on {other}"


def table_faults(graph, text):
    """Sentences on rows of "What lives where" that say something else than the package; "all" is said of what wires them."""
    table = text.split("## What lives where", 1)[1].split("\n\n", 2)[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    known = {row[0].strip("`"): set(re.findall(r"`(\w+)`", row[-1])) for row in rows if row[-1] != "all"}
    for name in sorted(set(graph) - {row[0].strip("`") for row in rows}):
        yield f"ARCHITECTURE.md has no row for {name}"
    for name in sorted(known):
        if graph.get(name) != known[name]:
            yield f"ARCHITECTURE.md says that {name} knows {sorted(known[name])}, the package {sorted(graph.get(name, []))}"


def read(folder):
    """The package's own targets and what they import of each other."""
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=folder, check=True, capture_output=True, text=True)
    targets = [t for t in json.loads(dump.stdout)["targets"] if t["type"] != "test"]
    targets = [t for t in targets if not (t.get("path") or "").startswith("Tests/")]
    names = {target["name"] for target in targets}
    graph, imports = {}, {}
    for target in targets:
        depends = [d.get("byName") or d.get("target") or [""] for d in target["dependencies"]]
        graph[target["name"]] = {d[0] for d in depends} & names
        sources = pathlib.Path(folder, target.get("path") or "Sources/" + target["name"])
        texts = [file.read_text() for file in sources.rglob("*.swift")]
        found = {name for text in texts for name in IMPORT.findall(text)}
        imports[target["name"]] = found & names
    return graph, imports


def self_test():
    """The check finds what it is there for."""
    sound = {"CJansson": set(), "CKernels": set(), "COniguruma": set(), "Base": {"CJansson"},
             "Kernels": {"Base", "CKernels"}, "Trace": {"Kernels"}, "Viz": {"Trace"},
             "TinyModel": {"Trace", "COniguruma"}, "Lessons": {"Viz"}, "Screens": {"Lessons"}}
    assert not list(faults(sound, sound)), list(faults(sound, sound))

    def found(target, other, imported=True):
        broken = {**sound, target: sound[target] | {other}}
        return "; ".join(faults(broken, broken if imported else sound))

    assert "Viz reaches TinyModel" in found("Viz", "TinyModel")
    assert "Viz knows TinyModel, which is not below it" in found("Viz", "TinyModel")
    assert "Viz reaches COniguruma" in found("Trace", "COniguruma")
    assert "Screens reaches TinyModel" in found("Lessons", "TinyModel")
    assert "Trace reaches COniguruma" in found("Base", "COniguruma")
    assert "Base depends on CKernels" in found("Base", "CKernels")
    assert "Base knows Trace, which is not below it" in found("Base", "Trace")
    assert "imports it nowhere" in found("Viz", "Base", imported=False)
    undeclared = {**sound, "Viz": {"Trace", "Base"}}
    assert "does not depend on it" in "; ".join(faults(sound, undeclared))
    assert "stands on no floor" in "; ".join(faults({**sound, "New": set()}, sound))
    table = "## What lives where\n\n| t | is | knows |\n| - | - | - |\n| `Base` | x | `{}` |\n\nMore"
    assert not list(table_faults({"Base": {"CJansson"}}, table.format("CJansson")))
    assert list(table_faults({"Base": {"CJansson"}}, table.format("CKernels")))
    assert list(table_faults({"Base": {"CJansson"}, "Trace": set()}, table.format("CJansson")))
    assert IMPORT.findall("internal import Base\n  import Trace\n@testable import Viz\n// import TinyModel\n") == [
        "Base", "Trace", "Viz"]


def main():
    self_test()
    folder = pathlib.Path(__file__).resolve().parents[2]
    graph, imports = read(folder)
    wrong = [*faults(graph, imports), *table_faults(graph, (folder / "ARCHITECTURE.md").read_text())]
    for sentence in wrong:
        print("package graph:", sentence, file=sys.stderr)
    print("package graph:", "does not hold" if wrong else "holds", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
