"""Where the small models come from, and a check by another hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tiny_models  # noqa: E402

TEXT = "中华人民共和国"


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return tiny_models.tokenizer()
