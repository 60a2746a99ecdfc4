"""Steps: what was run is counted, what was not is not said."""

from __future__ import annotations

import json

import kvtui_record
import pytest
import tiny_models
import torch
from conftest import TEXT
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, PreTrainedModel

FIXTURES = tiny_models.ROOT / "Tests" / "Fixtures"


@pytest.fixture(scope="module")
def bundled() -> PreTrainedModel:
    return AutoModelForCausalLM.from_pretrained(tiny_models.BUNDLED, dtype=torch.float32)


def test_the_bundled_model_is_that_of_the_fixtures(bundled: PreTrainedModel, tokenizer: Tokenizer) -> None:
    """FLOPs and cache bytes of each step, queries, keys, values and weights, as another program measured them."""
    expected = json.loads((FIXTURES / "tiny-zh" / "reference.json").read_text())
    tensors = load_file(FIXTURES / "tiny-zh" / "reference.safetensors")
    with kvtui_record.record(bundled, tokenizer, TEXT, tokens=9, steps=True) as recorder:
        recording = recorder.recording
        assert recording.recorded == "steps" and recording.given == 7
        assert len(recording.steps) == len(expected["steps"]) == 16
        for step, wanted in zip(recording.steps, expected["steps"]):
            assert step["length"] == wanted["length"]
            assert step["uncached"]["flops"] == wanted["uncached"]["flops"]
            assert {name: step["cached"][name] for name in wanted["cached"]} == wanted["cached"]
        for name in ("query", "key", "value"):
            for layer in range(4):
                wanted = tensors[f"layer.{layer}.{name}"]
                assert torch.allclose(recording.tensors[f"layer.{layer}.{name}"][:, :7], wanted, rtol=0, atol=1e-4)
        assert (recorder.weights(3)[:, :7, :7] - tensors["layer.3.weights"]).abs().max() < 1e-4


def test_a_step_has_the_fields_of_a_run(bundled: PreTrainedModel, tokenizer: Tokenizer) -> None:
    recording = kvtui_record.record(bundled, tokenizer, prompt="中华人", tokens=3, steps=True).recording
    assert [step["length"] for step in recording.steps] == [3, 4, 5]
    assert [step["phase"] for step in recording.steps] == ["prefill", "decode", "decode"]
    assert [token["text"] for token in recording.tokens] == list("中华人民共和"), "the last is listed, never fed"
    assert recording.tensors["layer.0.query"].shape[1] == 5
    first, second = recording.steps[:2]
    assert [token["text"] for token in first["fed"]] == list("中华人")
    assert second["fed"] == [recording.tokens[3]]
    assert {k: first["uncached"][k] for k in ("rows", "cells", "masked", "kv_computed")} == {
        "rows": 3, "cells": 9, "masked": 3, "kv_computed": 3,
    }  # fmt: skip
    assert {k: second["cached"][k] for k in ("rows", "cells", "masked", "kv_computed")} == {
        "rows": 1, "cells": 4, "masked": 0, "kv_computed": 1,
    }  # fmt: skip
    assert second["max_abs_difference"] < 1e-3 and second["cached"]["seconds"] > 0
    assert second["next"][0]["text"] == "共" and second["next"][0]["probability"] > 0.99
    assert recording.model == {
        "name": "tiny-zh", "architecture": "gpt2", "layers": 4, "heads": 4, "kv_heads": 4, "d_model": 64, "d_head": 16,
        "vocabulary": 1381, "parameters": 321216, "dtype": "f32",
    }  # fmt: skip


