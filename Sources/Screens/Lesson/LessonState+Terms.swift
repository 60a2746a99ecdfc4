internal import Base
internal import Lessons
internal import Viz

/// What the words of a screen mean.
extension LessonState {
  /// The course's terms that stand on the screen: in its text as far as it is shown, and in its picture.
  private var shownTerms: [Term] {
    let text = textLines(columns: Self.termColumns).map { $0.map(\.text).joined() }
    let picture = pageFigure(Size(columns: Self.termColumns, rows: 24))
    let labels = (0..<picture.size.rows).map { picture.row($0).map(\.text).joined() }
    let words = ([step.title] + text + labels).joined(separator: "\n")
    return terms?.terms(in: words, language) ?? []
  }

  /// So wide that no word is cut.
  private static let termColumns = 200

  /// The page of terms: each with what it means.
  func termSheet(columns: Int) -> HelpSheet {
    let rows = explained.map { term in
      (
        viewer.glyphs.shown(term.name(language)),
        viewer.glyphs.shown(term.meaning(language))
      )
    }
    let none = language("这一屏没有要解释的词", "no word of this screen needs one")
    return HelpSheet(keys: rows, prose: rows.isEmpty ? [none] : [], columns: columns)
  }

  /// Opens the page of terms.
  mutating func openTerms() {
    guard terms != nil else {
      notice = language("这一课没有词表", "this lesson has no list of terms")
      return
    }
    explained = shownTerms
    (help.isOpen, showsTerms) = (true, true)
  }
}
