/// How one choice of a policy is written: a name, or a name, a colon and numbers with plus signs between them.
struct PolicyForm: Sendable {
  private let name: String
  /// The letters that stand for the numbers.
  private let letters: [String]
  /// What each number may be.
  private let range: ClosedRange<Int>

  /// A name and the letters of its numbers.
  init(_ name: String, _ letters: String..., range: ClosedRange<Int> = 1...Int.max) {
    self.name = name
    self.letters = letters
    self.range = range
  }

  /// How it is written, with letters for the numbers.
  var wording: String { letters.isEmpty ? name : name + ":" + letters.joined(separator: "+") }

  /// The numbers of a text; nil where the text has another name.
  func numbers(of text: String) throws(CachePolicyError) -> [Int]? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0] == name else { return nil }
    let numbers = parts.count > 1 ? Self.numbers(in: parts[1]) : []
    guard parts.count > 1 || letters.isEmpty, parts.count == 1 || !letters.isEmpty,
      numbers.count == letters.count, numbers.allSatisfy({ $0.map(range.contains) ?? false })
    else { throw .malformed(text, form: wording, numbers: range) }
    return numbers.compactMap { $0 }
  }

  /// Whole numbers in ASCII digits; nil where something else stands, or more than an `Int` holds.
  private static func numbers(in text: Substring) -> [Int?] {
    text.split(separator: "+", omittingEmptySubsequences: false).map { digits in
      digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) : nil
    }
  }
}
