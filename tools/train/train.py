"""Trains models/tiny-zh: a GPT-2 of 4 layers and 4 heads that knows its small corpus and can copy."""

import argparse
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel

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


def arguments() -> argparse.Namespace:
    """The command line: the defaults make the published model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--long-share", type=float, default=0.4, help="share of steps with rows of 512 tokens")
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
        model.transformer.wpe.weight.copy_(sinusoids() * 0.02 * math.sqrt(2))
    return model


def sinusoids() -> torch.Tensor:
    """Position embeddings [positions, width] of "Attention Is All You Need", wavelengths 2π to 2π·1000."""
    rates = 1000.0 ** -(torch.arange(0, WIDTH, 2) / WIDTH)
    angles = torch.arange(POSITIONS)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def loss_of(model: GPT2LMHeadModel, batch: Batch) -> torch.Tensor:
    """Cross-entropy of each position that is to be learnt, in row order."""
    targets = torch.from_numpy(batch.targets)
    hidden = model.transformer(torch.from_numpy(batch.inputs), use_cache=False).last_hidden_state
    learnt = targets != IGNORE
    return functional.cross_entropy(model.lm_head(hidden[learnt]), targets[learnt], reduction="none")


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Linear warm-up, then a cosine to a hundredth of the peak."""
    warm_up = min(300, steps // 10)
    if step < warm_up:
        return peak * (step + 1) / warm_up
    progress = (step - warm_up) / max(1, steps - warm_up)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def train(model: GPT2LMHeadModel, sampler: Sampler, options: argparse.Namespace) -> None:
    """AdamW over packed rows, short and long."""
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01, foreach=True)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, options.steps, options.learning_rate)
        shape = LONG if sampler.random.random() < options.long_share else SHORT
        loss = loss_of(model, sampler.mixed(*shape)).mean()
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
    started = time.monotonic()
    train(model, Sampler(texts, tokenizer, options.seed), options)
    minutes = (time.monotonic() - started) / 60
    save(model, options.model)
    held_out = Sampler(texts, tokenizer, options.seed + 1)
    result = {
        "seed": options.seed, "steps": options.steps, "minutes": minutes, "learning_rate": options.learning_rate,
        "long_share": options.long_share, "short": SHORT, "long": LONG, "torch": torch.__version__,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "loss": {"texts": loss_by_band(model, held_out, held_out.text),
                 "repeats": loss_by_band(model, held_out, lambda: held_out.repeats(POSITIONS))}}
    vocabulary.write_json(options.results / "training.json", result)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
