internal import Base
internal import CKernels
internal import Kernels
internal import Trace

/// Watches a forward pass; it never changes what is computed.
protocol ForwardObserver: AnyObject {
  /// Q, K and V of a layer were just computed: Q and K after norm and rotation, side by side:
  /// `[rows][heads × head dimension, kv heads × head dimension, kv heads × value dimension]`.
  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int)
  /// Whether it is told of the two that follow.
  var seesAttention: Bool { get }
  /// K and V of a layer were just read, those of the fed rows among them, and the text's positions slot by slot.
  func saw(stored: StoredLayer, positions: Positions, layer: Int)
  /// The heads' outputs of a layer were just computed, side by side: `[rows][heads × value dimension]`.
  func saw(attention: UnsafePointer<Float>, rows: Int, layer: Int)
  /// Where the weights of a layer's pass are to be written down, `[heads][rows][length]`; nil where nobody wants them.
  func roomForWeights(rows: Int, length: Int, layer: Int) -> UnsafeMutablePointer<Float>?
  /// The residual stream after the embedding, an attention or an MLP: `[rows][model dimension]`.
  func saw(residual: UnsafePointer<Float>, rows: Int)
}

extension ForwardObserver {
  var seesAttention: Bool { false }
  func saw(stored: StoredLayer, positions: Positions, layer: Int) {}
  func saw(attention: UnsafePointer<Float>, rows: Int, layer: Int) {}
  func roomForWeights(rows: Int, length: Int, layer: Int) -> UnsafeMutablePointer<Float>? { nil }
}

/// The buffers of a forward pass over at most `rows` rows of `length` keys; a pass allocates nothing.
final class ForwardBuffers {
  /// The most rows that a pass can have.
  let rows: Int
  /// The most keys that a row can see.
  let length: Int
  /// Positions of the text: more than keys where a store drops some.
  let positions: Int
  /// The residual stream: `[rows][model dimension]`.
  let residual: FloatBuffer
  /// The residual stream after a norm, what attention and MLP read: `[rows][model dimension]`.
  let normed: FloatBuffer
  /// What the MLP reads where blocks are parallel: `[rows][model dimension]`; empty where they are not.
  let parallel: FloatBuffer
  /// Q, K and V of a layer, side by side: `[rows][query, key and value width]`.
  let queryKeyValue: FloatBuffer
  /// What each block of attention took, head by head: `[blocks][heads of a group]`.
  let attentionCounts: UnsafeMutablePointer<AttentionCounts>
  /// Attention weights × V, the heads side by side: `[rows][heads × value dimension]`.
  let attention: FloatBuffer
  /// What attention or MLP adds to the residual stream: `[rows][model dimension]`.
  let projected: FloatBuffer
  /// The way up of an MLP, in a gated one what the gate is multiplied with: `[rows][feed-forward dimension]`.
  let inner: FloatBuffer
  /// The gate of a gated MLP, then gate × way up: `[rows][feed-forward dimension]`; empty where there is none.
  let gate: FloatBuffer
  /// Of the newest token, or of some: `[rows of logits][vocabulary]`.
  let logits: FloatBuffer
  /// What only latent attention needs; nil for other models.
  let latent: LatentBuffers?
  private let rotaryTables: RotaryTables
  /// The scores of a block of attention, `[threads][rows of a block × heads of a group][length, in whole panels]`, or of all
  /// heads of one row, `[heads][length, in whole panels]`.
  private let scores: FloatBuffer
  /// Floats of `scores` for one thread.
  private let scoresOfThread: Int
  /// What the kernels count in attention: `[threads][QKᵀ, weights × V][heads]`, of a block only those of its group.
  private let work: UnsafeMutablePointer<ck_work>
  /// Elements of `work` for one thread.
  private let workOfThread: Int
  /// Elements of `attentionCounts`.
  private let countsCount: Int
  /// Elements of `work`.
  private let workCount: Int

