internal import Base
internal import CKernels
public import Kernels
internal import Trace

/// A decoder-only transformer that is ready to run.
///
///     let model = try Transformer(Checkpoint(folder: "models/tiny-zh"))
///
/// Its parts are its architecture's (`GPT2`, `GPTNeoX`, `Llama`, `DeepSeek`); the pass over them is one for all.
/// Source: Vaswani et al. 2017 (arXiv:1706.03762).
public final class Transformer: Sendable {
  /// The model's shape.
  public let configuration: ModelConfiguration
  /// The folder's name.
  public let name: String
  /// Parameters in all, tied ones once.
  public let parameters: Int
  /// What the matrices are held as.
  public let type: WeightType
  let weights: Weights
  let kernels: Kernels
  /// Those that may not be packed yet; nil where all were packed at once.
  private let unpacked: UnpackedWeights?

  /// Reads and packs the weights of an opened model folder.
  ///
  /// - Parameters:
  ///   - checkpoint: the folder.
  ///   - type: what the matrices are held as.
  ///   - pool: the threads that compute.
  ///   - streams: whether matrices that lie by outputs are left in the files until `pack`: each pass reads them anew, and
  ///     `readingFailure` says whether it could.
  ///   - progress: called whenever some more has been read.
  /// - Throws: `ModelError`, for weights that are missing, malformed or too large.
  public convenience init(
    _ checkpoint: Checkpoint, type: WeightType = .f32, pool: ThreadPool = .shared,
    streams: Bool = false, progress: @escaping (ReadingProgress) -> Void = { _ in }
  ) throws(ModelError) {
    try self.init(
      checkpoint, type: type, kernels: Kernels(pool: pool), streams: streams, progress: progress)
  }

  init(
    _ checkpoint: Checkpoint, type: WeightType = .f32, kernels: Kernels, streams: Bool = false,
    progress: @escaping (ReadingProgress) -> Void = { _ in }
  ) throws(ModelError) {
    configuration = checkpoint.configuration
    name = checkpoint.name
    self.type = type
    try checkpoint.requireMemory(type)
    let unpacked =
      streams ? UnpackedWeights(in: checkpoint.files, threads: kernels.pool.threads) : nil
    self.unpacked = unpacked
    let source = WeightReader(checkpoint, report: progress)
    var reader = TensorReader(source, type: type, kernels, unpacked: unpacked)
    weights = try ModelError.reading { () throws(FileError) in
      try checkpoint.architecture.weights(checkpoint.configuration, &reader)
    }
    unpacked?.goOn(behind: source.progress)
    parameters = reader.parameters
    self.kernels = kernels
  }

  /// Draws weights for a shape at random; equal seeds draw equally.
  public init(
    random shape: ModelShape, seed: UInt64, type: WeightType = .f32, pool: ThreadPool = .shared
  ) throws(ModelError) {
    try shape.requireMemory(type)
    configuration = shape.configuration
    name = "random " + shape.name
    self.type = type
    let kernels = Kernels(pool: pool)
    self.kernels = kernels
    unpacked = nil
    var reader = TensorReader(RandomWeights(seed: seed), type: type, kernels)
    weights = try ModelError.reading { () throws(FileError) in
      try shape.architecture.weights(shape.configuration, &reader)
    }
    parameters = reader.parameters
  }

  /// Whether all weights are packed; as long as some are not, passes read these from the files.
  public var isPacked: Bool { unpacked?.isEmpty ?? true }

  /// Why weights could not be read that a pass needed, which computed zeros in their place; nil where none failed.
  public var readingFailure: ModelError? { (unpacked?.stream.failure).map(ModelError.file) }

  /// Packs the weights that are not yet, by every thread.
  ///
  /// - Parameters:
  ///   - progress: called whenever some more has been read, behind what was when the model was made.
  ///   - isWanted: asked between two matrices; where it is no longer so, the others are left in the files.
  /// - Throws: what is wrong with the weights.
  public func pack(
    _ progress: (ReadingProgress) -> Void = { _ in }, while isWanted: () -> Bool = { true }
  ) throws(ModelError) {
    guard let unpacked else { return }
    try ModelError.reading { () throws(FileError) in
      try unpacked.pack(kernels, while: isWanted, report: progress)
    }
  }

