internal import ArgumentParser
internal import Viz

/// One of a few words on the command line, kept as it was typed until a command can say what is wrong with it.
///
/// ArgumentParser's own refusal is English and names no way out.
struct Choice<Value: CaseIterable & RawRepresentable & Sendable>: ExpressibleByArgument, Sendable
where Value.RawValue == String {
  private let text: String

  init(_ value: Value) { text = value.rawValue }

  init(argument: String) { text = argument }

  var defaultValueDescription: String { text }

  static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// The value that `option` was given.
  func value(of option: String) throws(CommandError) -> Value {
    guard let value = Value(rawValue: text) else {
      let words = Self.allValueStrings
      let (first, last) = (words.dropLast(), words.last ?? "")
      throw .badValue(
        option: option, value: text,
        expected: wording(
          first.joined(separator: "、") + " 或 " + last,
          first.joined(separator: ", ") + " or " + last))
    }
    return value
  }
}

/// Numbers on the command line, kept as they were typed for the same reason.
enum NumberArgument {
  /// A whole number in a range.
  static func whole(
    _ text: String, of option: String, in range: ClosedRange<Int>
  ) throws(CommandError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw .badValue(
        option: option, value: text,
        expected: wording(
          "\(range.lowerBound) 到 \(range.upperBound) 的整数",
          "a whole number from \(range.lowerBound) to \(range.upperBound)"))
    }
    return number
  }

  /// A whole number, or the nearest `Int` to one that is beyond; nil if it is none.
  static func nearest(_ text: String) -> Int? {
    if let number = Int(text) { return number }
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return isNegative ? .min : .max
  }

  /// A finite number, 0 or more.
  static func fromZero(_ text: String, of option: String) throws(CommandError) -> Double {
    guard let number = Double(text), number >= 0, number.isFinite else {
      throw .badValue(
        option: option, value: text,
        expected: wording("不小于 0 的有限数，如 0.8", "a finite number, 0 or more, such as 0.8"))
    }
    return number
  }

  /// 64 bits: a number from 0, or a negative one whose bits are meant.
  static func bits(_ text: String, of option: String) throws(CommandError) -> UInt64 {
    if let number = UInt64(text) { return number }
    if let number = Int64(text) { return UInt64(bitPattern: number) }
    throw .badValue(
      option: option, value: text,
      expected: wording(
        "\(Int64.min) 到 \(UInt64.max) 的整数", "a whole number from \(Int64.min) to \(UInt64.max)"))
  }
}

extension Size {
  private static let largest = 1000

  /// Reads a size such as `80x24`.
  init(argument text: String, of option: String) throws(CommandError) {
    let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1],
      (1...Self.largest).contains(columns), (1...Self.largest).contains(rows)
    else {
      throw .badValue(
        option: option, value: text,
        expected: wording(
          "列数x行数，从 1x1 到 \(Self.largest)x\(Self.largest)，如 80x24",
          "columns and rows from 1x1 to \(Self.largest)x\(Self.largest), such as 80x24"))
    }
    self.init(columns: columns, rows: rows)
  }
}
