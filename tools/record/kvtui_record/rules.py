"""What a layer does with its scores, read off the call of its attention: never assumed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from .errors import RecordError

Json = dict[str, Any]


@dataclass(frozen=True)
class LayerRule:
    """One object of the metadata's `attention`.

    A query sees the last `window` keys, its own among them; `softcap` c turns a scaled score s into c · tanh(s ÷ c);
    `kv_from` is the layer whose keys and values this one reads.
    """

    scale: float
    window: int | None = None
    softcap: float | None = None
    kv_from: int | None = None

    def as_json(self) -> Json:
        kind = "full" if self.window is None else "sliding"
        return {
            "kind": kind,
            "scale": self.scale,
            "window": self.window,
            "softcap": self.softcap,
            "kv_from": self.kv_from,
        }

    def is_plain(self, width: int) -> bool:
        """Whether this is what a reader assumes of a layer that says nothing: full, 1/√width, nothing else."""
        usual = math.isclose(self.scale, width**-0.5, rel_tol=1e-6)
        return usual and (self.window, self.softcap, self.kv_from) == (None, None, None)


UNSEEN: Json = {"kind": "none", "scale": None, "window": None, "softcap": None, "kv_from": None}


def visible_keys(mask: torch.Tensor | None, rows: int, keys: int, layer: int) -> torch.Tensor:
    """[rows, keys], true where a query sees a key. A mask that adds anything but "not at all" is refused.

    `mask` is [batch, 1 or heads, rows, keys]: booleans, or 0 and a huge negative number that is added to the scores.
    """
    if mask is None:
        return torch.ones(rows, keys, dtype=torch.bool)
    mask = mask[0, ..., :keys].detach()
    if mask.dtype != torch.bool:
        hidden = mask <= torch.finfo(mask.dtype).min / 2
        if bool(((mask != 0) & ~hidden).any()):
            raise RecordError(
                f"layer {layer} adds a bias to its scores (ALiBi, for one), which a recording cannot carry"
            )
        mask = ~hidden
    if bool((mask != mask[:1]).any()):
        raise RecordError(f"layer {layer} masks each head differently, which a recording cannot carry")
    return mask[0].cpu()


def window_of(visible: torch.Tensor, declared: int | None, layer: int) -> int | None:
    """The window of a pass over a whole text, from what its mask [n, n] lets through; None: all earlier keys are seen.

    A text that is no longer than the window does not show it: then the model's own word counts.
    """
    n = visible.shape[0]
    widest = int(visible.sum(-1).max())
    position = torch.arange(n)
    distance = position[:, None] - position[None, :]
    if not torch.equal(visible, (distance >= 0) & (distance < widest)):
        raise RecordError(
            f"layer {layer} sees neither all earlier keys nor a window of them "
            "(no causal mask, or one in blocks), which a recording cannot carry"
        )
    if widest < n:
        return widest
    return declared if declared is not None and declared >= n else None


def measured_scale(
    attend: Callable[..., Any], module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor
) -> float:
    """The scale of a layer that is not told it: a score of 1 and a score of 0 in, and the weights' ratio says it.

    `query` [1, heads, n, d] and `key` [1, kv heads, n, d] give the shapes alone.
    """
    probe = query.new_zeros(1, query.shape[1], 1, query.shape[3], dtype=torch.float64)
    keys = key.new_zeros(1, key.shape[1], 2, key.shape[3], dtype=torch.float64)
    probe[..., 0] = 1
    keys[:, :, 0, 0] = 1
    weights = attend(module, probe, keys, keys.clone(), None, scaling=None, dropout=0.0)[1]
    ratio = (weights[0, 0, 0, 0] / weights[0, 0, 0, 1]).log()
    return float(ratio)
