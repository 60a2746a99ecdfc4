/// Blocks that nobody uses, in the order in which they are taken: a list linked both ways, so that a block which is found
/// again leaves its place at once.
///
/// Block 0 is never free, so its links are those of the list's two ends.
struct FreeQueue: Equatable, Sendable {
  private var next: [Int]
  private var previous: [Int]
  private(set) var count: Int

  /// Blocks 1 to `blocks`, the first to be taken first.
  init(blocks: Int) {
    next = (0...blocks).map { ($0 + 1) % (blocks + 1) }
    previous = (0...blocks).map { ($0 + blocks) % (blocks + 1) }
    count = blocks
  }

  /// The blocks, the one that is taken next first.
  var all: [Int] {
    var (blocks, block) = ([Int](), next[0])
    while block != 0 {
      blocks.append(block)
      block = next[block]
    }
    return blocks
  }

  /// Takes the first block; nil where there is none.
  mutating func popFirst() -> Int? {
    guard count > 0 else { return nil }
    let block = next[0]
    remove(block)
    return block
  }

  /// Takes a block out of the middle.
  mutating func remove(_ block: Int) {
    (next[previous[block]], previous[next[block]]) = (next[block], previous[block])
    count -= 1
  }

  /// Puts blocks behind the last, in their order.
  mutating func append(_ blocks: [Int]) {
    for block in blocks { insert(block, behind: previous[0]) }
  }

  /// Puts blocks before the first, in their order.
  mutating func prepend(_ blocks: [Int]) {
    for block in blocks.reversed() { insert(block, behind: 0) }
  }

  private mutating func insert(_ block: Int, behind place: Int) {
    let follower = next[place]
    (previous[block], next[block]) = (place, follower)
    (next[place], previous[follower]) = (block, block)
    count += 1
  }
}
