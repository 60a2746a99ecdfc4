internal import Base
internal import Kernels

/// K and V of the blocks of a pool, for all layers, with the tables that say whose they are.
///
/// A layer is `[block][slot][kv heads × key dimension, then kv heads × value dimension]`, f32; nothing is allocated for the
/// null block. The attention kernels read K and V in one piece: a sequence's blocks are gathered, layer by layer, into room
/// that all sequences share. What they read is what lies in the blocks, and no copy outlives a layer.
final class BlockMemory {
  /// Whose the blocks are.
  var tables: BlockTables
  /// Filled slots of each block, as the last layer's were written.
  private var filled: [Int]
  private let row: CachedRow
  private let layers: [FloatBuffer]
  private let room: GatheringRoom

  /// Allocates blocks for sequences of at most `longest` tokens, which find each other's or do not.
  init(
    _ shape: ModelConfiguration, blocks: Int, blockSize: Int, longest: Int, salt: [UInt8] = [],
    isFindable: Bool = true
  ) {
    let row = shape.cached
    tables = BlockTables(
      blocks: blocks, blockSize: blockSize, salt: salt, isFindable: isFindable)
    filled = Array(repeating: 0, count: blocks + 1)
    self.row = row
    layers = (0..<shape.layers).map { _ in FloatBuffer(count: blocks * blockSize * row.width) }
    room = GatheringRoom(row, slots: longest)
  }

  /// Bytes that are allocated for so many blocks and sequences of that length.
  static func bytes(
    _ shape: ModelConfiguration, blocks: Int, blockSize: Int, longest: Int
  ) -> Bytes {
    let row = shape.cached
    return .floats(Bytes(blocks) * blockSize * row.width) * shape.layers
      + GatheringRoom.bytes(row, slots: longest)
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    layers.reduce(room.allocatedBytes) { $0 + .floats(Bytes($1.count)) }
  }

  /// Tokens of a block.
  var blockSize: Int { tables.pool.blockSize }

  /// Slots of a sequence for which there is room to gather them.
  var longest: Int { room.slots }

  /// Bytes of K and V of a block, in all layers.
  var bytesPerBlock: Int { layers.count * blockSize * row.width * MemoryLayout<Float>.stride }

  /// How many slots of a block were filled.
  func filledSlots(of block: Int) -> Int { filled[block] }

  /// Writes K and V of tokens to the slots of a sequence from `first` on.
  ///
  /// - Returns: how many were written.
  func write(_ rows: KeyValueRows, to blocks: [Int], from first: Int, layer: Int) -> Int {
    var stored = 0
    for index in 0..<rows.rows {
      let to = slot(first + index, of: blocks, layer: layer)
      to.update(from: rows.keys + index * rows.stride, count: row.keyWidth)
      (to + row.keyWidth).update(from: rows.values + index * rows.stride, count: row.valueWidth)
      stored += 1
    }
    if layer == layers.count - 1 { noteFilled(first..<first + stored, of: blocks) }
    return stored
  }

  /// Writes K and V of slots of another store to the same slots of a sequence.
  func write(_ stored: StoredLayer, _ slots: Range<Int>, to blocks: [Int], layer: Int) {
    for number in slots {
      row.copy(stored, slot: number, to: slot(number, of: blocks, layer: layer))
    }
    if layer == layers.count - 1 { noteFilled(slots, of: blocks) }
  }

  private func noteFilled(_ slots: Range<Int>, of blocks: [Int]) {
    for slot in slots { filled[blocks[slot / blockSize]] = slot % blockSize + 1 }
  }

  /// K and V of the first slots of a table in one piece, good until something else is gathered.
  func gather(_ blocks: [Int], slots: Int, layer: Int) -> StoredLayer {
    room.begin(slots: slots)
    for (index, block) in blocks.enumerated() where index * blockSize < slots {
      let first = index * blockSize
      room.take(rows(of: block, min(blockSize, slots - first), position: first, layer: layer))
    }
    return room.stored
  }

  /// K and V of a block's first slots as a pass would hand them to a store.
  func rows(of block: Int, _ count: Int, position: Int, layer: Int) -> KeyValueRows {
    let first = slot(0, of: [block], layer: layer)
    return KeyValueRows(
      keys: first, values: first + row.keyWidth, rows: count, stride: row.width,
      position: position)
  }

  /// A sequence keeps its first tokens only.
  func truncate(_ sequence: Int, to tokens: Int) {
    if let (block, copy) = tables.truncate(sequence, to: tokens) {
      for layer in layers.indices {
        slot(0, of: [copy], layer: layer)
          .update(from: slot(0, of: [block], layer: layer), count: blockSize * row.width)
      }
    }
    noteFilled(tokens / blockSize * blockSize..<tokens, of: tables.blocks(of: sequence))
  }

  /// Where a slot of a table begins.
  private func slot(
    _ slot: Int, of blocks: [Int], layer: Int
  ) -> UnsafeMutablePointer<Float> {
    let place = (blocks[slot / blockSize] - 1) * blockSize + slot % blockSize
    return layers[layer].pointer + place * row.width
  }
}
