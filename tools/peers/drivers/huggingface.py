"""Times GPT-2 in Hugging Face transformers: a task as JSON in, seconds of each run as a line of JSON out."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import torch
import transformers
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel

WARM_UP = 8
BUILD_FACTS = ("GCC", "Intel(R) MKL-DNN", "CPU capability")


def about() -> dict[str, str]:
    """Versions, and what PyTorch says of its build and of this processor."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    build = "; ".join(line for line in lines if line.startswith(BUILD_FACTS))
    return {"transformers": transformers.__version__, "torch": torch.__version__, "build": build}


def cached_run(model: GPT2LMHeadModel, prompt: torch.Tensor, tokens: int) -> tuple[float, float]:
    """Seconds of the prefill pass, and of the decode passes, each fed the newest token."""
    cache = DynamicCache(config=model.config)

    def newest(ids: torch.Tensor) -> torch.Tensor:
        logits = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1).logits
        return logits[:, -1].argmax(-1, keepdim=True)

    start = time.perf_counter()
    token = newest(prompt)
    middle = time.perf_counter()
    for _ in range(tokens - 1):
        token = newest(token)
    return middle - start, time.perf_counter() - middle


def uncached_run(model: GPT2LMHeadModel, prompt: torch.Tensor, tokens: int) -> float:
    """Seconds of passes that are each fed the whole sequence."""
    sequence = prompt
    start = time.perf_counter()
    for _ in range(tokens):
        logits = model(input_ids=sequence, use_cache=False, logits_to_keep=1).logits
        sequence = torch.cat([sequence, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    return time.perf_counter() - start


@torch.inference_mode()
def timed(task: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds of each run, after a short one that warms up."""
    torch.set_num_threads(task["threads"])
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(**task["config"])).eval()
    prompt = torch.randint(task["config"]["vocab_size"], (1, task["prompt"]))
    run = cached_run if task["cache"] else uncached_run
    run(model, prompt, min(task["tokens"], WARM_UP))
    runs = [run(model, prompt, task["tokens"]) for _ in range(task["runs"])]
    if not task["cache"]:
        return {"seconds_of_runs": runs}
    return {"prefill_seconds": [one[0] for one in runs], "decode_seconds": [one[1] for one in runs]}


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(about() if "about" in asked else timed(asked)))
