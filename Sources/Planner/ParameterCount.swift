internal import Base

/// How many numbers a model's weights are.
package struct ParameterCount: Equatable, Sendable {
  /// All of them, a tied matrix once.
  package var parameters: Int
  /// Those of them that are published as four bits and a scale of eight for each 32 (MXFP4).
  ///
  /// Source: OCP Microscaling Formats 1.0.
  package var fourBit = 0
  /// Those of them that are published in eight bits, and how many scales of 32 bits they have.
  package var eightBit = ScaledCount()

  /// Numbers in a small type, with scales for blocks of them.
  package struct ScaledCount: Equatable, Sendable {
    /// The numbers.
    package var numbers = 0
    /// The scales of all blocks.
    package var scales = 0
  }
}

/// Counts a model's parameters from its sizes, as its class in Hugging Face transformers has them.
struct ParameterCounter {
  let config: ConfigFields

  private var field: JSONField { config.field }
  private var family: ModelFamily { config.family }
  private var width: Int { config.width }

  /// The count; nil where the type is none that can be counted here.
  func count() throws -> ParameterCount? {
    guard family.isCounted else { return nil }
    if family.types == ["gpt2"] { return try gpt2() }
    let (dense, sparse) = (try denseLayers(), try config.layers - denseLayers())
    var all = try mlp(inner: dense > 0 ? config.size("intermediate_size") : 0) * dense
    if sparse > 0 { all = all + (try experts() * sparse) }
    all = all + (try attentions())
    all = all + Bytes(width) * (family.norms * family.normNumbers) * config.layers
    all = all + Bytes(width) * family.normNumbers
    let matrices = try config.ties ? 1 : 2
    all = all + Bytes(try config.size("vocab_size")) * width * matrices
    let fourBit = try self.fourBit() * sparse
    guard all.count < .max else { return nil }
    return ParameterCount(
      parameters: all.count, fourBit: fourBit.count,
      eightBit: try eightBit(dense: dense, sparse: sparse))
  }

  private func linear(_ inner: Bytes, _ outer: Bytes, _ hasBias: Bool = false) -> Bytes {
    inner * outer.count + (hasBias ? outer : Bytes(0))
  }

  /// What each token is multiplied with; nil where that is not all of a model's weights alike, or not counted here.
  func products() throws -> PassShape? {
    guard family.isCounted, case .none = family.experts, family.types != ["gpt2"] else {
      return nil
    }
    switch family.layers {
    case .latent, .linear: return nil
    default: break
    }
    let biases = try [family.queryKeyValueBias, family.outputBias, family.mlpBias].contains {
      flag throws(FileError) in try config.has(flag)
    }
    guard !biases, !family.gatesQueries, family.sharedLayers == 0, !family.hasGlobalHeads else {
      return nil
    }
    let norms = headNorm() * config.layers
    let layers =
      (try attention() + mlp(inner: config.size("intermediate_size"))) * config.layers
    let head = Bytes(try config.size("vocab_size")) * width
    let gains = Bytes(width) * family.normNumbers * (family.norms * config.layers + 1) + norms
    let attentionWidth = Bytes(config.heads) * config.headDimension
    guard (layers + head + gains + attentionWidth).count < .max else { return nil }
    return PassShape(
      layers: layers.count - norms.count, head: head.count, gains: gains.count,
      attentionWidth: attentionWidth.count)
  }

  /// Numbers of a layer's norms of queries and keys.
  private func headNorm() -> Bytes {
    switch family.headNorm {
    case .none: Bytes(0)
    case .perHead: Bytes(config.headDimension) * 2
    case .whole: Bytes(config.heads + config.kvHeads) * config.headDimension
    }
  }

  // MARK: GPT-2

  private func gpt2() throws(FileError) -> ParameterCount? {
    let inner = try field.optionalSize("n_inner").map { Bytes($0) } ?? Bytes(width) * 4
    let width = Bytes(self.width)
    let layer =
      width * 4 + linear(width, width * 3, true) + linear(width, width, true)
      + linear(width, inner, true) + linear(inner, width, true)
    let rows = Bytes(try field.size("vocab_size")) + Bytes(try field.size("n_positions"))
    let own = try field.flag("tie_word_embeddings", default: true) ? 0 : field.size("vocab_size")
    let all = layer * config.layers + width * 2 + (rows + Bytes(own)) * self.width
    return all.count < .max ? ParameterCount(parameters: all.count) : nil
  }

  // MARK: Attention

  private func attentions() throws -> Bytes {
    switch family.layers {
    case .latent: return try latentAttention() * config.layers
    case .linear:
      let full = try LayerReader(config: config).attentionLayers()
      return try attention() * full + linearAttention() * (config.layers - full)
    default: return try attention() * config.layers
    }
  }

