internal import Base
internal import CKernels
internal import Kernels

/// K and V of the blocks of a pool, for all layers, with the tables that say whose they are.
///
/// A layer's keys are `[block][slot][kv heads × head dimension]`, its values the same, f32; nothing is allocated for the null
/// block. The attention kernels read K and V in one piece: a sequence's blocks are gathered, layer by layer, into room that
/// all sequences share. What they read is what lies in the blocks, and no copy outlives a layer.
final class BlockMemory {
  var tables: BlockTables
  /// Filled slots of each block, as the last layer's were written.
  private var filled: [Int]
  private let layers: Int
  private let kvHeads: Int
  private let headDimension: Int
  /// Floats of a token's keys, or values.
  private let width: Int
  private let keys: [FloatBuffer]
  private let values: [FloatBuffer]
  private let room: GatheringRoom

  /// Allocates blocks for sequences of at most `longest` tokens.
  init(
    _ shape: ModelConfiguration, blocks: Int, blockSize: Int, longest: Int, salt: [UInt8] = []
  ) {
    tables = BlockTables(blocks: blocks, blockSize: blockSize, salt: salt)
    filled = Array(repeating: 0, count: blocks + 1)
    layers = shape.layers
    kvHeads = shape.kvHeads
    headDimension = shape.headDimension
    width = shape.keyValueWidth
    let count = blocks * blockSize * shape.keyValueWidth
    keys = (0..<shape.layers).map { _ in FloatBuffer(count: count) }
    values = (0..<shape.layers).map { _ in FloatBuffer(count: count) }
    room = GatheringRoom(shape, slots: longest)
  }

  /// Bytes that are allocated for so many blocks and sequences of that length.
  static func bytes(
    _ shape: ModelConfiguration, blocks: Int, blockSize: Int, longest: Int
  ) -> Bytes {
    let keys = Bytes.floats(Bytes(blocks) * blockSize * shape.keyValueWidth)
    return keys * 2 * shape.layers + GatheringRoom.bytes(shape, slots: longest)
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    (keys + values).reduce(room.allocatedBytes) { $0 + .floats(Bytes($1.count)) }
  }

  /// Tokens of a block.
  var blockSize: Int { tables.pool.blockSize }

  /// Slots of a sequence for which there is room to gather them.
  var longest: Int { room.slots }

  /// Bytes of K and V of a block, in all layers.
  var bytesPerBlock: Int { 2 * layers * blockSize * width * MemoryLayout<Float>.stride }

  /// How many slots of a block were filled.
  func filledSlots(of block: Int) -> Int { filled[block] }

  /// Writes K and V of tokens to the slots of a sequence from `first` on.
  ///
  /// - Returns: how many were written.
  func write(_ rows: KeyValueRows, to blocks: [Int], from first: Int, layer: Int) -> Int {
    var stored = 0
    for row in 0..<rows.rows {
      let (index, slot) = (first + row).quotientAndRemainder(dividingBy: blockSize)
      let block = blocks[index]
      let place = offset(block) + slot * width
      (keys[layer].pointer + place).update(from: rows.keys + row * rows.stride, count: width)
      (values[layer].pointer + place).update(from: rows.values + row * rows.stride, count: width)
      if layer == layers - 1 { filled[block] = slot + 1 }
      stored += 1
    }
    return stored
  }

  /// Writes K and V of one slot of another store to the same slot of a sequence.
  func write(_ stored: StoredLayer, slot: Int, to blocks: [Int], layer: Int) {
    let (index, place) = slot.quotientAndRemainder(dividingBy: blockSize)
    let first = offset(blocks[index]) + place * width
    for head in 0..<kvHeads {
      let key = KeyPanels.key(slot, headDimension: headDimension, in: stored.keys(kvHead: head))
      let column = first + head * headDimension
      (keys[layer].pointer + column).update(from: key, count: headDimension)
      (values[layer].pointer + column).update(
        from: stored.values(kvHead: head) + slot * stored.valueStride, count: headDimension)
    }
    if layer == layers - 1 { filled[blocks[index]] = place + 1 }
  }

