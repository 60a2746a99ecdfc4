"""Small models with random weights, one an architecture, for the tests and the fixtures. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "models" / "tiny-zh"
VOCABULARY = 1381

SHAPE = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 64,
    "pad_token_id": None,
    "bos_token_id": 0,
    "eos_token_id": 0,
}


def config(name: str, **changes: Any) -> PretrainedConfig:
    """A configuration of this class of `transformers`, small, with some fields of its own."""
    fields = SHAPE | changes
    return getattr(transformers, name)(**{field: value for field, value in fields.items() if value is not ...})


def build(configuration: PretrainedConfig, seed: int = 7, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """A model of random weights, large enough for uneven attention."""
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(configuration)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.ndim > 1:
                weights.normal_(0, 0.35)
            elif "sinks" in name:
                weights.normal_(0, 1.0)
    return model.to(dtype).eval()


def tokenizer() -> Tokenizer:
    """The bundled model's tokenizer: Chinese characters, one a token."""
    return Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))


def gpt_oss() -> PretrainedConfig:
    return config("GptOssConfig", num_local_experts=4, num_experts_per_tok=2, sliding_window=4, rope_scaling=None)


def deepseek_v3() -> PretrainedConfig:
    """Queries and keys 24 wide, values 16."""
    return config(
        "DeepseekV3Config",
        head_dim=...,
        num_key_value_heads=4,
        q_lora_rank=24,
        kv_lora_rank=16,
        qk_rope_head_dim=8,
        qk_nope_head_dim=16,
        v_head_dim=16,
        n_routed_experts=4,
        num_experts_per_tok=2,
        n_group=2,
        topk_group=1,
        moe_intermediate_size=16,
        first_k_dense_replace=1,
    )


def qwen3_next() -> PretrainedConfig:
    """Four layers, of which the last alone has softmax attention."""
    return config(
        "Qwen3NextConfig",
        num_hidden_layers=4,
        layer_types=["linear_attention"] * 3 + ["full_attention"],
        linear_num_value_heads=4,
        linear_num_key_heads=2,
        linear_key_head_dim=8,
        linear_value_head_dim=8,
        moe_intermediate_size=16,
        shared_expert_intermediate_size=16,
        num_experts=4,
        num_experts_per_tok=2,
    )


def gemma3n() -> PretrainedConfig:
    """Four layers, of which the last two read the keys and values of the first two."""
    return config(
        "Gemma3nTextConfig",
        num_hidden_layers=4,
        num_kv_shared_layers=2,
        layer_types=["sliding_attention", "full_attention"] * 2,
        sliding_window=4,
        hidden_size_per_layer_input=8,
        vocab_size_per_layer_input=VOCABULARY,
        laurel_rank=8,
        altup_num_inputs=2,
        activation_sparsity_pattern=[0.0] * 4,
        intermediate_size=[48] * 4,
    )


def gpt2(**changes: Any) -> PretrainedConfig:
    return transformers.GPT2Config(
        vocab_size=VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=0, eos_token_id=0, **changes
    )


def opt() -> PretrainedConfig:
    return config(
        "OPTConfig", num_key_value_heads=..., intermediate_size=..., head_dim=..., ffn_dim=48, word_embed_proj_dim=32
    )


def neox() -> PretrainedConfig:
    return config("GPTNeoXConfig", num_key_value_heads=..., head_dim=..., rotary_pct=0.5)


ARCHITECTURES: dict[str, Callable[[], PretrainedConfig]] = {
    "llama": lambda: config("LlamaConfig"),
    "mistral-window": lambda: config("MistralConfig", sliding_window=4),
    "qwen2": lambda: config("Qwen2Config", head_dim=...),
    "qwen2-window": lambda: config(
        "Qwen2Config", head_dim=..., use_sliding_window=True, sliding_window=3, max_window_layers=1
    ),
    "qwen3": lambda: config("Qwen3Config"),
    "gemma2": lambda: config("Gemma2Config", attn_logit_softcapping=3.0, sliding_window=4, query_pre_attn_scalar=12),
    "gemma3": lambda: config("Gemma3TextConfig", query_pre_attn_scalar=168, sliding_window=4, num_hidden_layers=6),
    "gemma3n": gemma3n,
    "gpt2": gpt2,
    "gpt2-inverse-layer": lambda: gpt2(scale_attn_by_inverse_layer_idx=True),
    "gpt2-unscaled": lambda: gpt2(scale_attn_weights=False),
    "gpt-neox": neox,
    "phi3": lambda: config("Phi3Config", head_dim=..., sliding_window=5),
    "opt": opt,
    "granite": lambda: config("GraniteConfig", head_dim=..., attention_multiplier=1.0),
    "gpt-oss": gpt_oss,
    "deepseek-v3": deepseek_v3,
    "qwen3-next": qwen3_next,
    "olmo2": lambda: config("Olmo2Config", head_dim=...),
    "starcoder2": lambda: config("Starcoder2Config", head_dim=..., sliding_window=4),
    "cohere": lambda: config("CohereConfig", head_dim=...),
}
