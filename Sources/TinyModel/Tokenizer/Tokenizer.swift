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
  private let ids: [Bytes: Int]
  private let byteFallback: [Int]?
  private let unknown: Int?
  private let merges: MergeTable
  private let added: AddedTokens

  /// A token's bytes and what they are.
  struct Token: Sendable {
    let bytes: [UInt8]
    /// A token `<0xNN>`, which stands for one byte.
    let isByte: Bool
  }

  /// UTF-8 as a dictionary's key.
  struct Bytes: Hashable, Sendable {
    let utf8: [UInt8]

    init(_ text: some StringProtocol) { utf8 = Array(text.utf8) }
    init(_ bytes: [UInt8]) { utf8 = bytes }
  }

  /// How many ids there are, gaps included.
  public var count: Int { tokens.count }

  /// Reads and checks a `tokenizer.json`.
  ///
  /// - Parameter path: the file.
  public init(path: String) throws(CheckpointError) {
    let file = try TokenizerFile(path: path)
    let vocabulary = try file.vocabulary()
    let added = try file.addedTokens()
    var ids: [Bytes: Int] = [:]
    for entry in vocabulary { ids[entry.key] = entry.id }
    self.ids = ids
    tokens = try Self.tokens(vocabulary, added, path: path)
    byteFallback = try file.byteFallback(ids)
    unknown = try file.unknownToken(ids)
    merges = try file.merges(ids)
    self.added = AddedTokens(added)
  }

  private static func tokens(
    _ vocabulary: [VocabularyEntry], _ added: [AddedToken], path: String
  ) throws(CheckpointError) -> [Token?] {
    let entries = vocabulary + added.map { VocabularyEntry(key: Bytes($0.content), id: $0.id) }
    let limit = (entries.map(\.id).max() ?? -1) + 1
    // Real vocabularies have few gaps; an id out of all proportion would be an allocation on a file's word.
    guard limit <= 2 * entries.count + 1024 else {
      throw .badField(
        file: path, field: "model.vocab", value: "id \(limit - 1)",
        expected: "ids near 0…\(entries.count - 1)")
    }
    var tokens = [Token?](repeating: nil, count: limit)
    for entry in entries {
      let byte = byteValue(of: entry.key.utf8)
      let token = Token(bytes: byte.map { [$0] } ?? entry.key.utf8, isByte: byte != nil)
      if let other = tokens[entry.id], other.bytes != token.bytes {
        throw .badField(
          file: path, field: "model.vocab", value: "id \(entry.id) twice",
          expected: "one token for each id")
      }
      tokens[entry.id] = token
    }
    return tokens
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
  private func symbols(of utf8: [UInt8]) -> [Int] {
    String(decoding: utf8, as: UTF8.self).unicodeScalars.flatMap { scalar -> [Int] in
      let bytes = Array(String(scalar).utf8)
      if let id = ids[Bytes(bytes)] { return [id] }
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

  /// The text of a sequence: bytes of neighbouring tokens join to characters, what is left over is U+FFFD.
  public func decode(_ ids: [Int]) -> String {
    let bytes = ids.flatMap { tokens.indices.contains($0) ? tokens[$0]?.bytes ?? [] : [] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
