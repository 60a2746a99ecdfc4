/// A token that is found in the text before anything else happens to it.
struct AddedToken: Sendable {
  let id: Int
  let content: String
  /// Whether it is looked for in normalized text, in what the others, which come first, leave over.
  let isNormalized: Bool
  /// Whether it takes the white space before it.
  let stripsLeft: Bool
  /// Whether it takes the white space behind it.
  let stripsRight: Bool
  /// Whether it is passed over where it touches a word.
  let isSingleWord: Bool
}

/// Splits a text at added tokens: leftmost first, the longest where several begin.
///
/// Source: `AddedVocabulary` of huggingface/tokenizers.
struct AddedTokens: Sendable {
  /// A part of a text; of the text, a range.
  enum Piece {
    case text(Range<Int>)
    case added(Int)
  }

  /// A place in the tree of all tokens, by bytes.
  private struct Node {
    var children: [UInt8: Int] = [:]
    var token: Int?
  }

  private var tokens: [AddedToken] = []
  private var nodes = [Node()]
  /// Whether a token begins with a byte.
  private var begins = [Bool](repeating: false, count: 256)

  /// Whether there is nothing to find.
  var isEmpty: Bool { tokens.isEmpty }

  /// Adds a token that is written `utf8`; of two that are written alike, the first counts.
  mutating func insert(_ token: AddedToken, as utf8: [UInt8]) {
    guard let first = utf8.first else { return }
    begins[Int(first)] = true
    var node = 0
    for byte in utf8 {
      if let child = nodes[node].children[byte] {
        node = child
      } else {
        nodes[node].children[byte] = nodes.count
        node = nodes.count
        nodes.append(Node())
      }
    }
    guard nodes[node].token == nil else { return }
    nodes[node].token = tokens.count
    tokens.append(token)
  }

  /// The whole of `text` in pieces, none of them empty text.
  func split(_ text: [UInt8]) -> [Piece] {
    guard !isEmpty else { return text.isEmpty ? [] : [.text(0..<text.count)] }
    var pieces: [Piece] = []
    var start = 0
    var place = 0
    while place < text.count {
      guard let (token, length) = longest(at: place, in: text) else {
        place += 1
        continue
      }
      let match = place..<place + length
      place += length
      guard !token.isSingleWord || Self.standsAlone(match, in: text) else { continue }
      let range = Self.strip(match, for: token, in: text, from: start)
      if start < range.lowerBound { pieces.append(.text(start..<range.lowerBound)) }
      pieces.append(.added(token.id))
      start = range.upperBound
    }
    if start < text.count { pieces.append(.text(start..<text.count)) }
    return pieces
  }

  private func longest(at place: Int, in text: [UInt8]) -> (AddedToken, Int)? {
    guard begins[Int(text[place])] else { return nil }
    var found: (AddedToken, Int)?
    var node = 0
    var end = place
    while end < text.count, let child = nodes[node].children[text[end]] {
      node = child
      end += 1
      if let token = nodes[node].token { found = (tokens[token], end - place) }
    }
    return found
  }

  private static func standsAlone(_ match: Range<Int>, in text: [UInt8]) -> Bool {
    let before = scalar(endingAt: match.lowerBound, in: text)
    let behind = scalar(startingAt: match.upperBound, in: text)
    return !(before.map(isOfWord) ?? false) && !(behind.map(isOfWord) ?? false)
  }

  /// The match with the white space that the token takes; what other tokens have taken, up to `start`, it leaves.
  private static func strip(
    _ match: Range<Int>, for token: AddedToken, in text: [UInt8], from start: Int
  ) -> Range<Int> {
    var (lower, upper) = (match.lowerBound, match.upperBound)
    while token.stripsLeft, lower > start, let scalar = scalar(endingAt: lower, in: text),
      scalar.properties.isWhitespace
    {
      lower -= scalar.utf8.count
    }
    while token.stripsRight, let scalar = scalar(startingAt: upper, in: text),
      scalar.properties.isWhitespace
    {
      upper += scalar.utf8.count
    }
    return lower..<upper
  }

  private static func scalar(endingAt end: Int, in text: [UInt8]) -> Unicode.Scalar? {
    guard end > 0 else { return nil }
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(startingAt: start, in: text)
  }

  private static func scalar(startingAt start: Int, in text: [UInt8]) -> Unicode.Scalar? {
    guard start < text.count else { return nil }
    return String(decoding: text[start..<min(start + 4, text.count)], as: UTF8.self)
      .unicodeScalars.first
  }

  /// What `\w` is in regular expressions of Unicode (UTS #18).
  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }
}
