@testable import TinyModel
internal import Trace

/// The shape of a GPT-NeoX that a test makes up.
struct NeoXShape: CheckpointShape {
  var layers = 2
  var heads = 2
  var headDimension = 8
  var inner = 16
  var vocabulary = 13
  var positions = 24
  /// The share of a head that turns.
  var share = 0.25
  var hasParallelBlocks = true
  var hasAttentionBias = true
  var activation = "gelu"

  var width: Int { heads * headDimension }
  var kvHeads: Int { heads }
  var window: Int? { nil }

  var description: String {
    """
    gpt_neox: layers \(layers), heads \(heads) × \(headDimension), of which \(share) turn, inner \(inner), \
    vocabulary \(vocabulary), parallel \(hasParallelBlocks), biases \(hasAttentionBias), \(activation)
    """
  }

  /// As a GPT-2 of these widths: blocks side by side multiply as much as blocks in turn.
  func flops(rows: Int, length: Int) -> FLOPs {
    GPT2Shape(
      layers: layers, heads: heads, headDimension: headDimension, inner: inner,
      vocabulary: vocabulary
    ).flops(rows: rows, length: length)
  }

  /// Names and shapes as Hugging Face's `GPTNeoXForCausalLM` has them.
  var tensors: [(name: String, shape: [Int])] {
    var tensors = [("gpt_neox.embed_in.weight", [vocabulary, width])]
    for layer in 0..<layers { tensors += block("gpt_neox.layers.\(layer).") }
    tensors += norm("gpt_neox.final_layer_norm")
    return tensors + [("embed_out.weight", [vocabulary, width])]
  }

  private func norm(_ name: String) -> [(String, [Int])] {
    [(name + ".weight", [width]), (name + ".bias", [width])]
  }

  private func block(_ prefix: String) -> [(String, [Int])] {
    let products = [
      ("attention.query_key_value", 3 * width, width, hasAttentionBias),
      ("attention.dense", width, width, hasAttentionBias),
      ("mlp.dense_h_to_4h", inner, width, true), ("mlp.dense_4h_to_h", width, inner, true),
    ]
    var tensors = norm(prefix + "input_layernorm") + norm(prefix + "post_attention_layernorm")
    for (name, outer, inner, hasBias) in products {
      tensors.append((prefix + name + ".weight", [outer, inner]))
      if hasBias { tensors.append((prefix + name + ".bias", [outer])) }
    }
    return tensors
  }

  var configuration: String {
    """
    {"model_type": "gpt_neox", "num_hidden_layers": \(layers), "num_attention_heads": \(heads),
     "hidden_size": \(width), "intermediate_size": \(inner), "vocab_size": \(vocabulary),
     "max_position_embeddings": \(positions), "rotary_pct": \(share), "hidden_act": "\(activation)",
     "use_parallel_residual": \(hasParallelBlocks), "attention_bias": \(hasAttentionBias),
     "tie_word_embeddings": false, "eos_token_id": null}
    """
  }
}
