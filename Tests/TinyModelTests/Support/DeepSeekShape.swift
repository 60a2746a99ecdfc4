@testable import TinyModel
internal import Trace

/// The shape of a model with multi-head latent attention that a test makes up.
struct DeepSeekShape: CheckpointShape {
  var modelType = "deepseek_v3"
  var form = LatentForm.absorbed
  var layers = 2
  var heads = 3
  var queryRank: Int?
  var rank = 5
  var plain = 4
  var rotary = 2
  var value = 3
  var width = 12
  var inner = 10
  var vocabulary = 13
  var positions = 24
  var isInterleaved = true
  var hasBias = false
  var isTied = false
  /// More fields of `config.json`, each with a comma before it.
  var more = ""

  var window: Int? { nil }
  var kvHeads: Int { form == .absorbed ? 1 : heads }
  var headDimension: Int { rotary + (form == .absorbed ? rank : plain) }
  /// Numbers that the cache keeps of a token in a layer.
  var cached: Int { rank + rotary }

  /// A random shape; `form` and whatever must not be random are set behind it.
  static func random(_ generator: inout SeededGenerator) -> Self {
    func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    return Self(
      layers: random(1...3), heads: random(1...5),
      queryRank: random(0...1) == 0 ? nil : random(1...20),
      rank: random(1...40), plain: random(1...24), rotary: 2 * random(1...10),
      value: random(1...40), width: random(4...40), inner: random(4...50),
      vocabulary: random(5...60), positions: 90, isInterleaved: random(0...1) == 0,
      hasBias: random(0...1) == 0, isTied: random(0...1) == 0)
  }

  var description: String {
    """
    \(modelType) \(form): layers \(layers), heads \(heads), query rank \(queryRank ?? 0), rank \(rank), \
    widths \(plain) + \(rotary), \(value), model \(width), inner \(inner), vocabulary \(vocabulary), \
    interleaved \(isInterleaved), bias \(hasBias), tied \(isTied)\(more)
    """
  }

  /// Absorbed, a new row takes two products of each head more, and scores and sums are over latents; expanded, the latent of
  /// every row that is read makes keys and values.
  func flops(rows: Int, length: Int) -> FLOPs {
    let queries = heads * (plain + rotary)
    let down = queryRank.map { width * $0 } ?? 0
    let ofRow =
      down + (queryRank ?? width) * queries + width * cached + heads * value * width
    let ofHead = heads * rank * (plain + value)
    let made = form == .absorbed ? rows * ofHead : length * ofHead
    let read = form == .absorbed ? 2 * rank + rotary : plain + rotary + value
    let projection = layers * 2 * (rows * ofRow + made)
    let attention = layers * 2 * rows * length * heads * read
    let mlp = layers * 6 * rows * width * inner
    let head = 2 * width * vocabulary
    return FLOPs(
      projection: projection, attention: attention, mlp: mlp, head: head,
      total: projection + attention + mlp + head)
  }

  /// Names and shapes as Hugging Face's `DeepseekV3ForCausalLM` has them.
  var tensors: [(name: String, shape: [Int])] {
    var tensors = [("model.embed_tokens.weight", [vocabulary, width])]
    for layer in 0..<layers { tensors += block("model.layers.\(layer).") }
    tensors.append(("model.norm.weight", [width]))
    return tensors + (isTied ? [] : [("lm_head.weight", [vocabulary, width])])
  }

  private func block(_ prefix: String) -> [(String, [Int])] {
    let queries = heads * (plain + rotary)
    var products = [
      ("self_attn.kv_a_proj_with_mqa", cached, width, hasBias),
      ("self_attn.kv_b_proj", heads * (plain + value), rank, false),
      ("self_attn.o_proj", width, heads * value, hasBias),
      ("mlp.gate_proj", inner, width, false), ("mlp.up_proj", inner, width, false),
      ("mlp.down_proj", width, inner, false),
    ]
    var norms = [
      ("input_layernorm", width), ("post_attention_layernorm", width),
      ("self_attn.kv_a_layernorm", rank),
    ]
    if let queryRank {
      products.append(("self_attn.q_a_proj", queryRank, width, hasBias))
      products.append(("self_attn.q_b_proj", queries, queryRank, false))
      norms.append(("self_attn.q_a_layernorm", queryRank))
    } else {
      products.append(("self_attn.q_proj", queries, width, false))
    }
    var tensors = norms.map { (prefix + $0.0 + ".weight", [$0.1]) }
    for (name, outer, inner, hasBias) in products {
      tensors.append((prefix + name + ".weight", [outer, inner]))
      if hasBias { tensors.append((prefix + name + ".bias", [outer])) }
    }
    return tensors
  }

  var configuration: String {
    """
    {"model_type": "\(modelType)", "num_hidden_layers": \(layers), "first_k_dense_replace": \(layers),
     "num_attention_heads": \(heads), "num_key_value_heads": \(heads),
     "q_lora_rank": \(queryRank.map(String.init) ?? "null"), "kv_lora_rank": \(rank),
     "qk_nope_head_dim": \(plain), "qk_rope_head_dim": \(rotary), "v_head_dim": \(value),
     "rope_interleave": \(isInterleaved), "hidden_size": \(width), "intermediate_size": \(inner),
     "vocab_size": \(vocabulary), "max_position_embeddings": \(positions),
     "tie_word_embeddings": \(isTied), "attention_bias": \(hasBias), "eos_token_id": null\(more)}
    """
  }
}

/// A model of random widths whose cache keeps latents.
func latentModel(seed: Int, _ form: LatentForm) throws -> Transformer {
  var generator = SeededGenerator(seed: seed)
  let folder = try TemporaryFolder()
  var shape = DeepSeekShape.random(&generator)
  shape.layers = 2
  try folder.write(shape, seed: seed)
  return try LoadedModel(folder: folder.path, form: form).model
}
