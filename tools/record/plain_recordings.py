"""Recordings by another hand: numpy and `safetensors.numpy` alone, as anybody could write them; weights computed by numpy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
from safetensors.numpy import save_file

TEXT = "床前明月光疑是地上霜"


def write_minimal(folder: Path) -> None:
    """The least that a recording needs: one layer, nothing optional; F16."""
    random = numpy.random.default_rng(1)
    query, key, value = (random.normal(0, 1.5, (2, 10, 4)).astype(numpy.float16) for _ in range(3))
    model = {"name": "by hand", "architecture": "unknown", "layers": 1, "heads": 2, "kv_heads": 2, "d_model": 8, "d_head": 4,
             "vocabulary": 100, "parameters": 1000, "dtype": "f16"}  # fmt: skip
    metadata = {
        "format": "kvtrace",
        "version": "1",
        "model": json.dumps(model),
        "tokens": json.dumps([{"id": i, "text": c} for i, c in enumerate(TEXT)]),
        "steps": json.dumps(
            [{"step": i, "phase": "prefill" if i == 1 else "decode", "length": i} for i in range(1, 11)]
        ),
    }
    tensors = {"layer.0.query": query, "layer.0.key": key, "layer.0.value": value}
    save_file(tensors, folder / "plain-minimal.kvtrace", metadata=metadata)
    save_file(attend(query, key, value, 0.5), folder / "plain-minimal.expected.safetensors")


def write_everything(folder: Path) -> None:
    """All at once, in F32: grouped heads, a scale, a window, a soft cap, sinks, narrow values, a prompt of 4, a layer missing."""
    random = numpy.random.default_rng(2)
    query = random.normal(0, 1.5, (6, 9, 8)).astype(numpy.float32)
    key = random.normal(0, 1.5, (2, 9, 8)).astype(numpy.float32)
    value = random.normal(0, 1, (2, 9, 3)).astype(numpy.float32)
    sinks = random.normal(0, 1.5, 6).astype(numpy.float32)
    rule = {"kind": "sliding", "scale": 0.31, "window": 3, "softcap": 4.5, "kv_from": None}
    plain = {"kind": "full", "scale": 8**-0.5, "window": None, "softcap": None, "kv_from": None}
    model = {"name": "by hand", "architecture": "unknown", "layers": 3, "heads": 6, "kv_heads": 2, "d_model": 48, "d_head": 8,
             "vocabulary": 100, "parameters": 5000, "dtype": "f32"}  # fmt: skip
    metadata = {
        "format": "kvtrace",
        "version": "1",
        "model": json.dumps(model),
        "tokens": json.dumps([{"id": i, "text": c} for i, c in enumerate(TEXT)]),
        "steps": json.dumps(
            [{"step": i + 1, "phase": "decode" if i else "prefill", "length": 4 + i} for i in range(6)]
        ),
        "attention": json.dumps([plain, rule, plain]),
        "recorded": json.dumps("one pass"),
        "given": json.dumps(4),
    }
    tensors = {"layer.1.query": query, "layer.1.key": key, "layer.1.value": value, "layer.1.sinks": sinks}
    save_file(tensors, folder / "plain-everything.kvtrace", metadata=metadata)
    expected = attend(query, key, value, 0.31, window=3, softcap=4.5, sinks=sinks)
    save_file(
        {name.replace("0", "1"): array for name, array in expected.items()},
        folder / "plain-everything.expected.safetensors",
    )


def attend(query, key, value, scale, window=None, softcap=None, sinks=None) -> dict[str, numpy.ndarray]:
    """`layer.0.weights` [heads, n, n] and `layer.0.output` [heads, n, d_value], row by row in float64, stored as F32."""
    heads, n, _ = query.shape
    weights, output = numpy.zeros((heads, n, n)), numpy.zeros((heads, n, value.shape[2]))
    for head in range(heads):
        group = head * key.shape[0] // heads
        for row in range(n):
            seen = slice(0 if window is None else max(0, row + 1 - window), row + 1)
            scores = key[group, seen].astype(float) @ query[head, row].astype(float) * scale
            scores = scores if softcap is None else softcap * numpy.tanh(scores / softcap)
            sink = 0.0 if sinks is None else numpy.exp(float(sinks[head]))
            weights[head, row, seen] = numpy.exp(scores) / (numpy.exp(scores).sum() + sink)
            output[head, row] = weights[head, row] @ value[group].astype(float)
    return {"layer.0.weights": weights.astype(numpy.float32), "layer.0.output": output.astype(numpy.float32)}
