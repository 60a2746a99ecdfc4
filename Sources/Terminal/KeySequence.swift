import Viz

/// What the keys of common terminals send: `CSI … final` and `SS3 x`.
enum KeySequence {
  /// Longer sequences are no keys.
  static let longest = 32
  /// `ESC O`, a modifier of up to three bytes, and the key.
  static let longestShifted = 6

  private static let finals: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
  ]

  /// The number before `~`: VT220, xterm, rxvt and the Linux console.
  private static let numbered: [Int: Key] = [
    1: .home, 7: .home, 4: .end, 8: .end, 3: .delete, 5: .pageUp, 6: .pageDown,
  ]

  /// The keypad in application mode.
  private static let keypad: [UInt8: Character] = [
    UInt8(ascii: "j"): "*", UInt8(ascii: "k"): "+", UInt8(ascii: "l"): ",",
    UInt8(ascii: "m"): "-", UInt8(ascii: "n"): ".", UInt8(ascii: "o"): "/",
    UInt8(ascii: "p"): "0", UInt8(ascii: "q"): "1", UInt8(ascii: "r"): "2",
    UInt8(ascii: "s"): "3", UInt8(ascii: "t"): "4", UInt8(ascii: "u"): "5",
    UInt8(ascii: "v"): "6", UInt8(ascii: "w"): "7", UInt8(ascii: "x"): "8",
    UInt8(ascii: "y"): "9", UInt8(ascii: "X"): "=",
  ]

  /// The key of a whole `ESC [ …`; Shift, Alt and Control with it count as the key alone.
  static func key(control sequence: [UInt8]) -> Key? {
    guard let final = sequence.last, sequence.count > 2,
      let numbers = numbers(sequence[2..<(sequence.count - 1)])
    else { return nil }
    return final == UInt8(ascii: "~") ? numbers.first.flatMap { numbered[$0] } : finals[final]
  }

  /// The key of a whole `ESC O …`.
  static func key(shifted sequence: [UInt8]) -> Key? {
    guard let final = sequence.last else { return nil }
    if final == UInt8(ascii: "M") { return .enter }
    return finals[final] ?? keypad[final].map { .character($0) }
  }

  /// Row and column of `ESC [ row ; column R`.
  static func position(report sequence: [UInt8]) -> (row: Int, column: Int)? {
    guard sequence.count > 2, let numbers = numbers(sequence[2..<(sequence.count - 1)]),
      numbers.count == 2
    else { return nil }
    return (numbers[0], numbers[1])
  }

  /// The numbers of `1;5`; nil when there is anything else, such as the `<` of a mouse report.
  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    var numbers: [Int] = []
    for part in bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: true) {
      guard part.count <= 5, let number = Int(String(decoding: part, as: UTF8.self)), number >= 0
      else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
