internal import Base

/// Byte-pair encoding of one word.
///
/// Source: the BPE model of huggingface/tokenizers.
struct BytePairModel: Sendable {
  /// The id of each token.
  let ids: [UTF8Key: Int]
  /// The ids of the tokens that are one character, by the character.
  private let characters: [UInt32: Int]
  /// The ids of the 256 byte tokens, which stand for a character without a token; nil if nothing does.
  let byteFallback: [Int]?
  /// What stands for a character without a token and without byte tokens.
  let unknown: Int?
  /// Whether one unknown token stands for neighbouring characters.
  let fusesUnknown: Bool
  /// Whether a word that is a token becomes it, whatever the merges.
  let ignoresMerges: Bool
  let merges: MergeTable

  init(_ file: TokenizerFile, ids: [UTF8Key: Int]) throws(FileError) {
    self.ids = ids
    byteFallback = try file.byteFallback(ids)
    unknown = try file.unknownToken(ids)
    fusesUnknown = try file.modelFlag("fuse_unk")
    ignoresMerges = try file.modelFlag("ignore_merges")
    merges = try file.merges(ids)
    var characters: [UInt32: Int] = [:]
    for (key, id) in ids where key.utf8.count <= 4 {
      let scalars = String(decoding: key.utf8, as: UTF8.self).unicodeScalars
      if let scalar = scalars.first, scalars.count == 1 { characters[scalar.value] = id }
    }
    self.characters = characters
  }

  /// The ids of a word, which is UTF-8.
  func encode(_ word: [UInt8]) -> [Int] {
    if ignoresMerges, let id = ids[UTF8Key(word)] { return [id] }
    return merges.apply(to: symbols(of: word))
  }

  /// One symbol a character, or its bytes where the vocabulary lacks it.
  private func symbols(of word: [UInt8]) -> [Int] {
    var symbols: [Int] = []
    symbols.reserveCapacity(word.count)
    var isBehindUnknown = false
    for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
      if let id = characters[scalar.value] {
        symbols.append(id)
        isBehindUnknown = false
      } else if let byteFallback {
        symbols += scalar.utf8.map { byteFallback[Int($0)] }
      } else if let unknown {
        if !(fusesUnknown && isBehindUnknown) { symbols.append(unknown) }
        isBehindUnknown = true
      }
    }
    return symbols
  }
}
