/// A key as the program knows it, whatever the terminal sent for it.
public enum Key: Hashable, Sendable {
  /// A printable character, already folded from full-width forms where keys are meant.
  case character(Character)
  /// The arrow keys.
  case left, right, up, down
  /// The paging keys, as clickers send them.
  case pageUp, pageDown
  /// First and last.
  case home, end
  /// Confirm.
  case enter
  /// Leave.
  case escape
  /// Delete the character before the cursor.
  case backspace
  /// Delete the character at the cursor.
  case delete
  /// Next field.
  case tab
  /// Control and a letter, such as `c`; Ctrl-C itself is a signal in cbreak mode.
  case control(Character)

  /// Reads a key's name as tmux writes it: `Right`, `Space`, `Enter`, `Escape`, `PPage`, `C-c`, `i`.
  public init?(tmuxName name: String) {
    if let named = Key.names[name] {
      self = named
    } else if name.count == 1, let character = name.first {
      self = .character(character)
    } else if name.count == 3, name.hasPrefix("C-"), let letter = name.last {
      self = .control(letter)
    } else {
      return nil
    }
  }

  private static let names: [String: Key] = [
    "Left": .left, "Right": .right, "Up": .up, "Down": .down, "PPage": .pageUp,
    "PageUp": .pageUp, "PgUp": .pageUp, "NPage": .pageDown, "PageDown": .pageDown,
    "PgDn": .pageDown, "Home": .home, "End": .end, "Enter": .enter, "Escape": .escape,
    "BSpace": .backspace, "DC": .delete, "Delete": .delete, "Tab": .tab,
    "Space": .character(" "),
  ]

  /// The key with a full-width form, which a Chinese input method may leave on, as its ASCII key.
  public var folded: Key {
    guard case .character(let character) = self, character.unicodeScalars.count == 1,
      let scalar = character.unicodeScalars.first
    else { return self }
    switch scalar.value {
    case 0xFF01...0xFF5E:
      guard let ascii = Unicode.Scalar(scalar.value - 0xFEE0) else { return self }
      return .character(Character(ascii))
    case 0x3000: return .character(" ")
    case 0x3010: return .character("[")
    case 0x3011: return .character("]")
    case 0x3001: return .character("/")
    default: return self
    }
  }
}

/// What can happen to the state.
public enum Event: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// The play clock moved by one beat.
  case tick
  /// The screen has a new size.
  case resize(Size)
}
