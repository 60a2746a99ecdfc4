"""Tokenizers whose merges the bundled model does not have."""

import json
import os
import shutil
import time

from support.checks import begin, check, equal
from support.here import FIXTURES
from support.json_output import Run
from support.models import craft
from support.program import fails, run_all
from support.reference import load


def case_crafted_tokenizers():
    """Small models around the fixture's tokenizers, whose merges the bundled model does not have."""
    begin("other tokenizers")
    for name in ("merges", "merges-as-text", "added-tokens", "unknown-token", "no-unknown-token"):
        source = os.path.join(FIXTURES, "tokenizer", name, "tokenizer.json")
        tokenizer = json.load(open(source, encoding="utf-8"))
        ids = [*tokenizer["model"]["vocab"].values(), *(token["id"] for token in tokenizer.get("added_tokens", []))]
        folder = craft(name, vocabulary=max(ids) + 1, positions=128)
        shutil.copy(source, folder)
        rows = load("tokenizer", name, "ids.json")
        results = run_all([(("--model", folder, "--prompt", "-", "--tokens", "1", "--json"), {"stdin": row["text"].encode() + b"\n"})
                           for row in rows])
        for number, (row, result) in enumerate(zip(rows, results)):
            label = f"{name} {number} {row['text'][:30]!r}"
            if not row["ids"]:
                check(f"{label}: nothing to begin with", result.code in (64, 65), "64", result)
                continue
            check(f"{label}: exit 0", result.code == 0, "exit 0", result)
            equal(f"{label}: ids", Run(result).fed, row["ids"])
        started = time.monotonic()
        huge = fails(f"{name}: a megabyte", 65, "--model", folder, "--prompt", "-", stdin=("中华人民" * 80000).encode(), timeout=20)
        check(f"{name}: a megabyte is refused soon", time.monotonic() - started < 5, "5 s", f"{time.monotonic() - started:.1f} s {huge}")
