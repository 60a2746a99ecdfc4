public import Base

/// Words in both languages; the same in both where they were written in one.
public struct Bilingual<Words: Hashable & Sendable>: Hashable, Sendable {
  private let chinese: Words
  private let english: Words

  /// The same words in both languages.
  public init(_ words: Words) { (chinese, english) = (words, words) }

  /// Words in each language.
  public init(_ chinese: Words, _ english: Words) {
    (self.chinese, self.english) = (chinese, english)
  }

  /// The words in a language.
  public func callAsFunction(_ language: Language) -> Words {
    switch language {
    case .chinese: chinese
    case .english: english
    }
  }
}
