internal import Kernels
internal import Trace

extension ModelConfiguration {
  /// Whether several sequences can share a pass: not where attention reads K and V that a pass makes of latents.
  public var sharesPasses: Bool { latent == nil }
}

extension Transformer {
  /// Feeds one token behind each of several sequences, in one pass: each weight is read once for all of them, K and V of each
  /// for itself.
  ///
  /// - Parameters:
  ///   - tokens: ids, one for each sequence.
  ///   - stores: K and V of the sequences; each keeps its token's.
  ///   - buffers: room for at least as many rows, and as many rows of logits.
  ///   - counter: counts what is done, where it is done.
  /// - Returns: the logits of each sequence, `[sequences][vocabulary]`, at the beginning of what `buffers` has for them.
  func decode(
    _ tokens: [Int], stores: [any KVStore], buffers: ForwardBuffers,
    counter: inout OperationCounter
  ) -> FloatBuffer {
    let rows = tokens.count
    precondition(rows > 0 && rows <= buffers.rows, "\(rows) rows in buffers of \(buffers.rows)")
    precondition(rows == stores.count, "\(rows) tokens of \(stores.count) sequences")
    let rules = stores.map { PassRule(past: $0.tokens) }
    for (row, token) in tokens.enumerated() {
      embed(token, position: rules[row].position(ofRow: 0), row: row, into: buffers.residual)
    }
    for layer in weights.blocks.indices {
      attend(layer, rules, stores, buffers, &counter)
      feedForward(layer, rows: rows, buffers, &counter)
    }
    return logits(ofRows: 0..<rows, buffers, &counter)
  }

  /// One row of each sequence attends to what its own store holds.
  private func attend(
    _ layer: Int, _ rules: [PassRule], _ stores: [any KVStore], _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter
  ) {
    guard case .joined(let product) = weights.blocks[layer].queryKeyValue else {
      preconditionFailure("latents do not share a pass")
    }
    normForAttention(layer, rows: rules.count, buffers)
    multiplyJoined(product, layer, rows: rules.count, buffers, &counter)
    for (row, (rule, store)) in zip(rules, stores).enumerated() {
      let stored = keep(layer, rows: row..<row + 1, rule, store, buffers, &counter)
      attendHeads(layer, rows: row..<row + 1, rule, stored, buffers, &counter)
    }
    projectHeads(layer, rows: rules.count, buffers, &counter)
  }
}
