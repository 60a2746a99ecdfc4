internal import Base

/// The fields of `model`, each of one kind of model or of a few.
extension TokenizerFile {
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

  /// The token for words that have none, which the file names, though its vocabulary need not have it.
  func unknownWord(_ ids: [UTF8Key: Int]) throws(FileError) -> UnknownToken {
    let name = try model.required("unk_token").text()
    return UnknownToken(id: ids[UTF8Key(name)], file: root.file)
  }

  /// What tokens begin with that go on within a word, such as `##`.
  func continuingPrefix() throws(FileError) -> [UInt8] {
    Array(try model.required("continuing_subword_prefix").text().utf8)
  }

  /// Characters of the longest word that is looked at.
  func longestWord() throws(FileError) -> Int {
    try model.required("max_input_chars_per_word").count()
  }

  /// A vocabulary that is a list of tokens and scores; of two that are alike, texts get the last.
  func listedVocabulary() throws(FileError) -> [VocabularyEntry] {
    var entries: [VocabularyEntry] = []
    for (id, element) in try model.required("vocab").elements().enumerated() {
      guard let token = element.value.elements?.first?.string else {
        throw element.mustBe(.scoredToken)
      }
      entries.append(VocabularyEntry(key: UTF8Key(token), id: id))
    }
    return entries
  }

  /// The scores of such a vocabulary.
  func scores() throws(FileError) -> [Double] {
    var scores: [Double] = []
    for element in try model.required("vocab").elements() {
      guard let pair = element.value.elements, pair.count == 2, let score = pair[1].number else {
        throw element.mustBe(.scoredToken)
      }
      scores.append(score)
    }
    return scores
  }

  /// The token at the place `unk_id`, which must be one of `count`; none where the file names none.
  func unknownPiece(below count: Int) throws(FileError) -> UnknownToken {
    guard let field = try model.optional("unk_id") else {
      return UnknownToken(id: nil, file: root.file)
    }
    guard let id = field.value.integer, (0..<count).contains(id) else {
      throw field.mustBe(.knownID)
    }
    return UnknownToken(id: id, file: root.file)
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
