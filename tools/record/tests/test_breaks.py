"""The self-check must catch a recorder that is wrong: each test breaks it in one place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import kvtui_record
import pytest
import tiny_models
import torch
from conftest import TEXT
from kvtui_record import capture, keeper
from kvtui_record.capture import Call
from kvtui_record.rules import LayerRule
from tokenizers import Tokenizer
from transformers import PreTrainedModel


def refused(model: PreTrainedModel, tokenizer: Tokenizer, folder: Path, match: str = "self-check") -> None:
    """Recording fails, and leaves no file behind."""
    with pytest.raises(kvtui_record.RecordError, match=match):
        kvtui_record.record(model, tokenizer, TEXT).save(folder / "run.kvtrace")
    assert list(folder.iterdir()) == []


def change_rule(patch: pytest.MonkeyPatch, **changes: object) -> None:
    rule_of = keeper.rule_of

    def wrong(call: Call, owner: int | None) -> LayerRule:
        return replace(rule_of(call, owner), **changes)

    patch.setattr(keeper, "rule_of", wrong)


@pytest.mark.parametrize("name", ["llama", "gpt2", "granite"])
def test_wrong_scale(name: str, tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    change_rule(monkeypatch, scale=0.5)
    refused(tiny_models.build(tiny_models.ARCHITECTURES[name]()), tokenizer, tmp_path, "weights of layer 0")


@pytest.mark.parametrize("change", [{"window": None}, {"window": 5}, {"window": 3}])
def test_wrong_window(change: dict, tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    change_rule(monkeypatch, **change)
    refused(tiny_models.build(tiny_models.ARCHITECTURES["mistral-window"]()), tokenizer, tmp_path)


def test_forgotten_softcap(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    change_rule(monkeypatch, softcap=None)
    refused(tiny_models.build(tiny_models.ARCHITECTURES["gemma2"]()), tokenizer, tmp_path)


def test_forgotten_sinks(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Call, "sinks", None)
    refused(tiny_models.build(tiny_models.gpt_oss()), tokenizer, tmp_path)


def test_key_from_before_the_rotation(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key as `k_proj` gives it: the mistake of hooks on projections."""
    model = tiny_models.build(tiny_models.ARCHITECTURES["llama"]())
    unturned: dict[int, torch.Tensor] = {}
    for layer in model.model.layers:
        attention = layer.self_attn
        attention.k_proj.register_forward_hook(
            lambda module, inputs, output, index=attention.layer_idx: unturned.__setitem__(index, output)
        )
    see = keeper.Keeper.see

    def before(self: keeper.Keeper, call: Call) -> None:
        call.key = unturned[call.layer].view(1, -1, 2, 8).transpose(1, 2)
        see(self, call)

    # The model itself goes on with the right key: only the recorder sees the wrong one.
    own = capture.Call.attend
    monkeypatch.setattr(keeper.Keeper, "see", lambda self, call: before(self, Call(**vars(call))))
    monkeypatch.setattr(capture.Call, "attend", own)
    refused(model, tokenizer, tmp_path, "weights of layer 0")


def test_query_from_before_the_norm(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    see = keeper.Keeper.see

    def before(self: keeper.Keeper, call: Call) -> None:
        see(self, Call(**(vars(call) | {"query": call.query * 1.5})))

    monkeypatch.setattr(keeper.Keeper, "see", before)
    refused(tiny_models.build(tiny_models.ARCHITECTURES["qwen3"]()), tokenizer, tmp_path)


@pytest.mark.parametrize("name", ["llama", "gemma2", "gpt-oss", "granite"])
def test_no_mask_registered(name: str, tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mask function the model sees the future; the recorder must not, whichever of its checks comes first."""
    masks = capture.ALL_MASK_ATTENTION_FUNCTIONS
    monkeypatch.setattr(capture.AttentionMaskInterface, "register", lambda *rest: None)
    monkeypatch.delitem(masks._global_mapping, capture.NAME, raising=False)
    model = tiny_models.build(tiny_models.ARCHITECTURES[name]())
    refused(model, tokenizer, tmp_path, "no causal mask")


def test_a_lost_mask_shows_in_the_logits(tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where the recorder takes the mask for granted: then the logits tell."""
    own = capture.Call.attend

    def without(self: Call) -> object:
        self.mask = None
        return own(self)

    monkeypatch.setattr(capture.Call, "attend", without)
    refused(
        tiny_models.build(tiny_models.ARCHITECTURES["llama"]()),
        tokenizer,
        tmp_path,
        "self-check: the (logits|attention)",
    )


def test_an_unknown_bias_on_scores(tmp_path: Path, tokenizer: Tokenizer) -> None:
    """A model that does something of its own to its weights cannot be replayed, and is refused."""
    model = tiny_models.build(tiny_models.ARCHITECTURES["llama"]())
    attention = model.model.layers[1].self_attn
    plain = attention.forward

    def odd(*args: object, **named: object) -> object:
        output, weights = plain(*args, **named)
        return output, weights if weights is None else weights.flip(-1)

    attention.forward = odd
    refused(model, tokenizer, tmp_path, "weights of layer 1")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_wrong_scale_in_16_bit(
    dtype: torch.dtype, tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounding is allowed for, a wrong scale is not."""
    model = tiny_models.build(tiny_models.ARCHITECTURES["llama"](), dtype=dtype)
    kvtui_record.record(model, tokenizer, TEXT).save(tmp_path / "right.kvtrace")
    (tmp_path / "right.kvtrace").unlink()
    change_rule(monkeypatch, scale=0.5)
    refused(model, tokenizer, tmp_path)