  /// Bytes of weights that a pass has to read: matrices, biases and norms; of the embeddings, which are
  /// looked up, none.
  public var bytesPerPass: Int { weights.bytesPerPass }

  /// Bytes of all weights as they are held; a tied embedding once, where the type of the weights loses nothing.
  public var weightBytes: Int { weights.byteCount }

  /// What turns ids into rows.
  var embedding: Embedding { weights.tokenEmbedding }

  /// What is held of memory before a run begins.
  public var memoryPlan: MemoryPlan { MemoryPlan(heldWeights: weightBytes) }

  /// Threads that compute.
  public var threads: Int { kernels.pool.threads }

  /// Runs `tokens` through every layer, and is not stopped.
  func forward(
    _ tokens: ArraySlice<Int>, store: any KVStore, buffers: ForwardBuffers,
    counter: inout OperationCounter, observer: (any ForwardObserver)?, rule: PassRule? = nil,
    logitRows: Int = 1
  ) -> FloatBuffer {
    forward(
      tokens, store: store, buffers: buffers, counter: &counter, observer: observer, rule: rule,
      logitRows: logitRows
    ) { () throws(Never) in }
  }

  /// Runs `tokens` through every layer behind what `store` holds, and leaves their K and V in it.
  ///
  /// - Parameters:
  ///   - tokens: ids to feed, at positions `store.tokens` and on.
  ///   - store: K and V of the tokens before; empty for a run that recomputes everything.
  ///   - buffers: room for at least as many rows and keys.
  ///   - counter: counts what is done, where it is done.
  ///   - observer: sees Q, K, V and the residual stream as they come.
  ///   - rule: which positions the rows get and how masks are used; nil for a pass with nothing wrong.
  ///   - logitRows: of how many of the last rows logits are wanted.
  ///   - afterLayer: called after each layer; what it throws stops the pass.
  /// - Returns: the logits of these rows, `[rows][vocabulary]`, at the beginning of what `buffers` has for them.
  /// - Throws: what `afterLayer` throws; the store holds half of a pass then, until it is truncated.
  func forward<Stop: Error>(
    _ tokens: ArraySlice<Int>, store: any KVStore, buffers: ForwardBuffers,
    counter: inout OperationCounter, observer: (any ForwardObserver)?, rule: PassRule? = nil,
    logitRows: Int = 1, afterLayer: () throws(Stop) -> Void
  ) throws(Stop) -> FloatBuffer {
    let rows = tokens.count
    let past = store.tokens
    precondition(rows > 0 && rows <= buffers.rows, "\(rows) rows in buffers of \(buffers.rows)")
    precondition(
      past + rows <= buffers.positions, "\(past + rows) positions of \(buffers.positions)")
    let rule = rule ?? PassRule(past: past)

    let residual = UnsafePointer(buffers.residual.pointer)
    embed(tokens, rule, into: buffers.residual)
    observer?.saw(residual: residual, rows: rows)
    for layer in weights.blocks.indices {
      attend(layer, rows: rows, rule, store, buffers, &counter, observer)
      observer?.saw(residual: residual, rows: rows)
      feedForward(layer, rows: rows, buffers, &counter)
      observer?.saw(residual: residual, rows: rows)
      try afterLayer()
    }
    return logits(ofRows: rows - logitRows..<rows, buffers, &counter)
  }

  /// x = token embedding, + position embedding where positions are learned.
  private func embed(_ tokens: ArraySlice<Int>, _ rule: PassRule, into residual: FloatBuffer) {
    for (row, token) in tokens.enumerated() {
      embed(token, position: rule.position(ofRow: row), row: row, into: residual)
    }
  }

  /// The row of a token, scaled where the model scales it, + that of its position where positions are learned.
  func embed(_ token: Int, position: Int, row: Int, into residual: FloatBuffer) {
    let width = configuration.modelDimension
    precondition(
      (0..<configuration.vocabulary).contains(token),
      "id \(token) of \(configuration.vocabulary)")
    let x = residual.pointer + row * width
    weights.tokenEmbedding.copyRow(token, to: x)
    if let scale = configuration.embeddingScale {
      for column in 0..<width { x[column] *= scale }
    }
    if let positions = weights.positionEmbedding {
      kernels.add(positions.pointer + position * width, to: x, rows: 1, width: width)
    }
  }

