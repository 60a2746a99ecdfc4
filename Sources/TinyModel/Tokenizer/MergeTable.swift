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
  func apply(to symbols: [Int]) -> [Int] {
    guard !merges.isEmpty else { return symbols }
    var symbols = symbols
    while let best = bestPair(in: symbols) {
      symbols.replaceSubrange(best.index...best.index + 1, with: [best.merge.result])
    }
    return symbols
  }

  private func bestPair(in symbols: [Int]) -> (index: Int, merge: Merge)? {
    var best: (index: Int, merge: Merge)?
    for index in symbols.indices.dropLast() {
      guard let merge = merges[Pair(left: symbols[index], right: symbols[index + 1])] else {
        continue
      }
      if best.map({ merge.rank < $0.merge.rank }) ?? true { best = (index, merge) }
    }
    return best
  }
}
