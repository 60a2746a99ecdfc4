"""A model that is spread out by accelerate: the recording is the same."""

from __future__ import annotations

from pathlib import Path

import kvtui_record
import pytest
import tiny_models
import torch
from conftest import TEXT
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

pytest.importorskip("accelerate")

MAPS = {
    "cpu": "cpu",
    "disk": {"model.embed_tokens": "cpu", "model.norm": "cpu", "model.rotary_emb": "cpu", "lm_head": "cpu",
             "model.layers.0": "cpu", "model.layers.1": "disk"},
    "all-layers-on-disk": {"model.embed_tokens": "disk", "model.norm": "cpu", "model.rotary_emb": "cpu", "lm_head": "cpu",
                           "model.layers.0": "disk", "model.layers.1": "disk"},
}  # fmt: skip


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("architecture", ["qwen3", "gpt-oss"])
def test_spread_out(architecture: str, name: str, tmp_path: Path, tokenizer: Tokenizer) -> None:
    model = tiny_models.build(tiny_models.ARCHITECTURES[architecture]())
    model.save_pretrained(tmp_path / "model")
    spread = AutoModelForCausalLM.from_pretrained(
        tmp_path / "model", device_map=MAPS[name], offload_folder=tmp_path / "offload"
    )
    if name != "cpu":
        assert "disk" in spread.hf_device_map.values()
    for steps in (False, True):
        path = tmp_path / f"{steps}.kvtrace"
        with kvtui_record.record(spread, tokenizer, TEXT, steps=steps) as recorder:
            recorder.save(path)
        whole = kvtui_record.record(model, tokenizer, TEXT).recording
        read = kvtui_record.read(path)
        assert sorted(read.tensors) == sorted(whole.tensors)
        for tensor_name, tensor in whole.tensors.items():
            assert torch.allclose(read.tensors[tensor_name], tensor, atol=1e-5)
