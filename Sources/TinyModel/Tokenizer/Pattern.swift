internal import Base

/// What a stage looks for in a text: a text, a regular expression, a kind of character, or words.
enum Pattern: Sendable {
  case literal([UInt8])
  case expression(RegularExpression)
  /// One character of a kind.
  case character(CharacterKind)
  /// `\w+|[^\w\s]+`: a row of characters of words, or of those that belong neither to words nor between them.
  case word

  /// A kind of character.
  enum CharacterKind {
    case number, whitespace, punctuation

    /// Whether a character is of this kind.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .number: scalar.isNumber
      case .whitespace: scalar.properties.isWhitespace
      case .punctuation: scalar.isPunctuation
      }
    }
  }

  /// A part of a text, and whether the pattern matched it.
  struct Part {
    var range: Range<Int>
    let isMatch: Bool
  }

  /// Reads `{"String": "…"}` or `{"Regex": "…"}`.
  init(_ field: JSONField) throws(FileError) {
    guard field.value.fields?.count == 1 else { throw field.mustBe(.pattern) }
    if let literal = try field.optional("String") {
      let utf8 = Array(try literal.text().utf8)
      self = utf8.isEmpty ? .expression(try RegularExpression("", at: literal)) : .literal(utf8)
    } else if let expression = try field.optional("Regex") {
      self = .expression(try RegularExpression(expression.text(), at: expression))
    } else {
      throw field.mustBe(.pattern)
    }
  }

  /// Reads the `delimiter` of `CharDelimiterSplit`, one character.
  init(delimiter field: JSONField) throws(FileError) {
    self = .literal(try field.required("delimiter").character())
  }

  /// The whole of `text` in parts: the matches, and what lies between them.
  func parts(of text: [UInt8]) throws(FileError) -> [Part] {
    guard !text.isEmpty else { return [Part(range: 0..<0, isMatch: false)] }
    var parts: [Part] = []
    var end = 0
    for match in try matches(in: text) {
      if end != match.lowerBound {
        parts.append(Part(range: end..<match.lowerBound, isMatch: false))
      }
      parts.append(Part(range: match, isMatch: true))
      end = match.upperBound
    }
    if end != text.count { parts.append(Part(range: end..<text.count, isMatch: false)) }
    return parts
  }

  /// `text` with `content` in the place of every match.
  func replacing(in text: [UInt8], with content: [UInt8]) throws(FileError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for part in try parts(of: text) { result += part.isMatch ? content[...] : text[part.range] }
    return result
  }

  private func matches(in text: [UInt8]) throws(FileError) -> [Range<Int>] {
    switch self {
    case .literal(let literal): Self.occurrences(of: literal, in: text)
    case .expression(let expression): try expression.matches(in: text)
    case .character(let kind): Self.characters(kind, in: text)
    case .word: Self.words(in: text)
    }
  }

  private static func characters(_ kind: CharacterKind, in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    Scalars.each(in: text) { scalar, range in
      if kind.contains(scalar) { found.append(range) }
    }
    return found
  }

  private static func words(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var last: (isOfWord: Bool, end: Int)?
    Scalars.each(in: text) { scalar, range in
      let isOfWord = scalar.isOfWord
      guard isOfWord || !scalar.properties.isWhitespace else { return }
      if let last, last == (isOfWord, range.lowerBound), let word = found.popLast() {
        found.append(word.lowerBound..<range.upperBound)
      } else {
        found.append(range)
      }
      last = (isOfWord, range.upperBound)
    }
    return found
  }

  /// Where `literal` stands in `text`, from the left, without overlap.
  static func occurrences(of literal: [UInt8], in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = 0
    while place + literal.count <= text.count {
      if text[place] == literal[0] && text[place..<place + literal.count].elementsEqual(literal) {
        found.append(place..<place + literal.count)
        place += literal.count
      } else {
        place += 1
      }
    }
    return found
  }

  /// `text` with `content` in the place of every `literal`.
  static func replacing(_ literal: [UInt8], in text: [UInt8], with content: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var end = 0
    for range in occurrences(of: literal, in: text) {
      result += text[end..<range.lowerBound] + content
      end = range.upperBound
    }
    return result + text[end...]
  }
}
