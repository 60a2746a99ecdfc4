"""Writes a GGUF file of a shape with random weights: where, the shape as JSON, and f32, f16, bf16 or int8 (Q8_0)."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType
from gguf.quants import quantize

DTYPES = {
    "f32": (GGMLQuantizationType.F32, LlamaFileType.ALL_F32),
    "f16": (GGMLQuantizationType.F16, LlamaFileType.MOSTLY_F16),
    "bf16": (GGMLQuantizationType.BF16, LlamaFileType.MOSTLY_BF16),
    "int8": (GGMLQuantizationType.Q8_0, LlamaFileType.MOSTLY_Q8_0),
}
DEVIATION = 0.02

Size = tuple[int, ...]


def llama_block(shape: dict[str, Any], width: int, inner: int) -> dict[str, Size]:
    """A block's tensors of Llama and its kin. A matrix is outputs by inputs."""
    head = shape["head_width"]
    query, kv = head * shape["heads"], head * shape["kv_heads"]
    sizes: dict[str, Size] = {
        "attn_norm.weight": (width,),
        "attn_q.weight": (query, width),
        "attn_k.weight": (kv, width),
        "attn_v.weight": (kv, width),
        "attn_output.weight": (width, query),
        "ffn_norm.weight": (width,),
        "ffn_gate.weight": (inner, width),
        "ffn_up.weight": (inner, width),
        "ffn_down.weight": (width, inner),
    }
    if shape["architecture"] == "qwen2":
        sizes |= {"attn_q.bias": (query,), "attn_k.bias": (kv,), "attn_v.bias": (kv,)}
    if shape["architecture"] == "qwen3":
        sizes |= {"attn_q_norm.weight": (head,), "attn_k_norm.weight": (head,)}
    return sizes


def block(shape: dict[str, Any], width: int, inner: int) -> dict[str, Size]:
    """A block's tensors."""
    if shape["architecture"] != "gpt2":
        return llama_block(shape, width, inner)
    linear = {
        "attn_qkv": (3 * width, width),
        "attn_output": (width, width),
        "ffn_up": (inner, width),
        "ffn_down": (width, inner),
    }
    sizes: dict[str, Size] = {}
    for norm in ("attn_norm", "ffn_norm"):
        sizes |= {f"{norm}.weight": (width,), f"{norm}.bias": (width,)}
    for name, size in linear.items():
        sizes |= {f"{name}.weight": size, f"{name}.bias": size[:1]}
    return sizes


def tensors(shape: dict[str, Any]) -> Iterator[tuple[str, Size]]:
    """All tensors. There is no head: llama.cpp then uses the embedding."""
    width = shape["width"]
    yield "token_embd.weight", (shape["vocabulary"], width)
    yield "output_norm.weight", (width,)
    if shape["architecture"] == "gpt2":
        yield "position_embd.weight", (shape["positions"], width)
        yield "output_norm.bias", (width,)
    for layer in range(shape["layers"]):
        for name, size in block(shape, width, shape["inner"]).items():
            yield f"blk.{layer}.{name}", size


def values(name: str, size: Size, random: np.random.Generator) -> np.ndarray:
    """Gains are 1, biases 0, all else is uniform."""
    if len(size) == 1:
        return np.full(size, 1 if name.endswith(".weight") else 0, np.float32)
    largest = DEVIATION * math.sqrt(3)
    return (random.random(size, np.float32) * 2 - 1) * np.float32(largest)


def describe(writer: GGUFWriter, shape: dict[str, Any], file_type: LlamaFileType) -> None:
    """The fields that llama.cpp needs. `no_vocab` does without a tokenizer."""
    writer.add_context_length(shape["positions"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["inner"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv_heads"])
    writer.add_vocab_size(shape["vocabulary"])
    if shape["architecture"] == "gpt2":
        writer.add_layer_norm_eps(1e-5)
    else:
        writer.add_layer_norm_rms_eps(1e-5)
        writer.add_key_length(shape["head_width"])
        writer.add_value_length(shape["head_width"])
        writer.add_rope_dimension_count(shape["head_width"])
        writer.add_rope_freq_base(shape["theta"])
    writer.add_file_type(file_type)
    writer.add_tokenizer_model("no_vocab")


def write(path: str, shape: dict[str, Any], dtype: str) -> None:
    """One file."""
    kind, file_type = DTYPES[dtype]
    writer = GGUFWriter(path, shape["architecture"])
    describe(writer, shape, file_type)
    random = np.random.default_rng(22)
    for name, size in tensors(shape):
        # As llama.cpp's own converter: vectors and positions stay in f32.
        stays = len(size) == 1 or name == "position_embd.weight"
        type_here = GGMLQuantizationType.F32 if stays else kind
        writer.add_tensor(name, quantize(values(name, size, random), type_here), raw_dtype=type_here)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3])
