internal import Base

/// A `vocab.txt`, a token a line, as `BertTokenizer` reads it.
///
/// It becomes the `tokenizer.json` that it stands for; `tokenizer_config.json`, `special_tokens_map.json` and
/// `added_tokens.json` may lie beside it.
///
/// Source: `BertTokenizer` of huggingface/transformers.
struct BertVocabulary {
  /// The largest vocabularies have some 250,000 lines.
  private static let sizeLimit = 16 << 20
  /// The names of special tokens, in the order in which new ones get ids, each with what it is by default.
  private static let specialTokens = [
    ("bos_token", nil), ("eos_token", nil), ("unk_token", "[UNK]"), ("sep_token", "[SEP]"),
    ("pad_token", "[PAD]"), ("cls_token", "[CLS]"), ("mask_token", "[MASK]"),
  ]
  /// Classes that read such a file in the same way.
  private static let classes = [
    "BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast",
    "ElectraTokenizer", "ElectraTokenizerFast",
  ]

  private let path: String
  private let configuration: JSONField
  private let map: JSONField
  /// Tokens and ids; a token that stands twice has the later id.
  private var ids: [UTF8Key: Int] = [:]
  /// What `added_tokens` holds, in the order of ids.
  private var added: [JSON] = []
  private var addedIDs: [UTF8Key: Int] = [:]

  /// Reads the `vocab.txt` of `folder`.
  init(folder: String) throws(FileError) {
    path = folder + "/vocab.txt"
    configuration = try Self.optionalFile(folder + "/tokenizer_config.json")
    map = try Self.optionalFile(folder + "/special_tokens_map.json")
    try configuration.requireOneOf(Self.classes, at: "tokenizer_class")
    try readLines()
    try addNumbered(configuration.optionalObject("added_tokens_decoder"))
    try addNamed(Self.optionalFile(folder + "/added_tokens.json"))
    for (name, standard) in Self.specialTokens {
      if let token = try special(name, standard) { add(token) }
    }
    for key in ["additional_special_tokens", "extra_special_tokens"] {
      guard let tokens = try named(key) else { continue }
      for token in try tokens.elements() { add(try Self.token(token)) }
    }
  }

  /// An object that a file is, or an empty one where there is no file.
  private static func optionalFile(_ path: String) throws(FileError) -> JSONField {
    guard PathKind(path) != .nothing else { return JSONField(file: path, value: .object([])) }
    let field = try JSONField(reading: path, limit: sizeLimit)
    try field.fields()
    return field
  }

  private mutating func readLines() throws(FileError) {
    let bytes = try RegularFile(path).allBytes(limit: Self.sizeLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badField(file: path, field: "vocab.txt", value: "bytes", expected: .utf8)
    }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (id, line) in lines.enumerated() {
      var line = line
      while line.last?.properties.isWhitespace == true { line.removeLast() }
      ids[UTF8Key(Substring(line))] = id
    }
  }

  // MARK: Added tokens

  /// A token as `added_tokens` of a `tokenizer.json` has it, but for its id.
  private struct Token {
    let content: String
    var flags: [(key: String, value: JSON)] = [
      ("single_word", .boolean(false)), ("lstrip", .boolean(false)), ("rstrip", .boolean(false)),
      ("normalized", .boolean(false)), ("special", .boolean(true)),
    ]
  }

  /// A token that stands there as a text, or as an object with flags.
  private static func token(_ field: JSONField) throws(FileError) -> Token {
    if let content = field.value.string { return Token(content: content) }
    var token = Token(content: try field.required("content").text())
    for place in token.flags.indices.dropLast() {
      token.flags[place].value = .boolean(try field.flag(token.flags[place].key))
    }
    return token
  }

  /// A field of one of the files beside the vocabulary.
  private func named(_ key: String) throws(FileError) -> JSONField? {
    if let field = try configuration.optional(key) { return field }
    return try map.optional(key)
  }

  /// A special token; nil where there is none of that name.
  private func special(_ name: String, _ standard: String?) throws(FileError) -> Token? {
    if let field = try named(name) { return try Self.token(field) }
    return configuration.has(name) ? nil : standard.map { Token(content: $0) }
  }

