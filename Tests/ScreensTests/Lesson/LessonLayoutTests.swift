internal import Base
import Testing
import Viz

@testable import Lessons
@testable import Screens
internal import TestSupport

/// Text and scene share the screen from 60 × 16 on, and nothing is lost without a mark.
@Suite struct LessonLayoutTests {
  private static let sizes = [
    Size(columns: 60, rows: 16), Size(columns: 75, rows: 40), Size(columns: 80, rows: 24),
    Size(columns: 120, rows: 40),
  ]

  /// Every screen of every lesson, with a call for each state of its questions.
  private func eachScreen(
    _ language: Language, _ visit: (LessonState) throws -> Void
  ) throws {
    let runs = Classroom.runs()
    let look = Look(language: language, theme: .dark, glyphs: .full)
    for id in Classroom.course.ids {
      let lesson = try Classroom.course.lesson(id, language)
      for step in lesson.steps {
        var progress = LessonProgress()
        progress.current = step.id
        var state = LessonState(
          lesson, progress: progress, look: look, traces: try runs.runs(of: step.scene))
        try visit(state)
        for quiz in step.quizzes {
          try state.press("Tab Tab")
          try state.press(quiz.isTyped ? "0 . 1 2 3 Enter" : "1 Enter")
          if state.activeQuiz != nil {
            try visit(state)
            try state.press("s")
          }
          try visit(state)
          try state.press("Enter")
        }
      }
    }
  }

  @Test("Every line of every text can be scrolled to, at every size", arguments: Language.allCases)
  func reachable(language: Language) throws {
    try eachScreen(language) { state in
      for size in Self.sizes {
        var state = state
        state.update(.resize(size))
        let layout = state.layout(size)
        let (area, lines) = (layout.text, state.text(in: layout).lines)
        var seen: Set<Int> = []
        let pages = state.hiddenLines(size) / 5 + 1
        for name in ["PPage", "NPage"].flatMap({ Array(repeating: $0, count: pages + 1) }) {
          let canvas = state.view(size)
          #expect(canvas.flaw == nil)
          for (index, line) in lines.enumerated() where !seen.contains(index) {
            let text = line.map(\.text).joined()
            let isShown = (0..<area.rows).contains {
              canvas.text(in: area, row: $0) == text.trimmed
            }
            if isShown { seen.insert(index) }
          }
          try state.press(name)
        }
        #expect(seen.count == lines.count, "\(state.step.id) \(size)")
        #expect(lines.allSatisfy { ScalarWidth.of($0.map(\.text).joined()) <= area.columns })
      }
    }
  }

