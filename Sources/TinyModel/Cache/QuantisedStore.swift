internal import Base
internal import Kernels
internal import Trace

/// One layer's K and V in fewer bits, token by token; behind rotation, where positions turn keys.
protocol QuantisedRows {
  /// Tokens that are held.
  var count: Int { get }

  /// Bytes of what is held: integers, scales, and what is still as it was computed.
  var bytes: Int { get }

  /// Takes K and V of a token, `[kv heads × head dimension]` each.
  mutating func append(key: UnsafePointer<Float>, value: UnsafePointer<Float>)

  /// Puts K and V of all tokens, `[tokens]` of them `stride` floats apart, where they are read.
  func read(
    keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, stride: Int)

  /// Forgets the tokens behind the first `count`.
  ///
  /// - Returns: whether what is left is what it was when there were as many.
  mutating func truncate(to count: Int) -> Bool

  /// Says how many tokens come before the scales are made.
  mutating func calibrate(over tokens: Int)

  /// A pass is over.
  mutating func finishPass()
}

extension QuantisedRows {
  mutating func calibrate(over tokens: Int) {}
  mutating func finishPass() {}
}

/// Keeps every token in fewer bits, and makes floats of them when a layer is read: of one layer at a time.
final class QuantisedStore<Rows: QuantisedRows>: KVStore {
  let capacity: Int
  private let shape: ModelConfiguration
  private let empty: Rows
  private var layers: [Rows]
  /// The layer that was read last, as the kernels read it.
  private let floats: FullStore
  /// The same, token by token: `[capacity][key width + value width]`.
  private let rows: FloatBuffer
  private var calibration = 0

  /// An empty store of `capacity` tokens, whose layers begin as `empty`.
  init(_ shape: ModelConfiguration, capacity: Int, empty: Rows) {
    self.shape = shape
    self.capacity = capacity
    self.empty = empty
    layers = Array(repeating: empty, count: shape.layers)
    floats = FullStore(shape, capacity: capacity, layers: 1)
    rows = FloatBuffer(count: capacity * shape.cached.width)
  }

  /// Bytes that are allocated for a store of `capacity` tokens whose layers take at most `layer` bytes each.
  static func bytes(_ shape: ModelConfiguration, capacity: Int, layer: Bytes) -> Bytes {
    let rows = Bytes.floats(Bytes(capacity) * shape.cached.width)
    // An array that grows is copied to one of twice its size.
    return layer * 2 * shape.layers + rows
      + FullStore.bytes(shape, capacity: capacity, layers: 1)
  }

  let takesOneTokenAPass = true
  var tokens: Int { layers[layers.count - 1].count }
  var usedBytes: Int { layers.reduce(0) { $0 + $1.bytes } }
  func positions(layer: Int) -> Positions { Positions(0..<layers[layer].count) }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    let first = layers[layer].count
    precondition(first + rows.rows <= capacity, "slot \(first + rows.rows) of \(capacity)")
    for row in 0..<rows.rows {
      layers[layer].append(
        key: rows.keys + row * rows.stride, value: rows.values + row * rows.stride)
    }
    return layers[layer].count - first
  }

  func read(layer: Int) -> StoredLayer {
    let (keys, stride) = (rows.pointer, shape.cached.width)
    let values = keys + shape.cached.keyWidth
    layers[layer].read(keys: keys, values: values, stride: stride)
    _ = floats.truncate(to: 0)
    _ = floats.append(
      KeyValueRows(
        keys: keys, values: values, rows: layers[layer].count, stride: stride, position: 0),
      layer: 0, .best)
    return floats.read(layer: 0)
  }

  func calibrate(over tokens: Int) {
    calibration = tokens
    for layer in layers.indices { layers[layer].calibrate(over: tokens) }
  }

  func finishPass() { for layer in layers.indices { layers[layer].finishPass() } }

  func truncate(to position: Int) -> Int {
    let count = min(max(0, position), tokens)
    // Each layer, whatever another says.
    let isWhole = layers.indices.map { layers[$0].truncate(to: count) }
    guard isWhole.allSatisfy({ $0 }) else {
      removeAll()
      return 0
    }
    return count
  }

  func removeAll() {
    layers = Array(repeating: empty, count: layers.count)
    calibrate(over: calibration)
  }
}
