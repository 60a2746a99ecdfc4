internal import Base
internal import Kernels

extension Llama {
  /// What the tensors of the family are called, and the blocks that they make.
  struct WeightNames {
    let family: Family
    let shape: ModelConfiguration

    func weights(_ reader: inout TensorReader) throws(FileError) -> Weights {
      let (embedding, head) = try reader.embeddingAndHead("embed_tokens.weight", shape)
      var blocks: [Block] = []
      for layer in 0..<shape.layers { blocks.append(try block(layer, &reader)) }
      return Weights(
        tokenEmbedding: embedding, positionEmbedding: nil, blocks: blocks,
        finalNorm: try norm("norm", &reader), head: head)
    }

    private func block(
      _ layer: Int, _ reader: inout TensorReader
    ) throws(FileError) -> Block {
      let prefix = "layers.\(layer)."
      let attention = prefix + "self_attn."
      let norms = try norms(prefix, &reader)
      return Block(
        attentionNorm: norms.attention,
        queryKeyValue: .joined(try queryKeyValue(attention, &reader)),
        queryNorm: try headNorm(attention + "q_norm", layer, width: shape.queryWidth, &reader),
        keyNorm: try headNorm(attention + "k_norm", layer, width: shape.keyWidth, &reader),
        output: try reader.linear(
          attention + "o_proj", shape.queryWidth, shape.modelDimension,
          hasBias: shape.biases.output),
        attentionOutputNorm: norms.attentionOutput, mlpNorm: norms.mlp,
        mlp: try mlp(prefix + "mlp.", &reader), mlpOutputNorm: norms.mlpOutput)
    }

    private typealias Norms = (
      attention: Norm?, attentionOutput: Norm?, mlp: Norm?, mlpOutput: Norm?
    )

    /// The norms of a block; `post_attention_layernorm` is that of the MLP where none stands behind attention.
    private func norms(_ prefix: String, _ reader: inout TensorReader) throws(FileError) -> Norms {
      let input = prefix + "input_layernorm"
      let behindAttention = prefix + "post_attention_layernorm"
      let (beforeMLP, behindMLP) = (
        prefix + "pre_feedforward_layernorm", prefix + "post_feedforward_layernorm"
      )
      switch family.norms {
      case .before:
        return (try norm(input, &reader), nil, try norm(behindAttention, &reader), nil)
      case .behind:
        return (nil, try norm(behindAttention, &reader), nil, try norm(behindMLP, &reader))
      case .around:
        return (
          try norm(input, &reader), try norm(behindAttention, &reader),
          try norm(beforeMLP, &reader), try norm(behindMLP, &reader)
        )
      }
    }

    private func queryKeyValue(
      _ prefix: String, _ reader: inout TensorReader
    ) throws(FileError) -> Linear {
      let parts =
        family.isFused
        ? [(prefix + "qkv_proj", shape.queryKeyValueWidth)]
        : [
          (prefix + "q_proj", shape.queryWidth), (prefix + "k_proj", shape.keyWidth),
          (prefix + "v_proj", shape.valueWidth),
        ]
      return try reader.linear(
        parts, shape.modelDimension, hasBias: shape.biases.queryKeyValue)
    }

    private func mlp(_ prefix: String, _ reader: inout TensorReader) throws(FileError) -> MLP {
      guard family.isFused else {
        return try Llama.mlp(prefix, shape, family.activation, &reader)
      }
      let (width, inner) = (shape.modelDimension, shape.feedForwardDimension)
      let name = prefix + "gate_up_proj.weight"
      let joined = try reader.matrix(name, [2 * inner, width])
      func half(_ rows: Range<Int>) throws(FileError) -> Linear {
        try reader.pack(name, joined.rows(rows), .outerFirst)
      }
      return .gated(
        family.activation, gate: try half(0..<inner), up: try half(inner..<2 * inner),
        down: try reader.linear(prefix + "down_proj", inner, width, hasBias: false))
    }

    private func norm(_ name: String, _ reader: inout TensorReader) throws(FileError) -> Norm {
      .rootMeanSquare(try rootMeanSquare(name, width: shape.modelDimension, &reader))
    }

    /// The norm of queries or keys, which are so wide.
    private func headNorm(
      _ name: String, _ layer: Int, width: Int, _ reader: inout TensorReader
    ) throws(FileError) -> RMSNorm? {
      switch shape.rule(ofLayer: layer).headNorm {
      case .none: nil
      case .perHead: try rootMeanSquare(name, width: shape.headDimension, &reader)
      case .whole: try rootMeanSquare(name, width: width, &reader)
      }
    }

    private func rootMeanSquare(
      _ name: String, width: Int, _ reader: inout TensorReader
    ) throws(FileError) -> RMSNorm {
      let gain = try reader.read(name + ".weight", [width])
      if family.gainOffset != 0 {
        for column in 0..<width { gain.pointer[column] += family.gainOffset }
      }
      return RMSNorm(gain: gain, epsilon: shape.normEpsilon)
    }
  }

  /// The gated MLP whose matrices lie in three tensors.
  static func mlp(
    _ prefix: String, _ shape: ModelConfiguration, _ activation: GateActivation,
    _ reader: inout TensorReader
  ) throws(FileError) -> MLP {
    let (width, inner, hasBias) = (
      shape.modelDimension, shape.feedForwardDimension, shape.biases.mlp
    )
    return .gated(
      activation,
      gate: try reader.linear(prefix + "gate_proj", width, inner, hasBias: hasBias),
      up: try reader.linear(prefix + "up_proj", width, inner, hasBias: hasBias),
      down: try reader.linear(prefix + "down_proj", inner, width, hasBias: hasBias))
  }

  /// An RMS norm of the residual stream.
  static func norm(
    _ name: String, _ shape: ModelConfiguration, _ reader: inout TensorReader
  ) throws(FileError) -> Norm {
    .rootMeanSquare(
      RMSNorm(
        gain: try reader.read(name + ".weight", [shape.modelDimension]), epsilon: shape.normEpsilon)
    )
  }
}
