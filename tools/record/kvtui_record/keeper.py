"""Keeps queries, keys, values and sinks of one pass over a whole text, layer by layer."""

from __future__ import annotations

import torch
from transformers import PreTrainedModel

from .capture import Call, eager_attention
from .errors import RecordError
from .facts import DTYPES, require_all_heads
from .rules import LayerRule, measured_scale, visible_keys, window_of


class Keeper:
    """A watcher of one pass over n tokens. What it keeps lies on the CPU, in the model's own number format."""

    def __init__(self, model: PreTrainedModel, length: int, layers: list[int], heads: list[int] | None) -> None:
        self.model, self.length = model, length
        self.layers, self.wanted_heads = layers, heads
        self.tensors: dict[str, torch.Tensor] = {}
        self.rules: dict[int, LayerRule] = {}
        self.modules: dict[int, torch.nn.Module] = {}
        self.widths: dict[int, int] = {}
        self.shapes: tuple[torch.Tensor, torch.Tensor] | None = None
        self.heads: list[int] | None = None
        self._owners: dict[bytes, int] = {}

    def see(self, call: Call) -> None:
        self._require_sound(call)
        layer = call.layer
        self.modules[layer] = call.module
        self.widths[layer] = call.query.shape[3]
        self.shapes = self.shapes or (call.query[:, :, :1].clone(), call.key[:, :, :1].clone())
        owner = self._keep(call) if layer in self.layers else None
        self.rules[layer] = rule_of(call, owner)

    def _require_sound(self, call: Call) -> None:
        layer = call.layer
        if layer in self.modules:
            raise RecordError(f"layer {layer} attends more than once in one pass, which a recording cannot carry")
        if call.query.shape[2] != self.length or call.key.shape[2] != self.length:
            raise RecordError(f"layer {layer} attends to something else than the text's {self.length} tokens")
        if call.query.dtype not in DTYPES:
            raise RecordError(
                f"layer {layer} computes in {call.query.dtype}; a recording holds float32, float16, bfloat16"
            )
        require_all_heads(self.model, layer, call.query.shape[1])

    def _keep(self, call: Call) -> int | None:
        """Keeps a layer's tensors; tells whose keys and values it reads if they are those of an earlier layer."""
        layer, name = call.layer, f"layer.{call.layer}"
        heads, kv_heads = self._heads(call)
        self.tensors[f"{name}.query"] = on_cpu(call.query[0], heads)
        if call.sinks is not None:
            self.tensors[f"{name}.sinks"] = on_cpu(call.sinks.reshape(-1), heads)
        key, value = on_cpu(call.key[0], kv_heads), on_cpu(call.value[0], kv_heads)
        owner = self._owner(layer, key, value)
        if owner is None:
            self.tensors[f"{name}.key"], self.tensors[f"{name}.value"] = key, value
        return owner

    def _owner(self, layer: int, key: torch.Tensor, value: torch.Tensor) -> int | None:
        mark = key[:, -1].float().numpy().tobytes() + value[:, -1].float().numpy().tobytes()
        owner = self._owners.setdefault(mark, layer)
        if owner == layer:
            return None
        same = torch.equal(key, self.tensors[f"layer.{owner}.key"])
        return owner if same and torch.equal(value, self.tensors[f"layer.{owner}.value"]) else None

    def _heads(self, call: Call) -> tuple[list[int] | None, list[int] | None]:
        """The query heads and KV heads to keep, whole groups; None for all."""
        if self.wanted_heads is None:
            return None, None
        heads, kv_heads = whole_groups(self.wanted_heads, call.query.shape[1], call.key.shape[1])
        if self.heads not in (None, heads):
            raise RecordError("the layers group their heads differently, so heads cannot be chosen; record them all")
        self.heads = heads
        return heads, kv_heads


def whole_groups(wanted: list[int], heads: int, kv_heads: int) -> tuple[list[int], list[int]]:
    """The query heads of every group that a wanted head is in, and the KV heads of these groups."""
    group = heads // kv_heads
    kept = sorted({head // group for head in wanted})
    return [kv * group + i for kv in kept for i in range(group)], kept


def on_cpu(tensor: torch.Tensor, index: list[int] | None) -> torch.Tensor:
    """A copy on the CPU, contiguous, of the chosen entries of the first axis."""
    tensor = tensor.detach()
    return (tensor if index is None else tensor[index]).to("cpu", copy=True).contiguous()


def rule_of(call: Call, kv_from: int | None) -> LayerRule:
    """What a layer does with its scores, from its call in a pass over a whole text."""
    options, layer = call.options, call.layer
    scale, softcap = options.get("scaling"), options.get("softcap")
    if scale is None:
        scale = measured_scale(eager_attention(call.module), call.module, call.query, call.key)
    visible = visible_keys(call.mask, call.query.shape[2], call.key.shape[2], layer)
    window = window_of(visible, options.get("sliding_window"), layer)
    return LayerRule(float(scale), window, None if softcap is None else float(softcap), kv_from)
