"""Scores and weights from a recording alone, as a viewer computes them."""

from __future__ import annotations

import torch

from .file import Recording


def visible(n: int, window: int | None) -> torch.Tensor:
    """[n, n], true where a query (row) sees a key: its own and earlier ones, the last `window` of them if there is one."""
    position = torch.arange(n)
    distance = position[:, None] - position[None, :]
    seen = distance >= 0
    return seen if window is None else seen & (distance < window)


def attention_scores(recording: Recording, layer: int) -> torch.Tensor:
    """[heads, n, n] in float32: scaled and capped, −∞ where a query does not see a key; without sinks."""
    query = recording.tensors[f"layer.{layer}.query"].float()
    rule = recording.rule(layer)
    source = layer if rule["kv_from"] is None else rule["kv_from"]
    key = recording.tensors[f"layer.{source}.key"].float()
    key = key.repeat_interleave(query.shape[0] // key.shape[0], dim=0)
    scores = query @ key.transpose(1, 2) * rule["scale"]
    if rule["softcap"] is not None:
        scores = rule["softcap"] * torch.tanh(scores / rule["softcap"])
    return scores.masked_fill(~visible(query.shape[1], rule["window"]), -torch.inf)


def attention_weights(recording: Recording, layer: int) -> torch.Tensor:
    """[heads, n, n] in float32, 0 where a query does not see a key. With sinks a row sums to less than 1."""
    scores = attention_scores(recording, layer)
    sinks = recording.tensors.get(f"layer.{layer}.sinks")
    if sinks is None:
        return scores.softmax(-1)
    column = sinks.float()[:, None, None].expand(-1, scores.shape[1], 1)
    return torch.cat([scores, column], -1).softmax(-1)[..., :-1]
