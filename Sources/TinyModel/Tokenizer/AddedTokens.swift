/// A token that is found in the text before anything else happens to it.
struct AddedToken: Sendable {
  let id: Int
  let content: String
}

/// Splits a text at its added tokens: leftmost first, the longest where several begin.
struct AddedTokens: Sendable {
  /// A part of a text.
  enum Piece {
    case text([UInt8])
    case added(Int)
  }

  private let tokens: [(id: Int, utf8: [UInt8])]

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens.map { ($0.id, Array($0.content.utf8)) }
      .filter { !$0.utf8.isEmpty }
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  func split(_ utf8: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    while index < utf8.count {
      guard let found = tokens.first(where: { utf8[index...].starts(with: $0.utf8) }) else {
        index += 1
        continue
      }
      if start < index { pieces.append(.text(Array(utf8[start..<index]))) }
      pieces.append(.added(found.id))
      index += found.utf8.count
      start = index
    }
    if start < utf8.count { pieces.append(.text(Array(utf8[start...]))) }
    return pieces
  }
}
