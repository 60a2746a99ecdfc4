"""Trains models/tiny-zh: a GPT-2 of 4 layers and 4 heads that knows its small corpus and can copy."""

import argparse
import json
import math
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import ModelOutput

import corpus
import vocabulary
from data import IGNORE, Batch, Sampler

HERE = Path(__file__).parent
MODEL = HERE.parent.parent / "models" / "tiny-zh"
RESULTS = HERE / "results"
WIDTH, LAYERS, HEADS, POSITIONS = 64, 4, 4, 512
SHORT, LONG = (16, 128), (4, 512)
BANDS = ((0, 128), (128, 256), (256, 384), (384, 512))
HELD_OUT_ROWS = 64
POSITION_SCALE = 0.08
FASTEST, SLOWEST = 2.5, 2 * math.pi / 1000


@dataclass(frozen=True)
class Phase:
    """Some steps of training with a learning rate of their own, and from `focus_from` on the entropy penalty."""

    steps: int
    learning_rate: float
    warm_up: int
    long_share: float
    focus_from: int
    focus_ramp: int
    focus: float

    def shortened(self, scale: float) -> "Phase":
        """The same with fewer steps, to try things out."""
        return replace(self, steps=round(self.steps * scale), warm_up=round(self.warm_up * scale),
                       focus_from=round(self.focus_from * scale), focus_ramp=max(1, round(self.focus_ramp * scale)))

    def learning_rate_at(self, step: int) -> float:
        """Linear warm-up, then a cosine to a hundredth of the peak."""
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        progress = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))

    def focus_at(self, step: int) -> float:
        """Weight of the entropy penalty, nats."""
        return self.focus * min(1, max(0, step - self.focus_from) / self.focus_ramp)


PHASES = (
    Phase(steps=9_000, learning_rate=2e-3, warm_up=300, long_share=0.3, focus_from=5_500, focus_ramp=1_000, focus=0.15),
    Phase(steps=1_500, learning_rate=1.5e-3, warm_up=150, long_share=0.2, focus_from=0, focus_ramp=100, focus=1.0),
    Phase(steps=2_500, learning_rate=1.5e-3, warm_up=250, long_share=0.5, focus_from=0, focus_ramp=1, focus=0.3),
)


