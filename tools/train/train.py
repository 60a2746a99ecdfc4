"""Trains one of the models: a decoder of 4 layers and 4 heads that knows its small corpus and can copy."""

import argparse
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.utils import ModelOutput

import corpus
import vocabulary
from architectures import config_json, new_model
from data import IGNORE, Batch, Sampler
from models import LAYERS, MODELS, POSITIONS, Phase, command_line, parsed

SHORT, LONG = (16, 128), (4, 512)
BANDS = ((0, 128), (128, 256), (256, 384), (384, 512))
HELD_OUT_ROWS = 64


def arguments() -> argparse.Namespace:
    """The command line: the defaults make the published models."""
    parser = command_line(__doc__)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the steps to take, to try things out")
    parser.add_argument("--first-phase", type=int, default=1, help="go on with this phase from the saved weights")
    return parsed(parser)


def loss_of(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """Cross-entropy of each position that is to be learnt, in row order."""
    return cross_entropy(model, model.base_model(torch.from_numpy(batch.inputs), use_cache=False), batch)


def training_loss(model: PreTrainedModel, batch: Batch, focus: float) -> torch.Tensor:
    """Mean cross-entropy, and the weighted mean entropy of all attention rows: heads are to look at few tokens."""
    if focus == 0:
        return loss_of(model, batch).mean()
    model.set_attn_implementation("eager")  # the one that gives its weights
    output = model.base_model(torch.from_numpy(batch.inputs), use_cache=False, output_attentions=True)
    entropies = [-(weights * (weights + 1e-9).log()).sum(dim=-1).mean() for weights in output.attentions]
    return cross_entropy(model, output, batch).mean() + focus * sum(entropies) / LAYERS


def cross_entropy(model: PreTrainedModel, output: ModelOutput, batch: Batch) -> torch.Tensor:
    """Nats, of each position that is to be learnt."""
    targets = torch.from_numpy(batch.targets)
    learnt = targets != IGNORE
    return functional.cross_entropy(model.lm_head(output.last_hidden_state[learnt]), targets[learnt], reduction="none")


def train(model: PreTrainedModel, sampler: Sampler, phase: Phase) -> None:
    """AdamW over packed rows, short and long."""
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01, foreach=True)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(phase.steps):
        for group in optimizer.param_groups:
            group["lr"] = phase.learning_rate_at(step)
        batch = sampler.mixed(*(LONG if sampler.random.random() < phase.long_share else SHORT), phase.random_share, phase.longest)
        loss = training_loss(model, batch, phase.focus_at(step))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if (step + 1) % 250 == 0:
            print(f"step {step + 1}  loss {np.mean(losses[-250:]):.4f}  {time.monotonic() - started:.0f} s", flush=True)


def loss_by_band(model: PreTrainedModel, sampler: Sampler, document) -> dict[str, float]:
    """Mean loss of fresh rows of 512 tokens, by position."""
    batch = sampler.pack(HELD_OUT_ROWS, POSITIONS, document)
    with torch.no_grad():
        losses = loss_of(model, batch).numpy()
    positions = np.nonzero(batch.targets != IGNORE)[1]
    return {f"{first}–{end - 1}": float(losses[(positions >= first) & (positions < end)].mean())
            for first, end in BANDS}


def save(model: PreTrainedModel, config: dict, folder: Path) -> None:
    """The Hugging Face folder: weights in f32, and the two configurations."""
    model.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)
    generation = {"do_sample": False, "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID,
                  "pad_token_id": vocabulary.EOS_ID}
    vocabulary.write_json(folder / "config.json", config)
    vocabulary.write_json(folder / "generation_config.json", generation)


def report(model: PreTrainedModel, held_out: Sampler) -> dict:
    """What the model card says about the training, but for seed, phases and time."""
    return {"short": SHORT, "long": LONG, "torch": torch.__version__,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "loss": {"texts": loss_by_band(model, held_out, held_out.text),
                     "repeats": loss_by_band(model, held_out, lambda: held_out.repeats(POSITIONS))}}


def begin(options: argparse.Namespace, size: int) -> tuple[PreTrainedModel, list[dict], float]:
    """The model before its first phase, the phases that it has behind it, and the minutes they took."""
    if options.first_phase == 1:
        return new_model(MODELS[options.name], size), [], 0.0
    before = json.loads((options.results / "training.json").read_text(encoding="utf-8"))
    model = AutoModelForCausalLM.from_pretrained(options.folder, attn_implementation="sdpa")
    return model, before["phases"][:options.first_phase - 1], before["minutes"]


def main() -> None:
    """Tokenizer, training, loss by position; saved after each phase."""
    options = arguments()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.folder.mkdir(parents=True, exist_ok=True)
    options.results.mkdir(parents=True, exist_ok=True)
    texts = corpus.load()
    tokenizer = vocabulary.write(options.folder, texts.characters(), POSITIONS)
    model, done, minutes = begin(options, tokenizer.get_vocab_size())
    kind = MODELS[options.name]
    for index, phase in enumerate(kind.phases[options.first_phase - 1:], options.first_phase - 1):
        started = time.monotonic()
        phase = phase.shortened(options.scale)
        model.set_attn_implementation("sdpa")
        train(model, Sampler(texts, tokenizer, options.seed + 100 * index), phase)
        minutes += (time.monotonic() - started) / 60
        done.append(asdict(phase))
        save(model, config_json(kind, tokenizer.get_vocab_size()), options.folder)
        result = {"seed": options.seed, "phases": done, "minutes": minutes,
                  **report(model, Sampler(texts, tokenizer, options.seed + 1))}
        vocabulary.write_json(options.results / "training.json", result)
        print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
