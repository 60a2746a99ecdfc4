internal import Base
import TestSupport
import Testing

@testable import Viz

/// Every screen at every size: nothing traps, and every row is whole.
@Suite struct MatrixTests {
  private static let sizes = [
    (1, 1), (2, 2), (20, 5), (59, 24), (60, 15), (60, 16), (80, 24), (100, 30), (120, 36),
    (200, 60), (300, 100),
  ].map { Size(columns: $0.0, rows: $0.1) }

  /// One screen of each kind, by the keys that lead to it from the end of a run.
  private static let screens = [
    "", "i", "i Left Up", "i Home Up Up Up", "g", "g 1 2", "/", "/ a < Left", "p Left Right",
    "p Left Right 4 9 Down 7", "p Left Right Enter Enter Space Left Left Space", "p Left Right a",
    "p Left Right 4 9 Enter 7 Enter Space Enter", "p Left Right Enter Enter a Enter", "?",
    "? Down Down Down Down Down Down Down Down", "f", "f f", "c", "Left d d Right Right c", "o",
    "o Up Up Up", "t t", "Z",
    "Space", "d", "d Left", "d d Left", "d d Left Left Left Left", "Left d d Right",
    "Left d d Right Right Right", "Left d d Right Right Right Right",
    "Left d d Right Right Right Right Right Right i", "Left d Right o", "[ [ }", "i f o",
  ]

  private static func runs() throws -> [TestRun] {
    try [Runs.china(), Runs.long(), Runs.prompt(), Runs.odd(), Runs.single(), Runs.shared()]
  }

  /// Every pair of a language and a set of glyphs with some runs: all that matter to it, and not all at each size.
  private func everyFrame(
    _ keys: String, _ glyphs: GlyphSet, languages: [Language] = Language.allCases,
    _ check: (Canvas, String) -> Void
  ) throws {
    for (number, run) in try Self.runs().enumerated() {
      for language in languages {
        let state = run.start(language: language, glyphs: glyphs).after("End " + keys)
        for (place, size) in Self.sizes.enumerated()
        where number == 0 || (number + place + language.rawValue.count).isMultiple(of: 2) {
          if number > 1 && size.columns == 300 { continue }
          check(state.view(size), "\(run.name), \(language), \(size)")
        }
      }
    }
  }

