/// A decoder-only transformer that is ready to run.
///
///     let model = try Transformer(Checkpoint(folder: "models/tiny-zh"))
///
/// Source: Vaswani et al. 2017 (arXiv:1706.03762), Radford et al. 2019 (GPT-2).
public final class Transformer: Sendable {
  /// The model's shape.
  public let configuration: ModelConfiguration
  /// The folder's name.
  public let name: String
  private let weights: GPT2Weights
  let kernels: Kernels

  /// Reads and packs the weights of an opened model folder.
  public convenience init(_ checkpoint: Checkpoint) throws(CheckpointError) {
    try self.init(checkpoint, kernels: .best)
  }

  init(_ checkpoint: Checkpoint, kernels: Kernels) throws(CheckpointError) {
    configuration = checkpoint.configuration
    name = checkpoint.name
    try checkpoint.requireMemory()
    weights = try GPT2Weights(checkpoint)
    self.kernels = kernels
  }

  /// Parameters in all, tied ones once.
  public var parameters: Int { weights.parameters }

  /// Runs `tokens` through every layer behind what `cache` holds, and leaves their K and V in it.
  ///
  /// - Parameters:
  ///   - tokens: ids to feed, at positions `cache.tokens` and on.
  ///   - cache: K and V of the tokens before; empty for a run that recomputes everything.
  ///   - buffers: room for at least as many rows and keys.
  ///   - counter: counts what is done, where it is done.
  ///   - observer: sees Q, K, V and the residual stream as they come.
  /// - Returns: the logits of the last row, `[vocabulary]`, in `buffers`.
  func forward(
    _ tokens: ArraySlice<Int>, cache: KVCache, buffers: ForwardBuffers,
    counter: inout OperationCounter, observer: (any ForwardObserver)?
  ) -> FloatBuffer {
    let rows = tokens.count
    let past = cache.tokens
    precondition(rows > 0 && rows <= buffers.rows, "\(rows) rows in buffers of \(buffers.rows)")
    precondition(past + rows <= buffers.length, "\(past + rows) keys of \(buffers.length)")

    let newest = UnsafePointer(buffers.residual.pointer + (rows - 1) * configuration.width)
    embed(tokens, at: past, into: buffers.residual)
    observer?.saw(residual: newest)
    for layer in weights.blocks.indices {
      attend(layer, rows: rows, cache: cache, buffers, &counter, observer)
      observer?.saw(residual: newest)
      feedForward(layer, rows: rows, buffers, &counter)
      observer?.saw(residual: newest)
    }
    cache.fill(to: past + rows)
    return logits(ofRow: rows - 1, buffers, &counter)
  }

  /// x = token embedding + position embedding.
  private func embed(_ tokens: ArraySlice<Int>, at past: Int, into residual: FloatBuffer) {
    let width = configuration.width
    for (row, token) in tokens.enumerated() {
      precondition(
        (0..<configuration.vocabulary).contains(token),
        "id \(token) of \(configuration.vocabulary)")
      let x = residual.pointer + row * width
      x.update(from: weights.tokenEmbedding.pointer + token * width, count: width)
      kernels.add(
        weights.positionEmbedding.pointer + (past + row) * width, to: x, count: width)
    }
  }

