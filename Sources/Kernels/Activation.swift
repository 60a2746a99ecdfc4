/// What is done to each element between the two matrices of an MLP.
package enum Activation: CaseIterable, Sendable {
  /// x Φ(x), in the form with tanh.
  ///
  /// Source: Hendrycks and Gimpel 2016 (arXiv:1606.08415).
  case geluTanh
  /// The same with the error function.
  case gelu
  /// max(x, 0).
  case relu
}

/// What is done to the gate of a gated MLP before the way up is multiplied with it.
///
/// Source: Shazeer 2020 (arXiv:2002.05202).
package enum GateActivation: CaseIterable, Sendable {
  /// x / (1 + e⁻ˣ): SwiGLU.
  case silu
  /// x Φ(x), in the form with tanh: GeGLU.
  case geluTanh
}