  /// K and V of the first slots of a table in one piece, good until something else is gathered.
  func gather(_ blocks: [Int], slots: Int, layer: Int) -> StoredLayer {
    room.begin(slots: slots)
    for (index, block) in blocks.enumerated() where index * blockSize < slots {
      let first = index * blockSize
      room.take(
        keys: keys[layer].pointer + offset(block), values: values[layer].pointer + offset(block),
        rows: min(blockSize, slots - first), at: first)
    }
    return room.stored(slots: slots)
  }

  /// K and V of a block's slots as rows of a pass, for another store to take.
  func rows(of block: Int, count: Int, position: Int, layer: Int) -> KeyValueRows {
    KeyValueRows(
      keys: keys[layer].pointer + offset(block), values: values[layer].pointer + offset(block),
      rows: count, stride: width, position: position)
  }

  /// A sequence keeps its first tokens only.
  func truncate(_ sequence: Int, to tokens: Int) {
    if let copied = tables.truncate(sequence, to: tokens) { copy(copied.from, to: copied.to) }
    guard tokens % blockSize > 0, let last = tables.blocks(of: sequence).last else { return }
    filled[last] = tokens % blockSize
  }

  private func copy(_ block: Int, to other: Int) {
    let count = blockSize * width
    for buffer in keys + values {
      (buffer.pointer + offset(other)).update(from: buffer.pointer + offset(block), count: count)
    }
  }

  /// Where a block's floats begin; the null block has none.
  private func offset(_ block: Int) -> Int { (block - 1) * blockSize * width }
}

/// Room for one layer's K and V in one piece, as the kernels read them.
final class GatheringRoom {
  let slots: Int
  private let kvHeads: Int
  private let headDimension: Int
  private let keys: FloatBuffer
  private let values: FloatBuffer
  /// Slots that are not zeros.
  private var written = 0

  init(_ shape: ModelConfiguration, slots: Int) {
    self.slots = slots
    kvHeads = shape.kvHeads
    headDimension = shape.headDimension
    keys = FloatBuffer(count: shape.kvHeads * KeyPanels.padded(slots) * shape.headDimension)
    values = FloatBuffer(
      count: shape.kvHeads * slots * ValueRows.stride(headDimension: shape.headDimension))
  }

  static func bytes(_ shape: ModelConfiguration, slots: Int) -> Bytes {
    let values =
      Bytes(shape.kvHeads) * slots * ValueRows.stride(headDimension: shape.headDimension)
    return .floats(Bytes(shape.kvHeads) * KeyPanels.padded(slots) * shape.headDimension)
      + .floats(values)
  }

  var allocatedBytes: Bytes { .floats(Bytes(keys.count)) + .floats(Bytes(values.count)) }

  /// Clears what a longer sequence has left behind `slots`: what lies there must be zeros.
  func begin(slots: Int) {
    precondition(slots <= self.slots, "\(slots) slots of \(self.slots)")
    let stored = stored(slots: slots)
    for head in 0..<kvHeads where slots < written {
      (stored.values(kvHead: head) + slots * stored.valueStride)
        .update(repeating: 0, count: (written - slots) * stored.valueStride)
      for slot in slots..<written {
        KeyPanels.clear(slot, headDimension: headDimension, in: stored.keys(kvHead: head))
      }
    }
    written = slots
  }

  /// Takes rows of a block, kv heads side by side.
  func take(keys: UnsafePointer<Float>, values: UnsafePointer<Float>, rows: Int, at slot: Int) {
    let stored = stored(slots: written)
    _ = Kernels.best.store(
      ck_tokens(
        keys: keys, values: values, rows: rows, row_stride: kvHeads * headDimension,
        heads: kvHeads, d: headDimension, position: slot, panels: stored.keys,
        rows_of_values: stored.values, key_stride: stored.keyStride,
        head_stride: stored.headStride, value_stride: stored.valueStride))
  }

  func stored(slots: Int) -> StoredLayer {
    let stride = ValueRows.stride(headDimension: headDimension)
    return StoredLayer(
      slots: slots, keys: keys.pointer, keyStride: KeyPanels.padded(self.slots) * headDimension,
      values: values.pointer, headStride: self.slots * stride, valueStride: stride)
  }
}
