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
  /// A key that does nothing here, by its name in tmux, in lower case: `f1`, `btab`, `m-x`.
  case other(String)

  /// Reads a key's name as tmux writes it: `Right`, `Space`, `Enter`, `Escape`, `PPage`, `C-c`, `i`.
  ///
  /// As in tmux the case of a name does not matter, that of a character does.
  public init?(tmuxName name: String) {
    let lowered = name.lowercased()
    if name.count == 1, let character = name.first {
      self = .character(character)
    } else if let named = Key.names[lowered] {
      self = named
    } else if lowered.count == 3, lowered.hasPrefix("c-"), let letter = lowered.last {
      self = .control(letter)
    } else if ["c-", "m-", "s-"].contains(lowered.prefix(2)),
      Key(tmuxName: String(lowered.dropFirst(2))) != nil
    {
      self = .other(lowered)
    } else {
      return nil
    }
  }

  private static let names: [String: Key] = {
    var names: [String: Key] = [
      "left": .left, "right": .right, "up": .up, "down": .down, "ppage": .pageUp,
      "pageup": .pageUp, "pgup": .pageUp, "npage": .pageDown, "pagedown": .pageDown,
      "pgdn": .pageDown, "home": .home, "end": .end, "enter": .enter, "escape": .escape,
      "bspace": .backspace, "dc": .delete, "delete": .delete, "tab": .tab,
      "space": .character(" "),
    ]
    for name in ["btab", "ic", "insert"] + (1...12).map({ "f\($0)" }) { names[name] = .other(name) }
    return names
  }()

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
    case 0x300C, 0x300E: return .character("{")
    case 0x300D, 0x300F: return .character("}")
    case 0x3001: return .character("/")
    case 0xA5, 0xFFE5: return .character("$")
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
