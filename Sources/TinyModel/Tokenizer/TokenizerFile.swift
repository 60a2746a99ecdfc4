/// A token of a vocabulary and its id.
struct VocabularyEntry {
  let key: Tokenizer.Bytes
  let id: Int
}

/// The fields of a `tokenizer.json`, each checked as it is read.
struct TokenizerFile {
  private let path: String
  private let root: JSON
  private let model: JSON

  private static let sizeLimit = 64 << 20

  init(path: String) throws(CheckpointError) {
    self.path = path
    root = try JSON.parse(RegularFile(path).allBytes(limit: Self.sizeLimit), file: path)
    guard let model = root["model"], model.fields != nil else {
      throw .missingField(file: path, field: "model")
    }
    self.model = model
    try requireSupported()
  }

  /// Refuses every stage that this program does not have, before anything is encoded wrongly.
  private func requireSupported() throws(CheckpointError) {
    guard let type = model["type"]?.string, type == "BPE" else {
      throw unsupported("model.type", model["type"], supported: "\"BPE\"")
    }
    for stage in ["normalizer", "pre_tokenizer", "post_processor"] {
      if let value = root[stage], !value.isNull {
        throw unsupported(stage, value["type"] ?? value, supported: "null")
      }
    }
    for option in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
      guard let value = model[option], !value.isNull, value.string != "" else { continue }
      throw unsupported("model.\(option)", value, supported: "null")
    }
    if case .boolean(true)? = model["ignore_merges"] {
      throw unsupported("model.ignore_merges", model["ignore_merges"], supported: "false")
    }
    if case .boolean(true)? = model["fuse_unk"] {
      throw unsupported("model.fuse_unk", model["fuse_unk"], supported: "false")
    }
  }

  private func unsupported(_ field: String, _ value: JSON?, supported: String) -> CheckpointError {
    .unsupported(
      file: path, field: field, value: value?.summary ?? "(none)", supported: supported)
  }

  /// `model.vocab`: one id for each token, one token for each id.
  func vocabulary() throws(CheckpointError) -> [VocabularyEntry] {
    guard let fields = model["vocab"]?.fields else {
      throw .missingField(file: path, field: "model.vocab")
    }
    var entries: [VocabularyEntry] = []
    var seen: Set<Int> = []
    for (key, value) in fields {
      guard let id = value.integer, id >= 0 else {
        throw .badField(
          file: path, field: "model.vocab.\(key)", value: value.summary, expected: "an id from 0")
      }
      guard seen.insert(id).inserted else {
        throw .badField(
          file: path, field: "model.vocab.\(key)", value: "\(id)",
          expected: "an id that no other token has")
      }
      entries.append(VocabularyEntry(key: Tokenizer.Bytes(key), id: id))
    }
    return entries
  }

  /// `added_tokens`, which are matched in the text as they stand.
  func addedTokens() throws(CheckpointError) -> [AddedToken] {
    guard let values = root["added_tokens"], !values.isNull else { return [] }
    guard let elements = values.elements else {
      throw .badField(
        file: path, field: "added_tokens", value: values.summary, expected: "a list")
    }
    var tokens: [AddedToken] = []
    for element in elements {
      guard let id = element["id"]?.integer, id >= 0, let content = element["content"]?.string
      else {
        throw .badField(
          file: path, field: "added_tokens", value: element.summary,
          expected: "objects with an id and a content")
      }
      for flag in ["lstrip", "rstrip", "single_word"] {
        if case .boolean(true)? = element[flag] {
          throw unsupported("added_tokens.\(flag)", element[flag], supported: "false")
        }
      }
      tokens.append(AddedToken(id: id, content: content))
    }
    return tokens
  }

  /// The ids of the 256 byte tokens; nil without byte fallback.
  func byteFallback(_ ids: [Tokenizer.Bytes: Int]) throws(CheckpointError) -> [Int]? {
    guard case .boolean(true)? = model["byte_fallback"] else { return nil }
    var bytes: [Int] = []
    for byte in 0..<256 {
      let digits = String(byte, radix: 16, uppercase: true)
      let name = "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
      guard let id = ids[Tokenizer.Bytes(name)] else {
        throw .missingField(file: path, field: "model.vocab.\(name)")
      }
      bytes.append(id)
    }
    return bytes
  }

  /// The id that stands for a character without a token.
  func unknownToken(_ ids: [Tokenizer.Bytes: Int]) throws(CheckpointError) -> Int? {
    guard let name = model["unk_token"]?.string else { return nil }
    guard let id = ids[Tokenizer.Bytes(name)] else {
      throw .badField(
        file: path, field: "model.unk_token", value: name, expected: "a token of the vocabulary")
    }
    return id
  }

  /// `model.merges`, as pairs or as older files write them, with a blank between.
  func merges(_ ids: [Tokenizer.Bytes: Int]) throws(CheckpointError) -> MergeTable {
    var merges: [MergeTable.Pair: MergeTable.Merge] = [:]
    for (rank, value) in (model["merges"]?.elements ?? []).enumerated() {
      let parts =
        value.elements?.compactMap(\.string)
        ?? value.string?.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard let parts, parts.count == 2,
        let left = ids[Tokenizer.Bytes(parts[0])], let right = ids[Tokenizer.Bytes(parts[1])],
        let result = ids[Tokenizer.Bytes(Array(parts[0].utf8) + Array(parts[1].utf8))]
      else {
        throw .badField(
          file: path, field: "model.merges[\(rank)]", value: value.summary,
          expected: "two tokens of the vocabulary whose join is one too")
      }
      merges[MergeTable.Pair(left: left, right: right)] = MergeTable.Merge(
        rank: rank, result: result)
    }
    return MergeTable(merges: merges)
  }
}
