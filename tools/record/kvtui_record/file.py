"""The `.kvtrace` file: safetensors, with what is not a tensor as JSON in its metadata."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from .errors import BAD_DATA, CANNOT_CREATE, NO_INPUT, RecordError

Json = dict[str, Any]


@dataclass
class Recording:
    """What a `.kvtrace` file holds.

    `tensors`: `layer.L.query` [heads, n, d_head], `layer.L.key` [kv heads, n, d_head], `layer.L.value` [kv heads, n, d_value],
    `layer.L.sinks` [heads], L from 0; n tokens were fed. `attention` is empty where every layer is plain. `heads`: which
    query heads the tensors hold, where not all.
    """

    model: Json
    tokens: list[Json]
    steps: list[Json]
    given: int
    recorded: str = "one pass"
    attention: list[Json] = field(default_factory=list)
    heads: list[int] | None = None
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)

    @property
    def layers(self) -> list[int]:
        """The layers that were recorded, in order."""
        return sorted(int(name.split(".")[1]) for name in self.tensors if name.endswith(".query"))

    def rule(self, layer: int) -> Json:
        """The layer's object of `attention`; the plain case where the file says nothing."""
        if self.attention:
            return self.attention[layer]
        width = self.tensors[f"layer.{layer}.query"].shape[-1]
        return {"kind": "full", "scale": width**-0.5, "window": None, "softcap": None, "kv_from": None}

    def metadata(self) -> dict[str, str]:
        """`__metadata__`: strings, each but the first two of JSON."""
        values: Json = {
            "model": self.model,
            "tokens": self.tokens,
            "steps": self.steps,
            "recorded": self.recorded,
            "given": self.given,
        }
        if self.attention:
            values["attention"] = self.attention
        if self.heads is not None:
            values["heads"] = self.heads
        return {"format": "kvtrace", "version": "1"} | {name: to_json(value) for name, value in values.items()}


def to_json(value: Any) -> str:
    """JSON on one line; a number that is not finite is bad data."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise RecordError("the model computed a number that is not finite; a recording cannot hold it") from error


def read(path: str | os.PathLike[str]) -> Recording:
    """A recording that was written earlier."""
    if not Path(path).is_file():
        raise RecordError(f"{path} is no file", NO_INPUT)
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise RecordError(f"{path} is no safetensors file: {error}") from error
    if metadata.get("format") != "kvtrace" or metadata.get("version") != "1":
        raise RecordError(f"{path} is no recording: its metadata does not say format kvtrace, version 1")
    return _parsed(path, metadata, tensors)


def _parsed(path: str | os.PathLike[str], metadata: dict[str, str], tensors: dict[str, torch.Tensor]) -> Recording:
    try:
        values = {name: json.loads(text) for name, text in metadata.items() if name not in ("format", "version")}
        model, tokens, steps = values["model"], values["tokens"], values["steps"]
    except (KeyError, ValueError) as error:
        raise RecordError(f"{path} has no sound metadata: {error}", BAD_DATA) from error
    return Recording(
        model,
        tokens,
        steps,
        values.get("given", len(tokens)),
        values.get("recorded", "steps"),
        values.get("attention", []),
        values.get("heads"),
        tensors,
    )


@contextmanager
def written_beside(path: Path, recording: Recording) -> Iterator[Path]:
    """The recording, written beside `path`; it takes that name when the block ends well, else it goes again."""
    handle, name = _temporary(path)
    os.close(handle)
    temporary = Path(name)
    try:
        save_file({name: t.contiguous() for name, t in recording.tensors.items()}, name, metadata=recording.metadata())
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> tuple[int, str]:
    try:
        return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise RecordError(f"cannot create {path}: {error.strerror}", CANNOT_CREATE) from error
