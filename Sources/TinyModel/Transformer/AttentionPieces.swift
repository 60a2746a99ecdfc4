internal import CKernels
internal import Kernels

/// One row's attention, cut finer than into KV heads, where these leave threads idle: of three heads one of two threads has
/// two, while the other waits.
///
/// Scores are cut by slots, softmax by query heads, weights × V by columns. No sum is cut: the bits are those of whole heads.
struct AttentionPieces {
  private let blocks: AttentionBlocks
  /// Ranges of slots of a KV head.
  private let slotRanges: Int
  /// Ranges of columns of a KV head.
  private let columnRanges: Int

  /// Nil where whole KV heads keep the threads at work.
  init?(_ blocks: AttentionBlocks) {
    let threads = blocks.kernels.pool.threads
    guard Self.leaveIdle(kvHeads: blocks.shape.kvHeads, threads: threads) else { return nil }
    self.blocks = blocks
    slotRanges = threads
    let valueStride = ValueRows.stride(headDimension: blocks.shape.valueDimension)
    columnRanges = min(threads, valueStride / ValueRows.vector)
  }

  /// Whether threads that take whole KV heads would be idle in more than an eighth of their turns: pieces make all
  /// threads meet twice more, which costs something too.
  static func leaveIdle(kvHeads: Int, threads: Int) -> Bool {
    let turns = (kvHeads + threads - 1) / threads * threads
    return (turns - kvHeads) * 8 > turns
  }

  private var shape: ModelConfiguration { blocks.shape }
  private var group: Int { blocks.group }
  private var length: Int { blocks.length }
  private var buffers: ForwardBuffers { blocks.buffers }
  private var threads: Int { blocks.kernels.pool.threads }
  /// `[heads][stride]`: scores first, then weights.
  private var scores: UnsafeMutablePointer<Float> { buffers.scores(ofThread: 0) }
  private var stride: Int { KeyPanels.padded(length) }

  /// Computes the row's outputs, on every thread.
  func compute() {
    for thread in 0..<threads {
      buffers.work(ofThread: thread).update(repeating: ck_work(), count: 2 * shape.heads)
    }
    withUnsafePointer(to: self) { pieces in
      let context = UnsafeMutableRawPointer(mutating: pieces)
      let pool = blocks.kernels.pool.pool
      ck_pool_run(
        pool, shape.kvHeads * slotRanges,
        { AttentionPieces.at($0).computeScores(piece: $1, thread: Int($2)) }, context)
      ck_pool_run(
        pool, shape.heads,
        { pieces, head, _ in AttentionPieces.at(pieces).computeWeights(head: head) },
        context)
      ck_pool_run(
        pool, shape.kvHeads * columnRanges,
        { AttentionPieces.at($0).computeOutputs(piece: $1, thread: Int($2)) }, context)
    }
    for kvHead in 0..<shape.kvHeads {
      blocks.stored.weightSums?.add(
        scores + kvHead * group * stride, rows: group, rowStride: stride, length: length,
        kvHead: kvHead)
    }
    addCounts()
  }

  private static func at(_ context: UnsafeMutableRawPointer) -> AttentionPieces {
    context.assumingMemoryBound(to: AttentionPieces.self).pointee
  }

  /// QKᵀ of a KV head's queries and some of its keys, in whole panels.
  private func computeScores(piece: Int, thread: Int) {
    let (kvHead, range) = piece.quotientAndRemainder(dividingBy: slotRanges)
    let slots = Self.part(range, of: slotRanges, of: length, by: KeyPanels.positions)
    let firstHead = kvHead * group
    blocks.kernels.scores(
      query: blocks.query(row: 0, head: firstHead), rows: 1, queryStride: 0, group: group,
      keys: blocks.stored.keys(kvHead: kvHead) + slots.lowerBound * shape.headDimension,
      length: slots.count, headDimension: shape.headDimension,
      into: scores + firstHead * stride + slots.lowerBound, stride: stride,
      work: buffers.work(ofThread: thread) + firstHead)
  }

  /// Mask and softmax of one head.
  private func computeWeights(head: Int) {
    let row = scores + head * stride
    buffers.attentionCounts[head].masked = blocks.weigh(
      row, rows: 0..<1, stride: stride, head: head, blocks.places(kvHead: head / group))
  }

  /// Weights × some columns of V, for a KV head's queries.
  private func computeOutputs(piece: Int, thread: Int) {
    let (kvHead, range) = piece.quotientAndRemainder(dividingBy: columnRanges)
    let firstHead = kvHead * group
    let columns = Self.part(range, of: columnRanges, of: shape.valueDimension, by: ValueRows.vector)
    blocks.kernels.weightedValues(
      weights: scores + firstHead * stride, stride: stride,
      values: blocks.stored.values(kvHead: kvHead), valueStride: blocks.stored.valueStride,
      length: length, headDimension: shape.valueDimension, columns: columns,
      into: blocks.output(row: 0, head: firstHead), rows: 1, outStride: 0, group: group,
      work: buffers.work(ofThread: thread) + shape.heads + firstHead)
  }

  /// Adds up what each thread did for each head.
  private func addCounts() {
    for head in 0..<shape.heads {
      var (scores, values) = (ck_work(), ck_work())
      for thread in 0..<threads {
        let work = buffers.work(ofThread: thread)
        scores.add(work[head])
        values.add(work[shape.heads + head])
      }
      buffers.attentionCounts[head].scores = scores
      buffers.attentionCounts[head].values = values
    }
  }

  /// One of `ranges` parts of 0..<`count`, as equal as whole vectors of `width` can be.
  private static func part(
    _ range: Int, of ranges: Int, of count: Int, by width: Int
  ) -> Range<Int> {
    let vectors = (count + width - 1) / width
    let end = min(count, vectors * (range + 1) / ranges * width)
    return min(end, vectors * range / ranges * width)..<end
  }
}
