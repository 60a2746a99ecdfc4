internal import Base
internal import CKernels
internal import Kernels

/// Room for one layer's K and V in one piece, as the kernels read them (see `FullStore`).
final class GatheringRoom {
  /// Slots for which there is room.
  let slots: Int
  private let row: CachedRow
  private let keys: FloatBuffer
  private let values: FloatBuffer
  /// Slots that are not zeros.
  private var written = 0

  init(_ row: CachedRow, slots: Int) {
    self.slots = slots
    self.row = row
    keys = FloatBuffer(count: KeyPanels.padded(slots) * row.keyWidth)
    values = FloatBuffer(
      count: row.heads * slots * ValueRows.stride(headDimension: row.valueDimension))
  }

  /// Bytes that are allocated for so many slots.
  static func bytes(_ row: CachedRow, slots: Int) -> Bytes {
    let values = Bytes(row.heads) * slots * ValueRows.stride(headDimension: row.valueDimension)
    return .floats(Bytes(KeyPanels.padded(slots)) * row.keyWidth) + .floats(values)
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes { .floats(Bytes(keys.count)) + .floats(Bytes(values.count)) }

  /// Makes ready for a sequence: clears what a longer one has left behind it, since zeros must lie there.
  func begin(slots: Int) {
    precondition(slots <= self.slots, "\(slots) slots of \(self.slots)")
    let stored = stored
    for head in 0..<row.heads where slots < written {
      (stored.values(kvHead: head) + slots * stored.valueStride)
        .update(repeating: 0, count: (written - slots) * stored.valueStride)
      for slot in slots..<written {
        KeyPanels.clear(slot, headDimension: row.keyDimension, in: stored.keys(kvHead: head))
      }
    }
    written = slots
  }

  /// Takes K and V of tokens.
  func take(_ rows: KeyValueRows) {
    _ = Kernels.best.store(
      ck_tokens(
        keys: rows.keys, values: rows.values, rows: rows.rows, row_stride: rows.stride,
        heads: row.heads, d: row.keyDimension, value_d: row.valueDimension,
        position: rows.position, panels: stored.keys,
        rows_of_values: stored.values, key_stride: stored.keyStride,
        head_stride: stored.headStride, value_stride: stored.valueStride))
  }

  /// What the sequence has here.
  var stored: StoredLayer {
    let stride = ValueRows.stride(headDimension: row.valueDimension)
    return StoredLayer(
      slots: written, keys: keys.pointer, keyStride: KeyPanels.padded(slots) * row.keyDimension,
      values: values.pointer, headStride: slots * stride, valueStride: stride)
  }
}
