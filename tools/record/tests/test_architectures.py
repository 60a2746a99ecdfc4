"""Random models of many architectures: what the file says is what the model does."""

from __future__ import annotations

import math
from pathlib import Path

import kvtui_record
import numpy
import pytest
import tiny_models
import transformers
from conftest import TEXT
from packaging.version import Version
from reference import header, numpy_weights, own_attentions
from tokenizers import Tokenizer

OLD = Version(transformers.__version__) < Version("5")


@pytest.mark.parametrize("name", tiny_models.ARCHITECTURES)
def test_weights_of_the_file_are_those_of_the_model(name: str, tmp_path: Path, tokenizer: Tokenizer) -> None:
    if name == "gemma3n" and OLD:
        pytest.skip("without a cache, transformers 4 computes shared layers from keys of their own: see the next test")
    model = tiny_models.build(tiny_models.ARCHITECTURES[name]())
    path = tmp_path / "run.kvtrace"
    with kvtui_record.record(model, tokenizer, TEXT) as recorder:
        gaps = recorder.save(path)
        layers, ids = recorder.recording.layers, recorder.ids
    assert gaps.logits < 1e-5 and gaps.worst_weight < 1e-5
    own = own_attentions(model, ids, layers)
    for layer in layers:
        assert numpy.abs(numpy_weights(path, layer) - own[layer].numpy()).max() < 1e-5
        assert own[layer].max() > 0.2, "attention is nearly even: nothing would be told apart"
    assert model.config._attn_implementation != "kvtui", "the model's own attention is not given back"


@pytest.mark.skipif(not OLD, reason="mended in transformers 5")
def test_a_model_that_computes_otherwise_without_a_cache_is_refused(tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.gemma3n())
    with pytest.raises(kvtui_record.RecordError, match="self-check"):
        kvtui_record.record(model, tokenizer, TEXT).save(tmp_path / "run.kvtrace")
    assert list(tmp_path.iterdir()) == []


def rules(name: str, tokenizer: Tokenizer) -> list[tuple]:
    model = tiny_models.build(tiny_models.ARCHITECTURES[name]())
    recording = kvtui_record.record(model, tokenizer, TEXT).recording
    return [tuple(rule.values()) for rule in recording.attention]


def test_what_layers_do_is_named(tokenizer: Tokenizer) -> None:
    usual = 8**-0.5
    assert rules("llama", tokenizer) == []
    assert rules("mistral-window", tokenizer) == [("sliding", usual, 4, None, None)] * 2
    assert rules("qwen2-window", tokenizer) == [("full", usual, None, None, None), ("sliding", usual, 3, None, None)]
    assert rules("gemma2", tokenizer) == [("sliding", 12**-0.5, 4, 3.0, None), ("full", 12**-0.5, None, 3.0, None)]
    assert rules("gemma3", tokenizer)[5] == ("full", 168**-0.5, None, None, None)
    assert rules("granite", tokenizer) == [("full", 1.0, None, None, None)] * 2
    inverse = rules("gpt2-inverse-layer", tokenizer)
    assert math.isclose(inverse[1][1], usual / 2, rel_tol=1e-6)
    assert rules("qwen3-next", tokenizer)[:3] == [("none", None, None, None, None)] * 3


@pytest.mark.skipif(OLD, reason="refused in transformers 4")
def test_layers_that_share_keys_and_values(tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.gemma3n())
    with kvtui_record.record(model, tokenizer, TEXT) as recorder:
        assert [rule["kv_from"] for rule in recorder.recording.attention] == [None, None, 0, 1]
        assert "layer.2.key" not in recorder.recording.tensors
    with kvtui_record.record(model, tokenizer, TEXT, layers=[2]) as recorder:
        recorder.save(tmp_path / "one.kvtrace")
        assert "layer.2.key" in recorder.recording.tensors, "the layer that owns them is not in the file"


def test_sinks_and_narrow_values(tmp_path: Path, tokenizer: Tokenizer) -> None:
    sinks = kvtui_record.record(tiny_models.build(tiny_models.gpt_oss()), tokenizer, TEXT)
    assert sinks.recording.tensors["layer.0.sinks"].shape == (4,)
    assert sinks.weights(0).sum(-1).min() < 0.5, "the sinks take their share"
    narrow = kvtui_record.record(tiny_models.build(tiny_models.deepseek_v3()), tokenizer, TEXT).recording
    assert narrow.tensors["layer.0.query"].shape == (4, 7, 24)
    assert narrow.tensors["layer.0.value"].shape == (4, 7, 16)


def test_a_window_longer_than_the_text_is_the_models_own_word(tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.config("MistralConfig", sliding_window=50))
    assert kvtui_record.record(model, tokenizer, TEXT).recording.attention[0]["window"] == 50


def test_layers_without_softmax_attention_are_named(tmp_path: Path, tokenizer: Tokenizer) -> None:
    with kvtui_record.record(tiny_models.build(tiny_models.qwen3_next()), tokenizer, TEXT) as recorder:
        recorder.save(tmp_path / "run.kvtrace")
        assert "layers 0-2 of 4 (linear_attention)" in recorder.missing
    names = [name for name in header(tmp_path / "run.kvtrace") if name != "__metadata__"]
    assert sorted(names) == ["layer.3.key", "layer.3.query", "layer.3.value"]
