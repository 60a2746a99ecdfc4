internal import Kernels

/// Watches a forward pass; it never changes what is computed.
protocol ForwardObserver: AnyObject {
  /// Q, K and V of a layer were just computed: K after rotation, side by side:
  /// `[rows][(heads + 2 × kv heads) × head width]`.
  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int)
  /// The residual stream of the newest token after the embedding, an attention or an MLP: `[width]`.
  func saw(residual: UnsafePointer<Float>)
}

/// The buffers of a forward pass over at most `rows` rows of `length` keys; a pass allocates nothing.
final class ForwardBuffers {
  let rows: Int
  let length: Int
  let residual: FloatBuffer
  let normed: FloatBuffer
  let queryKeyValue: FloatBuffer
  /// What each block of attention took, head by head.
  let attentionCounts: UnsafeMutablePointer<AttentionCounts>
  let attention: FloatBuffer
  let projected: FloatBuffer
  let inner: FloatBuffer
  let gate: FloatBuffer
  let logits: FloatBuffer
  let rotary: RotaryTable?
  private let scores: FloatBuffer
  private let scoresOfThread: Int

  init(_ shape: ModelConfiguration, rows: Int, length: Int, threads: Int) {
    self.rows = rows
    self.length = length
    residual = FloatBuffer(count: rows * shape.width)
    normed = FloatBuffer(count: rows * shape.width)
    queryKeyValue = FloatBuffer(count: rows * shape.queryKeyValueWidth)
    let group = AttentionBlocks.group(shape)
    scoresOfThread =
      min(rows, AttentionBlocks.rows(shape)) * group * KeyPanels.padded(length)
    scores = FloatBuffer(count: threads * scoresOfThread)
    let counts = AttentionBlocks.count(shape, rows: rows) * group
    attentionCounts = .allocate(capacity: counts)
    attentionCounts.initialize(repeating: AttentionCounts(), count: counts)
    attention = FloatBuffer(count: rows * shape.queryWidth)
    projected = FloatBuffer(count: rows * shape.width)
    inner = FloatBuffer(count: rows * shape.innerWidth)
    gate = FloatBuffer(count: shape.isGated ? rows * shape.innerWidth : 0)
    logits = FloatBuffer(count: shape.vocabulary)
    rotary = shape.rotary.map {
      RotaryTable($0, headWidth: shape.headWidth, positions: length)
    }
  }

  deinit { attentionCounts.deallocate() }

  /// Room for the scores of a block of attention, for one thread.
  func scores(ofThread thread: Int) -> UnsafeMutablePointer<Float> {
    scores.pointer + thread * scoresOfThread
  }
}
