/// A program with gaps, and the lines to choose from.
public struct ProgramGaps: Hashable, Sendable {
  /// The program, a line each; `[1]`, `[2]`, … stand where a line is missing, alone but for blanks.
  package let program: [String]
  /// The lines to choose from.
  package let lines: [String]
  /// What is a program that runs, of all that can be chosen.
  package let arrangements: [Arrangement]

  /// Lines put into the gaps, as the run that they make.
  package struct Arrangement: Hashable, Sendable {
    /// The lines, by their places in the list, gap by gap.
    package let chosen: [Int]
    /// The run: the sound cache, or a broken one.
    package let place: ToolLink
    /// What is said to those who choose it wrongly; filled in with what that run came to.
    package let reply: String?
    /// The line.
    package let line: Int
  }

  /// How many lines are missing.
  package var count: Int { program.count { Self.gap(in: $0) != nil } }

  /// What these lines are when they run; nil where they are no program.
  package func arrangement(_ chosen: [Int]) -> Arrangement? {
    arrangements.first { $0.chosen == chosen }
  }

  /// The gap that a line is, counted from 0; nil for a line of the program.
  package static func gap(in line: String) -> Int? {
    let text = line.drop { $0 == " " }
    guard text.first == "[", let end = text.firstIndex(of: "]"),
      text[text.index(after: end)...].allSatisfy({ $0 == " " }),
      let number = Int(text[text.index(after: text.startIndex)..<end]), number > 0
    else { return nil }
    return number - 1
  }

  // MARK: Letters

  /// The letter of a line, by its place.
  package static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(clamping: place)))
  }

  /// The place of a letter, or of a digit from 1; nil for other characters.
  package static func place(_ character: Character) -> Int? {
    let small = character.lowercased()
    guard let byte = small.utf8.first, small.utf8.count == 1 else { return nil }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "1")...UInt8(ascii: "9"): return Int(byte - UInt8(ascii: "1"))
    default: return nil
    }
  }

  /// Lines as their letters, with blanks between them.
  package static func letters(_ chosen: [Int]) -> String {
    chosen.map(letter).joined(separator: " ")
  }

  /// The places that letters mean, with or without blanks between them; nil where one is none.
  package static func places(_ text: String) -> [Int]? {
    let places = text.filter { !" ,，、".contains($0) }.map(place)
    let known = places.compactMap { $0 }
    return known.count == places.count ? known : nil
  }

  // MARK: What a run says

  /// The largest gap between the run and the sound one, as an expression of what `fault` prints.
  static let gap = "tool('max_logits')"
}

extension Evaluator {
  /// By how much the run of an arrangement is off at most: what is right has none.
  package func gap(of arrangement: ProgramGaps.Arrangement) throws(ExpressionError) -> Double {
    try at(arrangement.place).number(Expression(ProgramGaps.gap))
  }
}
