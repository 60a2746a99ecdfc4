internal import Base

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

  private let tokens: [AddedToken]
  /// The places in `tokens`, by how they are written.
  private let places: PrefixTable

  /// Tokens, each with how it is written; of two that are written alike, the first counts.
  init(_ spelled: [(token: AddedToken, utf8: [UInt8])]) {
    let spelled = spelled.filter { !$0.utf8.isEmpty }
    tokens = spelled.map(\.token)
    let keys = spelled.enumerated().map { (UTF8Key($1.utf8), $0) }
    places = PrefixTable(Dictionary(keys) { first, _ in first })
  }

  /// The whole of `text` in pieces, none of them empty text.
  func split(_ text: [UInt8]) -> [Piece] {
    guard !tokens.isEmpty else { return text.isEmpty ? [] : [.text(0..<text.count)] }
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
    var found: (AddedToken, Int)?
    places.eachPrefix(of: text, at: place) { length, index in found = (tokens[index], length) }
    return found
  }

  private static func standsAlone(_ match: Range<Int>, in text: [UInt8]) -> Bool {
    let before = scalar(endingAt: match.lowerBound, in: text)
    let behind = scalar(startingAt: match.upperBound, in: text)
    return !(before?.isOfWord ?? false) && !(behind?.isOfWord ?? false)
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
}
