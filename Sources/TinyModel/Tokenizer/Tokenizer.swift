/// A `tokenizer.json` as Hugging Face's `tokenizers` reads it: byte-pair encoding with byte fallback.
///
///     let tokenizer = try Tokenizer(path: "models/tiny-zh/tokenizer.json")
///     tokenizer.encode("中华")  // one id a 汉字
///
/// Source: the BPE model of huggingface/tokenizers. Keys are compared by bytes, so that é and e with a
/// combining accent stay two tokens.
public struct Tokenizer: Sendable {
  /// The bytes of each token, by id; nil where the ids have a gap.
  let tokens: [Token?]
  private let ids: [UTF8Key: Int]
  private let byteFallback: [Int]?
  private let unknown: Int?
  private let merges: MergeTable
  private let added: AddedTokens

  /// A token's bytes and what they are.
  struct Token: Equatable, Sendable {
    let bytes: [UInt8]
    /// A token `<0xNN>`, which stands for one byte.
    let isByte: Bool
  }

  /// How many ids there are, gaps included.
  public var count: Int { tokens.count }

  /// Reads and checks a `tokenizer.json`.
  public init(path: String) throws(CheckpointError) {
    try self.init(path: path, vocabulary: nil)
  }

  /// Reads and checks a `tokenizer.json`, whose ids must be below `vocabulary`.
  init(path: String, vocabulary size: Int?) throws(CheckpointError) {
    let file = try TokenizerFile(path: path)
    let vocabulary = try file.vocabulary()
    var ids: [UTF8Key: Int] = [:]
    for entry in vocabulary { ids[entry.key] = entry.id }
    let added = try file.addedTokens(ids)
    self.ids = ids
    tokens = try Self.tokens(vocabulary, added, file: file, size: size)
    byteFallback = try file.byteFallback(ids)
    unknown = try file.unknownToken(ids)
    merges = try file.merges(ids)
    self.added = AddedTokens(added)
  }

  private static func tokens(
    _ vocabulary: [VocabularyEntry], _ added: [AddedToken], file: TokenizerFile, size: Int?
  ) throws(CheckpointError) -> [Token?] {
    let entries = vocabulary + added.map(VocabularyEntry.init)
    try check(entries, file: file, size: size)
    let highest = entries.map(\.id).max() ?? -1
    var tokens = [Token?](repeating: nil, count: highest + 1)
    for entry in entries {
      let byte = file.decodesBytes ? byteValue(of: entry.key.utf8) : nil
      let token = Token(bytes: byte.map { [$0] } ?? entry.key.utf8, isByte: byte != nil)
      if let other = tokens[entry.id], other != token {
        throw .badField(
          file: file.path, field: entry.field, value: "\(entry.id)", expected: .unusedID)
      }
      tokens[entry.id] = token
    }
    return tokens
  }

  /// Refuses ids that the model has no row for, or that would make a table out of all proportion.
  private static func check(
    _ entries: [VocabularyEntry], file: TokenizerFile, size: Int?
  ) throws(CheckpointError) {
    guard let highest = entries.max(by: { $0.id < $1.id }) else { return }
    if let size, highest.id >= size {
      throw .badField(
        file: file.path, field: highest.field, value: "\(highest.id)", expected: .idBelow(size))
    }
    // Real vocabularies have few gaps; an id out of all proportion would be an allocation on a file's word.
    guard highest.id < 2 * entries.count + 1024 else {
      throw .badField(
        file: file.path, field: highest.field, value: "\(highest.id)",
        expected: .denseIDs(tokens: entries.count))
    }
  }

  /// The byte that a token such as `<0xE4>` stands for.
  private static func byteValue(of utf8: [UInt8]) -> UInt8? {
    guard utf8.count == 6, utf8.starts(with: Array("<0x".utf8)), utf8[5] == UInt8(ascii: ">")
    else { return nil }
    return UInt8(String(decoding: utf8[3..<5], as: UTF8.self), radix: 16)
  }

  /// The ids of `text`, which is taken as it is: nothing is trimmed or normalised.
  public func encode(_ text: String) -> [Int] {
    added.split(Array(text.utf8)).flatMap { piece in
      switch piece {
      case .added(let id): [id]
      case .text(let bytes): merges.apply(to: symbols(of: bytes))
      }
    }
  }

  /// One symbol a scalar, or its bytes where the vocabulary lacks it.
  private func symbols(of utf8: ArraySlice<UInt8>) -> [Int] {
    String(decoding: utf8, as: UTF8.self).unicodeScalars.flatMap { scalar -> [Int] in
      let bytes = Array(String(scalar).utf8)
      if let id = ids[UTF8Key(bytes)] { return [id] }
      if let byteFallback { return bytes.map { byteFallback[Int($0)] } }
      return unknown.map { [$0] } ?? []
    }
  }

  /// What a token adds to the text; bytes that are no character alone as `<0xE4>`.
  public func text(of id: Int) -> String {
    guard tokens.indices.contains(id), let token = tokens[id] else { return "<\(id)>" }
    if let text = String(validating: token.bytes, as: UTF8.self) { return text }
    return token.bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
    }.joined()
  }

  /// The text of a sequence: neighbouring byte tokens join to characters, or are U+FFFD each if they do not.
  ///
  /// Source: the decoder `ByteFallback` of huggingface/tokenizers.
  public func decode(_ ids: [Int]) -> String {
    var text = ""
    var bytes: [UInt8] = []
    func flush() {
      text +=
        String(validating: bytes, as: UTF8.self)
        ?? String(repeating: "\u{FFFD}", count: bytes.count)
      bytes = []
    }
    for id in ids {
      guard tokens.indices.contains(id), let token = tokens[id] else { continue }
      if token.isByte {
        bytes += token.bytes
      } else {
        flush()
        text += String(decoding: token.bytes, as: UTF8.self)
      }
    }
    flush()
    return text
  }
}
