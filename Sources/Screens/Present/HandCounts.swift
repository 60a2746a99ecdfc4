internal import Base

/// Counts of a show of hands as they are typed: one for each option, or `value: count` where a number is asked.
struct HandCounts {
  let counts: VoteCounts

  /// More hands than these are no class's.
  private static let most = 9999

  /// Nil where it is not understood; nothing typed is no count, so that those of phones stand again.
  init?(_ text: String, _ ballots: Ballots) {
    let words = text.split { " ,;，；、\t".contains($0) }.map(String.init)
    switch ballots {
    case .options(let options):
      let numbers = words.compactMap { Int($0) }.filter { (0...Self.most).contains($0) }
      guard !words.isEmpty, numbers.count == words.count, words.count <= options.count else {
        return nil
      }
      counts = VoteCounts(
        Dictionary(uniqueKeysWithValues: numbers.enumerated().map { (Double($0), $1) }))
    case .number:
      var votes: [Double: Int] = [:]
      for word in words {
        let parts = word.split { ":：=".contains($0) }
        guard parts.count == 2, let value = Double(parts[0]), value.isFinite,
          let count = Int(parts[1]), (0...Self.most).contains(count)
        else { return nil }
        votes[value == 0 ? 0 : value] = count
      }
      guard !votes.isEmpty else { return nil }
      counts = VoteCounts(votes)
    case .aloud: return nil
    }
  }

  /// How counts are typed.
  static func guide(_ ballots: Ballots, _ language: Language) -> String {
    switch ballots {
    case .options(let options):
      language(
        "依次填每项的人数，如 3 12 5（最多 \(options.count) 个）",
        "the count of each option in order, such as 3 12 5 (at most \(options.count))")
    case .number: language("填 答案:人数，如 16:12 10:5", "answer:count, such as 16:12 10:5")
    case .aloud: language("这一题不投票", "nothing is voted on here")
    }
  }
}
