internal import Base

/// A token a word.
///
/// Source: the WordLevel model of huggingface/tokenizers.
struct WordLevelModel: Sendable {
  private let ids: [UTF8Key: Int]
  private let unknown: UnknownToken

  init(_ file: TokenizerFile, ids: [UTF8Key: Int]) throws(FileError) {
    self.ids = ids
    unknown = try file.unknownWord(ids)
  }

  /// The id of a word, which is UTF-8.
  func encode(_ word: [UInt8]) throws(FileError) -> [Int] {
    if let id = ids[UTF8Key(word)] { return [id] }
    return [try unknown.id(for: word)]
  }
}
