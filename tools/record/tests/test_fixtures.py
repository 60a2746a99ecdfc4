"""The stored recordings that kvtui is held to: they open, and what follows from them is what stands beside them."""

from __future__ import annotations

import json

import kvtui_record
import pytest
import tiny_models
import torch
from safetensors.torch import load_file

FOLDER = tiny_models.ROOT / "Tests" / "Fixtures" / "recordings"
NAMES = [row["name"] for row in json.loads((FOLDER / "index.json").read_text())["recordings"]]


def test_every_recording_is_listed() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in FOLDER.glob("*.kvtrace"))


@pytest.mark.parametrize("name", NAMES)
def test_weights_and_outputs_follow(name: str) -> None:
    recording = kvtui_record.read(FOLDER / f"{name}.kvtrace")
    expected = load_file(FOLDER / f"{name}.expected.safetensors")
    assert sorted(expected) == sorted(f"layer.{L}.{part}" for L in recording.layers for part in ("output", "weights"))
    for layer in recording.layers:
        weights = kvtui_record.attention_weights(recording, layer)
        assert (weights - expected[f"layer.{layer}.weights"]).abs().max() < 1e-5
        source = recording.rule(layer)["kv_from"]
        value = recording.tensors[f"layer.{layer if source is None else source}.value"].float()
        value = value.repeat_interleave(weights.shape[0] // value.shape[0], dim=0)
        assert torch.allclose(weights @ value, expected[f"layer.{layer}.output"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_and_steps_agree(name: str) -> None:
    recording = kvtui_record.read(FOLDER / f"{name}.kvtrace")
    n = recording.steps[-1]["length"]
    assert [step["step"] for step in recording.steps] == list(range(1, len(recording.steps) + 1))
    assert len(recording.tokens) in (n, n + 1)
    assert {tensor.shape[1] for tensor in recording.tensors.values() if tensor.ndim == 3} == {n}
    counted = all("flops" in step.get("uncached", {}) for step in recording.steps)
    assert counted == (recording.recorded == "steps" and not name.startswith("plain"))
