internal import Base
internal import Viz

/// Counts of a show of hands as they are typed: one for each option, or `value:count` where a number is asked.
struct HandCounts {
  /// Why what was typed counts nothing.
  enum Refusal: Error, Equatable {
    /// This is no count, or no number with its count.
    case word(String)
    /// There are fewer options.
    case tooMany(options: Int)
    /// The question is answered aloud, or there is none.
    case notVoted

    func sentence(_ language: Language) -> String {
      switch self {
      case .word(let word):
        language(
          "看不懂 \(word.clipped)，没有记", "\(word.clipped) is not understood; nothing was counted")
      case .tooMany(let options):
        language("只有 \(options) 项，没有记", "there are \(options) options; nothing was counted")
      case .notVoted: language("这一题不投票", "nothing is voted on here")
      }
    }
  }

  let counts: VoteCounts

  /// More hands than these are no class's.
  private static let most = 9999

  /// Reads counts; nothing typed is nobody's hand.
  init(_ text: String, _ ballots: Ballots) throws(Refusal) {
    let words = text.split { " ,;，；、\t".contains($0) }.map(String.init)
    switch ballots {
    case .options(let options): counts = try Self.counts(words, options: options.count)
    case .number: counts = try Self.numbers(words)
    case .aloud: throw .notVoted
    }
  }

  private static func counts(_ words: [String], options: Int) throws(Refusal) -> VoteCounts {
    var votes: [Double: Int] = [:]
    for (index, word) in words.enumerated() {
      guard let count = Int(word), (0...most).contains(count) else { throw .word(word) }
      guard index < options else { throw .tooMany(options: options) }
      votes[Double(index)] = count
    }
    return VoteCounts(votes)
  }

  private static func numbers(_ words: [String]) throws(Refusal) -> VoteCounts {
    var votes: [Double: Int] = [:]
    for word in words {
      let parts = word.split { ":：=".contains($0) }
      guard parts.count == 2, let value = Double(parts[0]), value.isFinite,
        let count = Int(parts[1]), (0...most).contains(count)
      else { throw .word(word) }
      votes[value == 0 ? 0 : value] = count
    }
    return VoteCounts(votes)
  }

  /// How counts are typed; nothing of it is an answer to anything.
  static func guide(_ ballots: Ballots, _ language: Language) -> String {
    switch ballots {
    case .options(let options):
      let letters = options.indices.map { OptionsBlock.letter($0) }.joined(separator: " ")
      return language(
        "依次填 \(letters) 各几人，用空格隔开", "the hands for \(letters) in that order, blanks between them")
    case .number:
      return language(
        "填 答案:人数，用空格隔开；X:7 Y:3 就是 7 人答 X、3 人答 Y",
        "answer:hands, blanks between; X:7 Y:3 is 7 hands for X and 3 for Y")
    case .aloud: return language("这一题不投票", "nothing is voted on here")
    }
  }

  /// Counts as they are typed.
  static func text(_ counts: VoteCounts, _ ballots: Ballots) -> String {
    guard counts.total > 0 else { return "" }
    if case .options(let options) = ballots {
      return counts.list(options: options.count).map { "\($0)" }.joined(separator: " ")
    }
    return counts.votes.sorted { $0.key < $1.key }
      .map { "\(RevealPage.text($0.key)):\($0.value)" }.joined(separator: " ")
  }
}
