import Base
import TestSupport
import Testing
import Viz

@testable import Lessons
@testable import Screens

/// The keys of lessons and of the menu.
@Suite struct LessonKeysTests {
  private static let modes: [LessonMode] = [
    .help, .jump, .cell(isTyping: false), .cell(isTyping: true), .typing,
    .marking(isStrip: false), .marking(isStrip: true), .asked, .arranging, .reading,
    .listing(isEmpty: false), .listing(isEmpty: true),
  ]

  @Test("No key stands twice in a map, and Ctrl-C leaves from every mode", arguments: modes)
  func unique(mode: LessonMode) {
    let keys = LessonKeys.map(mode).rows.flatMap(\.keys)
    #expect(Set(keys).count == keys.count && keys.allSatisfy { $0.folded == $0 })
    #expect(LessonKeys.map(mode).action(for: .control("c")) == .quit)
  }

  @Test("Every line of the help page is a row of the map that it is about")
  func page() {
    for action in LessonKeys.page {
      for language in Language.allCases {
        // The list of questions has keys of its own.
        let map =
          [.visit, .listUp].contains(action)
          ? LessonKeys.map(.listing(isEmpty: false)) : LessonKeys.reading
        let words = map.row(action)?.help?(language)
        #expect(words?.isEmpty == false, "\(action)")
      }
      #expect(!LessonKeys.pageName(action).isEmpty)
    }
  }

  @Test("Where a cell is looked at while an answer is typed, no letter and no bracket is a hint")
  func typingInCell() {
    let hints = LessonKeys.map(.cell(isTyping: true)).hints(Look())
    #expect(hints.map(\.name) == ["← → ↑ ↓", "Esc"])
  }
}
