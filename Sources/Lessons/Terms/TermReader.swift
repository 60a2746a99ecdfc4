internal import Base
internal import Viz

/// Reads a list of terms: YAML with their spellings, meanings and places.
struct TermReader {
  let path: String

  private static let fields = ["format", "terms"]
  private static let termFields = ["id", "zh", "en", "meaning", "introduced"]
  private static let languages = ["zh", "en"]

  func terms(_ text: String) throws(Finding) -> [Term] {
    let fields = try YAMLFields(text, path: path, lineOffset: 0, known: Self.fields)
    guard try fields.string("format") == "1" else {
      throw fields.problem("format", expected: .notation("1"))
    }
    var terms: [Term] = []
    for item in try fields.mappings("terms", known: Self.termFields, most: TermLimits.terms) {
      terms.append(try term(item))
    }
    guard !terms.isEmpty else { throw Finding(path, fields.line, .missingField("terms")) }
    try check(terms)
    return terms
  }

  private func term(_ fields: YAMLFields) throws(Finding) -> Term {
    let id = try fields.string("id")
    let isPlain = id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    guard isPlain, (1...TermLimits.spelling).contains(id.count) else {
      throw fields.problem("id", expected: .notation("a-z 0-9 -"))
    }
    guard let meaning = try fields.optionalMapping("meaning", known: Self.languages) else {
      throw Finding(path, fields.line, .missingField("meaning"))
    }
    return Term(
      id: id, spellings: Bilingual(try spellings(fields, "zh"), try spellings(fields, "en")),
      meaning: Bilingual(try line(meaning, "zh"), try line(meaning, "en")),
      introduced: try place(fields), line: fields.line)
  }

  private func spellings(_ fields: YAMLFields, _ field: String) throws(Finding) -> [String] {
    let texts = try fields.strings(field, most: TermLimits.spellings)
    let isShort = texts.allSatisfy { (1...TermLimits.spelling).contains($0.count) }
    guard !texts.isEmpty, isShort else {
      throw fields.problem(field, expected: .short(TermLimits.spelling))
    }
    return texts
  }

  /// A line of a screen.
  private func line(_ fields: YAMLFields, _ field: String) throws(Finding) -> String {
    let text = try fields.string(field)
    let columns = ScalarWidth.of(Sanitiser.clean(text))
    guard (1...TermLimits.columns).contains(columns), !text.contains("\n") else {
      throw fields.problem(field, expected: .columns(TermLimits.columns))
    }
    return text
  }

  private func place(_ fields: YAMLFields) throws(Finding) -> TermPlace {
    let parts = try fields.string("introduced")
      .split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ (1...TermLimits.spelling).contains($0.count) })
    else {
      throw fields.problem("introduced", expected: .notation("02-attention#q-k-v"))
    }
    return TermPlace(lesson: parts[0], screen: parts[1])
  }

  /// A term stands once, and no two are spelled alike.
  private func check(_ terms: [Term]) throws(Finding) {
    var ids: Set<String> = []
    for term in terms where !ids.insert(term.id).inserted {
      throw Finding(path, term.line, .duplicateID(term.id))
    }
    for language in Language.allCases {
      var spellings: Set<String> = []
      for term in terms {
        for spelling in Set(term.spellings(language)) where !spellings.insert(spelling).inserted {
          throw Finding(path, term.line, .duplicateID(spelling))
        }
      }
    }
  }
}

/// How much a list of terms can hold; its size is a lesson's.
enum TermLimits {
  /// Terms.
  static let terms = 200
  /// Spellings of a term in a language, and characters of one.
  static let spellings = 10
  static let spelling = 40
  /// Columns of what a term means.
  static let columns = 110
}
