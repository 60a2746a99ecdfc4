internal import Kernels

@testable import TinyModel
internal import Trace

/// A store as plain as can be, for tests: it drops old tokens, rounds what it keeps, or turns keys when they are read.
final class LossyStore: KVStore {
  /// What it does to K and V.
  struct Manner: CustomStringConvertible {
    /// The first tokens, which stay.
    var sinks = 0
    /// Behind them, the newest that stay, the current one among them; nil for all.
    var newest: Int?
    /// So many tokens are dropped at once.
    var unit = 1
    /// What a number is rounded to a multiple of.
    var grain: Float?
    /// Turns keys by the numbers of their slots when they are read.
    var rotary: RotaryEmbedding?

    var description: String {
      "\(sinks)+\(newest.map(String.init) ?? "all") by \(unit), grain \(grain ?? 0), turns \(rotary != nil)"
    }
  }

  private struct Row {
    let position: Int
    let key: [Float]
    let value: [Float]
  }

  let capacity: Int
  private let manner: Manner
  private let shape: ModelConfiguration
  private var rows: [[Row]]
  private let keys: FloatBuffer
  private let values: FloatBuffer

  init(_ shape: ModelConfiguration, _ manner: Manner, capacity: Int) {
    self.shape = shape
    self.manner = manner
    self.capacity = capacity
    rows = Array(repeating: [], count: shape.layers)
    keys = FloatBuffer(
      count: shape.cached.heads * KeyPanels.padded(capacity) * shape.cached.keyDimension)
    values = FloatBuffer(
      count: shape.cached.heads * capacity
        * ValueRows.stride(headDimension: shape.cached.valueDimension))
  }

  var rotatesOnRead: Bool { manner.rotary != nil }
  var tokens: Int { rows[shape.layers - 1].last.map { $0.position + 1 } ?? 0 }
  var usedBytes: Int { rows.reduce(0) { $0 + $1.count } * shape.cached.byteCount }

  func positions(layer: Int) -> Positions {
    rows[layer].reduce(into: Positions()) { $0.append($1.position..<$1.position + 1) }
  }

  func truncate(to position: Int) -> Int {
    for layer in rows.indices { rows[layer].removeAll { $0.position >= position } }
    return tokens
  }

  func removeAll() { for layer in rows.indices { rows[layer] = [] } }

  func append(_ new: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    if let newest = manner.newest {
      let excess = max(0, rows[layer].count - manner.sinks - (newest - 1))
      let first = min(manner.sinks, rows[layer].count)
      rows[layer].removeSubrange(first..<first + excess / manner.unit * manner.unit)
    }
    for row in 0..<new.rows {
      func floats(_ start: UnsafePointer<Float>, _ width: Int) -> [Float] {
        let all = UnsafeBufferPointer(
          start: start + row * new.stride, count: shape.cached.heads * width)
        return all.map { x in manner.grain.map { (x / $0).rounded() * $0 } ?? x }
      }
      rows[layer].append(
        Row(
          position: new.position + row, key: floats(new.keys, shape.cached.keyDimension),
          value: floats(new.values, shape.cached.valueDimension)))
    }
    return new.rows
  }

  func read(layer: Int) -> StoredLayer {
    let (width, valueWidth) = (shape.cached.keyDimension, shape.cached.valueDimension)
    let stride = ValueRows.stride(headDimension: valueWidth)
    keys.clear()
    values.clear()
    let table = manner.rotary.map {
      RotaryTable($0, dimension: width, positions: capacity)
    }
    let stored = StoredLayer(
      slots: rows[layer].count, keys: keys.pointer,
      keyStride: KeyPanels.padded(capacity) * width, values: values.pointer,
      headStride: capacity * stride, valueStride: stride,
      positions: rotatesOnRead ? nil : positions(layer: layer))
    for (slot, row) in rows[layer].enumerated() {
      let key = FloatBuffer(row.key)
      if let table {
        Kernels.best.rotate(
          key.pointer, heads: shape.cached.heads, headDimension: width,
          cosines: table.cosines(slot),
          sines: table.sines(slot))
      }
      for head in 0..<shape.cached.heads {
        KeyPanels.store(
          key.pointer + head * width, rows: 1, rowStride: width, headDimension: width, at: slot,
          in: stored.keys(kvHead: head))
        (stored.values(kvHead: head) + slot * stride)
          .update(
            from: Array(row.value[head * valueWidth..<(head + 1) * valueWidth]), count: valueWidth)
      }
    }
    return stored
  }
}
