public import Base

/// A `tokenizer.json` as Hugging Face's `tokenizers` reads it, or a `vocab.txt` as its `BertTokenizer` does.
///
///     let tokenizer = try Tokenizer(path: "models/tiny-zh/tokenizer.json")
///     try tokenizer.encode("中华")  // one id a 汉字
///
/// A text is split at added tokens, normalized, split into words, each word is encoded, and the post-processor puts
/// its tokens around. Keys are compared by bytes, so that é and e with a combining accent stay two tokens.
public struct Tokenizer: Sendable {
  /// The UTF-8 of each token as decoders get it, by id; nil where the ids have a gap.
  private let tokens: [[UInt8]?]
  /// Errors for the ids that the model has no row for: texts that do not use them can still be encoded.
  private let beyondModel: [Int: FileError]
  private let model: TokenModel
  /// Added tokens that are looked for in the text as it is, and in normalized text.
  private let added: (inText: AddedTokens, inNormalized: AddedTokens)
  private let normalizer: Normalizer?
  private let preTokenizer: PreTokenizer?
  private let postProcessor: PostProcessor
  private let decoders: [Decoder]

  /// How many ids there are, gaps included.
  public var count: Int { tokens.count }

  /// Whether every id is the same token for both.
  public func hasSameTokens(as other: Tokenizer) -> Bool { tokens == other.tokens }

  /// Reads and checks a `tokenizer.json`.
  public init(path: String) throws(FileError) {
    try self.init(path: path, vocabulary: nil)
  }

  /// Reads the tokenizer of a model's folder: its `tokenizer.json`, or where there is none its `vocab.txt`.
  public init(folder: String, vocabulary size: Int?) throws(FileError) {
    let path = folder + "/tokenizer.json"
    let isBert = PathKind(path) == .nothing && PathKind(folder + "/vocab.txt") != .nothing
    try self.init(
      isBert ? BertVocabulary(folder: folder).file() : TokenizerFile(path: path), vocabulary: size)
  }

  /// Reads and checks a `tokenizer.json`; texts may use those of its ids that are below `vocabulary`.
  public init(path: String, vocabulary size: Int?) throws(FileError) {
    try self.init(TokenizerFile(path: path), vocabulary: size)
  }

  init(_ file: TokenizerFile, vocabulary size: Int?) throws(FileError) {
    normalizer = try file.stage("normalizer", Normalizer.init)
    preTokenizer = try file.stage("pre_tokenizer", PreTokenizer.init)
    // Byte tokens are what a file without decoder and pre-tokenizer can still have.
    decoders =
      try file.stage("decoder", Decoder.stages) ?? preTokenizer?.inverse ?? [.byteFallback, .fuse]
    let vocabulary = try file.vocabulary()
    var ids = [UTF8Key: Int](minimumCapacity: vocabulary.count)
    for entry in vocabulary { ids[entry.key] = entry.id }
    let added = try file.addedTokens(ids)
    let entries = vocabulary + added.map(VocabularyEntry.init)
    var tokens = try file.tokens(entries)
    self.added = try Self.added(added, normalizer, &tokens)
    self.tokens = tokens
    beyondModel = file.errors(entries, from: size)
    postProcessor =
      try file.stage("post_processor") { field throws(FileError) in
        try PostProcessor(field) { tokens.indices.contains($0) && tokens[$0] != nil }
      } ?? PostProcessor()
    model = try TokenModel(file, ids: ids)
  }

  /// Sorts the added tokens by where they are looked for; those of normalized text are normalized themselves.
  private static func added(
    _ added: [AddedToken], _ normalizer: Normalizer?, _ tokens: inout [[UInt8]?]
  ) throws(FileError) -> (AddedTokens, AddedTokens) {
    var (inText, inNormalized): ([(AddedToken, [UInt8])], [(AddedToken, [UInt8])]) = ([], [])
    for token in added {
      let content = Array(token.content.utf8)
      guard token.isNormalized else {
        inText.append((token, content))
        continue
      }
      let normalized = try normalizer?.apply(to: content) ?? content
      inNormalized.append((token, normalized))
      tokens[token.id] = normalized
    }
    return (AddedTokens(inText), AddedTokens(inNormalized))
  }

  /// The ids of `text`, those of the post-processor around them.
  public func encode(_ text: String) throws(FileError) -> [Int] {
    let text = Array(text.utf8)
    var ids: [Int] = []
    for piece in added.inText.split(text) {
      switch piece {
      case .added(let id): ids.append(id)
      case .text(let range):
        try encode(Word(bytes: Array(text[range]), isAtStart: range.lowerBound == 0), &ids)
      }
    }
    ids = postProcessor.apply(to: ids)
    for id in ids {
      if let error = beyondModel[id] { throw error }
    }
    return ids
  }

  /// Appends the ids of a part of the text that has no added tokens but those of normalized text.
  private func encode(_ part: Word, _ ids: inout [Int]) throws(FileError) {
    let text = try normalizer?.apply(to: part.bytes) ?? part.bytes
    for piece in added.inNormalized.split(text) {
      switch piece {
      case .added(let id): ids.append(id)
      case .text(let range):
        let isAtStart = part.isAtStart && range.lowerBound == 0
        let part = [Word(bytes: Array(text[range]), isAtStart: isAtStart)]
        for word in try preTokenizer?.apply(to: part) ?? part {
          ids += try model.encode(word.bytes)
        }
      }
    }
  }

  /// What a token adds to the text; bytes that are no character alone as `<0xE4>`.
  public func text(of id: Int) -> String {
    guard tokens.indices.contains(id), var bytes = tokens[id] else { return "<\(id)>" }
    for decoder in decoders {
      bytes = decoder.addition(of: bytes)
      if decoder.joinsAll { break }
    }
    return Self.spelled(bytes)
  }

  /// Characters as they are, and every byte that belongs to none by its number.
  private static func spelled(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var rest = bytes[...]
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    while !rest.isEmpty {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        text.unicodeScalars.append(Unicode.UTF8.decode(encoded))
        rest = rest.dropFirst(encoded.count)
      case .error(let length):
        for byte in rest.prefix(length) { text += name(of: byte) }
        rest = rest.dropFirst(length)
      case .emptyInput: rest = []
      }
    }
    return text
  }

  /// `<0xE4>`, as byte tokens are written.
  static func name(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
  }

  /// The text of a sequence; ids without a token add nothing, bytes that form no character are U+FFFD.
  public func decode(_ ids: [Int]) -> String {
    var sequence = ids.compactMap { tokens.indices.contains($0) ? tokens[$0] : nil }
    for decoder in decoders { sequence = decoder.apply(to: sequence) }
    return sequence.map { String(decoding: $0, as: UTF8.self) }.joined()
  }
}