  /// x += W_O · concat over heads of softmax(mask(QKᵀ) / √d) V.
  private func attend(
    _ layer: Int, rows: Int, cache: KVCache, _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter, _ observer: (any ForwardObserver)?
  ) {
    let block = weights.blocks[layer]
    let width = configuration.width
    kernels.layerNorm(
      buffers.residual.pointer, rows: rows, block.attentionNorm, into: buffers.normed.pointer)

    // Q, K and V of the fed rows; K and V go into the cache.
    counter.count(
      multiplyAdds: block.queryKeyValue.apply(
        buffers.normed.pointer, rows: rows, into: buffers.queryKeyValue.pointer, kernels),
      .projection, in: .queryKeyValue, layer: layer)
    for row in 0..<rows {
      let q = buffers.queryKeyValue.pointer + row * 3 * width
      cache.store(key: q + width, value: q + 2 * width, at: cache.tokens + row, layer: layer)
    }
    counter.count(keyValueTokens: rows, layer: layer)
    observer?.saw(queryKeyValue: buffers.queryKeyValue.pointer, rows: rows, layer: layer)

    for head in 0..<configuration.heads {
      attend(layer, head, rows: rows, cache: cache, buffers, &counter)
    }

    counter.count(
      multiplyAdds: block.output.apply(
        buffers.attention.pointer, rows: rows, into: buffers.projected.pointer, kernels),
      .projection, in: .values, layer: layer)
    kernels.add(buffers.projected.pointer, to: buffers.residual.pointer, count: rows * width)
  }

  /// One head: the whole rows × length product first, then the mask, as the textbook forms it.
  private func attend(
    _ layer: Int, _ head: Int, rows: Int, cache: KVCache, _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter
  ) {
    let headWidth = configuration.headWidth
    let length = cache.tokens + rows
    let kvHead = head * configuration.kvHeads / configuration.heads
    let scores = buffers.scores.pointer

    kernels.scores(
      query: buffers.queryKeyValue.pointer + head * headWidth, rows: rows,
      queryStride: 3 * configuration.width, keys: cache.keys(layer: layer, kvHead: kvHead),
      length: length, headWidth: headWidth, into: scores, stride: length)
    counter.count(
      multiplyAdds: rows * length * headWidth, .attention, in: .scores, layer: layer)
    counter.count(scoreCells: rows * length, layer: layer, head: head)

    let masked = CausalMask.apply(
      to: scores, rows: rows, stride: length, firstPosition: cache.tokens, length: length)
    counter.count(maskedCells: masked, layer: layer, head: head)

    kernels.softmax(
      scores, rows: rows, stride: length, length: length, scale: configuration.attentionScale)

    kernels.weightedValues(
      weights: scores, rows: rows, weightStride: length,
      values: cache.values(layer: layer, kvHead: kvHead), length: length, headWidth: headWidth,
      into: buffers.attention.pointer + head * headWidth, outStride: configuration.width)
    counter.count(
      multiplyAdds: rows * length * headWidth, .attention, in: .values, layer: layer)
  }

  /// x += W_down · GELU(W_up · norm(x)).
  private func feedForward(
    _ layer: Int, rows: Int, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) {
    let block = weights.blocks[layer]
    kernels.layerNorm(
      buffers.residual.pointer, rows: rows, block.mlpNorm, into: buffers.normed.pointer)
    counter.count(
      multiplyAdds: block.up.apply(
        buffers.normed.pointer, rows: rows, into: buffers.inner.pointer, kernels),
      .mlp, in: .mlp, layer: layer)
    kernels.gelu(buffers.inner.pointer, count: rows * configuration.innerWidth)
    counter.count(
      multiplyAdds: block.down.apply(
        buffers.inner.pointer, rows: rows, into: buffers.projected.pointer, kernels),
      .mlp, in: .mlp, layer: layer)
    kernels.add(
      buffers.projected.pointer, to: buffers.residual.pointer, count: rows * configuration.width)
  }

  /// The last row only, as `generate` of Hugging Face does.
  private func logits(
    ofRow row: Int, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) -> FloatBuffer {
    kernels.layerNorm(
      buffers.residual.pointer + row * configuration.width, rows: 1, weights.finalNorm,
      into: buffers.normed.pointer)
    counter.count(
      multiplyAdds: weights.head.apply(
        buffers.normed.pointer, rows: 1, into: buffers.logits.pointer, kernels),
      .head, in: .logits, layer: configuration.layers - 1)
    return buffers.logits
  }
}

extension ModelConfiguration {
  /// 1 / √head width, which the scores are multiplied by.
  public var attentionScale: Float { 1 / Float(headWidth).squareRoot() }
}
