internal import Base

/// What the fields of a tokenizer, and ids everywhere, should have held.
extension Expectation {
  /// An id, counted from 0.
  static let tokenID = Self("从 0 起的词元编号", "a token id, a whole number from 0")
  /// An id that no other token has.
  static let unusedID = Self("别的词元没有用过的编号", "an id that no other token has")
  /// An object with an id and a content.
  static let addedToken = Self("有 id 和 content 的对象", "an object with an id and a content")
  /// A token that `model.vocab` has, or the id that it has there.
  static let vocabularyToken = Self(
    " model.vocab 里的词元，编号也与那里相同", "a token of model.vocab with the id that it has there")
  /// Bytes that are text.
  static let utf8 = Self(" UTF-8 文本", "text in UTF-8")
  /// A token and its score.
  static let scoredToken = Self("词元和它的分数，即 [\"…\", 数]", "a token and its score, [\"…\", number]")
  /// Two tokens whose join is a token.
  static let merge = Self(
    " model.vocab 里的两个词元，且连起来也在其中", "two tokens of model.vocab whose join is in it too")
  /// The id of a token.
  static let knownID = Self("本文件里某个词元的编号", "the id of a token of this file")
  /// A text or a regular expression to look for.
  static let pattern = Self(
    " {\"String\": …} 或 {\"Regex\": …}", "{\"String\": …} or {\"Regex\": …}")
  /// The text's or a token's place in a template.
  static let templatePiece = Self(
    " {\"Sequence\": …} 或 {\"SpecialToken\": …}", "{\"Sequence\": …} or {\"SpecialToken\": …}")

  /// The map of characters that SentencePiece makes.
  static let characterMap = Self(
    " SentencePiece 的字符映射（base64）", "SentencePiece's map of characters, as base64")

  /// An id that the model has a row for.
  static func idBelow(_ limit: Int) -> Self {
    Self(
      "小于 config.json 里 vocab_size（\(limit)）的数",
      "below vocab_size, which is \(limit) in config.json")
  }

  /// Ids without great gaps.
  static func denseIDs(tokens: Int) -> Self {
    Self("与 \(tokens) 个词元相称的编号", "an id in proportion to the \(tokens) tokens that there are")
  }

  /// The first id behind the vocabulary and the added tokens before.
  static func idInOrder(_ id: Int) -> Self {
    Self(" \(id)，即前面的词元之后的下一个编号", "\(id), the next id behind the tokens before it")
  }

  /// A regular expression; why it is none.
  static func regularExpression(reason: String) -> Self {
    Self(
      " Oniguruma 能编译的正则表达式（它说：\(reason.clipped)）",
      "a regular expression that Oniguruma can compile (it says: \(reason.clipped))")
  }
}