def test_one_pass_has_no_counters(bundled: PreTrainedModel, tokenizer: Tokenizer) -> None:
    ran = kvtui_record.record(bundled, tokenizer, TEXT, tokens=2, steps=True).recording
    once = kvtui_record.record(bundled, tokenizer, TEXT, tokens=2).recording
    assert once.recorded == "one pass"
    assert once.tokens == ran.tokens and len(once.steps) == len(ran.steps) == 9
    for step, other in zip(once.steps, ran.steps):
        assert sorted(step) == ["length", "next", "phase", "step"]
        assert [c["id"] for c in step["next"]][:1] == [c["id"] for c in other["next"]][:1]
        assert abs(step["next"][0]["logit"] - other["next"][0]["logit"]) < 1e-3
    for name, tensor in ran.tensors.items():
        assert torch.equal(tensor, once.tensors[name])


def test_an_end_token_ends_the_run(tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["llama"]())
    free = kvtui_record.record(model, tokenizer, prompt=TEXT, tokens=6, ignore_eos=True).recording
    chosen = [token["id"] for token in free.tokens[7:]]
    model.generation_config.eos_token_id = chosen[2]
    first = chosen.index(chosen[2])
    for steps in (False, True):
        ended = kvtui_record.record(model, tokenizer, prompt=TEXT, tokens=6, steps=steps).recording
        assert [token["id"] for token in ended.tokens[7:]] == chosen[: first + 1]
        assert len(ended.steps) == first + 1
        assert ended.tensors["layer.0.key"].shape[1] == 7 + first
    whole = kvtui_record.record(model, tokenizer, prompt=TEXT, tokens=6, steps=True, ignore_eos=True).recording
    assert whole.tokens == free.tokens


@pytest.mark.parametrize("steps", [False, True])
def test_greedy_tokens_are_those_of_generate(steps: bool, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["gemma2"]())
    ids = tokenizer.encode(TEXT).ids
    wanted = model.generate(torch.tensor([ids]), max_new_tokens=6, do_sample=False, eos_token_id=None, pad_token_id=0)
    made = kvtui_record.record(model, tokenizer, prompt=TEXT, tokens=6, steps=steps, ignore_eos=True).recording
    assert [token["id"] for token in made.tokens] == wanted[0].tolist()


def test_a_window_shows_in_cells_and_bytes(tokenizer: Tokenizer) -> None:
    """The cached run of a model whose every layer has a window of 4 computes 4 cells; its cache holds 3 tokens or 4."""
    model = tiny_models.build(tiny_models.ARCHITECTURES["mistral-window"]())
    last = kvtui_record.record(model, tokenizer, TEXT, steps=True).recording.steps[-1]
    assert (last["uncached"]["cells"], last["uncached"]["masked"]) == (49, 21 + 6)
    assert last["cached"]["cells"] == 4
    assert 2 * 2 * 2 * 8 * 4 * 3 <= last["cached"]["cache_bytes"] < 2 * 2 * 2 * 8 * 4 * 5


def test_what_cannot_be_told_apart_is_null(tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.qwen3_next())
    flops = kvtui_record.record(model, tokenizer, "中华", steps=True).recording.steps[0]["uncached"]["flops"]
    assert [flops[name] for name in ("projection", "attention", "mlp", "head")] == [None] * 4


def test_experts_are_counted(tokenizer: Tokenizer) -> None:
    """Grouped products have no formula in PyTorch: uncounted, they would be missing without a word."""
    model = tiny_models.build(tiny_models.gpt_oss())
    flops = kvtui_record.record(model, tokenizer, "中", steps=True).recording.steps[0]["cached"]["flops"]
    router, expert = 2 * 32 * 4, 2 * (32 * 96 + 48 * 32)
    assert flops["mlp"] >= 2 * (router + 2 * expert)


def test_a_product_without_a_formula_makes_the_count_null() -> None:
    from kvtui_record.flops import Uncounted

    with Uncounted() as uncounted:
        torch.ones(2, 2) @ torch.ones(2, 2)
    assert not uncounted.found
    with Uncounted() as uncounted:
        torch._int_mm(torch.ones(32, 32, dtype=torch.int8), torch.ones(32, 32, dtype=torch.int8))
    assert uncounted.found