  @Test("Every screen at every size is whole", arguments: screens)
  func wholeRows(keys: String) throws {
    try everyFrame(keys, .full) { canvas, name in #expect(canvas.flaw == nil, "\(name)") }
  }

  @Test("With ASCII glyphs every screen is whole, and in English it is ASCII", arguments: screens)
  func asciiOnly(keys: String) throws {
    try everyFrame(keys, .ascii, languages: [.chinese]) { canvas, name in
      #expect(canvas.flaw == nil, "\(name)")
    }
    var frames = 0
    try everyFrame(keys, .ascii, languages: [.english]) { canvas, name in
      frames += 1
      let isASCII = canvas.plainText.utf8.allSatisfy { $0 < 0x80 }
      #expect(canvas.flaw == nil && isASCII, "\(name)")
    }
    #expect(frames >= Self.sizes.count)
  }

  @Test(
    "With narrow glyphs every screen is whole, and no decoration is of ambiguous width",
    arguments: screens)
  func narrowOnly(keys: String) throws {
    try everyFrame(keys, .narrow) { canvas, name in
      #expect(canvas.flaw == nil, "\(name)")
      // The superscript T is narrow everywhere; `odd` has an accent of its own.
      let strangers = canvas.scalars {
        !$0.isASCII && ScalarWidth.of($0) == 1 && $0 != "ᵀ"
      }
      #expect(strangers.isEmpty, "\(name)")
    }
  }

  @Test("A notice is never shown by its scalars' names", arguments: [GlyphSet.narrow, .ascii])
  func plainNotices(glyphs: GlyphSet) throws {
    let run = try Runs.china()
    for language in glyphs == .ascii ? [.english] : Language.allCases {
      for keys in ["End Right", "Left", "p", "p p", "Z"] {
        let state = run.start(language: language, glyphs: glyphs).after(keys)
        expectPlain(state)
      }
      let waiting = ViewerState(
        trace: run.computed(1), longest: run.longest, language: language, glyphs: glyphs)
      expectPlain(waiting.after("Right"))
    }
  }

  private func expectPlain(_ state: ViewerState) {
    let notice = state.notice ?? ""
    let clean = Sanitiser.clean(notice, ascii: state.glyphs == .ascii)
    let isPlain =
      clean == notice
      && notice.unicodeScalars.allSatisfy { $0.isASCII || ScalarWidth.of($0) == 2 }
    #expect(isPlain, "\(notice)")
  }

  @Test(
    "Every column count from 1 to 300 gives a whole frame", arguments: [1, 15, 16, 24, 41, 100])
  func everyColumn(rows: Int) throws {
    for run in try [Runs.china(), Runs.gqa()] {
      let state = run.state(step: 7).after("i")
      for columns in 1...300 {
        let size = Size(columns: columns, rows: rows)
        #expect(state.view(size).flaw == nil, "\(run.name), \(size)")
      }
    }
  }

  @Test("Every row count from 1 to 100 gives a whole frame", arguments: [1, 59, 60, 80, 121, 300])
  func everyRow(columns: Int) throws {
    for run in try [Runs.china(), Runs.gqa()] {
      let state = run.state(step: 7).after("i")
      for rows in 1...100 {
        let size = Size(columns: columns, rows: rows)
        #expect(state.view(size).flaw == nil, "\(run.name), \(size)")
      }
    }
  }

  @Test("A small terminal is told which dimension is short, where there is room for it")
  func tooSmall() throws {
    let state = try Runs.china().state(step: 1)
    let narrow = state.view(Size(columns: 59, rows: 24)).plainText
    #expect(narrow.contains("59") && narrow.contains("60"))
    let low = state.view(Size(columns: 80, rows: 15)).plainText
    #expect(low.contains("15") && low.contains("16"))
    let both = state.view(Size(columns: 59, rows: 15)).plainText
    #expect(["59", "60", "15", "16"].allSatisfy { both.contains($0) })
  }

  @Test("The caret stands on the screen where text is typed, and nowhere else", arguments: screens)
  func caret(keys: String) throws {
    let state = try Runs.china().start().after("End " + keys)
    let isTyping =
      switch state.mode {
      case .jump, .prompt: true
      case .predict(let prediction): prediction.field != .newKeyValues
      default: false
      }
    for size in Self.sizes where size.columns >= 60 && size.rows >= 16 {
      let caret = state.view(size).caret
      #expect((caret != nil) == isTyping)
      if let caret {
        #expect((0..<size.columns).contains(caret.x) && (0..<size.rows).contains(caret.y))
      }
    }
  }

  @Test(
    "A prompt of any length keeps its caret on the screen", arguments: [0, 40, 60, 75, 100, 400])
  func longPrompt(length: Int) throws {
    var state = try Runs.china().start().after("/")
    state.paste(String(repeating: "中", count: length))
    for keys in ["", "Left", "Home", "End"] {
      state.press(keys)
      for columns in [60, 61, 80, 120] {
        let canvas = state.view(Size(columns: columns, rows: 24))
        let caret = try #require(canvas.caret)
        #expect(caret.x < columns && canvas.flaw == nil)
        #expect(canvas.row(caret.y)[caret.y * columns + caret.x].style.isReversed)
      }
    }
  }

  @Test("At the smallest size the picture has at least four rows of cells")
  func smallest() throws {
    let canvas = try Runs.china().state(step: 4).view(ScreenLayout.smallest)
    let weights = canvas.cells.filter { if case .weight = $0.style.role { true } else { false } }
    #expect(weights.count >= 14)
  }

  @Test("Nothing moves from step to step: the layout depends on the size and the plan alone")
  func stillLayout() throws {
    for (run, corner) in try [(Runs.china(), "Q K"), (Runs.gqa(), "Q1")] {
      for size in Self.sizes where size.columns >= 60 && size.rows >= 16 {
        let titles = (1...7).map { step in
          let lines = run.state(step: step).view(size).plainText.split(
            separator: "\n", omittingEmptySubsequences: false)
          return lines.firstIndex { $0.contains(corner) }
        }
        #expect(Set(titles).count == 1, "\(run.name), \(size)")
      }
    }
  }
}
