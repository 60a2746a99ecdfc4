"""The self-check: what was written is held to the model itself before it takes its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from .capture import implementation
from .errors import RecordError
from .file import Recording, read
from .passes import whole_pass
from .replay import attention_scores, attention_weights

# What rounding alone may do: float32 sums in another order; 16-bit formats round each score and each weight.
LEAST_TOLERANCE = 1e-4


@dataclass
class Gaps:
    """How far a file is from the model: of all logits, and of all attention weights of a layer."""

    logits: float = 0.0
    weights: dict[int, float] = field(default_factory=dict)

    @property
    def worst_weight(self) -> float:
        return max(self.weights.values(), default=0.0)


def check(
    model: PreTrainedModel,
    ids: list[int],
    path: Path,
    logits: torch.Tensor,
    modules: dict[int, torch.nn.Module],
) -> Gaps:
    """Compares a file with a second pass, by `eager` attention and into a cache (some models compute something else without
    one): `logits` [n, vocabulary] of the recorded pass, and the weights
    that each attention module gives out (what `output_attentions` collects), a layer at a time."""
    recording = read(path)
    gaps = Gaps()
    handles = [modules[layer].register_forward_hook(_comparison(recording, layer, gaps)) for layer in recording.layers]
    try:
        with implementation(model, "eager"):
            reference = whole_pass(model, ids, use_cache=True)
            if not gaps.weights:  # some models hand weights out only when they are asked for, and then keep all
                reference = whole_pass(model, ids, use_cache=True, output_attentions=True)
    finally:
        for handle in handles:
            handle.remove()
    _require_same_logits(logits, reference, gaps)
    missing = [layer for layer in recording.layers if layer not in gaps.weights]
    if missing:
        raise RecordError(f"layers {missing} give out no attention weights, so the recording cannot be checked")
    return gaps


def _comparison(recording: Recording, layer: int, gaps: Gaps) -> Callable[..., None]:
    def compare(module: torch.nn.Module, inputs: Any, output: Any) -> None:
        weights = next((part for part in output[1:2] if isinstance(part, torch.Tensor)), None)
        if weights is not None:
            gaps.weights[layer] = compare_weights(recording, layer, weights[0].detach().to("cpu"))

    return compare


def compare_weights(recording: Recording, layer: int, reference: torch.Tensor) -> float:
    """How far a recording's weights are from the model's own [heads, n, n]; more than rounding is an error."""
    kept = reference if recording.heads is None else reference[recording.heads]
    gaps = (attention_weights(recording, layer) - kept.float()).abs()
    if not bool((gaps <= _tolerance(recording, layer)).all()):
        raise RecordError(
            f"self-check: the attention weights of layer {layer} that follow from the recording are up to {float(gaps.max()):.2g} "
            "away from the model's own; this model does something that the recorder does not know: nothing written"
        )
    return float(gaps.max())


def _tolerance(recording: Recording, layer: int) -> torch.Tensor:
    """[heads, n, n]: what rounding may do. A score s of ε-precise numbers is off by up to 2 ε |s|; how far that moves a
    weight depends on the weight, and on how far the others of its row move."""
    rounding = torch.finfo(recording.tensors[f"layer.{layer}.query"].dtype).eps
    weights = attention_weights(recording, layer)
    moved = 2 * rounding * attention_scores(recording, layer).masked_fill(weights == 0, 0).abs()
    by_others = (weights * moved).sum(-1, keepdim=True)
    return LEAST_TOLERANCE + weights * torch.expm1(moved + by_others + 2 * rounding)


def _require_same_logits(logits: torch.Tensor, reference: torch.Tensor, gaps: Gaps) -> None:
    gaps.logits = float((logits.float() - reference.float()).abs().max())
    largest = max(1.0, float(reference.float().abs().max()))
    allowed = largest * max(LEAST_TOLERANCE, 2 * torch.finfo(reference.dtype).eps)
    if not gaps.logits <= allowed:
        raise RecordError(
            f"self-check: the logits of the recorded pass are {gaps.logits:.2g} away from those of eager attention "
            f"({allowed:.2g} is allowed): nothing written"
        )
