/// How many chose what.
public struct VoteCounts: Hashable, Sendable {
  /// Votes by option, counted from 0, or by number.
  public private(set) var votes: [Double: Int] = [:]

  /// Counts; what nobody chose is left out.
  public init(_ votes: [Double: Int] = [:]) { self.votes = votes.filter { $0.value > 0 } }

  /// Both counts together.
  public static func + (one: VoteCounts, other: VoteCounts) -> VoteCounts {
    VoteCounts(one.votes.merging(other.votes) { $0 + $1 })
  }

  /// All votes.
  public var total: Int { votes.values.reduce(0, +) }

  /// The votes for an option or a number.
  public func of(_ choice: Double) -> Int { votes[choice] ?? 0 }

  /// The votes for each of so many options.
  public func list(options: Int) -> [Int] { (0..<options).map { of(Double($0)) } }
}

/// What an option is called on the wall.
public enum VoteLetter {
  /// The letter of an option, counted from 0.
  public static func of(_ index: Int) -> String {
    Unicode.Scalar(UInt8(min(25, index)) + 65).description
  }
}