  /// x += W_O · concat over heads of softmax(mask(QKᵀ) / √d) V.
  private func attend(
    _ layer: Int, rows: Int, _ rule: PassRule, _ store: any KVStore, _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter, _ observer: (any ForwardObserver)?
  ) {
    normForAttention(layer, rows: rows, buffers)
    let stored = computeQueryKeyValue(layer, rows: rows, rule, store, buffers, &counter)
    observer?.saw(queryKeyValue: buffers.queryKeyValue.pointer, rows: rows, layer: layer)
    let watcher = observer?.seesAttention == true ? observer : nil
    watcher?.saw(stored: stored, positions: store.positions(layer: layer), layer: layer)

    let kept = observer?.roomForWeights(rows: rows, length: stored.slots, layer: layer)
    attendHeads(layer, rows: 0..<rows, rule, stored, buffers, &counter, keptIn: kept)
    watcher?.saw(attention: buffers.attention.pointer, rows: rows, layer: layer)
    projectHeads(layer, rows: rows, buffers, &counter)
  }

  /// What attention reads; where blocks are parallel, what the MLP reads beside it too.
  func normForAttention(_ layer: Int, rows: Int, _ buffers: ForwardBuffers) {
    let block = weights.blocks[layer]
    normResidual(block.attentionNorm, rows: rows, buffers, into: buffers.normed)
    if configuration.hasParallelBlocks {
      normResidual(block.mlpNorm, rows: rows, buffers, into: buffers.parallel)
    }
  }

  /// The norm of the residual stream, or the stream as it is.
  private func normResidual(
    _ norm: Norm?, rows: Int, _ buffers: ForwardBuffers, into out: FloatBuffer
  ) {
    let residual = buffers.residual.pointer
    if let norm {
      kernels.norm(residual, rows: rows, norm, into: out.pointer)
    } else {
      out.pointer.update(from: residual, count: rows * configuration.modelDimension)
    }
  }

  /// The residual stream += `projected`, or its norm.
  private func addProjected(_ norm: Norm?, rows: Int, _ buffers: ForwardBuffers) {
    let projected = buffers.projected.pointer
    if let norm { kernels.norm(projected, rows: rows, norm, into: projected) }
    kernels.add(
      projected, to: buffers.residual.pointer, rows: rows, width: configuration.modelDimension)
  }

  /// x += W_O · the heads' outputs, side by side.
  func projectHeads(
    _ layer: Int, rows: Int, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) {
    let block = weights.blocks[layer]
    let heads = headOutputs(layer, rows: rows, buffers, &counter)
    counter.count(
      multiplyAdds: block.output.apply(
        heads, rows: rows, into: buffers.projected.pointer, kernels),
      .projection, in: .values, layer: layer)
    counter.count(weightBytes: block.attentionBytes(of: Linear.read))
    addProjected(block.attentionOutputNorm, rows: rows, buffers)
  }

  /// Q, K and V of the fed rows; what the cache keeps of them goes into the store.
  ///
  /// - Returns: K and V of the layer as attention reads them, those of the fed rows among them.
  private func computeQueryKeyValue(
    _ layer: Int, rows: Int, _ rule: PassRule, _ store: any KVStore, _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter
  ) -> StoredLayer {
    switch weights.blocks[layer].queryKeyValue {
    case .joined(let product):
      return computeJoined(product, layer, rows: rows, rule, store, buffers, &counter)
    case .latent(let projection):
      return latentPass(projection, rows: rows, buffers).compute(
        layer, rule, store, rotary: buffers.rotary(ofLayer: layer), &counter)
    }
  }

  private func latentPass(
    _ projection: LatentProjection, rows: Int, _ buffers: ForwardBuffers
  ) -> LatentPass {
    LatentPass(
      projection: projection, shape: configuration, kernels: kernels, buffers: buffers, rows: rows)
  }

