internal import Base

/// What makes ids of a word.
///
/// Source: `models` of huggingface/tokenizers. A new one is a case here.
enum TokenModel: Sendable {
  case bytePair(BytePairModel)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)
  case unigram(UnigramModel)

  /// What a file calls it.
  enum Kind: String, CaseIterable {
    case bytePair = "BPE"
    case wordPiece = "WordPiece"
    case wordLevel = "WordLevel"
    case unigram = "Unigram"
  }

  init(_ file: TokenizerFile, ids: [UTF8Key: Int]) throws(FileError) {
    self =
      switch file.kind {
      case .bytePair: .bytePair(try BytePairModel(file, ids: ids))
      case .wordPiece: .wordPiece(try WordPieceModel(file, ids: ids))
      case .wordLevel: .wordLevel(try WordLevelModel(file, ids: ids))
      case .unigram: .unigram(try UnigramModel(file, ids: ids))
      }
  }

  /// The ids of a word, which is UTF-8.
  func encode(_ word: [UInt8]) throws(FileError) -> [Int] {
    switch self {
    case .bytePair(let model): model.encode(word)
    case .wordPiece(let model): try model.encode(word)
    case .wordLevel(let model): try model.encode(word)
    case .unigram(let model): try model.encode(word)
    }
  }
}

/// The token that stands for what has none.
struct UnknownToken: Sendable {
  /// Its id; nil where the file has no such token: then a text that needs it cannot be encoded.
  let id: Int?
  let file: String

  /// The id for `part` of a text.
  func id(for part: some Collection<UInt8>) throws(FileError) -> Int {
    guard let id else { throw .noToken(file: file, text: String(decoding: part, as: UTF8.self)) }
    return id
  }
}
