"""What is aimed at: how many times as fast as a peer, or what share of a limit, at least."""

from __future__ import annotations

from dataclasses import dataclass

from cases import HUGGING_FACE, LLAMA2C, LLAMA2C_FAST, LLAMA_CPP

FMA = "fma"
BANDWIDTH = "bandwidth"


@dataclass(frozen=True)
class Target:
    """A ratio of one case against a peer or a limit."""

    case: str
    against: str
    at_least: float


def all_targets() -> list[Target]:
    """In the order in which the document lists them."""
    targets = []
    for threads in (1, 2):
        for length in ("long", "short"):
            case = f"gpt2-f32-{length}-{threads}t"
            targets += [Target(case, HUGGING_FACE, 2.4), Target(case, LLAMA_CPP, 1.0), Target(case, BANDWIDTH, 0.9)]
        prefill = f"gpt2-f32-prefill-{threads}t"
        targets += [
            Target(f"gpt2-f16-long-{threads}t", LLAMA_CPP, 1.1),
            Target(f"gpt2-int8-long-{threads}t", LLAMA_CPP, 1.4),
            Target(prefill, LLAMA_CPP, 1.0),
            Target(prefill, FMA, 0.9),
            Target(f"llama2c-110m-f32-long-{threads}t", LLAMA2C, 1.0),
            Target(f"llama2c-110m-f32-long-{threads}t", LLAMA2C_FAST, 1.0),
            Target(f"llama2c-110m-f32-long-{threads}t", LLAMA_CPP, 1.0),
        ]
    for context in (64, 256):
        targets += [
            Target(f"llama2c-260k-f32-at{context}-1t", LLAMA2C, 1.0),
            Target(f"llama2c-260k-f32-at{context}-1t", LLAMA2C_FAST, 1.0),
            Target(f"tiny-zh-f32-at{context}-1t", LLAMA_CPP, 2.0),
        ]
    return targets
