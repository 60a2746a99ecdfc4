/// A token that is found in the text before anything else happens to it.
struct AddedToken: Sendable {
  let id: Int
  let content: String
  /// Whether it is looked for only in what the others, which come first, leave over.
  let isNormalized: Bool
}

/// Splits a text at its added tokens: leftmost first, the longest where several begin.
///
/// Source: `AddedVocabulary` of huggingface/tokenizers.
struct AddedTokens: Sendable {
  /// A part of a text.
  enum Piece {
    case text(ArraySlice<UInt8>)
    case added(Int)
  }

  private typealias Tokens = [(id: Int, utf8: [UInt8])]

  /// Tokens by their first byte, the longest first, in the order in which the two kinds are looked for.
  private let passes: [[UInt8: Tokens]]

  init(_ tokens: [AddedToken]) {
    passes = [false, true].map { isNormalized in
      let tokens = tokens.filter { $0.isNormalized == isNormalized && !$0.content.isEmpty }
        .map { (id: $0.id, utf8: Array($0.content.utf8)) }
        .sorted { $0.utf8.count > $1.utf8.count }
      return Dictionary(grouping: tokens) { $0.utf8[0] }
    }
  }

  func split(_ utf8: [UInt8]) -> [Piece] {
    passes.reduce([.text(utf8[...])]) { pieces, tokens in
      pieces.flatMap { piece in
        if case .text(let text) = piece { Self.split(text, at: tokens) } else { [piece] }
      }
    }
  }

  private static func split(_ utf8: ArraySlice<UInt8>, at tokens: [UInt8: Tokens]) -> [Piece] {
    guard !tokens.isEmpty else { return [.text(utf8)] }
    var pieces: [Piece] = []
    var start = utf8.startIndex
    var index = start
    while index < utf8.endIndex {
      guard let found = tokens[utf8[index]]?.first(where: { utf8[index...].starts(with: $0.utf8) })
      else {
        index += 1
        continue
      }
      if start < index { pieces.append(.text(utf8[start..<index])) }
      pieces.append(.added(found.id))
      index += found.utf8.count
      start = index
    }
    if start < utf8.endIndex { pieces.append(.text(utf8[start...])) }
    return pieces
  }
}
