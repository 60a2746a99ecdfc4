"""Hugging Face transformers on PyTorch, timed by `drivers/huggingface.py` inside an interpreter that has both."""

from __future__ import annotations

import json
from pathlib import Path

from cases import HUGGING_FACE, UNCACHED, Case
from engine import DRIVERS, About, Json, lines_of_json, output, with_seconds
from pythons import with_modules


class HuggingFace:
    """GPT-2 with random weights."""

    name = HUGGING_FACE

    def __init__(self, pythons: list[Path]) -> None:
        self.pythons = pythons

    def prepare(self) -> About:
        """Asks the libraries who they are."""
        self.python = with_modules(self.pythons, "torch, transformers")
        facts = self.run({"about": True})
        version = f"transformers {facts['transformers']}, PyTorch {facts['torch']}"
        return About("Hugging Face", version, f"as published; {facts['build']}")

    def measure(self, case: Case) -> Json:
        """One process."""
        shape = case.shape
        config = {
            "n_layer": shape.layers,
            "n_head": shape.heads,
            "n_embd": shape.width,
            "n_inner": shape.inner,
            "vocab_size": shape.vocabulary,
            "n_positions": shape.positions,
        }
        task = {"config": config, "threads": case.threads, "prompt": case.prompt, "tokens": case.tokens}
        return with_seconds(self.run({**task, "runs": case.runs, "cache": case.work != UNCACHED}), case)

    def run(self, task: Json) -> Json:
        """One process, and what it prints."""
        script = DRIVERS / "huggingface.py"
        return lines_of_json(output([self.python, script, json.dumps(task)], "Hugging Face"))[-1]
