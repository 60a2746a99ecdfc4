"""Caches of TransformerLens, by names; with the library itself where it is installed."""

from __future__ import annotations

from pathlib import Path

import kvtui_record
import numpy
import pytest
import tiny_models
import torch
from conftest import TEXT
from kvtui_record import transformerlens
from kvtui_record.cli import main
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

BUNDLED = {"tiny-zh": False, "tiny-zh-gqa": True}


def recorded(name: str, tokenizer: Tokenizer) -> kvtui_record.Recording:
    model = AutoModelForCausalLM.from_pretrained(tiny_models.ROOT / "models" / name, dtype=torch.float32)
    assert transformerlens.is_rotary(model) == BUNDLED[name]
    return kvtui_record.record(model, tokenizer, TEXT).recording


def from_cache(cache: dict, own: kvtui_record.Recording, **options: object) -> kvtui_record.Recording:
    return transformerlens.recording(cache, own.tokens, own.model, attention=own.attention, **options)


@pytest.mark.parametrize("name, rotary", BUNDLED.items())
def test_there_and_back(name: str, rotary: bool, tokenizer: Tokenizer) -> None:
    own = recorded(name, tokenizer)
    cache = transformerlens.cache(own, rotary=rotary)
    turned = "rot_" if rotary else ""
    assert cache[f"blocks.2.attn.hook_{turned}q"].shape == (1, 7, 4, 16)
    assert cache["blocks.2.attn.hook_pattern"].shape == (1, 4, 7, 7)
    back = from_cache(cache, own, rotary=rotary)
    assert all(torch.equal(back.tensors[n], t) for n, t in own.tensors.items())
    arrays = {name: array.numpy()[0] for name, array in cache.items()}
    assert all(torch.equal(from_cache(arrays, own, rotary=rotary).tensors[n], t) for n, t in own.tensors.items())


def test_queries_from_before_the_rotation_are_refused(tokenizer: Tokenizer) -> None:
    own = recorded("tiny-zh-gqa", tokenizer)
    cache = transformerlens.cache(own, rotary=False)
    with pytest.raises(kvtui_record.RecordError, match="before the rotation"):
        from_cache(cache, own, rotary=True)


def test_the_pattern_must_follow(tokenizer: Tokenizer) -> None:
    own = recorded("tiny-zh", tokenizer)
    cache = transformerlens.cache(own, rotary=False)
    cache["blocks.1.attn.hook_q"] = cache["blocks.1.attn.hook_q"] * 1.5
    with pytest.raises(kvtui_record.RecordError, match="weights of layer 1"):
        from_cache(cache, own, rotary=False)


def test_caches_that_do_not_fit(tokenizer: Tokenizer) -> None:
    own = recorded("tiny-zh", tokenizer)
    cache = transformerlens.cache(own, rotary=False)
    with pytest.raises(kvtui_record.RecordError, match="no blocks.L.attn.hook_q"):
        from_cache({}, own, rotary=False)
    with pytest.raises(kvtui_record.RecordError, match="lacks blocks.0.attn.hook_v"):
        from_cache({n: a for n, a in cache.items() if not n.endswith("hook_v")}, own, rotary=False)
    with pytest.raises(kvtui_record.RecordError, match="of 2 texts"):
        from_cache({n: a.repeat(2, 1, 1, 1) for n, a in cache.items()}, own, rotary=False)
    with pytest.raises(kvtui_record.RecordError, match="7 positions, but 3 tokens"):
        transformerlens.recording(cache, own.tokens[:3], own.model, rotary=False)


@pytest.mark.parametrize("kind", ["safetensors", "npz"])
def test_the_command(kind: str, tmp_path: Path, tokenizer: Tokenizer, capsys: pytest.CaptureFixture[str]) -> None:
    own = recorded("tiny-zh-gqa", tokenizer)
    cache = transformerlens.cache(own, rotary=True)
    source, made, back = tmp_path / f"cache.{kind}", tmp_path / "run.kvtrace", tmp_path / "back.safetensors"
    if kind == "npz":
        numpy.savez(source, **{name: array.numpy() for name, array in cache.items()})
    else:
        save_file(cache, source)
    model = str(tiny_models.ROOT / "models" / "tiny-zh-gqa")
    assert main(["--from-transformerlens", str(source), "--model", model, "--text", TEXT, "-o", str(made)]) == 0
    read = kvtui_record.read(made)
    assert read.steps == own.steps and all(torch.equal(read.tensors[n], t) for n, t in own.tensors.items())
    assert main(["--to-transformerlens", str(made), "-o", str(back)]) == 0
    assert sorted(transformerlens.load(back)) == sorted(cache)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_library_itself(name: str, tokenizer: Tokenizer) -> None:
    bridge = pytest.importorskip("transformer_lens.model_bridge").TransformerBridge
    own = recorded(name, tokenizer)
    model = bridge.boot_transformers(str(tiny_models.ROOT / "models" / name), device="cpu")
    ids = torch.tensor([[token["id"] for token in own.tokens]])
    _, cache = model.run_with_cache(ids)
    made = from_cache(dict(cache.items()), own, rotary=BUNDLED[name])
    for tensor_name, tensor in own.tensors.items():
        assert (made.tensors[tensor_name] - tensor).abs().max() < 1e-4
