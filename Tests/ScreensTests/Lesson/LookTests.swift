internal import Base
import TestSupport
import Testing
import Viz

@testable import Lessons
@testable import Screens

/// How a page looks, which it hands on to the next, and where its field is.
@Suite struct LookTests {
  private static let number = Classroom.quiz(
    "id: q1\nkind: number\nask: 几格？\nanswer: uncached.cells\nwhy: 数过。")

  @Test("The menu's theme and glyphs are those of the page that it opens")
  func menu() {
    var menu = HomeState([], look: Classroom.look)
    menu.update(.character("t"))
    menu.look = menu.look.narrowed
    #expect(menu.look == Look(language: .chinese, theme: .light, glyphs: .narrow))
    #expect(!menu.view(Size(columns: 80, rows: 24)).plainText.contains("↑"))
  }

  @Test("A lesson's language, theme and glyphs are those of the page behind it")
  func lesson() throws {
    var state = try Classroom.state(Classroom.text(body: ""))
    state.look = state.look.narrowed
    try state.press("t L")
    #expect(state.look == Look(language: .english, theme: .light, glyphs: .narrow))
  }

  @Test("An answer that is typed has the cursor behind its last digit")
  func caret() throws {
    var state = try Classroom.state(Classroom.text(body: Self.number))
    for keys in ["", "2", "8"] {
      try state.press(keys)
      let canvas = state.view(Size(columns: 80, rows: 24))
      let caret = try #require(canvas.caret)
      let row = Array(canvas.row(caret.y))
      #expect(row[caret.x].text == "_" && row[caret.x].style.isReversed)
    }
  }
}
