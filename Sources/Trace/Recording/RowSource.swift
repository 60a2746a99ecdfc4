/// A vector that every token has in each head of a layer.
package enum RowKind: String, CaseIterable, Sendable {
  /// What asks; turned like the keys.
  case query
  /// What is asked; turned by its position where positions are rotary.
  case key
  /// What is summed.
  case value
}

/// Where a run's Q, K and V lie that was computed elsewhere; they are read when somebody looks at them.
package protocol RowSource: AnyObject, Sendable {
  /// The layers, counted from 0, whose Q, K and V there are.
  var layers: Set<Int> { get }
  /// The query heads, counted from 0, that there are; nil for all.
  var heads: Set<Int>? { get }
  /// Whether the rows are of one pass over the whole text: then no step of it was run.
  var isOnePass: Bool { get }
  /// Whether the residual stream before, within and after each layer is there.
  var hasResiduals: Bool { get }
  /// Rows of one head.
  ///
  /// - Parameters:
  ///   - kind: which vectors.
  ///   - layer: counted from 0.
  ///   - head: the query head, or for keys and values the KV head, counted from 0.
  ///   - positions: of the text.
  /// - Returns: `[positions][width]`; NaN where they can be read no more.
  func rows(_ kind: RowKind, layer: Int, head: Int, _ positions: Range<Int>) -> [Float]
  /// The logit that joins each row's softmax in a head; nil where there is none.
  ///
  /// Source: OpenAI 2025, gpt-oss model card (arXiv:2508.10925).
  func sink(layer: Int, head: Int) -> Float?
  /// The residual stream of a token: 0 is the embedding, 1 + 2L and 2 + 2L are behind the attention and the MLP of layer L.
  func residual(_ place: Int, position: Int) -> [Float]
}
