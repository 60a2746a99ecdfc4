internal import Trace

/// What a layer does with Q, K and their scores: the same in every layer of most models.
struct LayerRule: Equatable, Sendable {
  /// Mask, scale and bound of the scores.
  var attention: AttentionRule
  /// How positions turn queries and keys; nil where they do not.
  var rotary: RotaryEmbedding?
  /// Which norms queries and keys have of their own.
  var headNorm = HeadNorm.none

  /// The same with a window over the newest keys.
  func within(_ window: Int) -> Self {
    var rule = self
    rule.attention = AttentionRule(
      mask: AttentionMask(window: window), scale: attention.scale, softCap: attention.softCap,
      hasNoPositions: attention.hasNoPositions)
    return rule
  }

  /// The same where positions turn nothing.
  var withoutPositions: Self {
    var rule = self
    rule.rotary = nil
    rule.attention = AttentionRule(
      mask: attention.mask, scale: attention.scale, softCap: attention.softCap,
      hasNoPositions: true)
    return rule
  }
}

/// Which norms the queries and the keys of a layer have of their own, before positions turn them.
enum HeadNorm: Equatable, Sendable {
  case none
  /// Each head by itself, with one gain for all heads: `[head dimension]`.
  ///
  /// Source: Dehghani et al. 2023 (arXiv:2302.05442).
  case perHead
  /// All heads of a token as one: `[heads × head dimension]`.
  ///
  /// Source: OLMo Team 2024 (arXiv:2501.00656).
  case whole
}
