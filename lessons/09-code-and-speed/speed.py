"""The chapter's speed test (22.6.2) on the model that comes with kvtui.

    python3 speed.py
    python3 speed.py --runs 3 --tokens 480
    python3 speed.py --model gpt2 --tokens 1000

Needs torch and transformers. Only --model with a name from the Hugging Face Hub needs the network.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

BUNDLED = Path(__file__).resolve().parents[2] / "models" / "tiny-zh"
PROMPT = "What is KV caching?"


def positive(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def main() -> None:
    """Time the same generation with and without the cache, then see how equal the two are."""
    parser = argparse.ArgumentParser(description="Time generation with and without the KV cache.")
    parser.add_argument("--runs", type=positive, default=10, help="timed runs of each kind (10)")
    parser.add_argument("--tokens", type=positive, default=256, help="tokens to generate in a run (256)")
    parser.add_argument("--model", default=str(BUNDLED), help="a folder or a Hub name (the bundled tiny-zh)")
    options = parser.parse_args()

    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).to(device)
    inputs = tokenizer(PROMPT, return_tensors="pt").to(device)
    room = model.config.max_position_embeddings - inputs["input_ids"].shape[1]
    if options.tokens > room:
        parser.error(f"--tokens: after the prompt this model has room for {room}")

    def generate(use_cache: bool, tokens: int, **more: bool) -> Any:
        # min_new_tokens: the model must not stop early, or the runs would differ in length.
        return model.generate(
            **inputs,
            use_cache=use_cache,
            do_sample=False,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
            pad_token_id=tokenizer.eos_token_id,
            **more,
        )

    for use_cache in (True, False):
        generate(use_cache, min(8, options.tokens))  # not timed: the first calls set things up
        times = []
        for _ in range(options.runs):
            start = time.perf_counter()
            generate(use_cache, options.tokens)
            times.append(time.perf_counter() - start)
        name = "with" if use_cache else "without"
        print(f"{name} KV caching: {statistics.mean(times):.3f} +- {statistics.pstdev(times):.3f} seconds", flush=True)

    ones, others = (
        generate(use_cache, options.tokens, return_dict_in_generate=True, output_logits=True)
        for use_cache in (True, False)
    )
    same = torch.equal(ones.sequences, others.sequences)
    print(f"same tokens: {'yes' if same else 'no'}")
    if same:
        gap = max((one - other).abs().max().item() for one, other in zip(ones.logits, others.logits))
        print(f"largest gap between logits: {gap:.1e}")


if __name__ == "__main__":
    main()
