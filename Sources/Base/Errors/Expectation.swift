/// What a field should have held, as the end of a sentence: "must be …".
///
/// Each room adds its own; those that every JSON file needs are here.
public struct Expectation: Equatable, Sendable {
  private let chinese: String
  private let english: String

  /// An expectation by its wording; the Chinese follows 应为 and begins with a blank where it begins with a Latin letter or digit.
  public init(_ chinese: String, _ english: String) {
    self.chinese = chinese
    self.english = english
  }

  /// The end of the sentence; the Chinese follows 应为 or 要.
  package func wording(_ language: Language) -> String { language(chinese, english) }

  /// What is written the same in both languages, such as `1 … 6`.
  package static func notation(_ text: String) -> Self { Self(" " + text, text) }

  /// `{…}`.
  public static let object = Self("对象", "an object")
  /// `[…]`.
  public static let list = Self("列表", "a list")
  /// `true` or `false`.
  public static let boolean = Self(" true 或 false", "true or false")
  /// A string.
  public static let text = Self("字符串", "a string")
  /// A list of strings.
  public static let texts = Self("字符串的列表", "a list of strings")
  /// A string of one character.
  public static let character = Self("只有一个字符的字符串", "a string of one character")
  /// A number.
  public static let number = Self("数", "a number")
  /// A number above 0 and below 1.
  public static let fraction = Self("大于 0、小于 1 的数", "a number above 0 and below 1")
  /// A number above 0 that f32 holds.
  public static let positive = Self("大于 0 的有限数", "a finite number above 0")
  /// An even number.
  public static let even = Self("偶数", "an even number")
  /// The name of a file in the same folder.
  public static let siblingFile = Self("同一文件夹里的文件名", "the name of a file in the same folder")

  /// A whole number in a range.
  public static func size(_ range: ClosedRange<Int>) -> Self {
    Self(
      " \(range.lowerBound) 到 \(range.upperBound) 的整数",
      "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  /// A number above another field's.
  public static func above(_ value: String) -> Self {
    Self("大于 \(value) 的数", "a number above \(value)")
  }

  /// A divisor of another field's value.
  public static func divisor(of field: String, _ value: Int) -> Self {
    Self(" \(field)（\(value)）的约数", "a divisor of \(field), which is \(value)")
  }

  /// One of a few strings.
  public static func oneOf(_ names: [String]) -> Self {
    let quoted = names.map { "\"\($0)\"" }
    return Self(" " + quoted.joined(separator: " 或 "), quoted.joined(separator: " or "))
  }
}
