"""Times models in Hugging Face transformers: a task as JSON in, seconds of each run as a line of JSON out."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import torch
import transformers
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    DynamicCache,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedModel,
)

WARM_UP = 8
BUILD_FACTS = ("GCC", "Intel(R) MKL-DNN", "CPU capability")
DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}


def about() -> dict[str, str]:
    """Versions, and what PyTorch says of its build and of this processor."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    build = "; ".join(line for line in lines if line.startswith(BUILD_FACTS))
    return {"transformers": transformers.__version__, "torch": torch.__version__, "build": build}


def opened(task: dict[str, Any]) -> PreTrainedModel:
    """The model of a folder, or GPT-2 with random weights."""
    if "folder" in task:
        return AutoModelForCausalLM.from_pretrained(task["folder"], dtype=DTYPES[task["dtype"]]).eval()
    return GPT2LMHeadModel(GPT2Config(**task["config"])).eval()


def newest(model: PreTrainedModel, ids: torch.Tensor, cache: DynamicCache) -> torch.Tensor:
    """The most probable token behind some that are fed."""
    logits = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1).logits
    return logits[:, -1].argmax(-1, keepdim=True)


def cached_run(model: PreTrainedModel, prompt: torch.Tensor, tokens: int) -> tuple[float, float]:
    """Seconds of the prefill pass, and of the decode passes, each fed the newest token."""
    cache = DynamicCache(config=model.config)
    start = time.perf_counter()
    token = newest(model, prompt, cache)
    middle = time.perf_counter()
    for _ in range(tokens - 1):
        token = newest(model, token, cache)
    return middle - start, time.perf_counter() - middle


def filled_cache(model: PreTrainedModel, tokens: int) -> DynamicCache:
    """K and V of a context, at random: what is timed behind them reads as many bytes as behind a prefill."""
    config, cache = model.config, DynamicCache(config=model.config)
    size = (1, config.num_key_value_heads, tokens, config.head_dim)
    for layer in range(config.num_hidden_layers):
        cache.update(torch.randn(size, dtype=model.dtype), torch.randn(size, dtype=model.dtype), layer)
    return cache


def decode_run(model: PreTrainedModel, context: int, tokens: int) -> float:
    """Seconds of passes behind a context that is already there; a first one, not timed, stands for the prefill's end."""
    cache = filled_cache(model, context - 1)
    token = newest(model, torch.zeros((1, 1), dtype=torch.long), cache)
    start = time.perf_counter()
    for _ in range(tokens - 1):
        token = newest(model, token, cache)
    return time.perf_counter() - start


def uncached_run(model: PreTrainedModel, prompt: torch.Tensor, tokens: int) -> float:
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
    model = opened(task)
    if task["filled"]:
        decode_run(model, task["prompt"], 2)
        return {"decode_seconds": [decode_run(model, task["prompt"], task["tokens"]) for _ in range(task["runs"])]}
    prompt = torch.randint(model.config.vocab_size, (1, task["prompt"]))
    run = cached_run if task["cache"] else uncached_run
    run(model, prompt, min(task["tokens"], WARM_UP))
    runs = [run(model, prompt, task["tokens"]) for _ in range(task["runs"])]
    if not task["cache"]:
        return {"seconds_of_runs": runs}
    return {"prefill_seconds": [one[0] for one in runs], "decode_seconds": [one[1] for one in runs]}


@torch.inference_mode()
def loaded(task: dict[str, Any]) -> dict[str, float]:
    """Seconds from the folder's name to a model, those of a first pass of one token behind that, and the peak of memory."""
    torch.set_num_threads(task["threads"])
    # The architecture's module is imported here: that is no part of loading.
    AutoModelForCausalLM._model_mapping[type(AutoConfig.from_pretrained(task["folder"]))]  # noqa: SLF001
    start = time.perf_counter()
    model = opened(task)
    middle = time.perf_counter()
    newest(model, torch.zeros((1, 1), dtype=torch.long), DynamicCache(config=model.config))
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"load_seconds": middle - start, "first_pass_seconds": end - middle, "peak_bytes": peak}


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """What was asked for."""
    if "about" in task:
        return about()
    return loaded(task) if task["load"] else timed(task)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    print(json.dumps(answer(json.loads(sys.argv[1]))))
