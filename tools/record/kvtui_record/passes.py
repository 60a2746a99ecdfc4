"""Passes through a model: over a whole text, or over its newest tokens with a cache."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from transformers import PreTrainedModel


def whole_pass(model: PreTrainedModel, ids: list[int], use_cache: bool = False, **options: Any) -> torch.Tensor:
    """[n, vocabulary]: the logits of one teacher-forced pass, on the CPU."""
    with torch.no_grad():
        output = model(input_ids=_input(model, ids), use_cache=use_cache, **options)
    return output.logits[0].to("cpu")


def last_logits(model: PreTrainedModel, ids: list[int], cache: Any, use_cache: bool) -> tuple[torch.Tensor, Any]:
    """[vocabulary], the last row's logits in float32, and the cache afterwards (None at first, where one is used)."""
    parameters = inspect.signature(model.forward).parameters
    options: dict[str, Any] = {"use_cache": use_cache}
    if "logits_to_keep" in parameters:
        options["logits_to_keep"] = 1
    if cache is not None:
        options["cache" if "cache" in parameters else "past_key_values"] = cache
    with torch.no_grad():
        output = model(input_ids=_input(model, ids), **options)
    after = getattr(output, "cache", None)
    if after is None and use_cache:
        after = output.past_key_values
    return output.logits[0, -1].float().to("cpu"), after


def _input(model: PreTrainedModel, ids: list[int]) -> torch.Tensor:
    """[1, n]. A model that is spread out moves it where it is wanted."""
    device = model.device if model.device.type != "meta" else torch.device("cpu")
    return torch.tensor([ids], device=device)


def best(logits: torch.Tensor) -> int:
    """The id with the highest logit; of equal ones the lowest."""
    return int(torch.argmax(logits))


def cache_tokens(cache: Any) -> int:
    """How many tokens a cache has seen."""
    return int(cache.get_seq_length())


def cache_bytes(cache: Any) -> int:
    """Bytes of all tensors that a cache holds: keys and values, and what a layer of another kind keeps."""
    seen: dict[int, int] = {}
    for tensor in _tensors(getattr(cache, "layers", None) or vars(cache)):
        seen[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
    return sum(seen.values())


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value] if value.numel() else []
    if isinstance(value, dict):
        value = value.values()
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        value = vars(value).values()
    elif not isinstance(value, (list, tuple)):
        return []
    return [tensor for item in value for tensor in _tensors(item)]
