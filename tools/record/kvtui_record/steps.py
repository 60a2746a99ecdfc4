"""The steps of a run: really run, uncached and cached, and counted; or read off one pass."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy
import torch
from transformers import PreTrainedModel

from .capture import NAME, Call, implementation, watched
from .errors import USAGE, RecordError
from .flops import count_flops
from .passes import best, cache_bytes, cache_tokens, last_logits
from .rules import visible_keys
from .tokens import Vocabulary

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Which tokens are given, how many the model writes, and whether the given ones are stepped over one by one.

    Of a prompt the last written token is listed, never fed; after a text every written one is fed.
    """

    given: list[int]
    written: int
    one_by_one: bool
    ends: frozenset[int] = frozenset()

    @property
    def first_length(self) -> int:
        return 1 if self.one_by_one else len(self.given)

    @property
    def last_length(self) -> int:
        return len(self.given) + self.written - (0 if self.one_by_one else 1)

    def require_steps(self) -> None:
        if self.written < (0 if self.one_by_one else 1):
            raise RecordError("after a prompt the model must write at least 1 token: give tokens=N", USAGE)


@dataclass(frozen=True)
class Written:
    """The tokens of a run: `fed` of them were fed; one more may be known."""

    ids: list[int]
    fed: int


class Shapes:
    """A watcher that counts a pass: rows, keys and masked cells of one head of each layer."""

    def __init__(self) -> None:
        self.layers: list[tuple[int, int, int]] = []
        self.modules: list[torch.nn.Module] = []

    def see(self, call: Call) -> None:
        rows, keys = call.query.shape[2], call.key.shape[2]
        seen = int(visible_keys(call.mask, rows, keys, call.layer).sum())
        self.layers.append((rows, keys, rows * keys - seen))
        self.modules.append(call.module)

    def counted(self) -> Json:
        """`rows`, `cells`, `masked` of one head of the layer that computed the most cells, the first of them."""
        rows, keys, masked = max(self.layers, key=lambda layer: (layer[0] * layer[1], -layer[2]))
        return {"rows": rows, "cells": rows * keys, "masked": masked, "kv_computed": rows}


def next_tokens(logits: torch.Tensor, vocabulary: Vocabulary, before: int, top: int) -> list[Json]:
    """The `top` likeliest tokens after `before`; `logits` [vocabulary]. Of equal logits the lower id comes first."""
    logits = logits.float()
    order = torch.sort(logits, descending=True, stable=True).indices[:top].tolist()
    probabilities = logits.double().softmax(-1)
    return [
        {
            "id": token,
            "text": vocabulary.text(token, before),
            "logit": float(str(numpy.float32(logits[token]))),
            "probability": float(probabilities[token]),
        }
        for token in order
    ]


def written(plan: Plan, step: Callable[[list[int], int], torch.Tensor]) -> Written:
    """Goes through a plan's steps: `step(ids, length)` computes one and tells the last row's logits [vocabulary]."""
    ids = list(plan.given)
    length = plan.first_length
    while True:
        choice = best(step(ids, length))
        if length < len(plan.given):
            length += 1
            continue
        ended = choice in plan.ends
        if ended or length == plan.last_length:
            listed = ended or not plan.one_by_one
            return Written([*ids, choice] if listed else ids, length)
        ids.append(choice)
        length += 1


def write(model: PreTrainedModel, plan: Plan) -> Written:
    """The tokens that the model writes after the given ones, greedily and with a cache; nothing is measured."""
    if plan.written == 0:
        return Written(list(plan.given), len(plan.given))
    state: dict[str, Any] = {"cache": None, "fed": 0}
    whole = Plan(plan.given, plan.written + (1 if plan.one_by_one else 0), False, plan.ends)

    def step(ids: list[int], length: int) -> torch.Tensor:
        logits, state["cache"] = last_logits(model, ids[state["fed"] : length], state["cache"], True)
        state["fed"] = length
        return logits

    result = written(whole, step)
    return Written(result.ids[: result.fed], result.fed) if plan.one_by_one else result


def one_pass_steps(plan: Plan, run: Written, logits: torch.Tensor, vocabulary: Vocabulary, top: int) -> list[Json]:
    """A step a length; `next` from its row of the pass's logits [n, vocabulary]. Nothing was counted: nothing is said."""
    return [
        _step(plan, length, {}, next_tokens(logits[length - 1], vocabulary, run.ids[length - 1], top))
        for length in range(plan.first_length, run.fed + 1)
    ]


def _step(plan: Plan, length: int, measured: Json, candidates: list[Json]) -> Json:
    number = length - plan.first_length + 1
    phase = "prefill" if number == 1 else "decode"
    return {"step": number, "phase": phase, "length": length, **measured, "next": candidates}


class Stepper:
    """Runs every step twice over, without and with a cache, and measures both."""

    def __init__(self, model: PreTrainedModel, plan: Plan, vocabulary: Vocabulary, top: int) -> None:
        self.model, self.plan, self.vocabulary, self.top = model, plan, vocabulary, top
        self.cache: Any = None
        self.fed = 0
        self.steps: list[Json] = []

    def run(self) -> Written:
        """Computes all steps; they are in `steps` afterwards."""
        with implementation(self.model, NAME):
            return written(self.plan, self.step)

    def step(self, ids: list[int], length: int) -> torch.Tensor:
        """One step: [vocabulary], the cached run's logits."""
        newest = ids[self.fed : length]
        uncached, reference, _ = self._lane(ids[:length], None, False)
        cached, logits, self.cache = self._lane(newest, self.cache, True)
        cached |= {"cache_tokens": cache_tokens(self.cache), "cache_bytes": cache_bytes(self.cache)}
        before = [None, *ids][self.fed]
        texts = self.vocabulary.texts(newest if before is None else [before, *newest])[-len(newest) :]
        measured = {
            "fed": [{"id": token, "text": text} for token, text in zip(newest, texts)],
            "uncached": uncached,
            "cached": cached,
            "max_abs_difference": float((logits - reference).abs().max()),
        }
        self.fed = length
        candidates = next_tokens(logits, self.vocabulary, ids[length - 1], self.top)
        self.steps.append(_step(self.plan, length, measured, candidates))
        return logits

    def _lane(self, ids: list[int], cache: Any, use_cache: bool) -> tuple[Json, torch.Tensor, Any]:
        """One run's numbers, its last row's logits and its cache. Counted on a copy first: counting takes time."""
        shapes = Shapes()
        counting = copy.deepcopy(cache)
        with watched(self.model, shapes):
            flops = count_flops(
                self.model, _attentions(self.model), lambda: last_logits(self.model, ids, counting, use_cache)
            )
        start = time.perf_counter()
        logits, cache = last_logits(self.model, ids, cache, use_cache)
        _wait()
        seconds = time.perf_counter() - start
        return {**shapes.counted(), "seconds": seconds, "flops": flops}, logits, cache


def _attentions(model: PreTrainedModel) -> list[torch.nn.Module]:
    """The modules that attend: those that say which layer they are and hold no other that does."""
    named = [
        m for m in model.modules() if getattr(m, "layer_idx", None) is not None and "Attention" in type(m).__name__
    ]
    return [m for m in named if not any(child in named for child in m.modules() if child is not m)]


def _wait() -> None:
    """Waits for what a GPU still computes, so that seconds are its own."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
