internal import HeapModule

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
    var queue = Heap<Proposal>()
    for place in symbols.indices { propose(place, word, &queue) }
    while let next = queue.popMin() {
      // A neighbour may have changed since the merge was proposed; a changed pair has proposals of its own.
      guard let pair = word.pair(at: next.place), let merge = merges[pair], merge.rank == next.rank
      else { continue }
      word.join(next.place, into: merge.result)
      propose(next.place, word, &queue)
      if let left = word.place(before: next.place) { propose(left, word, &queue) }
    }
    return word.symbols
  }

  private func propose(_ place: Int, _ word: SymbolList, _ queue: inout Heap<Proposal>) {
    guard let pair = word.pair(at: place), let merge = merges[pair] else { return }
    queue.insert(Proposal(rank: merge.rank, place: place))
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

/// A merge that waits for its turn: lowest rank first, then leftmost.
private struct Proposal: Comparable {
  let rank: Int
  let place: Int

  static func < (one: Proposal, other: Proposal) -> Bool {
    (one.rank, one.place) < (other.rank, other.place)
  }
}
