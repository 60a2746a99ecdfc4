"""FLOPs of a pass by category, counted by PyTorch's FlopCounterMode where the products are made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode, flop_registry
from transformers import PreTrainedModel

Json = dict[str, Any]

CATEGORIES = ("projection", "attention", "mlp", "head")
# Parts of names of operations that multiply matrices; what they multiply without a formula would be missing in the count.
PRODUCTS = ("mm", "matmul", "linear", "conv", "attention", "einsum")


class Uncounted(TorchDispatchMode):
    """Notes whether any product was made for which PyTorch has no formula."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        packet = func._overloadpacket
        if packet not in flop_registry and any(part in str(packet) for part in PRODUCTS):
            self.found = True
        return func(*args, **(kwargs or {}))


def count_flops(model: PreTrainedModel, attentions: Iterable[torch.nn.Module], run: Callable[[], Any]) -> Json:
    """`projection`, `attention`, `mlp`, `head`, `total` of a pass; the four are null where they do not make up the total,
    and all five where something was multiplied that PyTorch does not count.

    `attentions` are the modules that attend: what a child of theirs multiplies is a projection, what they multiply
    themselves is attention; the rest of their layer is the mlp. The products that make the angles of a rotation are no part of
    the total.
    """
    logging.getLogger("torch.utils.module_tracker").setLevel(logging.WARNING)
    with countable_experts(model), Uncounted() as uncounted, FlopCounterMode(display=False) as counter:
        run()
    if uncounted.found:
        return dict.fromkeys((*CATEGORIES, "total"))
    root = type(model).__name__
    by_name = {
        "" if name == root else name.removeprefix(f"{root}."): sum(operations.values())
        for name, operations in counter.get_flop_counts().items()
    }
    total = counter.get_total_flops() - sum(by_name.get(name, 0) for name in _rotations(model))
    return _by_category(model, list(attentions), by_name, total)


@contextmanager
def countable_experts(model: PreTrainedModel) -> Iterator[None]:
    """While this lasts, experts multiply one by one: the products are the same, and PyTorch counts them."""
    former = getattr(model.config, "_experts_implementation", None)
    if former is None or not hasattr(model, "set_experts_implementation"):
        yield
        return
    model.set_experts_implementation("eager")
    try:
        yield
    finally:
        model.set_experts_implementation(former)


def _by_category(
    model: PreTrainedModel, attentions: list[torch.nn.Module], by_name: dict[str, int], total: int
) -> Json:
    names = {module: name for name, module in model.named_modules()}
    inside = layers = projection = 0
    for module in attentions:
        name = names[module]
        inside += by_name.get(name, 0)
        layers += by_name.get(name.rpartition(".")[0], 0)
        projection += sum(by_name.get(f"{name}.{child}", 0) for child, _ in module.named_children())
    head = by_name.get(names[model.get_output_embeddings()], 0)
    flops: Json = {"projection": projection, "attention": inside - projection, "mlp": layers - inside, "head": head}
    if sum(flops.values()) != total:
        flops = dict.fromkeys(flops)
    return flops | {"total": total}


def _rotations(model: PreTrainedModel) -> list[str]:
    return [name for name, module in model.named_modules() if type(module).__name__.endswith("RotaryEmbedding")]
