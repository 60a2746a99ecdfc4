"""The file: number formats, chosen layers and heads, texts of tokens."""

from __future__ import annotations

import json
from pathlib import Path

import kvtui_record
import pytest
import tiny_models
import torch
from conftest import TEXT
from kvtui_record.tokens import Vocabulary
from reference import header, numpy_weights
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

FIXTURES = tiny_models.ROOT / "Tests" / "Fixtures"


@pytest.mark.parametrize("dtype, name", [(torch.float32, "F32"), (torch.float16, "F16"), (torch.bfloat16, "BF16")])
def test_the_number_format_stays(dtype: torch.dtype, name: str, tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["qwen3"](), dtype=dtype)
    with kvtui_record.record(model, tokenizer, TEXT) as recorder:
        recorder.save(tmp_path / "run.kvtrace")
    found = header(tmp_path / "run.kvtrace")
    metadata = found.pop("__metadata__")
    assert {entry["dtype"] for entry in found.values()} == {name}
    assert json.loads(metadata["model"])["dtype"] == name.lower()
    assert metadata["format"] == "kvtrace" and metadata["version"] == "1"


def test_what_is_read_is_what_was_written(tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["gemma2"]())
    with kvtui_record.record(model, tokenizer, TEXT, tokens=2, steps=True) as recorder:
        recorder.save(tmp_path / "run.kvtrace")
        read = kvtui_record.read(tmp_path / "run.kvtrace")
        assert read.metadata() == recorder.recording.metadata()
        assert all(torch.equal(read.tensors[n], t) for n, t in recorder.recording.tensors.items())


def test_chosen_layers(tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["gemma3"]())
    with kvtui_record.record(model, tokenizer, TEXT, layers=[5, 1]) as recorder:
        recorder.save(tmp_path / "run.kvtrace")
        assert recorder.recording.layers == [1, 5] and recorder.missing is None
        assert len(recorder.recording.attention) == 6, "every layer is described, recorded or not"
    assert numpy_weights(tmp_path / "run.kvtrace", 5).shape == (4, 7, 7)


def test_chosen_heads_are_whole_groups(tmp_path: Path, tokenizer: Tokenizer) -> None:
    """Head 3 of 4 shares its keys with head 2: both are kept, with KV head 1."""
    model = tiny_models.build(tiny_models.gpt_oss())
    whole = kvtui_record.record(model, tokenizer, TEXT).recording
    with kvtui_record.record(model, tokenizer, TEXT, heads=[3]) as recorder:
        recorder.save(tmp_path / "run.kvtrace")
    part = kvtui_record.read(tmp_path / "run.kvtrace")
    assert part.heads == [2, 3] and part.model["heads"] == 4 and part.model["kv_heads"] == 2
    for name, kept in (("query", slice(2, 4)), ("key", slice(1, 2)), ("value", slice(1, 2)), ("sinks", slice(2, 4))):
        assert torch.equal(part.tensors[f"layer.1.{name}"], whole.tensors[f"layer.1.{name}"][kept])
    weights = kvtui_record.attention_weights(part, 0)
    assert torch.allclose(weights, kvtui_record.attention_weights(whole, 0)[2:], atol=1e-6)


def test_all_heads_need_no_list(tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES["llama"]())
    assert kvtui_record.record(model, tokenizer, TEXT, heads=[0, 2]).recording.heads is None


def test_bytes_that_form_no_character(tokenizer: Tokenizer) -> None:
    """龘 is no token of the bundled tokenizer: three bytes, none of them a character."""
    vocabulary = Vocabulary(tokenizer)
    ids = vocabulary.encode("中龘 A")
    assert vocabulary.texts(ids) == ["中", "<0xE9>", "<0xBE>", "<0x98>", " ", "A"]
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer)
    assert Vocabulary(wrapped).texts(ids) == vocabulary.texts(ids)
    assert Vocabulary(wrapped).encode("中龘 A") == ids


@pytest.mark.parametrize("name", ["gpt2", "qwen2", "llama3", "deepseek"])
def test_byte_level_tokens_spell_the_text(name: str) -> None:
    vocabulary = Vocabulary(Tokenizer.from_file(str(FIXTURES / "tokenizer" / name / "tokenizer.json")))
    text = "Hello world, 中华人民\n  é 龘!"
    texts = vocabulary.texts(vocabulary.encode(text))
    raw = b"".join(_bytes(part) for part in texts if part != "<|begin_of_text|>")
    assert text.encode() in raw
    assert any(part.startswith(" ") for part in texts), "a leading blank belongs to the token"


@pytest.mark.parametrize("name", ["llama2", "mistral"])
def test_sentencepiece_tokens_spell_the_text(name: str) -> None:
    vocabulary = Vocabulary(Tokenizer.from_file(str(FIXTURES / "tokenizer" / name / "tokenizer.json")))
    text = "Hello world, 中华人民 龘"
    texts = [part for part in vocabulary.texts(vocabulary.encode(text)) if part not in ("<s>", "<s> ")]
    assert b"".join(map(_bytes, texts)).strip() == text.encode()


def _bytes(text: str) -> bytes:
    """The bytes that a token's text stands for."""
    import re

    parts = re.split(r"(<0x[0-9A-F]{2}>)", text)
    return b"".join(bytes([int(p[3:5], 16)]) if p.startswith("<0x") else p.encode() for p in parts)


def test_files_that_are_no_recording(tmp_path: Path) -> None:
    with pytest.raises(kvtui_record.RecordError) as caught:
        kvtui_record.read(tmp_path / "none.kvtrace")
    assert caught.value.status == 66
    (tmp_path / "text.kvtrace").write_text("no")
    with pytest.raises(kvtui_record.RecordError) as caught:
        kvtui_record.read(tmp_path / "text.kvtrace")
    assert caught.value.status == 65
