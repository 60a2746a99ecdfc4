public import Base

/// Where a course introduces a term: a screen of a lesson.
public struct TermPlace: Hashable, Sendable {
  /// The lesson's id.
  public let lesson: String
  /// The screen's id.
  public let screen: String

  /// As it is written: `lesson#screen`.
  public var text: String { "\(lesson)#\(screen)" }
}

/// A term of the course: how it is spelled, and what it means in one line.
public struct Term: Hashable, Sendable {
  /// Its name in the list; never changed once published.
  public let id: String
  /// How it is spelled; the first spelling is its name.
  public let spellings: Bilingual<[String]>
  /// What it means, in one line.
  public let meaning: Bilingual<String>
  /// Where it is introduced.
  public let introduced: TermPlace
  /// The line of the list.
  public let line: Int

  /// What it is called in a language.
  public func name(_ language: Language) -> String { spellings(language).first ?? id }

  /// Where it stands first in a text; nil where it does not.
  ///
  /// A spelling with capitals must be met as it is, others in either case; between Latin letters none begins or ends, and an English
  /// one may have a plural `s`.
  public func range(in text: String, _ language: Language) -> Range<String.Index>? {
    spellings(language).compactMap { Self.range(of: $0, in: text) }
      .min { $0.lowerBound < $1.lowerBound }
  }

  private static func range(of spelling: String, in text: String) -> Range<String.Index>? {
    let isExact = spelling.contains(where: \.isUppercase)
    var start = text.startIndex
    while start < text.endIndex {
      if let end = end(of: spelling, at: start, in: text, isExact: isExact),
        isWhole(text, start, end)
      {
        return start..<end
      }
      start = text.index(after: start)
    }
    return nil
  }

  /// Where a spelling that begins at a place ends, with its plural.
  private static func end(
    of spelling: String, at start: String.Index, in text: String, isExact: Bool
  ) -> String.Index? {
    var place = start
    for character in spelling {
      guard place < text.endIndex else { return nil }
      let other = text[place]
      guard
        other == character || !isExact && other.lowercased() == character.lowercased()
      else { return nil }
      place = text.index(after: place)
    }
    if spelling.last.map(isLatin) ?? false, place < text.endIndex, text[place] == "s" {
      let next = text.index(after: place)
      if next == text.endIndex || !isLatin(text[next]) { return next }
    }
    return place
  }

  private static func isWhole(_ text: String, _ start: String.Index, _ end: String.Index) -> Bool {
    if start > text.startIndex, isLatin(text[start]), isLatin(text[text.index(before: start)]) {
      return false
    }
    return end == text.endIndex || !isLatin(text[end]) || !isLatin(text[text.index(before: end)])
  }

  /// A letter or a digit, or what joins them to one word.
  private static func isLatin(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }
}

/// The terms of a course: the file `TERMS.yaml` beside its lessons.
public struct TermList: Sendable {
  /// The file.
  public let path: String
  /// The terms in the order of the file.
  public let terms: [Term]

  /// The file of a course's terms.
  public static func path(in folder: String) -> String { folder + "/TERMS.yaml" }

  /// Reads a file.
  ///
  /// - Throws: the first thing that is wrong with it.
  public init(path: String) throws(Finding) {
    self.path = path
    terms = try TermReader(path: path).terms(try Course.text(of: path))
  }

  /// The terms of a text.
  init(path: String, text: String) throws(Finding) {
    self.path = path
    terms = try TermReader(path: path).terms(text)
  }

  /// The terms that are introduced on a screen.
  public func introduced(at place: TermPlace) -> [Term] {
    terms.filter { $0.introduced == place }
  }

  /// The terms that stand in a text, in the order in which they come.
  public func terms(in text: String, _ language: Language) -> [Term] {
    terms.compactMap { term in
      term.range(in: text, language).map { (term: term, start: $0.lowerBound) }
    }
    .sorted { $0.start < $1.start }.map(\.term)
  }
}
