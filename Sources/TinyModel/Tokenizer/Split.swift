internal import Base

/// Words between, around or of the matches of a pattern.
struct Split: Sendable {
  /// What becomes of a match.
  enum Behavior: String, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  private let pattern: Pattern
  private let behavior: Behavior
  /// Whether what lies between the matches is taken for the matches.
  private let isInverted: Bool

  init(_ pattern: Pattern, _ behavior: Behavior, isInverted: Bool = false) {
    self.pattern = pattern
    self.behavior = behavior
    self.isInverted = isInverted
  }

  init(_ field: JSONField) throws(FileError) {
    self.init(
      try Pattern(field.required("pattern")), try Self.behavior(field.required("behavior")),
      isInverted: try field.flag("invert"))
  }

  /// Reads `Digits`, a split at numbers: each by itself, or a row of them as one word.
  init(digits field: JSONField) throws(FileError) {
    let isolates = try field.requiredFlag("individual_digits")
    self.init(.character(.number), isolates ? .isolated : .contiguous)
  }

  /// Reads `Punctuation`, a split at signs.
  init(punctuation field: JSONField) throws(FileError) {
    let behavior = try field.optional("behavior")
    self.init(.character(.punctuation), try behavior.map(Self.behavior) ?? .isolated)
  }

  private static func behavior(_ field: JSONField) throws(FileError) -> Behavior {
    guard let behavior = Behavior(rawValue: try field.text()) else {
      throw field.mustBe(.oneOf(Behavior.allCases.map(\.rawValue)))
    }
    return behavior
  }

  func split(_ word: Word) throws(FileError) -> [Word] {
    let parts = try pattern.parts(of: word.bytes).map {
      Pattern.Part(range: $0.range, isMatch: $0.isMatch != isInverted)
    }
    return ranges(of: parts).filter { !$0.isEmpty }.map { range in
      Word(bytes: Array(word.bytes[range]), isAtStart: word.isAtStart && range.lowerBound == 0)
    }
  }

  private func ranges(of parts: [Pattern.Part]) -> [Range<Int>] {
    switch behavior {
    case .removed: parts.filter { !$0.isMatch }.map(\.range)
    case .isolated: parts.map(\.range)
    case .contiguous: Self.joined(parts) { $0.isMatch == $1 }
    case .mergedWithPrevious: Self.joined(parts) { $0.isMatch && !$1 }
    case .mergedWithNext: Self.joined(parts.reversed()) { $0.isMatch && !$1 }.reversed()
    }
  }

  /// Joins a part to the one before it where `joins` says so of it and of whether that one is a match.
  private static func joined(
    _ parts: [Pattern.Part], where joins: (Pattern.Part, Bool) -> Bool
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var previous = false
    for part in parts {
      if joins(part, previous), let last = ranges.popLast() {
        let (low, high) = (last.lowerBound, last.upperBound)
        ranges.append(min(low, part.range.lowerBound)..<max(high, part.range.upperBound))
      } else {
        ranges.append(part.range)
      }
      previous = part.isMatch
    }
    return ranges
  }
}
