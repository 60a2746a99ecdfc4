internal import Kernels

/// What a layer does with the scores of its queries and keys, before and in the softmax.
///
/// The engine and the viewer share it.
public struct AttentionRule: Equatable, Sendable {
  /// Which keys a query sees.
  public let mask: AttentionMask
  /// What a dot product is multiplied by.
  public let scale: Float
  /// What a scaled score x is bounded by, as cap × tanh(x / cap); nil where it is not.
  ///
  /// Source: Gemma Team 2024 (arXiv:2408.00118).
  public let softCap: Float?
  /// Whether positions turn neither queries nor keys of the layer, nor are added before.
  ///
  /// Source: Kazemnejad et al. 2023 (arXiv:2305.19466).
  public let hasNoPositions: Bool

  /// Creates a rule.
  public init(
    mask: AttentionMask = AttentionMask(), scale: Float, softCap: Float? = nil,
    hasNoPositions: Bool = false
  ) {
    self.mask = mask
    self.scale = scale
    self.softCap = softCap
    self.hasNoPositions = hasNoPositions
  }

  /// The rule of most models: every earlier key, scores / √head dimension.
  public init(mask: AttentionMask = AttentionMask(), headDimension: Int) {
    self.init(mask: mask, scale: 1 / Float(headDimension).squareRoot())
  }

  /// What is left to multiply by in the softmax: capped scores are scaled already.
  package var softmaxScale: Float { softCap == nil ? scale : 1 }

  /// In place on `[rows][stride]`: bounds the first `length` scores of each row, where there is a bound.
  package func cap(
    _ scores: UnsafeMutablePointer<Float>, rows: Int, stride: Int, length: Int
  ) {
    guard let softCap else { return }
    for row in 0..<rows {
      Kernels.softCap(scores + row * stride, count: length, scale: scale, cap: softCap)
    }
  }
}
