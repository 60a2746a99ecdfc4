internal import CKernels
internal import Kernels
internal import Trace

/// What a block of attention rows took for one head, as the kernels' tiles and the mask counted it.
struct AttentionCounts {
  /// QKᵀ: a sum is a cell.
  var scores = ck_work()
  /// Weights × V.
  var values = ck_work()
  var masked = 0
}

/// One layer's softmax(mask(QKᵀ) / √d) V of the fed rows, cut into blocks that threads take one by one.
///
/// A block is a KV head and some rows of the query heads that share it. Every cell of its rows × length product is
/// computed first and masked then, as the textbook forms it; a block's scores stay in the processor's caches, and the
/// scores of a long prompt never need rows × length floats at once.
struct AttentionBlocks {
  let shape: ModelConfiguration
  let rule: AttentionRule
  /// How the pass uses the rule's mask, and where rows and slots stand for it.
  let pass: PassRule
  let kernels: Kernels
  /// K and V of the layer, those of the fed rows in the last slots.
  let stored: StoredLayer
  let buffers: ForwardBuffers
  /// The first of the rows in the buffers.
  let firstRow: Int
  let rows: Int
  /// Where the weights are written down, `[heads][rows][length]`; nil where nobody wants them.
  var kept: UnsafeMutablePointer<Float>?

  /// Rows of scores of a block, of all heads of its group together; more would leave the second cache.
  static let mostScoreRows = 24

  /// Query heads that share a KV head.
  static func group(_ shape: ModelConfiguration) -> Int { shape.heads / shape.kvHeads }

  /// Fed rows of a block.
  static func rows(_ shape: ModelConfiguration) -> Int { max(1, mostScoreRows / group(shape)) }

  /// Blocks of `rows` fed rows.
  static func count(_ shape: ModelConfiguration, rows: Int) -> Int {
    shape.kvHeads * ((rows + Self.rows(shape) - 1) / Self.rows(shape))
  }

  var length: Int { stored.slots }
  var group: Int { Self.group(shape) }
  private var blocksOfHead: Int { count / shape.kvHeads }

  /// Computes all blocks, on every thread where they are much work.
  func compute() {
    precondition(length <= buffers.length, "\(length) keys of \(buffers.length)")
    // Two blocks of a head would add to the same sums.
    precondition(stored.weightSums == nil || rows == 1, "\(rows) rows where weights are summed")
    let multiplyAdds = rows * length * (shape.queryWidth + shape.attentionWidth)
    guard multiplyAdds >= Int(CK_SHARED_WORK) else {
      for block in 0..<count { compute(block, thread: 0) }
      return
    }
    if rows == 1, let pieces = AttentionPieces(self) {
      pieces.compute()
      return
    }
    withUnsafePointer(to: self) { blocks in
      ck_pool_run(
        kernels.pool.pool, count,
        { context, block, thread in
          context.assumingMemoryBound(to: AttentionBlocks.self).pointee
            .compute(block, thread: Int(thread))
        }, UnsafeMutableRawPointer(mutating: blocks))
    }
  }

  /// How many blocks there are.
  var count: Int { Self.count(shape, rows: rows) }

  /// The query head of a block at a place of its group.
  func head(ofBlock block: Int, place: Int) -> Int { block / blocksOfHead * group + place }

  private func compute(_ block: Int, thread: Int) {
    let kvHead = block / blocksOfHead
    let first = block % blocksOfHead * Self.rows(shape)
    let rows = min(Self.rows(shape), rows - first)
    let stride = KeyPanels.padded(length)
    let scores = buffers.scores(ofThread: thread)
    let firstHead = kvHead * group
    let places = places(kvHead: kvHead)

    let scoreWork = buffers.work(ofThread: thread)
    let valueWork = scoreWork + group
    scoreWork.update(repeating: ck_work(), count: 2 * group)
    kernels.scores(
      query: query(row: first, head: firstHead), rows: rows, queryStride: shape.queryKeyValueWidth,
      group: group,
      keys: stored.keys(kvHead: kvHead), length: length, headDimension: shape.headDimension,
      into: scores, stride: stride, work: scoreWork)
    for place in 0..<group {
      // A block's rows of scores are its rows × its heads; one head's are `group` rows apart.
      buffers.attentionCounts[block * group + place].masked = weigh(
        scores + place * stride, rows: first..<first + rows, stride: group * stride,
        head: firstHead + place, places)
    }
    stored.weightSums?.add(
      scores, rows: rows * group, rowStride: stride, length: length, kvHead: kvHead)
    kernels.weightedValues(
      weights: scores, stride: stride, values: stored.values(kvHead: kvHead),
      valueStride: stored.valueStride, length: length, headDimension: shape.valueDimension,
      into: output(row: first, head: firstHead), rows: rows, outStride: shape.attentionWidth,
      group: group, work: valueWork)
    for place in 0..<group {
      buffers.attentionCounts[block * group + place].scores = scoreWork[place]
      buffers.attentionCounts[block * group + place].values = valueWork[place]
    }
  }

  /// Makes weights of one head's scores of some fed rows, in place, `stride` floats apart: cap, mask and softmax; and
  /// writes them down where somebody wants them.
  ///
  /// - Returns: how many cells the mask hid.
  func weigh(
    _ scores: UnsafeMutablePointer<Float>, rows: Range<Int>, stride: Int, head: Int,
    _ places: MaskPlaces
  ) -> Int {
    let mask = pass.mask(rule.mask)
    rule.cap(scores, rows: rows.count, stride: stride, length: length)
    let masked = places.apply(
      mask, to: scores, from: rows.lowerBound, rows: rows.count, stride: stride, length: length)
    for (index, row) in rows.enumerated() {
      kernels.softmax(
        scores + index * stride, visible: places.visible(mask, row: row, length: length),
        length: length, scale: rule.softmaxScale)
    }
    keep(scores, rows: rows, stride: stride, head: head)
    return masked
  }

  /// Where the fed rows and the slots of a KV head stand for the mask.
  func places(kvHead: Int) -> MaskPlaces {
    pass.places(rows: rows, stored, kvHead: kvHead)
  }

  /// The query of a fed row and a head: `[head dimension]`, those of the next heads behind it.
  func query(row: Int, head: Int) -> UnsafePointer<Float> {
    UnsafePointer(buffers.queryKeyValue.pointer)
      + ((firstRow + row) * shape.queryKeyValueWidth + head * shape.headDimension)
  }

  /// Where the output of a fed row and a head belongs: `[value dimension]`, those of the next heads behind it.
  func output(row: Int, head: Int) -> UnsafeMutablePointer<Float> {
    buffers.attention.pointer
      + ((firstRow + row) * shape.attentionWidth + head * shape.valueDimension)
  }

  /// Writes one head's weights of some fed rows down.
  private func keep(
    _ weights: UnsafePointer<Float>, rows: Range<Int>, stride: Int, head: Int
  ) {
    guard let kept else { return }
    for (index, row) in rows.enumerated() {
      (kept + (head * self.rows + row) * length)
        .update(from: weights + index * stride, count: length)
    }
  }
}
