/// What a trace has that not every recording has.
extension Trace {
  /// Whether Q, K and V of a layer are there, counted from 0.
  public func has(layer: Int) -> Bool { source?.layers.contains(layer) ?? true }

  /// Whether a query head and its K and V are there, counted from 0.
  public func has(head: Int) -> Bool { source?.heads?.contains(head) ?? true }

  /// Whether steps can be taken apart into layers and operations: what each of them counted and made is there.
  public var hasDetail: Bool {
    guard let source else { return true }
    return source.hasResiduals && steps.allSatisfy { $0.lanes.allSatisfy { $0.counter != nil } }
  }

  /// Whether it was computed elsewhere, or earlier.
  public var isRecording: Bool { source != nil }

  /// Whether no step was run: Q, K and V come from one pass over the whole text.
  public var isOnePass: Bool { source?.isOnePass ?? false }

  /// The residual stream of the newest token at a step: 0 is the embedding, 1 + 2L and 2 + 2L are behind the attention and the MLP of
  /// layer L: `[model dimension]`.
  public func residual(_ place: Int, at step: Step) -> [Float] {
    if let source { return source.residual(place, position: step.length - 1) }
    let rows = step.rows.residuals[place]
    return Array(rows.suffix(model.modelDimension ?? rows.count))
  }
}
