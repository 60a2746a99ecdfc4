"""The three architectures: random weights to begin with, and the `config.json` that others read."""

import math

import torch
from transformers import (DeepseekV3Config, DeepseekV3ForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig,
                          LlamaForCausalLM, PreTrainedModel)

import vocabulary
from models import (HEAD_WIDTH, HEADS, INTERMEDIATE, LATENT_ROPE_THETA, LATENT_WIDTH, LAYERS, NORM_EPSILON, PLAIN_WIDTH,
                    POSITIONS, ROPE_THETA, ROTARY_WIDTH, VALUE_WIDTH, WIDTH, Model)

POSITION_SCALE = 0.08
INITIAL_SCALE = 0.1
FASTEST, SLOWEST = 2.5, 2 * math.pi / 1000


def new_model(model: Model, vocabulary_size: int) -> PreTrainedModel:
    """The model with random weights."""
    return {"gpt2": new_gpt2, "llama": new_llama, "deepseek": new_deepseek}[model.family](model, vocabulary_size)


def config_json(model: Model, vocabulary_size: int) -> dict:
    """`config.json`."""
    return {"gpt2": gpt2_config, "llama": llama_config, "deepseek": deepseek_config}[model.family](model, vocabulary_size)


def new_gpt2(model: Model, vocabulary_size: int) -> GPT2LMHeadModel:
    """Positions begin as sinusoids (and are then trained like all the rest)."""
    config = GPT2Config(
        **{**gpt2_config(model, vocabulary_size), "activation_function": "gelu_pytorch_tanh"},  # gelu_new in one kernel
        attn_implementation="sdpa")
    gpt2 = GPT2LMHeadModel(config)
    with torch.no_grad():
        gpt2.transformer.wpe.weight.copy_(sinusoids() * POSITION_SCALE * math.sqrt(2))
    return gpt2


def sinusoids() -> torch.Tensor:
    """Position embeddings [positions, width] as in "Attention Is All You Need", but also with faster waves.

    They tell neighbours apart: in the paper's, positions one apart are nearly the same vector.
    """
    rates = torch.logspace(math.log(FASTEST), math.log(SLOWEST), WIDTH // 2, base=math.e)
    angles = torch.arange(POSITIONS)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def gpt2_config(_: Model, vocabulary_size: int) -> dict:
    """GPT-2's `config.json`."""
    return {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new",
        "n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS, "n_positions": POSITIONS, "n_inner": None,
        "layer_norm_epsilon": NORM_EPSILON, "vocab_size": vocabulary_size, "tie_word_embeddings": True,
        "resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "initializer_range": 0.02,
        "scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "reorder_and_upcast_attn": False,
        "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID, "dtype": "float32"}


def new_llama(model: Model, vocabulary_size: int) -> LlamaForCausalLM:
    """RoPE, and K and V heads that several query heads share."""
    return LlamaForCausalLM(LlamaConfig(**llama_config(model, vocabulary_size), attn_implementation="sdpa"))


def llama_config(model: Model, vocabulary_size: int) -> dict:
    """Llama's `config.json`; RoPE as older readers know it (`rope_theta`) and as newer ones do."""
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": WIDTH,
        "intermediate_size": INTERMEDIATE, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": model.kv_heads, "head_dim": HEAD_WIDTH, "max_position_embeddings": POSITIONS,
        "rms_norm_eps": NORM_EPSILON, "rope_theta": ROPE_THETA,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_THETA}, "vocab_size": vocabulary_size,
        "tie_word_embeddings": True, "attention_bias": False, "mlp_bias": False, "attention_dropout": 0.0,
        "initializer_range": INITIAL_SCALE, "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID,
        "dtype": "float32"}


def new_deepseek(model: Model, vocabulary_size: int) -> DeepseekV3ForCausalLM:
    """Multi-head latent attention: keys and values of all heads are made from one latent a token."""
    return DeepseekV3ForCausalLM(
        DeepseekV3Config(**deepseek_config(model, vocabulary_size), attn_implementation="sdpa"))


def deepseek_config(_: Model, vocabulary_size: int) -> dict:
    """DeepSeek-V3's `config.json`; every layer is dense, so that there are no experts."""
    return {
        "architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3", "hidden_act": "silu",
        "hidden_size": WIDTH, "intermediate_size": INTERMEDIATE, "num_hidden_layers": LAYERS,
        "first_k_dense_replace": LAYERS, "num_nextn_predict_layers": 0, "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS, "q_lora_rank": None, "kv_lora_rank": LATENT_WIDTH,
        "qk_nope_head_dim": PLAIN_WIDTH, "qk_rope_head_dim": ROTARY_WIDTH, "v_head_dim": VALUE_WIDTH,
        "max_position_embeddings": POSITIONS, "rms_norm_eps": NORM_EPSILON, "rope_theta": LATENT_ROPE_THETA,
        "rope_parameters": {"rope_type": "default", "rope_theta": LATENT_ROPE_THETA}, "rope_interleave": True,
        "vocab_size": vocabulary_size, "tie_word_embeddings": True, "attention_bias": False, "attention_dropout": 0.0,
        "initializer_range": INITIAL_SCALE, "bos_token_id": vocabulary.EOS_ID, "eos_token_id": vocabulary.EOS_ID,
        "dtype": "float32"}
