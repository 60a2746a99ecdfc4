/// The merges of a byte-pair encoding, by rank.
struct MergeTable: Sendable {
  /// Two neighbouring symbols.
  struct Pair: Hashable, Sendable {
    let left: Int
    let right: Int
  }

  /// What a pair becomes, and how early.
  struct Merge: Sendable {
    let rank: Int
    let result: Int
  }

  /// Every merge.
  let merges: [Pair: Merge]

  /// Joins the pair of the lowest rank, leftmost first, until no pair has a merge.
  ///
  /// Source: Sennrich et al. 2016 (arXiv:1508.07909), with the ranks of the file as in `tokenizers`.
  /// - Complexity: O(n log n) in the number of symbols.
  func apply(to symbols: [Int]) -> [Int] {
    guard !merges.isEmpty else { return symbols }
    var word = SymbolList(symbols)
    var queue = MergeQueue()
    for place in symbols.indices { propose(place, word, &queue) }
    while let next = queue.removeFirst() {
      // A neighbour may have changed since the merge was proposed; a changed pair has proposals of its own.
      guard let pair = word.pair(at: next.place), let merge = merges[pair], merge.rank == next.rank
      else { continue }
      word.join(next.place, into: merge.result)
      propose(next.place, word, &queue)
      if let left = word.place(before: next.place) { propose(left, word, &queue) }
    }
    return word.symbols
  }

  private func propose(_ place: Int, _ word: SymbolList, _ queue: inout MergeQueue) {
    guard let pair = word.pair(at: place), let merge = merges[pair] else { return }
    queue.insert(MergeQueue.Proposal(rank: merge.rank, place: place))
  }
}

/// Symbols that keep their places while neighbours join into the left one's place.
private struct SymbolList {
  private static let gone = -1
  /// The symbol of each place; `gone` where it has joined the one before it.
  private var held: [Int]
  private var next: [Int]
  private var previous: [Int]

  init(_ symbols: [Int]) {
    held = symbols
    next = Array(1..<symbols.count + 1)
    previous = Array(-1..<symbols.count - 1)
  }

  /// What is left, in order.
  var symbols: [Int] { held.filter { $0 != Self.gone } }

  /// The symbol at `place` and the one behind it; nil where there is none.
  func pair(at place: Int) -> MergeTable.Pair? {
    guard held[place] != Self.gone, next[place] < held.count else { return nil }
    return MergeTable.Pair(left: held[place], right: held[next[place]])
  }

  /// The place before `place` that still holds a symbol.
  func place(before place: Int) -> Int? { previous[place] >= 0 ? previous[place] : nil }

  /// Puts `result` in the place of a symbol and its successor.
  mutating func join(_ place: Int, into result: Int) {
    let right = next[place]
    held[place] = result
    held[right] = Self.gone
    next[place] = next[right]
    if next[right] < held.count { previous[next[right]] = place }
  }
}

/// A binary heap: lowest rank first, then leftmost.
private struct MergeQueue {
  struct Proposal {
    let rank: Int
    let place: Int

    func isBefore(_ other: Proposal) -> Bool { (rank, place) < (other.rank, other.place) }
  }

  private var heap: [Proposal] = []

  mutating func insert(_ proposal: Proposal) {
    var child = heap.count
    heap.append(proposal)
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Proposal? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      guard left < heap.count else { return first }
      let least = right < heap.count && heap[right].isBefore(heap[left]) ? right : left
      guard heap[least].isBefore(heap[parent]) else { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
