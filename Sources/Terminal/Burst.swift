import Viz

/// What came at once: keys, or text that was pasted by a terminal without bracketed paste.
///
/// Nobody types several characters and a new line and more characters between two looks at the keyboard.
struct Burst {
  /// Whether text is being typed.
  let isTyping: Bool
  private var decoded: [InputDecoder.Output] = []

  /// Fewer characters, line ends among them, may have been typed on a slow line.
  private static let leastLines = 5
  /// So many characters at once were not typed.
  private static let leastText = 32
  /// Characters are keys where no text is typed, but lines of so many different ones are not.
  private static let (leastStray, leastDifferent) = (24, 8)

  init(isTyping: Bool) {
    self.isTyping = isTyping
  }

  mutating func append(_ outputs: [InputDecoder.Output]) { decoded += outputs }

  /// Whether the rest of a paste may be on its way.
  var mayContinue: Bool {
    decoded.count >= Self.leastText && decoded.last.flatMap(Self.character) != nil
  }

  /// The outputs, with each run of pasted characters as one paste.
  var outputs: [InputDecoder.Output] {
    var outputs: [InputDecoder.Output] = []
    var text: [Character] = []
    for output in decoded {
      if let character = Self.character(output) {
        text.append(character)
      } else {
        outputs += taken(text)
        text = []
        outputs.append(output)
      }
    }
    return outputs + taken(text)
  }

  /// A run of characters and line ends as a paste, or as the keys that they are.
  private func taken(_ text: [Character]) -> [InputDecoder.Output] {
    guard isPaste(text) else { return text.map { .key(Self.key($0)) } }
    // The line end behind a paste was most likely typed.
    let end = text.last == "\n" ? 1 : 0
    return [.paste(String(text.dropLast(end)))] + (end == 1 ? [.key(.enter)] : [])
  }

  private func isPaste(_ text: [Character]) -> Bool {
    let hasLines = text.dropLast().contains("\n")
    guard isTyping else {
      return hasLines && text.count >= Self.leastStray && Set(text).count >= Self.leastDifferent
    }
    return text.count >= Self.leastText || hasLines && text.count >= Self.leastLines
  }

  private static func character(_ output: InputDecoder.Output) -> Character? {
    switch output {
    case .key(.character(let character)): character
    case .key(.enter): "\n"
    case .key(.tab): "\t"
    default: nil
    }
  }

  private static func key(_ character: Character) -> Key {
    switch character {
    case "\n": .enter
    case "\t": .tab
    default: .character(character)
    }
  }
}