  init(
    _ shape: ModelConfiguration, rows: Int, length: Int, positions: Int? = nil,
    logitRows: Int = 1, threads: Int
  ) {
    self.rows = rows
    self.length = length
    let positions = positions ?? length
    self.positions = positions
    residual = FloatBuffer(count: rows * shape.modelDimension)
    normed = FloatBuffer(count: rows * shape.modelDimension)
    parallel = FloatBuffer(count: shape.hasParallelBlocks ? rows * shape.modelDimension : 0)
    queryKeyValue = FloatBuffer(count: rows * shape.queryKeyValueWidth)
    let group = AttentionBlocks.group(shape)
    scoresOfThread = Self.scores(shape, rows: rows, length: length).count
    let scores = Self.scores(shape, rows: rows, length: length, threads: threads)
    self.scores = FloatBuffer(count: scores.count)
    let counts = AttentionBlocks.count(shape, rows: rows) * group
    attentionCounts = .allocate(capacity: counts)
    attentionCounts.initialize(repeating: AttentionCounts(), count: counts)
    countsCount = counts
    workOfThread = 2 * shape.heads
    workCount = threads * workOfThread
    work = .allocate(capacity: workCount)
    work.initialize(repeating: ck_work(), count: workCount)
    attention = FloatBuffer(count: rows * shape.attentionWidth)
    latent = LatentBuffers(shape, rows: rows, length: length)
    projected = FloatBuffer(count: rows * shape.modelDimension)
    inner = FloatBuffer(count: rows * shape.feedForwardDimension)
    gate = FloatBuffer(count: shape.isGated ? rows * shape.feedForwardDimension : 0)
    logits = FloatBuffer(count: logitRows * shape.vocabulary)
    rotaryTables = RotaryTables(shape, positions: positions)
  }

  /// Bytes that are allocated for buffers of so many rows and keys.
  static func bytes(
    _ shape: ModelConfiguration, rows: Int, length: Int, positions: Int? = nil,
    logitRows: Int = 1, threads: Int
  ) -> Bytes {
    let group = AttentionBlocks.group(shape)
    let scores = Bytes.floats(Self.scores(shape, rows: rows, length: length, threads: threads))
    let counts =
      Bytes(AttentionBlocks.count(shape, rows: rows)) * group * MemoryLayout<AttentionCounts>.stride
    let work = Bytes(2 * shape.heads * threads) * MemoryLayout<ck_work>.stride
    let rotary = RotaryTables.bytes(shape, positions: positions ?? length)
    let widths = [
      shape.hasParallelBlocks ? shape.modelDimension : 0,
      shape.modelDimension, shape.modelDimension, shape.modelDimension, shape.queryKeyValueWidth,
      shape.attentionWidth,
      shape.feedForwardDimension, shape.isGated ? shape.feedForwardDimension : 0,
    ]
    let logits = Bytes.floats(Bytes(logitRows) * shape.vocabulary)
    let latent = LatentBuffers.bytes(shape, rows: rows, length: length)
    let fixed = scores + counts + work + rotary + latent + logits
    return widths.reduce(fixed) {
      $0 + .floats(Bytes(rows) * $1)
    }
  }

  /// Floats of the scores of one thread's block.
  private static func scores(_ shape: ModelConfiguration, rows: Int, length: Int) -> Bytes {
    let blockRows = min(rows, AttentionBlocks.rows(shape)) * AttentionBlocks.group(shape)
    return Bytes(blockRows) * KeyPanels.padded(length)
  }

  /// Floats of the scores of all threads' blocks, and at least those of one row of all heads, which threads share.
  private static func scores(
    _ shape: ModelConfiguration, rows: Int, length: Int, threads: Int
  ) -> Bytes {
    let blocks = scores(shape, rows: rows, length: length) * threads
    return threads > 1 ? max(blocks, Bytes(shape.heads) * KeyPanels.padded(length)) : blocks
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    let all = [
      residual, normed, parallel, projected, queryKeyValue, attention, inner, gate, logits, scores,
    ]
    let floats = all.reduce(rotaryTables.allocatedBytes + (latent?.allocatedBytes ?? Bytes(0))) {
      $0 + .floats(Bytes($1.count))
    }
    return floats + Bytes(countsCount) * MemoryLayout<AttentionCounts>.stride
      + Bytes(workCount) * MemoryLayout<ck_work>.stride
  }

  deinit {
    attentionCounts.deallocate()
    work.deallocate()
  }

  /// The angles of a layer's queries and keys; nil where positions do not turn them.
  func rotary(ofLayer layer: Int) -> RotaryTable? { rotaryTables.table(ofLayer: layer) }

  /// Room for the scores of a block of attention, for one thread; of thread 0 for those of all heads of one row.
  func scores(ofThread thread: Int) -> UnsafeMutablePointer<Float> {
    scores.pointer + thread * scoresOfThread
  }

  /// Room for what the kernels count in attention, for one thread: QKᵀ of each head, then weights × V.
  func work(ofThread thread: Int) -> UnsafeMutablePointer<ck_work> {
    work + thread * workOfThread
  }
}
