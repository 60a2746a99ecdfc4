internal import Base

/// A word as the tokens whose scores, logarithms of probabilities, have the largest sum.
///
/// Source: Kudo 2018 (arXiv:1804.10959), as the Unigram model of huggingface/tokenizers has it.
struct UnigramModel: Sendable {
  /// How much less than the worst token a character without a token is worth.
  private static let unknownPenalty = 10.0

  /// The best way to a place of a text.
  private struct Node {
    let score: Double
    /// Where its last token begins.
    let start: Int
    /// The last token; nil where it stands for an unknown character.
    let id: Int?
  }

  private let ids: [UTF8Key: Int]
  private let tokens: PrefixTable
  private let scores: [Double]
  private let unknown: UnknownToken
  private let unknownScore: Double
  /// The ids of the 256 byte tokens, as far as there are any; nil if nothing stands for bytes.
  private let byteFallback: [Int?]?

  init(_ file: TokenizerFile, ids: [UTF8Key: Int]) throws(FileError) {
    self.ids = ids
    tokens = PrefixTable(ids)
    scores = try file.scores()
    unknown = try file.unknownPiece(below: scores.count)
    unknownScore = (scores.min() ?? .infinity) - Self.unknownPenalty
    let bytes = (UInt8.min...UInt8.max).map { ids[UTF8Key(Tokenizer.name(of: $0))] }
    byteFallback = try file.modelFlag("byte_fallback") ? bytes : nil
  }

  /// The ids of a word, which is UTF-8.
  func encode(_ word: [UInt8]) throws(FileError) -> [Int] {
    var result: [Int] = []
    for piece in try pieces(of: word) {
      let bytes = Array(word[piece])
      if let id = ids[UTF8Key(bytes)] {
        result.append(id)
      } else if let tokens = byteTokens(of: bytes) {
        result += tokens
      } else {
        result.append(try unknown.id(for: bytes))
      }
    }
    return result
  }

  private func byteTokens(of bytes: [UInt8]) -> [Int]? {
    guard let byteFallback else { return nil }
    let tokens = bytes.compactMap { byteFallback[Int($0)] }
    return tokens.count == bytes.count ? tokens : nil
  }

  /// The tokens of the best way through a word; a row of unknown characters is one.
  private func pieces(of word: [UInt8]) throws(FileError) -> [Range<Int>] {
    let nodes = try bestPath(through: word)
    var pieces: [Range<Int>] = []
    var end = word.count
    var isBeforeUnknown = false
    while end > 0, let node = nodes[end] {
      let isUnknown = node.id == nil || node.id == unknown.id
      if isUnknown, isBeforeUnknown, let behind = pieces.popLast() {
        pieces.append(node.start..<behind.upperBound)
      } else {
        pieces.append(node.start..<end)
      }
      isBeforeUnknown = isUnknown
      end = node.start
    }
    return pieces.reversed()
  }

  /// For each place of a word the best way to it (Viterbi); of two that are equal, the one that was found first.
  private func bestPath(through word: [UInt8]) throws(FileError) -> [Node?] {
    var nodes = [Node?](repeating: nil, count: word.count + 1)
    @discardableResult func offer(_ end: Int, _ node: Node) -> Bool {
      if let best = nodes[end], node.score <= best.score { return false }
      nodes[end] = node
      return true
    }
    var start = 0
    while start < word.count {
      let score = nodes[start]?.score ?? 0
      let length = Self.characterLength(word, at: start)
      var hasCharacter = false
      tokens.eachPrefix(of: word, at: start) { count, id in
        offer(start + count, Node(score: score + scores[id], start: start, id: id))
        if count == length { hasCharacter = true }
      }
      let isUnknown = Node(score: score + unknownScore, start: start, id: nil)
      if !hasCharacter, offer(start + length, isUnknown) {
        _ = try unknown.id(for: word[start..<start + length])
      }
      start += length
    }
    return nodes
  }

  private static func characterLength(_ word: [UInt8], at place: Int) -> Int {
    var end = place + 1
    while end < word.count, word[end] & 0xC0 == 0x80 { end += 1 }
    return end - place
  }
}
