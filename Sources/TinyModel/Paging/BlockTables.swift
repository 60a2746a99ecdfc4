/// The block tables of several sequences over one pool: who holds which blocks, in the order of the text.
///
/// Source: `kv_cache_manager.py` and `single_type_kv_cache_manager.py` of vLLM v1, for full attention.
struct BlockTables: Equatable, Sendable {
  private(set) var pool: BlockPool
  /// What tells apart texts that must not share blocks.
  private let salt: [UInt8]
  /// Whether blocks can be found by what they hold.
  private let isFindable: Bool
  private var tables: [Int: Table] = [:]

  private struct Table: Equatable {
    var blocks: [Int] = []
    /// How many of them can be found, from the first on.
    var published = 0
  }

  init(blocks: Int, blockSize: Int, salt: [UInt8] = [], isFindable: Bool = true) {
    pool = BlockPool(blocks: blocks, blockSize: blockSize)
    self.salt = salt
    self.isFindable = isFindable
  }

  /// The blocks of a sequence.
  func blocks(of sequence: Int) -> [Int] { tables[sequence]?.blocks ?? [] }

  /// The sequences that hold blocks.
  var sequences: [Int] { tables.keys.sorted() }

  /// The blocks that hold the beginning of a text: whole ones only, and of at most `most` tokens.
  func hit(_ ids: [Int], most: Int) -> [Int] {
    var (blocks, parent) = ([Int](), BlockHash?.none)
    let size = pool.blockSize
    for index in 0..<max(0, min(most, ids.count)) / size {
      let hash = hash(ids, index, behind: parent)
      guard let block = pool.block(hash) else { break }
      blocks.append(block)
      parent = hash
    }
    return blocks
  }

  /// The longest beginning of a prompt that need not be computed: at least the last token is, since its logits are wanted.
  func longestHit(_ ids: [Int]) -> [Int] { hit(ids, most: ids.count - 1) }

  private func hash(_ ids: [Int], _ index: Int, behind parent: BlockHash?) -> BlockHash {
    let size = pool.blockSize
    return BlockHash(of: ids[index * size..<(index + 1) * size], behind: parent, salt: salt)
  }

  /// Gives a sequence the blocks for its next tokens, and publishes those that they fill.
  ///
  /// - Parameters:
  ///   - sequence: whose table it is.
  ///   - ids: all its tokens that are known.
  ///   - end: tokens that must have room: those that are held, those of the hits, and those that are computed next.
  ///   - hits: blocks that were found for a sequence that holds none yet.
  ///   - wholeMustFit: whether there must be free blocks for all of `ids`, though only some are taken now.
  /// - Returns: whether there were enough free blocks; where there were not, nothing has changed.
  mutating func allocate(
    _ sequence: Int, _ ids: [Int], upTo end: Int, hits: [Int] = [], wholeMustFit: Bool = false
  ) -> Bool {
    let held = blocks(of: sequence).count + hits.count
    // A hit that nobody uses leaves the free ones too.
    let woken = hits.count { pool.references[$0] == 0 }
    func missing(_ tokens: Int) -> Int { max(0, pool.blocks(for: tokens) - held) + woken }
    guard max(missing(end), wholeMustFit ? missing(ids.count) : 0) <= pool.free else {
      return false
    }
    adopt(hits, by: sequence)
    let isGrown = grow(sequence, to: end)
    precondition(isGrown, "\(pool.free) blocks are free")
    publish(sequence, ids, upTo: end)
    return true
  }

  /// A sequence that holds nothing begins with blocks that were found.
  mutating func adopt(_ hits: [Int], by sequence: Int) {
    guard !hits.isEmpty else { return }
    precondition(blocks(of: sequence).isEmpty, "sequence \(sequence) has begun")
    for block in hits { pool.touch(block) }
    tables[sequence] = Table(blocks: hits, published: hits.count)
  }

  /// Takes blocks until there is room for so many tokens.
  ///
  /// - Returns: whether there were enough; where there were not, nothing has changed.
  mutating func grow(_ sequence: Int, to tokens: Int) -> Bool {
    let more = pool.blocks(for: tokens) - blocks(of: sequence).count
    guard more <= pool.free else { return false }
    for _ in 0..<max(0, more) {
      guard let block = pool.take() else { return false }
      tables[sequence, default: Table()].blocks.append(block)
    }
    return true
  }

  /// Lets the blocks be found that a sequence's first `end` tokens fill, less those that can be already.
  mutating func publish(_ sequence: Int, _ ids: [Int], upTo end: Int) {
    guard isFindable, var table = tables[sequence] else { return }
    let full = min(end, ids.count) / pool.blockSize
    for index in table.published..<max(full, table.published) {
      let parent = index == 0 ? nil : pool.hashes[table.blocks[index - 1]]
      pool.publish(table.blocks[index], as: hash(ids, index, behind: parent))
      table.published = index + 1
    }
    tables[sequence] = table
  }

  /// A sequence gives all its blocks back, the last first: what begins a text is kept longest.
  mutating func free(_ sequence: Int) {
    guard let table = tables.removeValue(forKey: sequence) else { return }
    pool.release(table.blocks.reversed())
  }

  /// A sequence keeps its first tokens only.
  ///
  /// A block that is cut in two is written to next: it must be the sequence's own and must not be found. Where others hold it
  /// as well, a new one takes its place (copy on write).
  /// - Returns: the block that is to be copied and its copy, where there is one.
  mutating func truncate(_ sequence: Int, to tokens: Int) -> (from: Int, to: Int)? {
    guard var table = tables[sequence] else { return nil }
    let kept = pool.blocks(for: tokens)
    pool.release(table.blocks[min(kept, table.blocks.count)...].reversed())
    table.blocks.removeLast(max(0, table.blocks.count - kept))
    table.published = min(table.published, tokens / pool.blockSize)
    tables[sequence] = table.blocks.isEmpty ? nil : table
    guard let last = table.blocks.last, tokens % pool.blockSize > 0 else { return nil }
    guard pool.references[last] > 1 else {
      pool.forget(last)
      return nil
    }
    guard let copy = pool.take() else { preconditionFailure("no block is free for a copy") }
    pool.release([last])
    tables[sequence]?.blocks[kept - 1] = copy
    return (last, copy)
  }
}
