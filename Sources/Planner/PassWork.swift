internal import Base

/// What the passes of a model multiply, where every layer attends to every token.
package struct PassShape: Hashable, Sendable {
  /// Numbers of the layers' matrices: each token is multiplied with each.
  let layers: Int
  /// Numbers of the matrix that makes the logits: of each sequence its last token.
  let head: Int
  /// Numbers of the norms.
  let gains: Int
  /// Heads × head dimension of a layer.
  let attentionWidth: Int
}

/// What a pass takes, as arithmetic: no run of a model.
package struct PassWork: Hashable, Sendable {
  /// FLOP of its matrix products: 2 for each multiply-add; attention multiplies masked cells too, as a plain implementation does.
  package let flops: Int
  /// Bytes of the weights, each read once: all but the rows of the embedding that are looked up.
  package let weightBytes: Int
  /// Bytes of K and V, each read once.
  package let keyValueBytes: Int

  /// Adds up; nil where it is not known what the model multiplies, or where a sum is beyond 2^63.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - batch: sequences that share the pass.
  ///   - rows: tokens that are fed of each.
  ///   - past: tokens of each whose K and V are there.
  ///   - type: what weights, K and V are held as.
  package init?(
    _ model: PlannedModel, batch: Int, rows: Int, past: Int, as type: Precision = .fp16
  ) {
    guard let shape = model.products else { return nil }
    let (sequences, length) = (Bytes(batch), past + rows)
    let cells = Bytes(shape.attentionWidth) * 2 * rows * length * model.layers.count
    let multiplyAdds =
      sequences * shape.layers * rows + sequences * shape.head + sequences * cells.count
    let weights = (Bytes(shape.layers) + Bytes(shape.head) + Bytes(shape.gains)) * type.bytes
    let kept = model.groups.reduce(Bytes(0)) { $0 + $1.bytes(tokens: length, type) } * batch
    let flops = multiplyAdds * 2
    guard flops.count < .max, weights.count < .max, kept.count < .max else { return nil }
    (self.flops, weightBytes, keyValueBytes) = (flops.count, weights.count, kept.count)
  }
}
