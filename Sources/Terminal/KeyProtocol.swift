import Viz

/// Keys as the kitty protocol (`CSI code ; modifiers u`) and xterm's modifyOtherKeys (`CSI 27 ; modifiers ; code ~`) send
/// them: another program may have left one of them on.
///
/// Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/
struct KeyProtocol {
  /// The key's own code, that of the key with Shift, and the text that it makes, where they were sent.
  let code: Int
  let shifted: Int?
  let text: Int?
  let modifiers: Modifiers

  struct Modifiers: OptionSet {
    let rawValue: Int
    static let shift = Modifiers(rawValue: 1)
    static let control = Modifiers(rawValue: 4)
    static let capsLock = Modifiers(rawValue: 64)
    /// Alt, Super, Hyper and Meta.
    static let others = Modifiers(rawValue: 2 | 8 | 16 | 32)

    init(rawValue: Int) { self.rawValue = rawValue }
    /// As sequences number them: from 1.
    init(number: Int?) { rawValue = max(0, (number ?? 1) - 1) }
  }

  /// What the event is numbered that says that a key was let go.
  static let release = 3

  private static let named: [Int: Key] = [
    8: .backspace, 9: .tab, 13: .enter, 27: .escape, 127: .backspace, 57414: .enter, 57417: .left,
    57418: .right, 57419: .up, 57420: .down, 57421: .pageUp, 57422: .pageDown, 57423: .home,
    57424: .end, 57426: .delete,
  ]

  private static let keypad = Array("0123456789./*-+\u{0}=,")

  /// The key; nil for one that does nothing here, such as Shift alone.
  var key: Key? {
    if let key = Self.named[code] { return key }
    if let index = [code - 57399].first, Self.keypad.indices.contains(index) {
      return Self.keypad[index] == "\u{0}" ? .enter : .character(Self.keypad[index])
    }
    guard !(57344...63743).contains(code), code >= 0x20, let scalar = Unicode.Scalar(UInt32(code)),
      scalar.properties.generalCategory != .control
    else { return nil }
    if modifiers.contains(.control) { return Self.control(scalar) }
    if !modifiers.isDisjoint(with: .others) { return .other("m-\(scalar)") }
    return character(scalar)
  }

  /// As without the protocol: Ctrl-I is Tab, Ctrl-M is Enter.
  private static func control(_ scalar: Unicode.Scalar) -> Key? {
    let letter = Character(scalar.properties.lowercaseMapping)
    switch letter {
    case "i": return .tab
    case "j", "m": return .enter
    case "h": return .backspace
    case "[": return .escape
    case "a"..."z", "\\": return .control(letter)
    default: return .other("c-\(letter)")
    }
  }

  private func character(_ scalar: Unicode.Scalar) -> Key {
    for other in [text, modifiers.contains(.shift) ? shifted : nil] {
      if let other = other.flatMap({ Unicode.Scalar(UInt32($0)) }), other.value >= 0x20 {
        return .character(Character(other))
      }
    }
    let isUpper =
      modifiers.contains(.shift) != modifiers.contains(.capsLock) && scalar.properties.isLowercase
    let upper = scalar.properties.uppercaseMapping
    return .character(isUpper && upper.count == 1 ? Character(upper) : Character(scalar))
  }
}
