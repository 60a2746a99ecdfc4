internal import Base
internal import Kernels
internal import Trace

/// Keeps K and V in blocks of a pool, which several stores can share; it reads as a store in one piece does, bit for bit.
///
/// Source: Kwon et al. 2023 (arXiv:2309.06180).
final class PagedStore: KVStore {
  let memory: BlockMemory
  /// Whose table it is.
  let sequence: Int
  /// Tokens of each layer.
  private var slots: [Int]

  /// A store over a pool that others use as well.
  ///
  /// - Parameters:
  ///   - memory: the pool.
  ///   - sequence: whose table it is.
  ///   - layers: of the model.
  ///   - tokens: how many the table's blocks hold already.
  init(_ memory: BlockMemory, sequence: Int, layers: Int, tokens: Int = 0) {
    self.memory = memory
    self.sequence = sequence
    slots = Array(repeating: tokens, count: layers)
  }

  /// A store with a pool of its own, for `capacity` tokens.
  convenience init(_ shape: ModelConfiguration, blockSize: Int, capacity: Int) {
    let memory = BlockMemory(
      shape, blocks: Self.blocks(capacity, of: blockSize), blockSize: blockSize, longest: capacity)
    self.init(memory, sequence: 0, layers: shape.layers)
  }

  /// Bytes that are allocated for a store with a pool of its own.
  static func bytes(_ shape: ModelConfiguration, blockSize: Int, capacity: Int) -> Bytes {
    BlockMemory.bytes(
      shape, blocks: blocks(capacity, of: blockSize), blockSize: blockSize, longest: capacity)
  }

  /// Blocks for so many tokens, of which there is one at least.
  private static func blocks(_ tokens: Int, of blockSize: Int) -> Int {
    max(1, tokens / blockSize + (tokens % blockSize > 0 ? 1 : 0))
  }

  var capacity: Int { memory.longest }
  var tokens: Int { slots[slots.count - 1] }
  var readsAsAppended: Bool { true }

  /// Whole blocks count, filled or not.
  var usedBytes: Int { memory.tables.blocks(of: sequence).count * memory.bytesPerBlock }

  func positions(layer: Int) -> Positions { Positions(0..<slots[layer]) }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    let first = slots[layer]
    let hasRoom = memory.tables.grow(sequence, to: first + rows.rows)
    precondition(hasRoom, "the pool has no block for slot \(first + rows.rows)")
    let stored = memory.write(
      rows, to: memory.tables.blocks(of: sequence), from: first, layer: layer)
    slots[layer] = first + stored
    return stored
  }

  func read(layer: Int) -> StoredLayer {
    memory.gather(
      memory.tables.blocks(of: sequence), slots: slots[layer], layer: layer)
  }

  func truncate(to position: Int) -> Int {
    let kept = max(0, position)
    guard slots.contains(where: { $0 > kept }) else { return tokens }
    for layer in slots.indices { slots[layer] = min(slots[layer], kept) }
    memory.truncate(sequence, to: kept)
    return tokens
  }

  func removeAll() {
    for layer in slots.indices { slots[layer] = 0 }
    memory.tables.free(sequence)
  }
}