def arguments() -> argparse.Namespace:
    """The command line: the defaults make the published model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the steps to take, to try things out")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def new_model(vocabulary_size: int) -> GPT2LMHeadModel:
    """Random weights, and positions that begin as sinusoids (and are then trained like all the rest)."""
    config = GPT2Config(
        vocab_size=vocabulary_size, n_positions=POSITIONS, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS,
        activation_function="gelu_pytorch_tanh",  # what gelu_new computes, in one kernel
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=vocabulary.EOS_ID,
        eos_token_id=vocabulary.EOS_ID, attn_implementation="sdpa")
    model = GPT2LMHeadModel(config)
    with torch.no_grad():
        model.transformer.wpe.weight.copy_(sinusoids() * POSITION_SCALE * math.sqrt(2))
    return model


def sinusoids() -> torch.Tensor:
    """Position embeddings [positions, width] as in "Attention Is All You Need", but also with faster waves.

    They tell neighbours apart: in the paper's, positions one apart are nearly the same vector.
    """
    rates = torch.logspace(math.log(FASTEST), math.log(SLOWEST), WIDTH // 2, base=math.e)
    angles = torch.arange(POSITIONS)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def loss_of(model: GPT2LMHeadModel, batch: Batch) -> torch.Tensor:
    """Cross-entropy of each position that is to be learnt, in row order."""
    return cross_entropy(model, model.transformer(torch.from_numpy(batch.inputs), use_cache=False), batch)


def training_loss(model: GPT2LMHeadModel, batch: Batch, focus: float) -> torch.Tensor:
    """Mean cross-entropy, and the weighted mean entropy of all attention rows: heads are to look at few tokens."""
    if focus == 0:
        return loss_of(model, batch).mean()
    model.set_attn_implementation("eager")  # the one that gives its weights
    output = model.transformer(torch.from_numpy(batch.inputs), use_cache=False, output_attentions=True)
    entropies = [-(weights * (weights + 1e-9).log()).sum(dim=-1).mean() for weights in output.attentions]
    return cross_entropy(model, output, batch).mean() + focus * sum(entropies) / LAYERS


def cross_entropy(model: GPT2LMHeadModel, output: ModelOutput, batch: Batch) -> torch.Tensor:
    """Nats, of each position that is to be learnt."""
    targets = torch.from_numpy(batch.targets)
    learnt = targets != IGNORE
    return functional.cross_entropy(model.lm_head(output.last_hidden_state[learnt]), targets[learnt], reduction="none")


def train(model: GPT2LMHeadModel, sampler: Sampler, phase: Phase) -> None:
    """AdamW over packed rows, short and long."""
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01, foreach=True)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(phase.steps):
        for group in optimizer.param_groups:
            group["lr"] = phase.learning_rate_at(step)
        batch = sampler.mixed(*(LONG if sampler.random.random() < phase.long_share else SHORT))
        loss = training_loss(model, batch, phase.focus_at(step))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % 250 == 0:
            print(f"step {step + 1}  loss {np.mean(losses[-250:]):.4f}  {time.monotonic() - started:.0f} s", flush=True)


def loss_by_band(model: GPT2LMHeadModel, sampler: Sampler, document) -> dict[str, float]:
    """Mean loss of fresh rows of 512 tokens, by position."""
    batch = sampler.pack(HELD_OUT_ROWS, POSITIONS, document)
    with torch.no_grad():
        losses = loss_of(model, batch).numpy()
    positions = np.nonzero(batch.targets != IGNORE)[1]
    return {f"{first}–{end - 1}": float(losses[(positions >= first) & (positions < end)].mean())
            for first, end in BANDS}


def save(model: GPT2LMHeadModel, folder: Path) -> None:
    """The Hugging Face folder: weights in f32, and the two configurations."""
    model.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    config = {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new",
        "n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS, "n_positions": POSITIONS, "n_inner": None,
        "layer_norm_epsilon": 1e-5, "vocab_size": model.config.vocab_size, "tie_word_embeddings": True,
        "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "initializer_range": 0.02,
        "scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "reorder_and_upcast_attn": False,
        "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID, "dtype": "float32"}
    generation = {"do_sample": False, "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID,
                  "pad_token_id": vocabulary.EOS_ID}
    vocabulary.write_json(folder / "config.json", config)
    vocabulary.write_json(folder / "generation_config.json", generation)


def report(model: GPT2LMHeadModel, held_out: Sampler) -> dict:
    """What the model card says about the training, but for seed, phases and time."""
    return {"short": SHORT, "long": LONG, "torch": torch.__version__,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "loss": {"texts": loss_by_band(model, held_out, held_out.text),
                     "repeats": loss_by_band(model, held_out, lambda: held_out.repeats(POSITIONS))}}


def main() -> None:
    """Tokenizer, training, loss by position."""
    options = arguments()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.model.mkdir(parents=True, exist_ok=True)
    options.results.mkdir(parents=True, exist_ok=True)
    texts = corpus.load()
    tokenizer = vocabulary.write(options.model, texts.characters(), POSITIONS)
    model = new_model(tokenizer.get_vocab_size())
    phases = [phase.shortened(options.scale) for phase in PHASES]
    started = time.monotonic()
    for index, phase in enumerate(phases):
        train(model, Sampler(texts, tokenizer, options.seed + 100 * index), phase)
    minutes = (time.monotonic() - started) / 60
    save(model, options.model)
    result = {"seed": options.seed, "phases": [asdict(phase) for phase in phases], "minutes": minutes,
              **report(model, Sampler(texts, tokenizer, options.seed + 1))}
    vocabulary.write_json(options.results / "training.json", result)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
