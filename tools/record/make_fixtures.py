"""Writes `Tests/Fixtures/recordings`: small recordings, and beside each what Hugging Face (or numpy) says its weights are.

python tools/record/make_fixtures.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import plain_recordings
import tiny_models
import torch
import transformers
from kvtui_record import record
from kvtui_record.capture import Call, implementation, watched
from kvtui_record.passes import whole_pass
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel

FOLDER = tiny_models.ROOT / "Tests" / "Fixtures" / "recordings"
TEXT = "中华人民共和国"
SEED = 7
LARGEST = 60_000

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Case:
    """One recording: its model, how it is recorded, and what is special about it."""

    name: str
    about: str
    model: PretrainedConfig | None
    options: dict[str, Any] = field(default_factory=lambda: {"text": TEXT, "tokens": 4})
    dtype: torch.dtype = torch.float32

    def build(self) -> PreTrainedModel:
        if self.model is None:
            return AutoModelForCausalLM.from_pretrained(tiny_models.BUNDLED, dtype=torch.float32)
        return tiny_models.build(self.model, SEED, self.dtype)


def architecture(name: str) -> PretrainedConfig:
    return tiny_models.ARCHITECTURES[name]()


def cases() -> list[Case]:
    written = {"text": TEXT, "tokens": 4}
    prompt = {"prompt": "中华人民", "tokens": 6}
    granite = tiny_models.config("GraniteConfig", head_dim=..., attention_multiplier=0.6)
    return [
        Case("gqa", "4 query heads over 2 KV heads; one pass, so steps without counters", architecture("llama")),
        Case(
            "window",
            "a window of 4 in every layer; a prompt, then written tokens",
            architecture("mistral-window"),
            prompt,
        ),
        Case("window-mixed", "the second layer alone has a window, of 3", architecture("qwen2-window")),
        Case("scale", "scores × 0.6 instead of 1/√8", granite),
        Case("softcap", "a soft cap of 3, another scale, and a window of 4 in the first layer", architecture("gemma2")),
        Case("sinks", "a sink a head in each layer, a window of 4 in the first", tiny_models.gpt_oss()),
        Case("narrow-value", "queries and keys 24 wide, values 16", tiny_models.deepseek_v3()),
        Case("bf16", "BF16", architecture("qwen3"), dtype=torch.bfloat16),
        Case("f16", "F16", architecture("qwen3"), dtype=torch.float16),
        Case("steps", "every step run and counted", architecture("qwen3"), prompt | {"steps": True}),
        Case("steps-text", "every step of a text run and counted", architecture("gpt2"), written | {"steps": True}),
        Case("layers", "layers 1 and 5 of 6", architecture("gemma3"), written | {"layers": [1, 5]}),
        Case(
            "heads",
            "query heads 2 and 3 of 4, with KV head 1 of 2; with sinks",
            tiny_models.gpt_oss(),
            written | {"heads": [3]},
        ),
        Case("unseen-layers", "three layers of linear attention, which are not in the file", tiny_models.qwen3_next()),
        Case(
            "steps-null",
            "every step run, but linear attention leaves the FLOPs by category null",
            tiny_models.qwen3_next(),
            {"text": "中华人民", "steps": True},
        ),
        Case("shared-kv", "layers 2 and 3 read the keys and values of layers 0 and 1", tiny_models.gemma3n()),
        Case(
            "bytes",
            "tokens that are bytes and no characters, a blank, a new line",
            architecture("llama"),
            {"text": "中龘 é\nA国"},
        ),
        Case(
            "bundled", "the bundled model, every step run and counted", None, {"text": TEXT, "tokens": 5, "steps": True}
        ),
    ]


class Reference:
    """A watcher that keeps what each layer's own eager attention makes of its inputs, in float32."""

    def __init__(self, layers: list[int], heads: list[int] | None) -> None:
        self.layers, self.heads = layers, heads
        self.tensors: Tensors = {}

    def see(self, call: Call) -> None:
        if call.layer not in self.layers:
            return
        wide = Call(call.module, call.query.float(), call.key.float(), call.value.float(), call.mask, call.options)
        with torch.no_grad():
            output, weights = wide.attend()
        self._keep(f"layer.{call.layer}.weights", weights[0])
        self._keep(f"layer.{call.layer}.output", output[0].transpose(0, 1))

    def _keep(self, name: str, tensor: torch.Tensor) -> None:
        self.tensors[name] = (tensor if self.heads is None else tensor[self.heads]).float().contiguous()


def own_weights(model: PreTrainedModel, ids: list[int]) -> list[torch.Tensor]:
    """[heads, n, n] of each layer with attention: `output_attentions` of eager attention."""
    with implementation(model, "eager"), torch.no_grad():
        output = model(input_ids=torch.tensor([ids]), output_attentions=True)
    return [weights[0].float() for weights in output.attentions if weights is not None]


def write(case: Case, folder: Path) -> dict[str, Any]:
    """The recording and its reference; tells its row of `index.json`."""
    model = case.build()
    path = folder / f"{case.name}.kvtrace"
    with record(model, tiny_models.tokenizer(), name=f"random {case.name}" if case.model else None, ignore_eos=True,
                **case.options) as recorder:  # fmt: skip
        recorder.save(path, force=True)
        layers, heads, ids = recorder.recording.layers, recorder.recording.heads, recorder.ids
        seen = sorted(recorder.modules)
        reference = Reference(layers, heads)
        with watched(model, reference):
            whole_pass(model, ids)
    allowed = 1e-6 if case.dtype == torch.float32 else 0.05
    for layer, own in zip(seen, own_weights(model, ids)):
        if layer in layers:
            mine = reference.tensors[f"layer.{layer}.weights"]
            assert (mine - (own if heads is None else own[heads])).abs().max() < allowed, (case.name, layer)
    save_file(reference.tensors, folder / f"{case.name}.expected.safetensors")
    assert path.stat().st_size < LARGEST, f"{path.name} has {path.stat().st_size} bytes"
    return {"name": case.name, "about": case.about, "architecture": model.config.model_type, "layers": layers}


def settle(path: Path) -> None:
    """Puts the header's names in order, which the library leaves to chance, so that files that say the same are the same."""
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + length :])
    path.chmod(0o644)


def main(folder: Path) -> None:
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    folder.mkdir(parents=True, exist_ok=True)
    rows = [write(case, folder) for case in cases()]
    plain_recordings.write_minimal(folder)
    plain_recordings.write_everything(folder)
    rows += [
        {"name": "plain-minimal", "about": "by numpy: the least that a recording needs, F16", "layers": [0]},
        {"name": "plain-everything", "about": "by numpy: all at once, layer 1 of 3, a prompt of 4", "layers": [1]},
    ]
    for path in [*folder.glob("*.kvtrace"), *folder.glob("*.safetensors")]:
        settle(path)
    made_by = {
        "command": "python tools/record/make_fixtures.py",
        "seed": SEED,
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "numpy": numpy.__version__,
    }
    lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    text = f'{{\n "made_by": {json.dumps(made_by)},\n "recordings": [\n  {lines}\n ]\n}}\n'
    (folder / "index.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