  private func attention() throws(FileError) -> Bytes {
    let query = Bytes(config.heads) * config.headDimension
    let key = Bytes(config.kvHeads) * config.headDimension
    let hasBias = try config.has(family.queryKeyValueBias)
    let width = Bytes(self.width)
    let norm = headNorm()
    let sinks = if case .gptOSS = family.experts { Bytes(config.heads) } else { Bytes(0) }
    return linear(width, query * (family.gatesQueries ? 2 : 1), hasBias)
      + linear(width, key, hasBias) * 2
      + linear(query, width, try config.has(family.outputBias)) + norm + sinks
  }

  /// Queries behind a latent vector or not, keys and values behind one.
  ///
  /// Source: DeepSeek-AI 2024 (arXiv:2405.04434).
  private func latentAttention() throws(FileError) -> Bytes {
    let (plain, rotary) = (try field.size("qk_nope_head_dim"), config.headDimension)
    let (value, rank) = (try field.size("v_head_dim"), Bytes(try field.size("kv_lora_rank")))
    let hasBias = try config.has(family.queryKeyValueBias)
    let (width, heads) = (Bytes(self.width), config.heads)
    let query = Bytes(plain + rotary) * heads
    let queries =
      if let rank = try field.optionalSize("q_lora_rank").map({ Bytes($0) }) {
        linear(width, rank, hasBias) + rank + linear(rank, query)
      } else {
        linear(width, query)
      }
    return queries + linear(width, rank + Bytes(rotary), hasBias) + rank
      + linear(rank, Bytes(plain + value) * heads)
      + linear(Bytes(value) * heads, width, hasBias)
  }

  /// A layer of linear attention.
  ///
  /// Source: Yang et al. 2024 (arXiv:2412.06464), as transformers' `qwen3_next` makes it.
  private func linearAttention() throws(FileError) -> Bytes {
    let sizes = try LinearAttention(field)
    let width = Bytes(self.width)
    return linear(width, sizes.channels + sizes.valueWidth)
      + linear(width, Bytes(sizes.valueHeads) * 2)
      + sizes.channels * sizes.kernel + Bytes(sizes.valueHeads) * 2 + Bytes(sizes.valueDimension)
      + linear(sizes.valueWidth, width)
  }

  // MARK: Feed-forward layers

  private func mlp(inner: Int) throws(FileError) -> Bytes {
    let hasBias = try config.has(family.mlpBias)
    let (width, inner) = (Bytes(self.width), Bytes(inner))
    return linear(width, inner, hasBias) * (family.isGated ? 2 : 1)
      + linear(inner, width, hasBias)
  }

  /// Layers with one MLP in place of experts.
  private func denseLayers() throws(FileError) -> Int {
    switch family.experts {
    case .none: return config.layers
    case .mixtral, .gptOSS: return 0
    case .deepSeek:
      let standard = family.types.contains("deepseek_v3") ? 3 : 0
      return min(config.layers, try config.count("first_k_dense_replace", default: standard))
    case .qwen:
      let step = try field.optionalSize("decoder_sparse_step") ?? 1
      let named = Set(
        try field.optional("mlp_only_layers")?.elements().map(\.value.integer) ?? [])
      return (0..<config.layers).count { named.contains($0) || ($0 + 1) % step != 0 }
    }
  }

  private func experts() throws(FileError) -> Bytes {
    let width = Bytes(self.width)
    func gated(_ inner: Bytes) -> Bytes { linear(width, inner) * 3 }
    switch family.experts {
    case .none: return Bytes(0)
    case .mixtral:
      let count = try field.size("num_local_experts")
      return gated(Bytes(try field.size("intermediate_size"))) * count + width * count
    case .qwen(let hasShared):
      let count = try field.size("num_experts")
      let routed = gated(Bytes(try field.size("moe_intermediate_size"))) * count + width * count
      guard hasShared else { return routed }
      return routed + gated(Bytes(try field.size("shared_expert_intermediate_size"))) + width
    case .deepSeek:
      let count = try field.size("n_routed_experts")
      let inner = Bytes(try field.size("moe_intermediate_size"))
      let shared = try field.optionalSize("n_shared_experts") ?? 0
      return gated(inner) * count + width * count + gated(inner * shared)
    case .gptOSS:
      let count = try field.size("num_local_experts")
      let biases = Bytes(try field.size("intermediate_size")) * 2 + width
      return try fourBit() + biases * count + width * count + Bytes(count)
    }
  }

  /// Numbers of a layer's experts that may be published in four bits.
  private func fourBit() throws(FileError) -> Bytes {
    guard case .gptOSS = family.experts else { return Bytes(0) }
    let inner = Bytes(try field.size("intermediate_size"))
    return inner * width * 3 * (try field.size("num_local_experts"))
  }
}
