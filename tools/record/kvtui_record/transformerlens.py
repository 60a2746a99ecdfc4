"""To and from activation caches of TransformerLens: names and arrays only, so that it need not be installed.

`blocks.L.attn.hook_q` and `hook_k` are from before the rotation, `hook_rot_q` and `hook_rot_k` from after it (in models that
rotate), `hook_v` the values; all are [batch, position, heads, width], or without the batch.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from transformers import PreTrainedModel

from .check import compare_weights
from .errors import NO_INPUT, RecordError
from .file import Recording
from .replay import attention_weights

Json = dict[str, Any]

QUERY_NAME = re.compile(r"^blocks\.(\d+)\.attn\.hook_(?:rot_)?q$")


def load(path: str | os.PathLike[str]) -> dict[str, torch.Tensor]:
    """A cache from `.safetensors` or `.npz`, by its names."""
    if not Path(path).is_file():
        raise RecordError(f"{path} is no file", NO_INPUT)
    try:
        if str(path).endswith(".npz"):
            with numpy.load(path, allow_pickle=False) as arrays:
                return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        return load_file(path)
    except (SafetensorError, ValueError, OSError) as error:
        raise RecordError(f"{path} is neither a .safetensors nor an .npz file: {error}") from error


def is_rotary(model: PreTrainedModel) -> bool:
    """Whether a model turns its queries and keys by their positions."""
    return any("Rotary" in type(module).__name__ for module in model.modules())


def recording(
    cache: Mapping[str, torch.Tensor | numpy.ndarray],
    tokens: list[Json],
    model: Json,
    *,
    rotary: bool,
    attention: list[Json] | None = None,
    layers: list[int] | None = None,
    steps: list[Json] | None = None,
    sinks: Mapping[str, torch.Tensor] | None = None,
    given: int | None = None,
) -> Recording:
    """A recording of a cache of one text. `tokens` and `model` as in the file; `attention` where layers are not plain.

    Where the cache holds `hook_pattern`, the weights that follow from the recording must be these. Raises `RecordError`.
    """
    arrays = {name: _plain(name, array) for name, array in cache.items() if ".attn.hook_" in name}
    found = sorted(int(match[1]) for match in map(QUERY_NAME.match, arrays) if match)
    kept = sorted(set(found) if layers is None else set(found) & set(layers))
    if not kept:
        raise RecordError("the cache holds no blocks.L.attn.hook_q of the layers that are wanted")
    made = Recording(model, tokens, steps or [], len(tokens) if given is None else given, attention=attention or [])
    made.tensors = dict(sinks or {})
    for layer in kept:
        made.tensors |= _layer(arrays, layer, rotary)
    _require_lengths(made)
    made.steps = made.steps or _bare_steps(len(tokens))
    for layer in kept:
        if (pattern := arrays.get(f"blocks.{layer}.attn.hook_pattern")) is not None:
            compare_weights(made, layer, pattern)
    return made


def _plain(name: str, array: torch.Tensor | numpy.ndarray) -> torch.Tensor:
    """An activation without its batch axis, which must be of one text."""
    tensor = torch.as_tensor(array).detach().to("cpu")
    if tensor.ndim == 4 and tensor.shape[0] != 1:
        raise RecordError(f"{name} is of {tensor.shape[0]} texts; a recording holds one: keep one of the batch")
    return tensor[0] if tensor.ndim == 4 else tensor


def _layer(arrays: dict[str, torch.Tensor], layer: int, rotary: bool) -> dict[str, torch.Tensor]:
    """`layer.L.query`, `.key`, `.value`, each [heads, n, width]."""
    prefix = f"blocks.{layer}.attn.hook_"
    rotated = f"{prefix}rot_q" in arrays
    if rotary and not rotated:
        raise RecordError(
            f"{prefix}q is from before the rotation and {prefix}rot_q is not in the cache: scores cannot be had from it; "
            "cache hook_rot_q and hook_rot_k as well"
        )
    names = {"query": "rot_q" if rotated else "q", "key": "rot_k" if rotated else "k", "value": "v"}
    missing = [prefix + name for name in names.values() if prefix + name not in arrays]
    if missing:
        raise RecordError(f"the cache lacks {missing[0]}")
    made = {f"layer.{layer}.{part}": arrays[prefix + name].transpose(0, 1).contiguous() for part, name in names.items()}
    if made[f"layer.{layer}.query"].shape[2] != made[f"layer.{layer}.key"].shape[2]:
        raise RecordError(f"{prefix}{names['query']} and {prefix}{names['key']} are not equally wide")
    return made


def _require_lengths(made: Recording) -> None:
    for name, tensor in made.tensors.items():
        if tensor.ndim == 3 and tensor.shape[1] > len(made.tokens):
            raise RecordError(f"{name} has {tensor.shape[1]} positions, but {len(made.tokens)} tokens were given")


def _bare_steps(count: int) -> list[Json]:
    """Steps of which nothing is known but that there is one a token."""
    return [
        {"step": length, "phase": "prefill" if length == 1 else "decode", "length": length}
        for length in range(1, count + 1)
    ]


def cache(made: Recording, *, rotary: bool) -> dict[str, torch.Tensor]:
    """A recording as TransformerLens names it, each [1, n, heads, width], and `hook_pattern` [1, heads, n, n]."""
    turned = "rot_" if rotary else ""
    names = {"query": f"{turned}q", "key": f"{turned}k", "value": "v"}
    arrays: dict[str, torch.Tensor] = {}
    for layer in made.layers:
        prefix = f"blocks.{layer}.attn.hook_"
        source = made.rule(layer)["kv_from"]
        for part, name in names.items():
            owner = layer if part == "query" or source is None else source
            arrays[prefix + name] = (
                made.tensors[f"layer.{owner}.{part}"].transpose(0, 1)[None].clone(memory_format=torch.contiguous_format)
            )
        arrays[f"{prefix}pattern"] = attention_weights(made, layer)[None]
    return arrays
