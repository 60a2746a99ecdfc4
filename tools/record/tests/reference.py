"""What recordings are held to: numpy alone, and Hugging Face's own `output_attentions`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import torch
from kvtui_record.file import Recording
from safetensors.numpy import load_file
from transformers import PreTrainedModel


def header(path: Path) -> dict:
    """A safetensors file's header, read by hand."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    return json.loads(raw[8 : 8 + length])


def numpy_weights(path: Path, layer: int) -> numpy.ndarray:
    """[heads, n, n] from an F32 file, in float64, term by term."""
    tensors = load_file(path)
    metadata = header(path)["__metadata__"]
    query = tensors[f"layer.{layer}.query"].astype(numpy.float64)
    rule = {"scale": query.shape[2] ** -0.5, "window": None, "softcap": None, "kv_from": None}
    if "attention" in metadata:
        rule |= json.loads(metadata["attention"])[layer]
    key = tensors[f"layer.{layer if rule['kv_from'] is None else rule['kv_from']}.key"].astype(numpy.float64)
    sinks = tensors.get(f"layer.{layer}.sinks")
    heads, n, _ = query.shape
    weights = numpy.zeros((heads, n, n))
    for head in range(heads):
        keys = key[head * key.shape[0] // heads]
        for row in range(n):
            first = 0 if rule["window"] is None else max(0, row + 1 - rule["window"])
            scores = keys[first : row + 1] @ query[head, row] * rule["scale"]
            if rule["softcap"] is not None:
                scores = rule["softcap"] * numpy.tanh(scores / rule["softcap"])
            powers = numpy.exp(scores - scores.max())
            sink = 0.0 if sinks is None else numpy.exp(float(sinks[head]) - scores.max())
            weights[head, row, first : row + 1] = powers / (powers.sum() + sink)
    return weights


def own_attentions(model: PreTrainedModel, ids: list[int], layers: list[int]) -> dict[int, torch.Tensor]:
    """Layer → [heads, n, n] of `output_attentions` with eager attention; `layers` are those that have attention."""
    former = model.config._attn_implementation
    model.set_attn_implementation("eager")
    with torch.no_grad():
        output = model(input_ids=torch.tensor([ids]), output_attentions=True, use_cache=False)
    model.set_attn_implementation(former)
    attentions = [weights for weights in output.attentions if weights is not None]
    assert len(attentions) == len(layers)
    return {layer: weights[0].float() for layer, weights in zip(layers, attentions)}


def fed(recording: Recording) -> int:
    return recording.tensors[f"layer.{recording.layers[0]}.query"].shape[1]
