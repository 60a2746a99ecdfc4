@testable import TinyModel

/// The shape of a model of the Llama family that a test makes up.
struct LlamaShape: CheckpointShape {
  var modelType = "llama"
  var layers = 2
  var heads = 4
  var kvHeads = 2
  var headDimension = 4
  var width = 12
  var inner = 10
  var vocabulary = 13
  var positions = 24
  var window: Int?
  var hasAttentionBias = false
  var hasMLPBias = false
  var isTied = false
  /// More fields of `config.json`, each with a comma before it.
  var more = ""

  var description: String {
    """
    \(modelType): layers \(layers), heads \(heads)/\(kvHeads) × \(headDimension), width \(width), inner \(inner), \
    vocabulary \(vocabulary), window \(window.map(String.init) ?? "none"), biases \(hasAttentionBias) \(hasMLPBias), \
    tied \(isTied)\(more)
    """
  }

  /// facts.md: L × (2 n d (h + 2 g) e + 2 n h e d + 4 n (past + n) h e + 6 n d m) + 2 d V.
  func flops(rows: Int, length: Int) -> FLOPs {
    let (queries, keys) = (heads * headDimension, kvHeads * headDimension)
    let projection = layers * 2 * rows * width * (queries + 2 * keys + queries)
    let attention = layers * 4 * rows * length * queries
    let mlp = layers * 6 * rows * width * inner
    let head = 2 * width * vocabulary
    return FLOPs(
      projection: projection, attention: attention, mlp: mlp, head: head,
      total: projection + attention + mlp + head)
  }

  /// Names and shapes as Hugging Face's `LlamaForCausalLM` has them.
  var tensors: [(name: String, shape: [Int])] {
    let (queries, keys) = (heads * headDimension, kvHeads * headDimension)
    let qkvBias = hasAttentionBias || modelType == "qwen2"
    let products = [
      ("self_attn.q_proj", queries, width, qkvBias), ("self_attn.k_proj", keys, width, qkvBias),
      ("self_attn.v_proj", keys, width, qkvBias),
      ("self_attn.o_proj", width, queries, hasAttentionBias),
      ("mlp.gate_proj", inner, width, hasMLPBias), ("mlp.up_proj", inner, width, hasMLPBias),
      ("mlp.down_proj", width, inner, hasMLPBias),
    ]
    var tensors = [("model.embed_tokens.weight", [vocabulary, width])]
    for block in (0..<layers).map({ "model.layers.\($0)." }) {
      tensors += ["input_layernorm", "post_attention_layernorm"].map {
        (block + $0 + ".weight", [width])
      }
      if modelType == "qwen3" {
        tensors += ["q_norm", "k_norm"].map { (block + "self_attn.\($0).weight", [headDimension]) }
      }
      for (name, outer, inner, hasBias) in products {
        tensors.append((block + name + ".weight", [outer, inner]))
        if hasBias { tensors.append((block + name + ".bias", [outer])) }
      }
    }
    tensors.append(("model.norm.weight", [width]))
    return tensors + (isTied ? [] : [("lm_head.weight", [vocabulary, width])])
  }

  var configuration: String {
    """
    {"model_type": "\(modelType)", "num_hidden_layers": \(layers), "num_attention_heads": \(heads),
     "num_key_value_heads": \(kvHeads), "head_dim": \(headDimension), "hidden_size": \(width),
     "intermediate_size": \(inner), "vocab_size": \(vocabulary),
     "max_position_embeddings": \(positions), "tie_word_embeddings": \(isTied),
     "attention_bias": \(hasAttentionBias), "mlp_bias": \(hasMLPBias), "eos_token_id": null,
     "sliding_window": \(window.map(String.init) ?? "null")\(more)}
    """
  }
}