  /// Adds a token that is not there yet, with the id of the vocabulary or the next one behind.
  private mutating func add(_ token: Token, id: Int? = nil) {
    let key = UTF8Key(token.content)
    guard addedIDs[key] == nil else { return }
    let next = ids.count + addedIDs.keys.count { ids[$0] == nil }
    let id = id ?? ids[key] ?? next
    addedIDs[key] = id
    added.append(
      .object([("id", .integer(id)), ("content", .string(token.content))] + token.flags))
  }

  /// Adds tokens by id, as `added_tokens_decoder` has them.
  private mutating func addNumbered(_ field: JSONField?) throws(FileError) {
    guard let field else { return }
    var tokens: [(id: Int, token: Token)] = []
    for (key, value) in try field.fields() {
      let field = field.child(value, key)
      guard let id = Int(key), id >= 0 else { throw field.mustBe(.addedToken) }
      tokens.append((id, try Self.token(field)))
    }
    for (id, token) in tokens.sorted(by: { $0.id < $1.id }) { add(token, id: id) }
  }

  /// Adds tokens with their ids, as `added_tokens.json` has them; they are looked for in normalized text.
  private mutating func addNamed(_ field: JSONField) throws(FileError) {
    var tokens: [(id: Int, token: Token)] = []
    for (key, value) in try field.fields() {
      guard let id = value.integer, id >= 0 else { throw field.child(value, key).mustBe(.tokenID) }
      var token = Token(content: key)
      token.flags[3].value = .boolean(true)
      tokens.append((id, token))
    }
    for (id, token) in tokens.sorted(by: { $0.id < $1.id }) { add(token, id: id) }
  }

  // MARK: The file that it stands for

  /// What Hugging Face would save as `tokenizer.json`.
  func file() throws(FileError) -> TokenizerFile {
    let unknown = try special("unk_token", "[UNK]")?.content ?? ""
    let vocabulary = ids.map {
      (key: String(decoding: $0.key.utf8, as: UTF8.self), value: JSON.integer($0.value))
    }
    let model: [(key: String, value: JSON)] = [
      ("type", .string("WordPiece")), ("unk_token", .string(unknown)),
      ("continuing_subword_prefix", .string("##")), ("max_input_chars_per_word", .integer(100)),
      ("vocab", .object(vocabulary)),
    ]
    let decoder: [(key: String, value: JSON)] = [
      ("type", .string("WordPiece")), ("prefix", .string("##")), ("cleanup", .boolean(true)),
    ]
    return try TokenizerFile(
      JSONField(
        file: path,
        value: .object([
          ("model", .object(model)), ("added_tokens", .array(added)),
          ("normalizer", .object(try normalizer())),
          ("pre_tokenizer", .object([("type", .string("BertPreTokenizer"))])),
          ("post_processor", .object(try postProcessor())), ("decoder", .object(decoder)),
        ])))
  }

  private func normalizer() throws(FileError) -> [(key: String, value: JSON)] {
    let lowercases = try configuration.flag("do_lower_case", default: true)
    return [
      ("type", .string("BertNormalizer")), ("clean_text", .boolean(true)),
      (
        "handle_chinese_chars",
        .boolean(try configuration.flag("tokenize_chinese_chars", default: true))
      ),
      (
        "strip_accents",
        .boolean(try configuration.flag("strip_accents", default: lowercases))
      ),
      ("lowercase", .boolean(lowercases)),
    ]
  }

  /// `[CLS]` in front and `[SEP]` behind, or what the files name in their places.
  private func postProcessor() throws(FileError) -> [(key: String, value: JSON)] {
    func pair(_ name: String, _ standard: String) throws(FileError) -> JSON {
      guard let token = try special(name, standard), let id = addedIDs[UTF8Key(token.content)]
      else {
        throw configuration.unsupported(name, "null", ["\"\(standard)\""])
      }
      return .array([.string(token.content), .integer(id)])
    }
    return [
      ("type", .string("BertProcessing")), ("cls", try pair("cls_token", "[CLS]")),
      ("sep", try pair("sep_token", "[SEP]")),
    ]
  }
}
