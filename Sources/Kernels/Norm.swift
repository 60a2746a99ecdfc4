/// A norm of the residual stream, row by row.
package enum Norm: Sendable {
  /// (x − mean) / √(variance + ε) · gain + bias.
  ///
  /// Source: Ba et al. 2016 (arXiv:1607.06450).
  case layer(LayerNorm)
  /// x / √(mean of x² + ε) · gain.
  ///
  /// Source: Zhang and Sennrich 2019 (arXiv:1910.07467).
  case rootMeanSquare(RMSNorm)

  /// Bytes of its parameters.
  package var byteCount: Int {
    switch self {
    case .layer(let norm):
      (norm.gain.count + (norm.bias?.count ?? 0)) * MemoryLayout<Float>.stride
    case .rootMeanSquare(let norm): norm.byteCount
    }
  }
}

/// The parameters of a layer norm over `gain.count` columns.
package struct LayerNorm: Sendable {
  package let gain: FloatBuffer
  /// nil for none.
  package let bias: FloatBuffer?
  package let epsilon: Float

  package init(gain: FloatBuffer, bias: FloatBuffer?, epsilon: Float) {
    self.gain = gain
    self.bias = bias
    self.epsilon = epsilon
  }
}

/// The parameters of an RMS norm over `gain.count` columns.
package struct RMSNorm: Sendable {
  package let gain: FloatBuffer
  package let epsilon: Float

  package init(gain: FloatBuffer, epsilon: Float) {
    self.gain = gain
    self.epsilon = epsilon
  }

  /// Bytes of its parameters.
  package var byteCount: Int { gain.count * MemoryLayout<Float>.stride }
}
