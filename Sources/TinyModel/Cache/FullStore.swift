internal import Base
internal import CKernels
internal import Kernels
internal import Trace

/// Keeps K and V of every token as they were computed, in memory that is allocated once; of latent attention the rotary part
/// and the latent.
///
/// A layer's keys are `[kv head][panel of slots][key dimension][slot]` (see `KeyPanels`), its values
/// `[kv head][slot][stride]`, f32. Slots that are not filled are zeros, never stale: 0 × NaN would be NaN.
final class FullStore: KVStore {
  let capacity: Int
  private let row: CachedRow
  private let valueStride: Int
  private let keys: [FloatBuffer]
  private let values: [FloatBuffer]
  private var slots: [Positions]

  /// Creates an empty store for `capacity` positions of all of a model's layers, or of so many.
  init(_ configuration: ModelConfiguration, capacity: Int, layers: Int? = nil) {
    self.capacity = capacity
    row = configuration.cached
    valueStride = ValueRows.stride(headDimension: row.valueDimension)
    let keyCount = row.heads * KeyPanels.padded(capacity) * row.keyDimension
    let valueCount = row.heads * capacity * valueStride
    let layers = layers ?? configuration.layers
    keys = (0..<layers).map { _ in FloatBuffer(count: keyCount) }
    values = (0..<layers).map { _ in FloatBuffer(count: valueCount) }
    slots = Array(repeating: Positions(), count: layers)
  }

  /// Bytes that are allocated for a store of `capacity` positions.
  static func bytes(_ shape: ModelConfiguration, capacity: Int, layers: Int? = nil) -> Bytes {
    let row = shape.cached
    let keys = Bytes(row.heads) * KeyPanels.padded(capacity) * row.keyDimension
    let values = Bytes(row.heads) * capacity * ValueRows.stride(headDimension: row.valueDimension)
    return (Bytes.floats(keys) + .floats(values)) * (layers ?? shape.layers)
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    (keys + values).reduce(Bytes(0)) { $0 + .floats(Bytes($1.count)) }
  }

  /// Of the last layer: a pass that was stopped has not come to it.
  var tokens: Int { slots[slots.count - 1].last.map { $0 + 1 } ?? 0 }

  /// Those of a `CachedRow` for each slot of each layer: without what rounds values up to whole vectors.
  var usedBytes: Int {
    let filled = slots.reduce(0) { $0 + $1.count }
    return row.byteCount * filled
  }

  var readsAsAppended: Bool { true }

  func positions(layer: Int) -> Positions { slots[layer] }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    let first = slots[layer].count
    precondition(first + rows.rows <= capacity, "slot \(first + rows.rows) of \(capacity)")
    let stored = kernels.store(
      ck_tokens(
        keys: rows.keys, values: rows.values, rows: rows.rows, row_stride: rows.stride,
        heads: row.heads, d: row.keyDimension, value_d: row.valueDimension, position: first,
        panels: keys[layer].pointer,
        rows_of_values: values[layer].pointer, key_stride: keyStride, head_stride: headStride,
        value_stride: valueStride))
    slots[layer].append(rows.position..<rows.position + rows.rows)
    return stored / row.heads
  }

  func read(layer: Int) -> StoredLayer {
    StoredLayer(
      slots: slots[layer].count, keys: keys[layer].pointer, keyStride: keyStride,
      values: values[layer].pointer, headStride: headStride, valueStride: valueStride,
      positions: slots[layer].runs.count > 1 ? slots[layer] : nil)
  }

  private var keyStride: Int { KeyPanels.padded(capacity) * row.keyDimension }
  private var headStride: Int { capacity * valueStride }

  func truncate(to position: Int) -> Int {
    for layer in slots.indices {
      let count = slots[layer].count
      // Positions only grow: those that go are the last slots.
      let kept = slots[layer].runs.reduce(0) { $0 + $1.count(below: position) }
      guard kept < count else { continue }
      clear(kept..<count, layer: layer)
      slots[layer].truncate(toSlots: kept)
    }
    return tokens
  }

  /// Overwrites slots by zeros.
  private func clear(_ slots: Range<Int>, layer: Int) {
    let stored = read(layer: layer)
    for head in 0..<row.heads {
      (stored.values(kvHead: head) + slots.lowerBound * valueStride)
        .update(repeating: 0, count: slots.count * valueStride)
      for slot in slots {
        KeyPanels.clear(slot, headDimension: row.keyDimension, in: stored.keys(kvHead: head))
      }
    }
  }

  func removeAll() {
    for buffer in keys + values { buffer.clear() }
    for layer in slots.indices { slots[layer].removeAll() }
  }
}

/// For stores that keep some of the tokens.
extension FullStore {
  /// Drops a slot of each KV head of a layer; those behind it move down by one.
  func drop(layer: Int, slot: (_ kvHead: Int) -> Int) {
    let stored = read(layer: layer)
    for head in 0..<row.heads {
      let slot = slot(head)
      KeyPanels.close(
        slot, of: stored.slots, headDimension: row.keyDimension, in: stored.keys(kvHead: head))
      let last = stored.slots - 1
      let values = stored.values(kvHead: head)
      (values + slot * valueStride)
        .update(from: values + (slot + 1) * valueStride, count: (last - slot) * valueStride)
      (values + last * valueStride).update(repeating: 0, count: valueStride)
    }
    // Where heads keep different ones, their own store says which.
    slots[layer].remove(slot: slot(0))
  }

  /// Cuts back to a position, or to 0 where a layer does not hold then what `held` says of so many tokens.
  func truncate(to position: Int, held: (_ tokens: Int) -> Positions) -> Int {
    let count = truncate(to: position)
    guard slots.allSatisfy({ $0 == held(count) }) else {
      removeAll()
      return 0
    }
    return count
  }
}

extension Range<Int> {
  /// How many of its numbers are below a bound.
  fileprivate func count(below bound: Int) -> Int { clamped(to: 0..<Swift.max(0, bound)).count }
}
