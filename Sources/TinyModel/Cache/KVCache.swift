internal import Base
internal import CKernels
internal import Kernels

/// Keys and values of the tokens so far, pre-allocated for each layer.
///
/// A layer's keys are `[kv head][panel of positions][head width][position]` (see `KeyPanels`), its values
/// `[kv head][position][stride]`, f32. Positions beyond `tokens` are zeros, never stale: 0 × NaN would be NaN.
public final class KVCache {
  /// Positions for which there is room.
  public let capacity: Int
  /// Positions that are filled, the same in every layer once a forward pass is over.
  public private(set) var tokens = 0
  private let kvHeads: Int
  private let headWidth: Int
  /// Floats from one value to the next.
  let valueStride: Int
  private let keys: [FloatBuffer]
  private let values: [FloatBuffer]

  /// Creates an empty cache for `capacity` positions.
  init(_ configuration: ModelConfiguration, capacity: Int) {
    self.capacity = capacity
    kvHeads = configuration.kvHeads
    headWidth = configuration.headWidth
    valueStride = ValueRows.stride(headWidth: headWidth)
    let keyCount = kvHeads * KeyPanels.padded(capacity) * headWidth
    let valueCount = kvHeads * capacity * valueStride
    keys = (0..<configuration.layers).map { _ in FloatBuffer(count: keyCount) }
    values = (0..<configuration.layers).map { _ in FloatBuffer(count: valueCount) }
  }

  /// Bytes that are allocated for a cache of `capacity` positions.
  static func bytes(_ shape: ModelConfiguration, capacity: Int) -> Bytes {
    let keys = Bytes(shape.kvHeads) * KeyPanels.padded(capacity) * shape.headWidth
    let values = Bytes(shape.kvHeads) * capacity * ValueRows.stride(headWidth: shape.headWidth)
    return (Bytes.floats(keys) + .floats(values)) * shape.layers
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    (keys + values).reduce(Bytes(0)) { $0 + .floats(Bytes($1.count)) }
  }

  /// Bytes of the positions that are filled: `2 × layers × kv heads × head width × tokens × 4`.
  public var usedBytes: Int {
    2 * keys.count * kvHeads * headWidth * tokens * MemoryLayout<Float>.stride
  }

  /// The keys of one head, in panels.
  func keys(layer: Int, kvHead: Int) -> UnsafeMutablePointer<Float> {
    keys[layer].pointer + kvHead * KeyPanels.padded(capacity) * headWidth
  }

  /// The values of one head: `[position][valueStride]`.
  func values(layer: Int, kvHead: Int) -> UnsafeMutablePointer<Float> {
    values[layer].pointer + kvHead * capacity * valueStride
  }

  /// Writes the K and V of tokens at `position` and on, the last of them below `capacity`.
  ///
  /// `key` and `value` are `[rows]`, `rowStride` floats apart, of `[kv heads × head width]`.
  ///
  /// - Returns: how many tokens were stored, as the kernel counted them over the heads.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, rows: Int, rowStride: Int,
    at position: Int, layer: Int, _ kernels: Kernels
  ) -> Int {
    precondition(position + rows <= capacity, "position \(position + rows) of \(capacity)")
    let stored = kv_store(
      kernels.level, kernels.pool.pool,
      kv_tokens(
        keys: key, values: value, rows: rows, row_stride: rowStride, heads: kvHeads, d: headWidth,
        position: position, panels: keys[layer].pointer, rows_of_values: values[layer].pointer,
        key_stride: KeyPanels.padded(capacity) * headWidth, head_stride: capacity * valueStride,
        value_stride: valueStride))
    return stored / kvHeads
  }

  /// Declares the positions below `count` filled in every layer.
  func fill(to count: Int) {
    precondition(count <= capacity, "\(count) tokens in \(capacity) positions")
    tokens = count
  }

  /// Forgets everything; what was written is overwritten by zeros.
  func removeAll() {
    for buffer in keys + values { buffer.clear() }
    tokens = 0
  }
}
