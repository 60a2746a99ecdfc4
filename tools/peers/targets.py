"""What is aimed at: how many times as fast as a peer, or what share of a limit, at least."""

from __future__ import annotations

from dataclasses import dataclass

from cases import HUGGING_FACE, LLAMA2C, LLAMA2C_FAST, LLAMA_CPP, THREADS, Case

FMA = "fma"
BANDWIDTH = "bandwidth"


@dataclass(frozen=True)
class Target:
    """A ratio of one case against a peer or a limit."""

    case: str
    against: str
    at_least: float
    # Of loading: whether a first pass behind it is counted, which finds what loading has left to it.
    counts_first_pass: bool = False


def older_targets() -> list[Target]:
    """Those of GPT-2, and of shapes that llama2.c has."""
    targets = []
    for threads in THREADS:
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


def model_targets(shape: str, threads: int) -> list[Target]:
    """Those of a small model of today."""
    targets = []
    for dtype in ("bf16", "f16", "int8"):
        prefill, decode = (f"{shape}-{dtype}-{work}-{threads}t" for work in ("prefill", "decode"))
        if dtype == "bf16":
            targets += [Target(prefill, HUGGING_FACE, 1.0), Target(decode, HUGGING_FACE, 1.1)]
        targets += [
            Target(prefill, LLAMA_CPP, 1.0),
            Target(prefill, FMA, 0.9),
            Target(decode, LLAMA_CPP, 1.1),
            Target(decode, BANDWIDTH, 0.9),
        ]
    return targets


def target_of(case: Case) -> list[Target]:
    """Those of a case that is loading, or long."""
    if case.is_loading:
        return [Target(case.name, LLAMA_CPP, 1.0), Target(case.name, LLAMA_CPP, 1.0, counts_first_pass=True)]
    return [Target(case.name, LLAMA_CPP, 1.1), Target(case.name, BANDWIDTH, 0.9)] if case.is_long else []


def all_targets(cases: list[Case]) -> list[Target]:
    """Those of some cases, in the order in which the document lists them."""
    shapes = dict.fromkeys(case.shape.name for case in cases if case.shape.has_folder)
    models = [one for shape in shapes for threads in THREADS for one in model_targets(shape, threads)]
    found = [one for case in cases for one in target_of(case)] + models + older_targets()
    names = {case.name for case in cases}
    return [target for target in found if target.case in names]
