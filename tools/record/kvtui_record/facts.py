"""What a model is, and whether it can be recorded at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import PretrainedConfig, PreTrainedModel

from .errors import BAD_DATA, USAGE, RecordError

Json = dict[str, Any]

DTYPES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}


def text_config(model: PreTrainedModel) -> PretrainedConfig:
    """The part of a configuration that describes the text model."""
    return model.config.get_text_config(decoder=True)


def layer_count(model: PreTrainedModel) -> int:
    return int(text_config(model).num_hidden_layers)


def model_object(model: PreTrainedModel, name: str | None, query: torch.Tensor, key: torch.Tensor) -> Json:
    """The `model` object of a run: its shape from the configuration, its heads from what the attention was given.

    `query` [1, heads, n, d_head], `key` [1, kv heads, n, d_head] of any layer.
    """
    config = text_config(model)
    return {
        "name": name or _own_name(model),
        "architecture": model.config.model_type,
        "layers": layer_count(model),
        "heads": query.shape[1],
        "kv_heads": key.shape[1],
        "d_model": config.hidden_size,
        "d_head": query.shape[3],
        "vocabulary": config.vocab_size,
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "dtype": DTYPES[query.dtype],
    }


def _own_name(model: PreTrainedModel) -> str:
    folder = str(model.config._name_or_path or "").rstrip("/")
    return Path(folder).name or model.config.model_type


def require_recordable(model: PreTrainedModel) -> None:
    """Refuses what cannot be recorded rightly, before anything is computed."""
    if model.config.is_encoder_decoder:
        raise RecordError(f"{type(model).__name__} has an encoder; only causal models can be recorded")
    parts = getattr(model, "tp_size", None) or getattr(model, "_tp_size", None) or 1
    if parts > 1:
        raise RecordError(
            f"the model is split over {parts} processes by heads (tensor parallel), so each sees its own heads only; "
            "load it with device_map instead"
        )
    if model.get_output_embeddings() is None:
        raise RecordError(f"{type(model).__name__} makes no logits; load it with AutoModelForCausalLM")


def require_room(model: PreTrainedModel, length: int) -> None:
    """Refuses a text that is longer than the model has positions."""
    positions = getattr(text_config(model), "max_position_embeddings", None)
    if isinstance(positions, int) and 0 < positions < length:
        raise RecordError(
            f"the text has {length} tokens, the model {positions} positions; give a shorter one", BAD_DATA
        )


def require_all_heads(model: PreTrainedModel, layer: int, heads: int) -> None:
    """Refuses a layer that shows fewer heads than the configuration says: a share of a tensor-parallel model."""
    wanted = getattr(text_config(model), "num_attention_heads", None)
    if isinstance(wanted, int) and wanted != heads:
        raise RecordError(
            f"layer {layer} shows {heads} heads of the {wanted} that the configuration names "
            "(a tensor-parallel share?); load the model with device_map instead"
        )


def unseen_sentence(model: PreTrainedModel, seen: set[int]) -> str | None:
    """A sentence that names the layers whose attention was not seen; None where there are none."""
    missing = [layer for layer in range(layer_count(model)) if layer not in seen]
    if not missing:
        return None
    kinds = getattr(text_config(model), "layer_types", None) or []
    named = sorted({kinds[layer] for layer in missing if layer < len(kinds)})
    what = f" ({', '.join(named)})" if named else ""
    return f"not in the file, because they show no softmax attention: layers {spans(missing)} of {layer_count(model)}{what}"


def spans(numbers: list[int]) -> str:
    """Sorted numbers in few words: 0-2, 5."""
    words: list[str] = []
    start = previous = None
    for number in [*numbers, None]:
        if start is not None and number != previous + 1:
            words.append(str(start) if start == previous else f"{start}-{previous}")
            start = None
        start = number if start is None else start
        previous = number
    return ", ".join(words)


def chosen(numbers: list[int] | None, count: int, what: str) -> list[int]:
    """Which of `count` layers or heads are wanted, in order; all where nothing was said."""
    if numbers is None:
        return list(range(count))
    if not numbers:
        raise RecordError(f"no {what} asked for: leave the option out for all of them", USAGE)
    wrong = [number for number in numbers if not 0 <= number < count]
    if wrong:
        raise RecordError(f"{what} {spans(sorted(wrong))} asked for, but the model has 0 to {count - 1}", USAGE)
    return sorted(set(numbers))
