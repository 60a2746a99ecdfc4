/// Which blocks are in use and by how many, which can still be found, and which is taken next: the books of a pool, not its
/// memory.
///
/// A block that nobody uses stays findable by its hash until it is taken for something else. Blocks without a hash can serve
/// nobody again, so they are taken first, the one that was given back last before the others; then those with one, the one
/// that has been unused longest first. Blocks of the same text are not made one: a table never changes what it holds.
/// Source: `block_pool.py` of vLLM v1.
struct BlockPool: Equatable, Sendable {
  /// Tokens of a block.
  let blockSize: Int
  /// How many tables hold each block; block 0 stands for none.
  private(set) var references: [Int]
  /// The hash of each block that is full and can be found.
  private(set) var hashes: [BlockHash?]
  private(set) var queue: FreeQueue
  /// How many blocks were taken that could have been found.
  private(set) var evictions = 0
  /// The blocks of a hash, the one that got it first before the others.
  private var found: [BlockHash: [Int]] = [:]

  /// The block that stands for none.
  static let null = 0

  /// A pool of so many blocks beside the null block.
  init(blocks: Int, blockSize: Int) {
    precondition(blocks > 0 && blockSize > 0, "\(blocks) blocks of \(blockSize)")
    self.blockSize = blockSize
    references = Array(repeating: 0, count: blocks + 1)
    hashes = Array(repeating: nil, count: blocks + 1)
    queue = FreeQueue(blocks: blocks)
  }

  /// Blocks beside the null block.
  var count: Int { references.count - 1 }

  /// Blocks that can be taken, those that can be found among them.
  var free: Int { queue.count }

  /// How many blocks hold so many tokens.
  func blocks(for tokens: Int) -> Int { (tokens + blockSize - 1) / blockSize }

  /// A block of this hash, in use or not.
  func block(_ hash: BlockHash) -> Int? { found[hash]?.first }

  /// Takes the next free block for one table, or nil; it is found no more by what it held.
  mutating func take() -> Int? {
    guard let block = queue.popFirst() else { return nil }
    if hashes[block] != nil { evictions += 1 }
    forget(block)
    references[block] = 1
    return block
  }

  /// One more table holds a block that was found.
  mutating func touch(_ block: Int) {
    if references[block] == 0 { queue.remove(block) }
    references[block] += 1
  }

  /// Tables give blocks back, the one that is to be taken first before the others.
  mutating func release(_ blocks: some Sequence<Int>) {
    var (plain, findable) = ([Int](), [Int]())
    for block in blocks {
      precondition(references[block] > 0, "block \(block) is given back twice")
      references[block] -= 1
      guard references[block] == 0 else { continue }
      if hashes[block] == nil { plain.append(block) } else { findable.append(block) }
    }
    queue.prepend(plain)
    queue.append(findable)
  }

  /// A block that is full, or is about to be filled, can be found from now on.
  mutating func publish(_ block: Int, as hash: BlockHash) {
    precondition(references[block] > 0 && hashes[block] == nil, "block \(block) has a hash")
    hashes[block] = hash
    found[hash, default: []].append(block)
  }

  /// A block is found no more.
  mutating func forget(_ block: Int) {
    guard let hash = hashes[block] else { return }
    hashes[block] = nil
    found[hash]?.removeAll { $0 == block }
    if found[hash]?.isEmpty == true { found[hash] = nil }
  }
}
