"""Interpreters for the peers that are Python packages: given ones, or a virtual environment made here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine import Unavailable, output

REQUIREMENTS = Path(__file__).resolve().parent / "requirements.txt"


def environment(folder: Path) -> Path:
    """The interpreter of a virtual environment with what can be installed of the requirements."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    if not python.exists():
        output([sys.executable, "-m", "venv", venv], "the virtual environment cannot be made")
    stamp = venv / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if (not stamp.exists() or stamp.read_text() != wanted) and install(python, wanted.splitlines()):
        stamp.write_text(wanted)
    return python


def install(python: Path, requirements: list[str]) -> bool:
    """One at a time, so that one that cannot be had does not keep the others away. Whether all could be had."""
    # llama.cpp is compiled here: for this very processor, as it is at its best.
    variables = {**os.environ, "CMAKE_ARGS": "-DGGML_NATIVE=ON"}
    complete = True
    for line in requirements:
        if not line or line.startswith("#"):
            continue
        print(f"installing {line} …", file=sys.stderr)
        try:
            output([python, "-m", "pip", "install", "--quiet", line], line, variables)
        except Unavailable as reason:
            print(f"cannot install {reason}", file=sys.stderr)
            complete = False
    return complete


def with_modules(pythons: list[Path], modules: str) -> Path:
    """The first interpreter that can import them."""
    for python in pythons:
        try:
            output([python, "-c", f"import {modules}"], str(python))
        except Unavailable:
            continue
        return python
    raise Unavailable(f"no Python here has {modules.replace(', ', ' and ')}")
