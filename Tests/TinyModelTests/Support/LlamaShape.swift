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
  /// Which layers have the window; nil for all.
  var slides: [Bool]?
  var hasAttentionBias = false
  var hasMLPBias = false
  var isTied = false
  /// More fields of `config.json`, each with a comma before it.
  var more = ""

  var windows: [Int?] { slides?.map { $0 ? window : nil } ?? [window] }

  var description: String {
    """
    \(modelType): layers \(layers), heads \(heads)/\(kvHeads) × \(headDimension), width \(width), inner \(inner), \
    vocabulary \(vocabulary), windows \(windows), biases \(hasAttentionBias) \(hasMLPBias), \
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

  private var products: [(String, Int, Int, Bool)] {
    let (queries, keys) = (heads * headDimension, kvHeads * headDimension)
    let qkvBias = hasAttentionBias || modelType == "qwen2"
    let ends = [
      ("self_attn.o_proj", width, queries, hasAttentionBias),
      ("mlp.down_proj", width, inner, hasMLPBias),
    ]
    if modelType == "phi3" {
      return [
        ("self_attn.qkv_proj", queries + 2 * keys, width, false),
        ("mlp.gate_up_proj", 2 * inner, width, false),
      ] + ends
    }
    return [
      ("self_attn.q_proj", queries, width, qkvBias), ("self_attn.k_proj", keys, width, qkvBias),
      ("self_attn.v_proj", keys, width, qkvBias),
      ("mlp.gate_proj", inner, width, hasMLPBias), ("mlp.up_proj", inner, width, hasMLPBias),
    ] + ends
  }

  /// The norms of the residual stream in a layer.
  private var norms: [String] {
    switch modelType {
    case "olmo2": ["post_attention_layernorm", "post_feedforward_layernorm"]
    case "gemma3_text":
      [
        "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
        "post_feedforward_layernorm",
      ]
    default: ["input_layernorm", "post_attention_layernorm"]
    }
  }

  /// The norms of queries and keys, and how wide each is.
  private var headNorms: [(String, Int)] {
    switch modelType {
    case "qwen3", "gemma3_text": [("q_norm", headDimension), ("k_norm", headDimension)]
    case "olmo2": [("q_norm", heads * headDimension), ("k_norm", kvHeads * headDimension)]
    default: []
    }
  }

  /// Names and shapes as Hugging Face's `LlamaForCausalLM` and its kin have them.
  var tensors: [(name: String, shape: [Int])] {
    var tensors = [("model.embed_tokens.weight", [vocabulary, width])]
    for block in (0..<layers).map({ "model.layers.\($0)." }) {
      tensors += norms.map { (block + $0 + ".weight", [width]) }
      tensors += headNorms.map { (block + "self_attn.\($0.0).weight", [$0.1]) }
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
     "sliding_window": \(window.map(String.init) ?? "null")\(layerTypes)\(more)}
    """
  }

  private var layerTypes: String {
    guard let slides else { return "" }
    let types = slides.map { $0 ? #""sliding_attention""# : #""full_attention""# }
    return #", "use_sliding_window": true, "layer_types": [\#(types.joined(separator: ", "))]"#
  }
}
