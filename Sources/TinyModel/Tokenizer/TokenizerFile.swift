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
  private let root: JSONField
  private let model: JSONField

  private static let sizeLimit = 64 << 20

  init(path: String) throws(FileError) {
    root = try JSONField(reading: path, limit: Self.sizeLimit)
    // Keras and others call their own tokenizers so.
    guard root.value["model"] != nil else {
      throw .foreignTokenizer(file: path, fields: try root.fields().map(\.key))
    }
    model = try root.required("model")
    try model.fields()
    try requireSupported()
  }

  /// A stage that reads itself; nil where the file has none.
  func stage<Stage>(
    _ name: String, _ read: (JSONField) throws(FileError) -> Stage
  ) throws(FileError) -> Stage? {
    guard let field = try root.optional(name) else { return nil }
    return try read(field)
  }

  /// Refuses what no stage reads and this program does not have, before anything is encoded wrongly.
  private func requireSupported() throws(FileError) {
    // Old files of GPT-2 do not name the model's type.
    if model.value["type"] != nil || model.value["merges"] == nil {
      guard try model.stageType() == "BPE" else { throw model.unsupportedType(["BPE"]) }
    }
    for stage in ["truncation", "padding"] {
      if let field = try root.optional(stage) { throw field.unsupported(["null"]) }
    }
    for option in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      guard let field = try model.optional(option) else { continue }
      guard field.value.string == "" || field.value.number == 0 else {
        throw field.unsupported(["null"])
      }
    }
  }

  /// A field of the model that is true or false; false where it is not there.
  func modelFlag(_ name: String) throws(FileError) -> Bool { try model.flag(name) }

  /// `model.vocab`: one id for each token, one token for each id.
  func vocabulary() throws(FileError) -> [VocabularyEntry] {
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

  private func bad(
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

  /// The UTF-8 of every token by its id; ids must be below `size`.
  func tokens(
    _ vocabulary: [VocabularyEntry], _ added: [AddedToken], below size: Int?
  ) throws(FileError) -> [[UInt8]?] {
    let entries = vocabulary + added.map(VocabularyEntry.init)
    try check(entries, below: size)
    let highest = entries.map(\.id).max() ?? -1
    var tokens = [[UInt8]?](repeating: nil, count: highest + 1)
    for entry in entries {
      if let other = tokens[entry.id], other != entry.key.utf8 {
        throw bad(entry.field, "\(entry.id)", .unusedID)
      }
      tokens[entry.id] = entry.key.utf8
    }
    return tokens
  }

  /// Refuses ids that the model has no row for, or that would make a table out of all proportion.
  private func check(
    _ entries: [VocabularyEntry], below size: Int?
  ) throws(FileError) {
    guard let highest = entries.max(by: { $0.id < $1.id }) else { return }
    if let size, highest.id >= size { throw bad(highest.field, "\(highest.id)", .idBelow(size)) }
    // Real vocabularies have few gaps; an id out of all proportion would be an allocation on a file's word.
    guard highest.id < 2 * entries.count + 1024 else {
      throw bad(highest.field, "\(highest.id)", .denseIDs(tokens: entries.count))
    }
  }

  /// The ids of the 256 byte tokens; nil without byte fallback.
  func byteFallback(_ ids: [UTF8Key: Int]) throws(FileError) -> [Int]? {
    guard try model.flag("byte_fallback") else { return nil }
    var bytes: [Int] = []
    for byte in UInt8.min...UInt8.max {
      let name = Tokenizer.name(of: byte)
      guard let id = ids[UTF8Key(name)] else {
        throw .missingField(file: root.file, field: "model.vocab.\(name)")
      }
      bytes.append(id)
    }
    return bytes
  }

  /// The id that stands for a character without a token.
  func unknownToken(_ ids: [UTF8Key: Int]) throws(FileError) -> Int? {
    guard let field = try model.optional("unk_token") else { return nil }
    guard let name = field.value.string, let id = ids[UTF8Key(name)] else {
      throw field.mustBe(.vocabularyToken)
    }
    return id
  }

  /// `model.merges`, as pairs or as older files write them, with a blank between.
  func merges(_ ids: [UTF8Key: Int]) throws(FileError) -> MergeTable {
    let field = try model.required("merges")
    guard let elements = field.value.elements else { throw field.mustBe(.list) }
    var merges = [MergeTable.Pair: MergeTable.Merge](minimumCapacity: elements.count)
    for (rank, value) in elements.enumerated() {
      guard let (left, right) = Self.parts(ofMerge: value), let leftID = ids[UTF8Key(left)],
        let rightID = ids[UTF8Key(right)], let result = ids[UTF8Key(left + right)]
      else { throw bad("model.merges[\(rank)]", value.summary, .merge) }
      merges[MergeTable.Pair(left: leftID, right: rightID)] = MergeTable.Merge(
        rank: rank, result: result)
    }
    return MergeTable(merges: merges)
  }

  /// The UTF-8 of the two tokens that a merge joins; nil where it is none.
  private static func parts(ofMerge value: JSON) -> (left: [UInt8], right: [UInt8])? {
    switch value {
    case .array(let pair):
      guard pair.count == 2, let left = pair[0].string, let right = pair[1].string else {
        return nil
      }
      return (Array(left.utf8), Array(right.utf8))
    case .string(let text):
      let utf8 = Array(text.utf8)
      guard let blank = utf8.firstIndex(of: UInt8(ascii: " ")),
        !utf8[(blank + 1)...].contains(UInt8(ascii: " "))
      else { return nil }
      return (Array(utf8[..<blank]), Array(utf8[(blank + 1)...]))
    default: return nil
    }
  }
}
