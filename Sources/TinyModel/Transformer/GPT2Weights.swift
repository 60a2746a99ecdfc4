/// GPT-2's parameters, checked against the configuration and packed.
///
/// Source: Radford et al. 2019; tensor names of Hugging Face's `GPT2LMHeadModel`, whose `Conv1D` stores `[in][out]`.
struct GPT2Weights: Sendable {
  /// One transformer block.
  struct Block: Sendable {
    let attentionNorm: LayerNorm
    /// `[width] → [3 × width]`: Q, K and V side by side.
    let queryKeyValue: Linear
    let output: Linear
    let mlpNorm: LayerNorm
    let up: Linear
    let down: Linear
  }

  /// `[vocabulary][width]`.
  let tokenEmbedding: FloatBuffer
  /// `[positions][width]`.
  let positionEmbedding: FloatBuffer
  let blocks: [Block]
  let finalNorm: LayerNorm
  let head: Linear
  /// Parameters in all, tied ones once.
  let parameters: Int

  init(_ checkpoint: Checkpoint) throws(CheckpointError) {
    let shape = checkpoint.configuration
    var reader = TensorReader(checkpoint: checkpoint)
    tokenEmbedding = try reader.read("wte.weight", [shape.vocabulary, shape.width])
    positionEmbedding = try reader.read("wpe.weight", [shape.positions, shape.width])
    var blocks: [Block] = []
    for layer in 0..<shape.layers {
      blocks.append(try Self.block("h.\(layer).", shape, &reader))
    }
    self.blocks = blocks
    finalNorm = try reader.norm("ln_f", shape)
    let headMatrix = try Self.head(shape, tokenEmbedding, &reader)
    head = Linear(transposed: headMatrix, inner: shape.width, outer: shape.vocabulary)
    parameters = reader.parameters
  }

  /// The logits' matrix; a tied one that the file holds with other numbers is no longer tied, as in `transformers`.
  private static func head(
    _ shape: ModelConfiguration, _ embedding: FloatBuffer, _ reader: inout TensorReader
  ) throws(CheckpointError) -> FloatBuffer {
    let (name, size) = ("lm_head.weight", [shape.vocabulary, shape.width])
    guard shape.isHeadTied else { return try reader.read(name, size) }
    guard let own = try reader.checkpoint.optionalTensor(name, shape: size),
      Kernels.best.maxAbsDifference(own.pointer, embedding.pointer, count: own.count) != 0
    else { return embedding }
    reader.parameters += own.count
    return own
  }

  private static func block(
    _ prefix: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(CheckpointError) -> Block {
    Block(
      attentionNorm: try reader.norm(prefix + "ln_1", shape),
      queryKeyValue: try reader.linear(prefix + "attn.c_attn", shape.width, 3 * shape.width),
      output: try reader.linear(prefix + "attn.c_proj", shape.width, shape.width),
      mlpNorm: try reader.norm(prefix + "ln_2", shape),
      up: try reader.linear(prefix + "mlp.c_fc", shape.width, shape.innerWidth),
      down: try reader.linear(prefix + "mlp.c_proj", shape.innerWidth, shape.width))
  }
}

/// Reads tensors and counts their elements.
private struct TensorReader {
  let checkpoint: Checkpoint
  var parameters = 0

  mutating func read(_ name: String, _ shape: [Int]) throws(CheckpointError) -> FloatBuffer {
    let buffer = try checkpoint.tensor(name, shape: shape)
    parameters += buffer.count
    return buffer
  }

  mutating func norm(
    _ name: String, _ shape: ModelConfiguration
  ) throws(CheckpointError) -> LayerNorm {
    LayerNorm(
      gain: try read(name + ".weight", [shape.width]),
      bias: try read(name + ".bias", [shape.width]), epsilon: shape.normEpsilon)
  }

  mutating func linear(
    _ name: String, _ inner: Int, _ outer: Int
  ) throws(CheckpointError) -> Linear {
    Linear(
      matrix: try read(name + ".weight", [inner, outer]), inner: inner, outer: outer,
      bias: try read(name + ".bias", [outer]))
  }
}
