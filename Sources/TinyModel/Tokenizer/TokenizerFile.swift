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
  let path: String
  /// Whether tokens such as `<0xE4>` stand for a byte of the text.
  let decodesBytes: Bool
  private let root: JSON
  private let model: JSON

  private static let sizeLimit = 64 << 20

  init(path: String) throws(CheckpointError) {
    self.path = path
    root = try JSON.parse(RegularFile(path).allBytes(limit: Self.sizeLimit), file: path)
    model = .object(try root.requiredFields("model", file: path))
    let decoders = Self.decoders(root["decoder"])
    decodesBytes = decoders?.contains("ByteFallback") ?? true
    try requireSupported()
  }

  /// The names of the decoders, a sequence taken apart; nil where the file has none.
  private static func decoders(_ value: JSON?) -> [String]? {
    guard let value, !value.isNull else { return nil }
    let parts = value["type"]?.string == "Sequence" ? value["decoders"]?.elements : [value]
    return (parts ?? [.null]).map { $0["type"]?.string ?? "" }
  }

  /// Refuses every stage that this program does not have, before anything is encoded wrongly.
  private func requireSupported() throws(CheckpointError) {
    guard let type = model["type"]?.string, type == "BPE" else {
      throw unsupported("model.type", model["type"], supported: ["\"BPE\""])
    }
    for stage in ["truncation", "padding", "normalizer", "pre_tokenizer", "post_processor"] {
      if let value = root[stage], !value.isNull {
        throw unsupported(stage, value["type"] ?? value, supported: ["null"])
      }
    }
    for name in Self.decoders(root["decoder"]) ?? []
    where name != "ByteFallback" && name != "Fuse" {
      throw .unsupported(
        file: path, field: "decoder", value: JSON.string(name).summary,
        supported: ["\"ByteFallback\"", "\"Fuse\""])
    }
    for option in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      guard let value = model[option], !value.isNull, value.string != "" else { continue }
      throw unsupported("model.\(option)", value, supported: ["null"])
    }
    for option in ["ignore_merges", "fuse_unk"] where try flag(option, of: model, in: "model") {
      throw unsupported("model.\(option)", model[option], supported: ["false"])
    }
  }

  /// A field that is true or false, or not there.
  private func flag(
    _ name: String, of object: JSON, in field: String
  ) throws(CheckpointError) -> Bool {
    guard let value = object[name], !value.isNull else { return false }
    guard case .boolean(let flag) = value else {
      throw .badField(
        file: path, field: "\(field).\(name)", value: value.summary, expected: .boolean)
    }
    return flag
  }

  private func unsupported(_ field: String, _ value: JSON?, supported: [String]) -> CheckpointError
  {
    .unsupported(
      file: path, field: field, value: value?.summary ?? "(none)", supported: supported)
  }

  /// `model.vocab`: one id for each token, one token for each id.
  func vocabulary() throws(CheckpointError) -> [VocabularyEntry] {
    let fields = try required("vocab", \.fields, expected: .object)
    var entries: [VocabularyEntry] = []
    var seen: Set<Int> = []
    for (key, value) in fields {
      guard let id = value.integer, id >= 0 else {
        throw .badField(
          file: path, field: "model.vocab.\(key)", value: value.summary, expected: .tokenID)
      }
      guard seen.insert(id).inserted else {
        throw .badField(
          file: path, field: "model.vocab.\(key)", value: "\(id)", expected: .unusedID)
      }
      entries.append(VocabularyEntry(key: UTF8Key(key), id: id))
    }
    return entries
  }

  /// A field of the model that must be there.
  private func required<Value>(
    _ name: String, _ read: (JSON) -> Value?, expected: CheckpointError.Expectation
  ) throws(CheckpointError) -> Value {
    guard let value = model[name] else {
      throw .missingField(file: path, field: "model.\(name)")
    }
    guard let result = read(value) else {
      throw .badField(
        file: path, field: "model.\(name)", value: value.summary, expected: expected)
    }
    return result
  }

  /// `added_tokens`, which are matched in the text as they stand.
  func addedTokens(_ ids: [UTF8Key: Int]) throws(CheckpointError) -> [AddedToken] {
    guard let values = root["added_tokens"], !values.isNull else { return [] }
    guard let elements = values.elements else {
      throw .badField(file: path, field: "added_tokens", value: values.summary, expected: .list)
    }
    var tokens: [AddedToken] = []
    for element in elements {
      guard let id = element["id"]?.integer, id >= 0, let content = element["content"]?.string
      else {
        throw .badField(
          file: path, field: "added_tokens", value: element.summary, expected: .addedToken)
      }
      if let known = ids[UTF8Key(content)], known != id {
        throw .badField(
          file: path, field: "added_tokens", value: "\(content) = \(id)",
          expected: .vocabularyToken)
      }
      for option in ["lstrip", "rstrip", "single_word"]
      where try flag(option, of: element, in: "added_tokens") {
        throw unsupported("added_tokens.\(option)", element[option], supported: ["false"])
      }
      let isNormalized = try flag("normalized", of: element, in: "added_tokens")
      tokens.append(AddedToken(id: id, content: content, isNormalized: isNormalized))
    }
    return tokens
  }

  /// The ids of the 256 byte tokens; nil without byte fallback.
  func byteFallback(_ ids: [UTF8Key: Int]) throws(CheckpointError) -> [Int]? {
    guard try flag("byte_fallback", of: model, in: "model") else { return nil }
    var bytes: [Int] = []
    for byte in 0..<256 {
      let digits = String(byte, radix: 16, uppercase: true)
      let name = "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
      guard let id = ids[UTF8Key(name)] else {
        throw .missingField(file: path, field: "model.vocab.\(name)")
      }
      bytes.append(id)
    }
    return bytes
  }

  /// The id that stands for a character without a token.
  func unknownToken(_ ids: [UTF8Key: Int]) throws(CheckpointError) -> Int? {
    guard let value = model["unk_token"], !value.isNull else { return nil }
    guard let name = value.string, let id = ids[UTF8Key(name)] else {
      throw .badField(
        file: path, field: "model.unk_token", value: value.summary, expected: .vocabularyToken)
    }
    return id
  }

  /// `model.merges`, as pairs or as older files write them, with a blank between.
  func merges(_ ids: [UTF8Key: Int]) throws(CheckpointError) -> MergeTable {
    var merges: [MergeTable.Pair: MergeTable.Merge] = [:]
    let elements = try required("merges", \.elements, expected: .list)
    for (rank, value) in elements.enumerated() {
      let parts = Self.parts(ofMerge: value)
      guard parts.count == 2, let left = ids[UTF8Key(parts[0])], let right = ids[UTF8Key(parts[1])],
        let result = ids[UTF8Key(parts[0] + parts[1])]
      else {
        throw .badField(
          file: path, field: "model.merges[\(rank)]", value: value.summary, expected: .merge)
      }
      merges[MergeTable.Pair(left: left, right: right)] = MergeTable.Merge(
        rank: rank, result: result)
    }
    return MergeTable(merges: merges)
  }

  /// The UTF-8 of what a merge joins; other than two parts where it is none.
  private static func parts(ofMerge value: JSON) -> [[UInt8]] {
    if let elements = value.elements {
      let strings = elements.compactMap(\.string)
      return strings.count == elements.count ? strings.map { Array($0.utf8) } : []
    }
    return (value.string ?? "").utf8
      .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
  }
}
