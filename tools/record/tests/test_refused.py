"""What cannot be recorded rightly is refused in a sentence, and leaves no file."""

from __future__ import annotations

from pathlib import Path

import kvtui_record
import pytest
import tiny_models
import torch
import transformers
from conftest import TEXT
from kvtui_record import keeper
from tokenizers import Tokenizer

SMALL = {"vocab_size": tiny_models.VOCABULARY, "hidden_size": 32}


def llama() -> transformers.PreTrainedModel:
    return tiny_models.build(tiny_models.ARCHITECTURES["llama"]())


@pytest.mark.parametrize(
    "configuration",
    [
        transformers.BloomConfig(n_layer=2, n_head=4, **SMALL),
        transformers.MptConfig(vocab_size=tiny_models.VOCABULARY, d_model=32, n_layers=2, n_heads=4, max_seq_len=64),
        transformers.FalconConfig(num_hidden_layers=2, num_attention_heads=4, alibi=True, **SMALL),
        transformers.MambaConfig(num_hidden_layers=2, **SMALL),
    ],
    ids=["bloom", "mpt", "falcon-alibi", "mamba"],
)
def test_no_layer_is_seen(configuration: transformers.PretrainedConfig, tokenizer: Tokenizer) -> None:
    with pytest.raises(kvtui_record.RecordError, match="attention interface") as caught:
        kvtui_record.record(tiny_models.build(configuration), tokenizer, TEXT)
    assert caught.value.status == 65


def test_masks_in_blocks(tokenizer: Tokenizer) -> None:
    configuration = tiny_models.config(
        "Llama4TextConfig", num_hidden_layers=4, attention_chunk_size=4, num_local_experts=2, intermediate_size_mlp=48
    )
    with pytest.raises(kvtui_record.RecordError, match="layer 0 sees neither"):
        kvtui_record.record(tiny_models.build(configuration), tokenizer, TEXT)


def test_a_share_of_the_heads(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process of a tensor-parallel model sees: half of the heads."""
    see = keeper.Keeper.see

    def half(self: keeper.Keeper, call: object) -> None:
        call.query, call.key, call.value = call.query[:, :2], call.key[:, :1], call.value[:, :1]
        see(self, call)

    monkeypatch.setattr(keeper.Keeper, "see", half)
    with pytest.raises(kvtui_record.RecordError, match="2 heads of the 4"):
        kvtui_record.record(llama(), tokenizer, TEXT)


def test_tensor_parallel(tokenizer: Tokenizer) -> None:
    model = llama()
    model._tp_size = 2
    with pytest.raises(kvtui_record.RecordError, match="tensor parallel"):
        kvtui_record.record(model, tokenizer, TEXT)


def test_a_bias_in_the_mask() -> None:
    mask = torch.zeros(1, 1, 3, 3)
    mask[..., 2, 0] = -1.5
    with pytest.raises(kvtui_record.RecordError, match="layer 4 adds a bias"):
        kvtui_record.rules.visible_keys(mask, 3, 3, 4)


@pytest.mark.parametrize(
    "options, match",
    [
        ({"text": ""}, "empty"),
        ({}, "either a text or a prompt"),
        ({"text": "中", "prompt": "中"}, "either a text or a prompt"),
        ({"prompt": "中"}, "at least 1 token"),
        ({"text": "中", "tokens": -1}, "at least 1 token"),
        ({"text": "中", "layers": [2]}, "layers 2 asked for, but the model has 0 to 1"),
        ({"text": "中", "heads": [4, 5]}, "heads 4-5 asked for, but the model has 0 to 3"),
    ],
)
def test_usage(options: dict, match: str, tokenizer: Tokenizer) -> None:
    with pytest.raises(kvtui_record.RecordError, match=match) as caught:
        kvtui_record.record(llama(), tokenizer, **options)
    assert caught.value.status == 64


def test_more_tokens_than_positions(tokenizer: Tokenizer) -> None:
    with pytest.raises(kvtui_record.RecordError, match="65 tokens, the model 64 positions"):
        kvtui_record.record(llama(), tokenizer, "中" * 65)


def test_logits_that_are_not_finite(tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = llama()
    with torch.no_grad():
        model.lm_head.weight.fill_(torch.nan)
    with pytest.raises(kvtui_record.RecordError, match="not finite"):
        kvtui_record.record(model, tokenizer, TEXT).save(tmp_path / "run.kvtrace")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path, tokenizer: Tokenizer) -> None:
    path = tmp_path / "run.kvtrace"
    path.write_text("mine")
    with kvtui_record.record(llama(), tokenizer, TEXT) as recorder:
        with pytest.raises(kvtui_record.RecordError) as caught:
            recorder.save(path)
        assert caught.value.status == 73 and path.read_text() == "mine"
        recorder.save(path, force=True)
    assert kvtui_record.read(path).given == 7


def test_the_block_has_ended(tmp_path: Path, tokenizer: Tokenizer) -> None:
    with kvtui_record.record(llama(), tokenizer, TEXT) as recorder:
        pass
    with pytest.raises(kvtui_record.RecordError, match="save within it"):
        recorder.save(tmp_path / "run.kvtrace")


def test_no_folder(tmp_path: Path, tokenizer: Tokenizer) -> None:
    with pytest.raises(kvtui_record.RecordError, match="cannot create") as caught:
        kvtui_record.record(llama(), tokenizer, TEXT).save(tmp_path / "missing" / "run.kvtrace")
    assert caught.value.status == 73
