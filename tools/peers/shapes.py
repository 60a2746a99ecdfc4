"""The shapes that are measured, and what a pass over them has to compute and to read."""

from __future__ import annotations

from dataclasses import dataclass

BYTES = {"f32": 4, "f16": 2, "int8": 1}


@dataclass(frozen=True)
class Shape:
    """A transformer's sizes. `flag` is how kvtui is told of it."""

    name: str
    title: str
    architecture: str
    flag: tuple[str, str]
    layers: int
    heads: int
    kv_heads: int
    width: int
    inner: int
    vocabulary: int
    positions: int

    @property
    def kv_width(self) -> int:
        """Floats of K, and of V, that a token adds in a layer."""
        return self.width // self.heads * self.kv_heads

    @property
    def block_weights(self) -> int:
        """Numbers in the matrices of one block."""
        matrices = 2 if self.architecture == "gpt2" else 3
        return 2 * self.width * (self.width + self.kv_width) + matrices * self.width * self.inner

    def bytes_per_token(self, dtype: str, context: float) -> float:
        """What a decode pass reads: all matrices, the embedding being the head, and K and V of `context` tokens."""
        weights = self.layers * self.block_weights + self.vocabulary * self.width
        return weights * BYTES[dtype] + self.kv_bytes * context

    @property
    def kv_bytes(self) -> int:
        """What a token adds to a cache of f32."""
        return 2 * self.layers * self.kv_width * BYTES["f32"]

    def prefill_flops(self, tokens: int) -> int:
        """A prefill pass with one row of logits, two FLOP a multiply-add, masked cells among them."""
        attention = 4 * tokens * tokens * self.width
        return self.layers * (2 * tokens * self.block_weights + attention) + 2 * self.width * self.vocabulary

    def masked_flops(self, tokens: int) -> int:
        """The part of `prefill_flops` that is spent on masked cells."""
        return self.layers * 2 * tokens * (tokens - 1) * self.width


GPT2 = Shape("gpt2", "GPT-2 124M", "gpt2", ("--random", "gpt2"), 12, 12, 12, 768, 3072, 50257, 1024)
LLAMA_110M = Shape(
    "llama2c-110m", "Llama, 110M", "llama", ("--random", "llama2c-110m"), 12, 12, 12, 768, 2048, 32000, 1024
)
LLAMA_260K = Shape("llama2c-260k", "Llama, 260K", "llama", ("--random", "llama2c-260k"), 5, 8, 4, 64, 172, 512, 512)
TINY_ZH = Shape("tiny-zh", "tiny-zh", "gpt2", ("--model", "models/tiny-zh"), 4, 4, 4, 64, 256, 1381, 512)
