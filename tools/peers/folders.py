"""Writes a folder of random bf16 weights as Hugging Face has it: config.json, model.safetensors, and a small tokenizer.

    python3 tools/peers/folders.py FOLDER SHAPE

Gains are 1, biases 0, matrices uniform with a deviation of 0.02. The numbers of a matrix repeat after a million, which no
engine can gain by. The tokenizer is tiny-zh's: it knows some of the ids only.
"""

from __future__ import annotations

import array
import json
import math
import random
import shutil
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import shapes
from shapes import Shape

ROOT = Path(__file__).resolve().parents[2]
TOKENIZER = ROOT / "models" / "tiny-zh"
DEVIATION = 0.02
# A prime, so that rows of a matrix differ.
PERIOD = 1_000_003
ONE = b"\x80\x3f"

Size = tuple[int, ...]


def tensors(shape: Shape) -> Iterator[tuple[str, Size]]:
    """All tensors, in the order in which they lie in the file. A matrix is outputs by inputs."""
    width, inner, query, kv = shape.width, shape.inner, shape.query_width, shape.kv_width
    yield "model.embed_tokens.weight", (shape.vocabulary, width)
    for layer in range(shape.layers):
        block = f"model.layers.{layer}."
        yield block + "input_layernorm.weight", (width,)
        for name, size in (("q", query), ("k", kv), ("v", kv)):
            yield f"{block}self_attn.{name}_proj.weight", (size, width)
            if shape.architecture == "qwen2":
                yield f"{block}self_attn.{name}_proj.bias", (size,)
        if shape.architecture == "qwen3":
            yield block + "self_attn.q_norm.weight", (shape.head_width,)
            yield block + "self_attn.k_norm.weight", (shape.head_width,)
        yield block + "self_attn.o_proj.weight", (width, query)
        yield block + "post_attention_layernorm.weight", (width,)
        yield block + "mlp.gate_proj.weight", (inner, width)
        yield block + "mlp.up_proj.weight", (inner, width)
        yield block + "mlp.down_proj.weight", (width, inner)
    yield "model.norm.weight", (width,)


def as_bf16(floats: array.array) -> bytes:
    """The upper halves of floats, as little-endian machines have them."""
    raw, halves = floats.tobytes(), bytearray(2 * len(floats))
    halves[0::2], halves[1::2] = raw[2::4], raw[3::4]
    return bytes(halves)


def random_block() -> bytes:
    """A period of random numbers."""
    chance, largest = random.Random(22), DEVIATION * math.sqrt(3)
    return as_bf16(array.array("f", (chance.uniform(-largest, largest) for _ in range(PERIOD))))


def header(shape: Shape) -> bytes:
    """Which tensor lies where."""
    entries, place = {}, 0
    for name, size in tensors(shape):
        end = place + 2 * math.prod(size)
        entries[name] = {"dtype": "BF16", "shape": list(size), "data_offsets": [place, end]}
        place = end
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def write_weights(path: Path, shape: Shape) -> None:
    """The safetensors file."""
    block, place = random_block(), 0
    with path.open("wb") as file:
        file.write(header(shape))
        for name, size in tensors(shape):
            count = math.prod(size)
            if len(size) == 1:
                file.write((ONE if name.endswith(".weight") else b"\0\0") * count)
                continue
            rest = 2 * count
            while rest > 0:
                part = block[2 * place : 2 * place + rest]
                rest -= file.write(part)
                place = (place + len(part) // 2) % PERIOD


def write(folder: Path, shape: Shape) -> None:
    """The whole folder, which is there whole or not at all."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    (partial / "config.json").write_text(json.dumps(shape.config, indent=1) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(TOKENIZER / name, partial / name)
    write_weights(partial / "model.safetensors", shape)
    partial.rename(folder)


def folder_of(shape: Shape, beside: Path) -> Path:
    """The shape's folder in another, written when it is not there yet."""
    folder = beside / shape.name
    if not folder.exists():
        write(folder, shape)
    return folder


def named(name: str) -> Shape:
    """The shape of that name."""
    known = {one.name: one for one in vars(shapes).values() if isinstance(one, Shape) and one.has_folder}
    if name not in known:
        sys.exit(f"no shape is called {name}; there are {', '.join(known)}")
    return known[name]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    write(Path(sys.argv[1]), named(sys.argv[2]))
