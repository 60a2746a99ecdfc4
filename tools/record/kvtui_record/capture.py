"""An attention function that keeps what it is given, and hands it on to the model's own.

Every attention of `transformers` that is registered sees queries and keys after their norms and their rotation, and keys and
values before they are repeated for the heads of a group. Its mask function is registered as well: without one a model gets no
mask and silently sees the future.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from transformers import PreTrainedModel
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, AttentionMaskInterface
from transformers.modeling_utils import AttentionInterface

from .errors import RecordError

NAME = "kvtui"


class Watcher(Protocol):
    """Who looks at a call of a layer's attention."""

    def see(self, call: Call) -> None: ...


class Call:
    """One call of one layer's attention, as the layer made it.

    `query` [1, heads, rows, d_head], `key` [1, kv heads, keys, d_head], `value` [1, kv heads, keys, d_value],
    `mask` [1, 1 or heads, rows, keys] or None; `options`: scaling, softcap, sliding_window, s_aux and others.
    """

    def __init__(
        self,
        module: torch.nn.Module,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        mask: torch.Tensor | None,
        options: dict[str, Any],
    ) -> None:
        self.module, self.query, self.key, self.value = module, query, key, value
        self.mask, self.options = mask, options

    @property
    def layer(self) -> int:
        """Which layer this is, counted from 0."""
        index = getattr(self.module, "layer_idx", None)
        if index is None:
            raise RecordError(f"{type(self.module).__name__} does not say which layer it is (no layer_idx)")
        return int(index)

    @property
    def sinks(self) -> torch.Tensor | None:
        """[heads]: a logit that joins each row's softmax, where the layer has any."""
        sinks = self.options.get("s_aux")
        return getattr(self.module, "sinks", None) if sinks is None else sinks

    def attend(self) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What the model's own eager attention makes of it: output [1, rows, heads, d_value], weights [1, heads, rows, keys]."""
        own = eager_attention(self.module)
        return own(self.module, self.query, self.key, self.value, self.mask, **self.options)


def eager_attention(module: torch.nn.Module) -> Callable[..., Any]:
    """The plain attention of the file that a layer comes from, or that a class it inherits from comes from."""
    for kind in type(module).__mro__:
        own = getattr(sys.modules.get(kind.__module__), "eager_attention_forward", None)
        if own is not None:
            return own
    raise RecordError(f"{type(module).__name__} has no eager attention of its own to hand over to")


_watchers: list[Watcher] = []


def attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **options: Any,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The registered attention: shapes as in `Call`."""
    call = Call(module, query, key, value, attention_mask, options)
    for watcher in _watchers:
        watcher.see(call)
    return call.attend()


def register() -> None:
    """Makes `attention` and its mask known to `transformers`."""
    AttentionInterface.register(NAME, attention)
    AttentionMaskInterface.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["eager"])


@contextmanager
def watched(model: PreTrainedModel, watcher: Watcher) -> Iterator[None]:
    """While this lasts, each call of each layer's attention is seen by `watcher`."""
    register()
    with implementation(model, NAME):
        _watchers.append(watcher)
        try:
            yield
        finally:
            _watchers.remove(watcher)


@contextmanager
def implementation(model: PreTrainedModel, name: str) -> Iterator[None]:
    """While this lasts, the model computes attention by this name, and for inference."""
    former = _implementations(model)
    training = model.training
    model.eval()
    try:
        model.set_attn_implementation(name)
        yield
    finally:
        model.set_attn_implementation(former)
        model.train(training)


def _implementations(model: PreTrainedModel) -> str | dict[str, str]:
    """How the model computes attention now; by part where it has several parts."""
    whole = model.config._attn_implementation or "eager"
    parts = {name: getattr(model.config, name, None) for name in model.config.sub_configs}
    named = {name: part._attn_implementation or whole for name, part in parts.items() if part is not None}
    return {"": whole, **named} if named else whole
