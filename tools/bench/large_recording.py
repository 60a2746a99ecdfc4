"""Writes a recording of GPT-2's shape with 1,000 tokens, a step a token, as large as a real one: its numbers are made up.

    python3 tools/bench/large_recording.py OUT.kvtrace [TOKENS]
"""

import array
import json
import random
import struct
import sys

LAYERS, HEADS, WIDTH, VOCABULARY = 12, 12, 64, 50257
MODEL = {"type": "model", "name": "gpt2-shape", "architecture": "gpt2", "layers": LAYERS, "heads": HEADS, "kv_heads": HEADS,
         "d_model": HEADS * WIDTH, "d_head": WIDTH, "vocabulary": VOCABULARY, "parameters": 124439808, "dtype": "f32"}
TEXT = "中华人民共和国成立于1949年10月1日，首都是北京。"


def flops(rows, length):
    """The closed forms of a step's products."""
    wide = HEADS * WIDTH
    parts = {"projection": LAYERS * 8 * rows * wide * wide, "attention": LAYERS * 4 * rows * length * wide,
             "mlp": LAYERS * 16 * rows * wide * wide, "head": 2 * wide * VOCABULARY}
    return {**parts, "total": sum(parts.values())}


def lane(rows, length, cached):
    masked = rows * length - sum(range(length - rows + 1, length + 1))
    sums = {"rows": rows, "cells": rows * length, "masked": masked, "kv_computed": rows, "seconds": 0.001 * rows, "flops": flops(rows, length)}
    return {**sums, "cache_tokens": length, "cache_bytes": 2 * LAYERS * HEADS * WIDTH * 4 * length} if cached else sums


def detail(rows, length):
    """Two rows, the second of the last layer, which has the logits: operations and categories as their numbers."""
    parts = flops(rows, length)
    counts = [rows * length, rows * length - sum(range(length - rows + 1, length + 1)), rows,
              1, 0, parts["projection"] * 3 // 4 // LAYERS, 2, 1, parts["attention"] // 2 // LAYERS,
              5, 0, parts["projection"] // 4 // LAYERS, 5, 1, parts["attention"] // 2 // LAYERS, 6, 2, parts["mlp"] // LAYERS]
    return [[LAYERS - 1, *counts], [1, *counts, 7, 3, parts["head"]]]


def step(number, chance):
    candidates = [{"id": index, "text": TEXT[(number + index) % len(TEXT)], "logit": chance.uniform(-30, 30), "probability": chance.random() / 5}
                  for index in range(5)]
    return {"type": "step", "step": number, "phase": "prefill" if number == 1 else "decode", "length": number,
            "fed": [{"id": number % 500, "text": TEXT[(number - 1) % len(TEXT)]}], "uncached": lane(number, number, False),
            "cached": lane(1, number, True), "max_abs_difference": 0, "next": candidates}


def main():
    path, tokens = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    chance = random.Random(1)
    steps = [step(number, chance) for number in range(1, tokens + 1)]
    details = [{"max_qkv_difference": 0, "uncached": detail(number, number), "cached": detail(1, number)} for number in range(1, tokens + 1)]
    metadata = {"model": MODEL, "tokens": [token for one in steps for token in one["fed"]], "steps": steps, "recorded": "steps", "given": tokens,
                "detail": details}
    header = {"__metadata__": {"format": "kvtrace", "version": "1", **{name: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                                                                      for name, value in metadata.items()}}}
    size = HEADS * tokens * WIDTH * 4
    for place, name in enumerate(f"layer.{layer}.{kind}" for layer in range(LAYERS) for kind in ("query", "key", "value")):
        header[name] = {"dtype": "F32", "shape": [HEADS, tokens, WIDTH], "data_offsets": [place * size, (place + 1) * size]}
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    block = array.array("f", (chance.gauss(0, 1) for _ in range(100_003))).tobytes()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        for place in range(3 * LAYERS):
            shifted = block[4 * place:] + block[:4 * place]
            file.write((shifted * (size // len(shifted) + 1))[:size])


main()
