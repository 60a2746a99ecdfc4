internal import Trace

/// What a layer does with Q, K and their scores: the same in every layer of most models.
struct LayerRule: Equatable, Sendable {
  /// Mask, scale and bound of the scores.
  var attention: AttentionRule
  /// How positions turn queries and keys; nil where they do not.
  var rotary: RotaryEmbedding?
  /// Whether each query and each key has a norm of its own.
  var normsHeads = false
}
