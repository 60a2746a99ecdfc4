/// What characters are to `tokenizers`, whose crates each know another version of Unicode: one that a crate does not
/// know yet has no class there. Where a character's class has changed since, the older one counts.
///
/// Source: the crates `unicode_categories` (Unicode 8), `unicode-normalization-alignments` (9) and `regex` (16), as
/// huggingface/tokenizers uses them; every character is held to the library in `UnicodeClassTests`.
extension Unicode.Scalar {
  /// Whether Unicode had the character in its version `major`.
  func isInUnicode(_ major: Int) -> Bool {
    isASCII || properties.age.map { $0.major <= major } ?? false
  }

  /// A mark that takes no room of its own, as of Unicode 8.
  var isNonspacingMark: Bool {
    switch value {
    case 0x1734, 0x1171E: true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default: properties.generalCategory == .nonspacingMark && isInUnicode(8)
    }
  }

  /// Any mark that combines with what it follows, as of Unicode 9.
  var isCombiningMark: Bool {
    switch value {
    case 0x1CF2, 0x1CF3: true
    case 0x111C9: false
    default: isMark && isInUnicode(9)
    }
  }

  /// ASCII's symbols, and what is punctuation as of Unicode 8.
  var isPunctuation: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x166D, 0x111C9: return true
    default: break
    }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return isInUnicode(8)
    default: return false
    }
  }

  /// What is neither text nor blank, as of Unicode 8: controls, formats, private use.
  var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .privateUse: isInUnicode(8)
    default: false
    }
  }

  /// A number of any script: a digit, ½, ², Ⅳ, ①; not 一, which is a letter.
  var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// What `\w` is in regular expressions (UTS #18), as of Unicode 16.
  var isOfWord: Bool {
    let isOne =
      switch properties.generalCategory {
      case .decimalNumber, .connectorPunctuation: true
      default: isMark || properties.isAlphabetic || properties.isJoinControl
      }
    return isOne && isInUnicode(16)
  }

  /// A Chinese character to BERT: the unified and the compatibility ideographs, extensions to E.
  var isIdeograph: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  private var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

/// A text as UTF-8, character by character.
enum Scalars {
  /// Calls `body` with each character of `text` and its place; what forms none is passed over.
  static func each(in text: [UInt8], _ body: (Unicode.Scalar, Range<Int>) -> Void) {
    var place = 0
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = text.makeIterator()
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        body(Unicode.UTF8.decode(encoded), place..<place + encoded.count)
        place += encoded.count
      case .error(let length): place += length
      case .emptyInput: return
      }
    }
  }

  /// `text` without the characters that `isLeftOut` names.
  static func removing(
    from text: [UInt8], _ isLeftOut: (Unicode.Scalar) -> Bool
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    each(in: text) { scalar, range in
      if !isLeftOut(scalar) { result += text[range] }
    }
    return result
  }

  /// `text` with other characters in the place of those for which `replacement` gives some.
  static func replacing(
    in text: [UInt8], _ replacement: (Unicode.Scalar) -> String?
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    each(in: text) { scalar, range in
      if let other = replacement(scalar) { result += other.utf8 } else { result += text[range] }
    }
    return result
  }
}
