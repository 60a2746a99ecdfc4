internal import Base

/// A word as the longest token that it begins with, then the longest that goes on, and so on; where one is missing,
/// the whole word is unknown.
///
/// Source: the WordPiece model of huggingface/tokenizers, after Devlin et al. 2019 (arXiv:1810.04805).
struct WordPieceModel: Sendable {
  private let pieces: PrefixTable
  /// The tokens that go on within a word; nil where there is none.
  private let continuing: PrefixTable.Node?
  private let unknown: UnknownToken
  /// Characters of the longest word that is looked at.
  private let longest: Int

  init(_ file: TokenizerFile, ids: [UTF8Key: Int]) throws(FileError) {
    pieces = PrefixTable(ids)
    continuing = pieces.node(try file.continuingPrefix())
    unknown = try file.unknownWord(ids)
    longest = try file.longestWord()
  }

  /// The ids of a word, which is UTF-8.
  func encode(_ word: [UInt8]) throws(FileError) -> [Int] {
    let characters = word.count { $0 & 0xC0 != 0x80 }
    guard characters <= longest, let ids = split(word) else { return [try unknown.id(for: word)] }
    return ids
  }

  private func split(_ word: [UInt8]) -> [Int]? {
    var ids: [Int] = []
    var place = 0
    while place < word.count {
      guard let node = place == 0 ? pieces.root : continuing else { return nil }
      var found: (length: Int, id: Int)?
      pieces.eachPrefix(of: word, at: place, behind: node) { found = ($0, $1) }
      guard let found else { return nil }
      ids.append(found.id)
      place += found.length
    }
    return ids
  }
}
