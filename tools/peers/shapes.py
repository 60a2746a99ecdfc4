"""The shapes that are measured, and what a pass over them has to compute and to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BYTES = {"f32": 4, "bf16": 2, "f16": 2, "int8": 1}
EPSILON = 1e-5


@dataclass(frozen=True)
class Shape:
    """A transformer's sizes. `flag` is how kvtui is told of it; without one it has a folder of weights (`folders.py`)."""

    name: str
    title: str
    architecture: str
    flag: tuple[str, ...]
    layers: int
    heads: int
    kv_heads: int
    width: int
    inner: int
    vocabulary: int
    positions: int
    head_width: int
    theta: float = 10000.0

    @property
    def has_folder(self) -> bool:
        """Whether all engines get the shape as files: a folder as Hugging Face has it, or a GGUF."""
        return not self.flag

    @property
    def query_width(self) -> int:
        """Floats of Q of a token in a layer."""
        return self.head_width * self.heads

    @property
    def kv_width(self) -> int:
        """Floats of K, and of V, that a token adds in a layer."""
        return self.head_width * self.kv_heads

    @property
    def block_weights(self) -> int:
        """Numbers in the matrices of one block."""
        matrices = 2 if self.architecture == "gpt2" else 3
        return 2 * self.width * (self.query_width + self.kv_width) + matrices * self.width * self.inner

    @property
    def weights(self) -> int:
        """Numbers in all matrices; the embedding is the head."""
        return self.layers * self.block_weights + self.vocabulary * self.width

    def bytes_per_token(self, dtype: str, context: float) -> float:
        """What a decode pass reads: all matrices, and K and V of `context` tokens."""
        return self.weights * BYTES[dtype] + self.kv_bytes * context

    @property
    def kv_bytes(self) -> int:
        """What a token adds to a cache of f32."""
        return 2 * self.layers * self.kv_width * BYTES["f32"]

    def prefill_flops(self, tokens: int) -> int:
        """A prefill pass with one row of logits, two FLOP a multiply-add, masked cells among them."""
        attention = 4 * tokens * tokens * self.query_width
        return self.layers * (2 * tokens * self.block_weights + attention) + 2 * self.width * self.vocabulary

    def masked_flops(self, tokens: int) -> int:
        """The part of `prefill_flops` that is spent on masked cells."""
        return self.layers * 2 * tokens * (tokens - 1) * self.query_width

    @property
    def config(self) -> dict[str, Any]:
        """Its `config.json` as Hugging Face has it, for shapes that have folders."""
        names = {"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM"}
        return {
            "architectures": [names[self.architecture]],
            "model_type": self.architecture,
            "hidden_act": "silu",
            "hidden_size": self.width,
            "intermediate_size": self.inner,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_width,
            "vocab_size": self.vocabulary,
            "max_position_embeddings": self.positions,
            "rope_theta": self.theta,
            "rms_norm_eps": EPSILON,
            "tie_word_embeddings": True,
            "torch_dtype": "bfloat16",
        }


GPT2 = Shape("gpt2", "GPT-2 124M", "gpt2", ("--random", "gpt2"), 12, 12, 12, 768, 3072, 50257, 1024, 64)
LLAMA_110M = Shape(
    "llama2c-110m", "Llama, 110M", "llama", ("--random", "llama2c-110m"), 12, 12, 12, 768, 2048, 32000, 1024, 64
)
LLAMA_260K = Shape("llama2c-260k", "Llama, 260K", "llama", ("--random", "llama2c-260k"), 5, 8, 4, 64, 172, 512, 512, 8)
TINY_ZH = Shape("tiny-zh", "tiny-zh", "gpt2", ("--model", "models/tiny-zh"), 4, 4, 4, 64, 256, 1381, 512, 16)

# Sizes as the config.json of each on the hub has them. Only positions of SmolLM2 (8,192 there) are more, for long contexts.
QWEN3 = Shape("qwen3-0.6b", "Qwen3-0.6B", "qwen3", (), 28, 16, 8, 1024, 3072, 151936, 40960, 128, 1e6)
SMOLLM2 = Shape("smollm2-135m", "SmolLM2-135M", "llama", (), 30, 9, 3, 576, 1536, 49152, 32768, 64, 1e5)
QWEN25 = Shape("qwen2.5-0.5b", "Qwen2.5-0.5B", "qwen2", (), 24, 14, 2, 896, 4864, 151936, 32768, 64, 1e6)
# For the screen alone: a run of many steps that is computed at once.
TINY_LONG = Shape("tiny-long", "Llama, tiny, 8,192 positions", "llama", (), 2, 2, 1, 32, 64, 1381, 8192, 16)
