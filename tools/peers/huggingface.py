"""Hugging Face transformers on PyTorch, timed by `drivers/huggingface.py` inside an interpreter that has both."""

from __future__ import annotations

import json
from pathlib import Path

from cases import HUGGING_FACE, UNCACHED, Case
from engine import DRIVERS, About, Json, lines_of_json, output
from folders import folder_of
from pythons import with_modules
from shapes import Shape


class HuggingFace:
    """GPT-2 with random weights, and the models of folders."""

    name = HUGGING_FACE

    def __init__(self, pythons: list[Path], folder: Path) -> None:
        self.pythons = pythons
        self.folder = folder

    def prepare(self) -> About:
        """Asks the libraries who they are."""
        self.python = with_modules(self.pythons, "torch, transformers")
        facts = self.run({"about": True})
        version = f"transformers {facts['transformers']}, PyTorch {facts['torch']}"
        return About("Hugging Face", version, f"as published; {facts['build']}")

    def file(self, case: Case) -> Path:
        """What is read."""
        return folder_of(case.shape, self.folder) / "model.safetensors"

    def measure(self, case: Case) -> Json:
        """One process."""
        numbers = {"threads": case.threads, "prompt": case.prompt, "tokens": case.tokens, "runs": case.runs}
        kind = {"load": case.is_loading, "filled": case.is_long, "cache": case.work != UNCACHED}
        return self.run({**self.model(case.shape, case.dtype), **numbers, **kind})

    def model(self, shape: Shape, dtype: str) -> Json:
        """How the driver is told of it."""
        if shape.has_folder:
            return {"folder": str(folder_of(shape, self.folder)), "dtype": dtype}
        sizes = {"n_layer": shape.layers, "n_head": shape.heads, "n_embd": shape.width, "n_inner": shape.inner}
        return {"config": {**sizes, "vocab_size": shape.vocabulary, "n_positions": shape.positions}}

    def run(self, task: Json) -> Json:
        """One process, and what it prints."""
        script = DRIVERS / "huggingface.py"
        return lines_of_json(output([self.python, script, json.dumps(task)], "Hugging Face"))[-1]
