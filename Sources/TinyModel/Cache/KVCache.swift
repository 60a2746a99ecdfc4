/// Keys and values of the tokens so far, one pre-allocated block a layer.
///
/// Layout of a block: `[K or V][kv head][position][head width]`, f32. Positions beyond `tokens` are zeros, never
/// stale: 0 × NaN would be NaN.
public final class KVCache {
  /// Positions for which there is room.
  public let capacity: Int
  /// Positions that are filled, the same in every layer once a forward pass is over.
  public private(set) var tokens = 0
  private let kvHeads: Int
  private let headWidth: Int
  private let blocks: [FloatBuffer]

  /// Creates an empty cache for `capacity` positions.
  init(_ configuration: ModelConfiguration, capacity: Int) {
    self.capacity = capacity
    kvHeads = configuration.kvHeads
    headWidth = configuration.headWidth
    let count = 2 * kvHeads * capacity * headWidth
    blocks = (0..<configuration.layers).map { _ in FloatBuffer(count: count) }
  }

  /// Bytes of the positions that are filled: `2 × layers × kv heads × head width × tokens × 4`.
  public var usedBytes: Int {
    2 * blocks.count * kvHeads * headWidth * tokens * MemoryLayout<Float>.stride
  }

  /// The keys of one head: `[position][head width]`.
  func keys(layer: Int, kvHead: Int) -> UnsafeMutablePointer<Float> {
    blocks[layer].pointer + kvHead * capacity * headWidth
  }

  /// The values of one head: `[position][head width]`.
  func values(layer: Int, kvHead: Int) -> UnsafeMutablePointer<Float> {
    blocks[layer].pointer + (kvHeads + kvHead) * capacity * headWidth
  }

  /// Writes the K and V of one token at `position`.
  ///
  /// - Parameters:
  ///   - key: `[kv heads × head width]`.
  ///   - value: `[kv heads × head width]`.
  ///   - position: where in the sequence, below `capacity`.
  ///   - layer: whose block.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, at position: Int, layer: Int
  ) {
    precondition(position < capacity, "position \(position) of \(capacity)")
    for head in 0..<kvHeads {
      let offset = position * headWidth
      (keys(layer: layer, kvHead: head) + offset)
        .update(from: key + head * headWidth, count: headWidth)
      (values(layer: layer, kvHead: head) + offset)
        .update(from: value + head * headWidth, count: headWidth)
    }
  }

  /// Declares the positions below `count` filled in every layer.
  func fill(to count: Int) {
    precondition(count <= capacity, "\(count) tokens in \(capacity) positions")
    tokens = count
  }

  /// Forgets everything; what was written is overwritten by zeros.
  func removeAll() {
    for block in blocks { block.pointer.update(repeating: 0, count: block.count) }
    tokens = 0
  }
}