  /// What the output projection takes: what attention summed up, or what a block makes of it.
  private func headOutputs(
    _ layer: Int, rows: Int, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) -> UnsafePointer<Float> {
    guard case .latent(let projection) = weights.blocks[layer].queryKeyValue else {
      return UnsafePointer(buffers.attention.pointer)
    }
    let (outputs, multiplyAdds) = latentPass(projection, rows: rows, buffers).outputs()
    counter.count(multiplyAdds: multiplyAdds, .projection, in: .values, layer: layer)
    return outputs
  }

  /// Q, K and V of the fed rows by one product; K and V go into the store.
  ///
  /// - Returns: K and V of the layer as the store gives them, those of the fed rows among them.
  private func computeJoined(
    _ product: Linear, _ layer: Int, rows: Int, _ rule: PassRule, _ store: any KVStore,
    _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) -> StoredLayer {
    multiplyJoined(product, layer, rows: rows, buffers, &counter)
    return keep(layer, rows: 0..<rows, rule, store, buffers, &counter)
  }

  /// Q, K and V of rows by one product.
  func multiplyJoined(
    _ product: Linear, _ layer: Int, rows: Int, _ buffers: ForwardBuffers,
    _ counter: inout OperationCounter
  ) {
    counter.count(
      multiplyAdds: product.apply(
        buffers.normed.pointer, rows: rows, into: buffers.queryKeyValue.pointer, kernels),
      .projection, in: .queryKeyValue, layer: layer)
  }

  /// Q and K of rows normed where the block says so and turned by their positions; K and V go into the store.
  ///
  /// - Returns: K and V of the layer as the store gives them, those of the rows among them.
  func keep(
    _ layer: Int, rows range: Range<Int>, _ rule: PassRule, _ store: any KVStore,
    _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) -> StoredLayer {
    let (shape, rows) = (configuration, range.count)
    let query = buffers.queryKeyValue.pointer + range.lowerBound * shape.queryKeyValueWidth
    normHeads(layer, rows: rows, query)
    if !store.rotatesOnRead {
      rotate(layer, rows: rows, query, buffers) { rule.position(ofRow: $0) }
    }
    let key = query + shape.queryWidth
    let new = KeyValueRows(
      keys: key, values: key + shape.keyWidth, rows: rows, stride: shape.queryKeyValueWidth,
      position: rule.past)
    counter.count(keyValueTokens: store.append(new, layer: layer, kernels), layer: layer)
    let stored = store.read(layer: layer)
    if store.rotatesOnRead {
      // By the positions that the store now gives the rows; it has the keys as they were.
      let first = stored.places(rows: rows, past: rule.past).first
      rotate(layer, rows: rows, query, buffers) { first + $0 }
    }
    return stored
  }

  /// Queries and keys of the fed rows, turned by their positions where the layer has it so.
  private func rotate(
    _ layer: Int, rows: Int, _ query: UnsafeMutablePointer<Float>, _ buffers: ForwardBuffers,
    position: (Int) -> Int
  ) {
    guard let rotary = buffers.rotary(ofLayer: layer) else { return }
    let shape = configuration
    for row in 0..<rows {
      let position = position(row)
      kernels.rotate(
        query + row * shape.queryKeyValueWidth,
        heads: shape.heads + shape.kvHeads, headDimension: shape.headDimension,
        turned: shape.rotaryDimension, cosines: rotary.cosines(position),
        sines: rotary.sines(position))
    }
  }

  /// Queries and keys, each by itself or all of a token as one, where the block has norms for them.
  private func normHeads(_ layer: Int, rows: Int, _ query: UnsafeMutablePointer<Float>) {
    let (block, shape) = (weights.blocks[layer], configuration)
    let stride = shape.queryKeyValueWidth
    if let norm = block.queryNorm {
      kernels.normHeads(
        query, rows: rows, rowStride: stride, heads: shape.queryWidth / norm.gain.count, norm)
    }
    if let norm = block.keyNorm {
      kernels.normHeads(
        query + shape.queryWidth, rows: rows, rowStride: stride,
        heads: shape.keyWidth / norm.gain.count, norm)
    }
  }