  @Test(
    "Where an open question is below a low screen, its scene and its blank lines have given way",
    arguments: Language.allCases)
  func questionInView(language: Language) throws {
    let size = Size(columns: 60, rows: 20)
    var (dense, below) = (0, 0)
    try eachScreen(language) { state in
      guard let quiz = state.activeQuiz, quiz.painted == nil else { return }
      let layout = state.layout(size)
      let isBelow = state.view(size).plainText.contains(language("，有题", "and a question"))
      if isBelow { #expect(layout.isDense, "\(state.lesson.id)#\(state.step.id)") }
      dense += layout.isDense ? 1 : 0
      below += isBelow ? 1 : 0
    }
    #expect(below < dense, "most that were squeezed are in view")
  }

  @Test("What is scrolled away of a text is said")
  func marks() throws {
    let body = (1...40).map { "第 \($0) 段\n\n" }.joined()
    for size in Self.sizes {
      var state = try Classroom.state(Classroom.text(body: body))
      state.update(.resize(size))
      let rows = state.layout(size).text.rows
      #expect(state.view(size).plainText.contains("↓ \(79 - rows) 行"), "\(size)")
      try state.press("Down Down")
      let marked = state.view(size).plainText
      #expect(marked.contains("↑ 2") && marked.contains("↓ \(77 - rows) 行"), "\(size)")
      for _ in 0..<100 { try state.press("Down") }
      #expect(state.notice != nil, "the end is said")
      try state.press("Up")
      let last = state.view(size).plainText
      #expect(last.contains("↓ 1 行") && last.contains("↑ \(78 - rows)"), "one key, one line")
    }
  }

  @Test("The first picture of lesson 1 and the last of lesson 4 show their first row at 80 × 24")
  func firstRow() throws {
    let size = Size(columns: 80, rows: 24)
    for (id, step) in [("01-token-by-token", "two-runs"), ("04-why-k-and-v", nil)] {
      for language in Language.allCases {
        let lesson = try Classroom.course.lesson(id, language)
        var progress = LessonProgress()
        progress.current = step ?? lesson.steps.last?.id
        let index = LessonState.index(of: progress.current, in: lesson)
        var state = LessonState(
          lesson, progress: progress,
          look: .init(language: language, theme: .dark, glyphs: .full),
          traces: try Classroom.runs().runs(of: lesson.steps[index].scene))
        for keys in ["", "s"] {
          try state.press(keys)
          let text = state.view(size).plainText
          let rows = text.split(separator: "\n").count { $0.contains("│ 中+ 1.0") }
          #expect(rows == 1, "the first row of the grid without a cache")
          let figure = text.split(separator: "\n").map {
            $0.split(separator: "│").dropFirst().last ?? ""
          }
          #expect(!figure.contains { $0.contains("↑") && $0.contains("行") }, "all is there")
          #expect(!figure.contains { $0.contains("↑") && $0.contains("rows") }, "all is there")
        }
      }
    }
  }

  @Test("A grid that does not fit says how many rows and columns are scrolled away")
  func gridMarks() throws {
    for (id, step) in [("08-conversations", 0)] {
      let lesson = try Classroom.course.lesson(id, .chinese)
      var progress = LessonProgress()
      progress.current = lesson.steps[step].id
      let state = LessonState(
        lesson, progress: progress, look: Classroom.look,
        traces: try Classroom.runs().runs(of: lesson.steps[step].scene))
      let lines = state.view(Size(columns: 80, rows: 24)).plainText.split(separator: "\n")
      let titles = lines.filter { $0.contains("│ 不用缓存") || $0.contains("│ 用 KV 缓存") }
        .filter { !$0.contains("FLOP") && !$0.contains(" 格") && !$0.contains(" M ") }
      #expect(!titles.isEmpty && titles.allSatisfy { $0.contains("↑ ") }, "\(id) \(titles)")
    }
  }

  @Test("No row of a grid is scrolled away where a short text leaves blank lines")
  func blankLines() throws {
    let text = Classroom.text(scene: "id: one\nprompt: 床前明月光，疑是地上霜。举头望明月\npanes: cached\ntokens: 8")
    let state = try Classroom.state(text)
    #expect(state.view(Size(columns: 62, rows: 40)).plainText.contains("↑") == false)
  }

  @Test("A key that needs more lines than a low screen has takes the scene's place in full")
  func inspector() throws {
    var state = try Classroom.state(Classroom.text())
    let size = Size(columns: 60, rows: 16)
    try state.press("i Left Up")
    let text = state.view(size).plainText
    #expect(text.contains("softmax"), "the arithmetic of the cell is shown")
    #expect(text.contains("Esc"))
  }

  @Test("The table of changes shows K and V on the smallest screen")
  func change() throws {
    let scene = "id: one\ntext: 中华人民共\nchange: 大华人民共\nstep: 5\npanes: change"
    let state = try Classroom.state(
      Classroom.text(scene: scene, body: "一段\n\n二段\n\n三段\n\n四段\n"))
    let lines = state.view(Size(columns: 60, rows: 16)).plainText.split(separator: "\n")
    for layer in 1...4 {
      #expect(lines.contains { $0.contains("K L\(layer)") })
      #expect(lines.contains { $0.contains("V L\(layer)") })
    }
  }

  @Test("The code that a scene shows is there at every size, its running line too")
  func code() throws {
    let scene = "id: one\nstep: 2\ndepth: operation\npanes: cached\ncode: true\ncounters: false"
    for size in Self.sizes {
      var state = try Classroom.state(Classroom.text(scene: scene))
      #expect(
        state.view(size).plainText.contains("▸ x = embed")
          || state.view(size).plainText.contains("past = len"))
      try state.press("Right")
      let text = state.view(size).plainText
      #expect(text.contains("q, k, v = ") && text.contains("for l in layers"), "\(size)")
      // Where there is no room for all of it, arrows say that it goes on.
      #expect(text.contains("while t != END") || text.contains("  ↑   for l"), "\(size)")
      #expect(
        text.contains("return") || text.contains("  ↓   ") || text.contains("argmax"), "\(size)")
    }
  }

  @Test("Below 60 × 16 it says what it needs", arguments: [(59, 16), (60, 15), (20, 5)])
  func tooSmall(columns: Int, rows: Int) throws {
    let state = try Classroom.state(Classroom.text())
    let text = state.view(Size(columns: columns, rows: rows)).plainText
    #expect(text.contains("60") || text.contains("16"))
  }
}
