internal import Base

/// A token of a vocabulary and its id.
struct VocabularyEntry {
  let key: UTF8Key
  let id: Int
  /// Whether it is one of `added_tokens`.
  let isAdded: Bool

  /// A token of `model.vocab`.
  init(key: UTF8Key, id: Int) { (self.key, self.id, isAdded) = (key, id, false) }

  /// One of `added_tokens`.
  init(_ token: AddedToken) { (key, id, isAdded) = (UTF8Key(token.content), token.id, true) }

  /// Where the file has it, for errors.
  var field: String {
    (isAdded ? "added_tokens." : "model.vocab.") + String(decoding: key.utf8, as: UTF8.self)
  }
}

/// The fields of a `tokenizer.json`, each checked as it is read.
struct TokenizerFile {
  let root: JSONField
  let model: JSONField
  /// What makes ids of a word.
  let kind: TokenModel.Kind

  private static let sizeLimit = 64 << 20

  init(path: String) throws(FileError) {
    let root = try JSONField(reading: path, limit: Self.sizeLimit)
    // Keras and others call their own tokenizers so.
    guard root.value["model"] != nil else {
      throw .foreignTokenizer(file: path, fields: try root.fields().map(\.key))
    }
    try self.init(root)
  }

  /// The whole of a `tokenizer.json`, or what stands for one.
  init(_ root: JSONField) throws(FileError) {
    self.root = root
    model = try root.required("model")
    kind = try Self.kind(of: model)
    try requireSupported()
  }

  /// A stage that reads itself; nil where the file has none.
  func stage<Stage>(
    _ name: String, _ read: (JSONField) throws(FileError) -> Stage
  ) throws(FileError) -> Stage? {
    guard let field = try root.optional(name) else { return nil }
    return try read(field)
  }

  /// The model's type; old files do not name it, and are known by their fields.
  private static func kind(of model: JSONField) throws(FileError) -> TokenModel.Kind {
    let fields = try model.fields()
    guard model.value["type"] == nil else {
      let name = try model.stageType()
      guard let kind = TokenModel.Kind(rawValue: name) else {
        throw model.unsupportedType(TokenModel.Kind.allCases.map(\.rawValue))
      }
      return kind
    }
    let names = Set(fields.map { UTF8Key($0.key) })
    if names.contains(UTF8Key("merges")) { return .bytePair }
    if names.contains(UTF8Key("max_input_chars_per_word")) { return .wordPiece }
    return model.value["vocab"]?.elements == nil ? .wordLevel : .unigram
  }

  /// Refuses what no stage reads and this program does not have, before anything is encoded wrongly.
  ///
  /// `truncation` and `padding` are for batches; a run takes the whole text, as Hugging Face's models are run.
  private func requireSupported() throws(FileError) {
    guard kind == .bytePair else { return }
    for option in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      guard let field = try model.optional(option) else { continue }
      guard field.value.string == "" || field.value.number == 0 else {
        throw field.unsupported(["null"])
      }
    }
  }

  /// A field of the model that is true or false; false where it is not there.
  func modelFlag(_ name: String) throws(FileError) -> Bool { try model.flag(name) }

  /// `model.vocab`: one id for each token, one token for each id; in a list, a token's place is its id.
  func vocabulary() throws(FileError) -> [VocabularyEntry] {
    guard kind != .unigram else { return try listedVocabulary() }
    let field = try model.required("vocab")
    let fields = try field.fields()
    var entries: [VocabularyEntry] = []
    entries.reserveCapacity(fields.count)
    var seen = Set<Int>(minimumCapacity: fields.count)
    for (key, value) in fields {
      guard let id = value.integer, id >= 0 else {
        throw bad("model.vocab.\(key)", value.summary, .tokenID)
      }
      guard seen.insert(id).inserted else { throw bad("model.vocab.\(key)", "\(id)", .unusedID) }
      entries.append(VocabularyEntry(key: UTF8Key(key), id: id))
    }
    return entries
  }

  func bad(
    _ field: String, _ value: String, _ expected: Expectation
  ) -> FileError {
    .badField(file: root.file, field: field, value: value, expected: expected)
  }

  /// `added_tokens`; those that `model.vocab` has not get the next ids in their order.
  func addedTokens(_ ids: [UTF8Key: Int]) throws(FileError) -> [AddedToken] {
    guard let field = try root.optional("added_tokens") else { return [] }
    var tokens: [AddedToken] = []
    var known: [UTF8Key: Int] = [:]
    var next = ids.count
    for element in try field.elements() {
      guard let id = element.value["id"]?.integer, id >= 0,
        let content = element.value["content"]?.string
      else { throw bad("added_tokens", element.value.summary, .addedToken) }
      let key = UTF8Key(content)
      if let other = ids[key] ?? known[key] {
        guard other == id else {
          throw bad("added_tokens", "\(content) = \(id)", .vocabularyToken)
        }
      } else if !content.isEmpty {
        // `tokenizers` counts on, whatever the file says: two answers, so neither is taken.
        guard id == next else { throw bad("added_tokens", "\(content) = \(id)", .idInOrder(next)) }
        next += 1
      }
      known[key] = id
      tokens.append(
        AddedToken(
          id: id, content: content, isNormalized: try element.flag("normalized"),
          stripsLeft: try element.flag("lstrip"), stripsRight: try element.flag("rstrip"),
          isSingleWord: try element.flag("single_word")))
    }
    return tokens
  }

  /// The UTF-8 of every token by its id.
  func tokens(_ entries: [VocabularyEntry]) throws(FileError) -> [[UInt8]?] {
    guard let highest = entries.max(by: { $0.id < $1.id }) else { return [] }
    // Real vocabularies have few gaps; an id out of all proportion would be an allocation on a file's word.
    guard highest.id < 2 * entries.count + 1024 else {
      throw bad(highest.field, "\(highest.id)", .denseIDs(tokens: entries.count))
    }
    var tokens = [[UInt8]?](repeating: nil, count: highest.id + 1)
    for entry in entries {
      if let other = tokens[entry.id], other != entry.key.utf8 {
        throw bad(entry.field, "\(entry.id)", .unusedID)
      }
      tokens[entry.id] = entry.key.utf8
    }
    return tokens
  }

  /// The errors that texts deserve which use a token that the model, with `size` ids, has no row for; by id.
  func errors(_ entries: [VocabularyEntry], from size: Int?) -> [Int: FileError] {
    guard let size else { return [:] }
    return Dictionary(
      entries.filter { $0.id >= size }.map { ($0.id, bad($0.field, "\($0.id)", .idBelow(size))) }
    ) { first, _ in first }
  }
}