  /// Every head's softmax(mask(QKᵀ) / √d) V, side by side in `attention`.
  func attendHeads(
    _ layer: Int, rows range: Range<Int>, _ rule: PassRule, _ stored: StoredLayer,
    _ buffers: ForwardBuffers, _ counter: inout OperationCounter,
    keptIn kept: UnsafeMutablePointer<Float>? = nil
  ) {
    let rows = range.count
    let attention = configuration.rule(ofLayer: layer).attention
    let blocks = AttentionBlocks(
      shape: configuration, rule: attention, pass: rule, kernels: kernels, stored: stored,
      buffers: buffers, firstRow: range.lowerBound, rows: rows, kept: kept)
    blocks.compute()
    let group = AttentionBlocks.group(configuration)
    var multiplyAdds = 0
    for block in 0..<blocks.count {
      for place in 0..<group {
        let counts = buffers.attentionCounts[block * group + place]
        let head = blocks.head(ofBlock: block, place: place)
        counter.count(
          multiplyAdds: counts.scores.multiply_adds, .attention, in: .scores, layer: layer)
        counter.count(scoreCells: counts.scores.sums, layer: layer, head: head)
        counter.count(maskedCells: counts.masked, layer: layer, head: head)
        counter.count(
          multiplyAdds: counts.values.multiply_adds, .attention, in: .values, layer: layer)
        multiplyAdds += counts.scores.multiply_adds + counts.values.multiply_adds
      }
    }
    // Of latents the pass that makes K and V of them has counted what it read.
    guard configuration.latent == nil else { return }
    // A number of K or V is multiplied once for each row and each head that shares it.
    counter.count(
      keyValueBytes: multiplyAdds / (rows * group) * MemoryLayout<Float>.stride)
  }

  /// x += MLP(norm(x)), of the x before attention where blocks are parallel.
  func feedForward(
    _ layer: Int, rows: Int, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) {
    let block = weights.blocks[layer]
    let input = configuration.hasParallelBlocks ? buffers.parallel : buffers.normed
    if !configuration.hasParallelBlocks {
      normResidual(block.mlpNorm, rows: rows, buffers, into: input)
    }
    counter.count(
      multiplyAdds: apply(block.mlp, to: input, rows: rows, buffers), .mlp, in: .mlp, layer: layer)
    counter.count(weightBytes: block.mlpBytes(of: Linear.read))
    addProjected(block.mlpOutputNorm, rows: rows, buffers)
  }

  /// `projected` = MLP of `input`.
  ///
  /// - Returns: the multiply-adds that this took.
  private func apply(
    _ mlp: MLP, to input: FloatBuffer, rows: Int, _ buffers: ForwardBuffers
  ) -> Int {
    let (x, inner, gated) = (input.pointer, buffers.inner.pointer, buffers.gate.pointer)
    let out = buffers.projected.pointer
    let width = configuration.feedForwardDimension
    switch mlp {
    case .plain(let activation, let up, let down):
      let multiplyAdds = up.apply(x, rows: rows, into: inner, kernels)
      kernels.activate(inner, rows: rows, width: width, activation)
      return multiplyAdds + down.apply(inner, rows: rows, into: out, kernels)
    case .gated(let activation, let gate, let up, let down):
      let multiplyAdds =
        gate.apply(x, rows: rows, into: gated, kernels)
        + up.apply(x, rows: rows, into: inner, kernels)
      kernels.gate(gated, up: inner, rows: rows, width: width, activation)
      return multiplyAdds + down.apply(gated, rows: rows, into: out, kernels)
    }
  }

  /// The last row only, as `generate` of Hugging Face does, unless more are wanted.
  func logits(
    ofRows rows: Range<Int>, _ buffers: ForwardBuffers, _ counter: inout OperationCounter
  ) -> FloatBuffer {
    precondition(rows.lowerBound >= 0, "logits of \(rows.count) rows of \(rows.upperBound)")
    precondition(
      rows.count * configuration.vocabulary <= buffers.logits.count, "\(rows.count) rows of logits")
    kernels.norm(
      buffers.residual.pointer + rows.lowerBound * configuration.modelDimension, rows: rows.count,
      weights.finalNorm, into: buffers.normed.pointer)
    counter.count(
      multiplyAdds: weights.head.apply(
        buffers.normed.pointer, rows: rows.count, into: buffers.logits.pointer, kernels),
      .logits, in: .logits, layer: configuration.layers - 1)
    counter.count(weightBytes: weights.finalNorm.byteCount + weights.head.weightBytes)
    return buffers.logits
  }
}
