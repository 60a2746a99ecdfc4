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
      let fields = fields(sequence[2..<(sequence.count - 1)])
    else { return nil }
    // The kitty protocol also tells when keys are let go.
    if fields.count > 1, fields[1].count > 1, fields[1][1] == KeyProtocol.release { return nil }
    let first = fields.first?.first ?? nil
    switch final {
    case UInt8(ascii: "u"): return key(kitty: fields)
    case UInt8(ascii: "~") where first == 27 && fields.count == 3: return key(modifyOther: fields)
    case UInt8(ascii: "~"): return first.flatMap { numbered[$0] }
    default: return finals[final]
    }
  }

  private static func key(kitty fields: [[Int?]]) -> Key? {
    guard let code = fields.first?.first ?? nil else { return nil }
    let modifiers = fields.count > 1 ? fields[1].first ?? nil : nil
    return KeyProtocol(
      code: code, shifted: fields[0].count > 1 ? fields[0][1] : nil,
      text: fields.count > 2 ? fields[2].first ?? nil : nil,
      modifiers: KeyProtocol.Modifiers(number: modifiers)
    ).key
  }

  private static func key(modifyOther fields: [[Int?]]) -> Key? {
    guard let code = fields[2].first ?? nil else { return nil }
    return KeyProtocol(
      code: code, shifted: nil, text: nil,
      modifiers: KeyProtocol.Modifiers(number: fields[1].first ?? nil)
    ).key
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

  /// The fields of `99:67;5:1` with their parts, nil where one is left out; nil when there is anything else.
  private static func fields(_ bytes: ArraySlice<UInt8>) -> [[Int?]]? {
    var fields: [[Int?]] = []
    for field in bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      var parts: [Int?] = []
      for part in field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
        let number = Int(String(decoding: part, as: UTF8.self))
        guard part.isEmpty || part.count <= 7 && number ?? -1 >= 0 else { return nil }
        parts.append(number)
      }
      fields.append(parts)
    }
    return fields
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
