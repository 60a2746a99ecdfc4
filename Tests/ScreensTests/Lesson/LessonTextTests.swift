import Base
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens
internal import TestSupport

/// What of a screen's text is in view: the question, the answer that is being made, and what was said last.
@Suite struct LessonTextTests {
  private static let sizes = Walker.sizes
  private static let prose = (1...30).map { "第 \($0) 段\n\n" }.joined()
  private static let reply = (1...12).map { "第 \($0) 句话要读完。" }.joined()
  private static let first = Classroom.quiz(
    "id: q1\nkind: number\nask: 头一问？\nanswer: uncached.cells\nhints: [想一想, 再想想]\n"
      + "replies: {7: \(reply), else: 不是}\nwhy: 头一问的道理")
  private static let second = Classroom.quiz(
    "id: q2\nkind: choice\nask: 第二问？\noptions:\n  - {text: 甲, if: length == 3}\n"
      + "  - {text: 乙, if: length == 4, reply: 乙不是}\nwhy: 第二问的道理")

  private func state(_ body: String, _ size: Size) throws -> LessonState {
    var state = try Classroom.state(Classroom.text(body: body))
    state.update(.resize(size))
    return state
  }

  private func text(_ state: LessonState, _ size: Size) -> String { state.view(size).plainText }

  @Test(
    "What is said to an answer is in view, whatever stands behind the question", arguments: sizes)
  func verdict(size: Size) throws {
    var state = try state("一段\n\n" + Self.first + "\n" + Self.prose, size)
    try state.press("9 Enter")
    #expect(text(state, size).contains("✓ 对"))
    #expect(text(state, size).contains("↓"), "there is more")
    for _ in 0..<100 { try state.press("Down") }
    #expect(text(state, size).contains("第 30 段") && state.notice != nil)
    for _ in 0..<100 { try state.press("Up") }
    #expect(text(state, size).contains("一段") && state.notice != nil)
  }

  @Test("A second question is brought into view, with what is new before it", arguments: sizes)
  func secondQuestion(size: Size) throws {
    var state = try state(Self.prose + Self.first + "\n新的一段\n\n" + Self.second, size)
    #expect(text(state, size).contains("第 1 段"), "the first is read from the beginning")
    try state.press("9 Enter Enter")
    let begun = text(state, size)
    #expect(begun.contains("新的一段") && begun.contains("? 第二问？") && begun.contains("2 乙"))
    #expect(begun.contains("数字选"), "to its end")
    try state.press("Up")
    #expect(text(state, size) != begun && state.notice == nil, "it scrolls from there")
    try state.press("Down")
    #expect(text(state, size) == begun)
  }

  @Test("Where a question is below, the mark says so", arguments: sizes)
  func questionBelow(size: Size) throws {
    var state = try state(Self.prose + Self.first, size)
    #expect(text(state, size).contains("行，有题"))
    for _ in 0..<100 { try state.press("Down") }
    #expect(text(state, size).contains("? 头一问？") && !text(state, size).contains("有题"))
    for _ in 0..<100 { try state.press("Up") }
    try state.press("s")
    #expect(!text(state, size).contains("有题"), "an answered question is none")
  }

  @Test(
    "The field, a reply's beginning and a new hint are in view, each when its time has come",
    arguments: sizes)
  func said(size: Size) throws {
    var state = try state(Self.prose + Self.first, size)
    try state.press("7 Enter")
    #expect(text(state, size).contains("✗ 7："))
    try state.press("Tab")
    #expect(text(state, size).contains("线索：想一想"))
    try state.press("Tab")
    #expect(text(state, size).contains("线索：再想想"))
    try state.press("8")
    #expect(text(state, size).contains("> 8_"))
    try state.press("Enter")
    #expect(text(state, size).contains("✗ 8"))
  }

  @Test("The page of words keeps what it found when it was opened")
  func words() throws {
    let size = Size(columns: 80, rows: 24)
    var state = try state("缓存里的 token", size)
    state.terms = try TermList(path: TermList.path(in: Classroom.course.folder))
    try state.press("w")
    #expect(!state.explained.isEmpty)
    let page = text(state, size)
    state.terms = nil
    #expect(text(state, size) == page)
  }

  @Test(
    "Where one goes operation by operation, an answer shows its step at the one that was come to")
  func operations() throws {
    let quiz = Classroom.quiz("id: q1\nkind: number\nat: 4\nask: 几？\nanswer: length\nwhy: 好")
    let scene = "id: one\nstep: 2\nlayer: 2\npanes: cached\ncounters: false"
    let cases: [(fields: String, keys: String, operation: Operation, layer: Int)] = [
      ("\ndepth: operation\ncode: true", "", .embed, 0),
      ("\ndepth: operation\ncode: true", "Right Right ", .scores, 0),
      ("\ndepth: operation", "", .scores, 0),
      ("\ndepth: operation", "Right Right Right ", .mask, 0), ("", "", .logits, 1),
    ]
    for (fields, keys, operation, layer) in cases {
      var state = try Classroom.state(Classroom.text(scene: scene + fields, body: quiz))
      try state.press(keys + "4 Enter")
      #expect(state.viewer.moment.step == 4)
      #expect(state.viewer.moment.operation == operation, "\(fields) \(keys)")
      #expect(state.viewer.layer == layer, "\(fields) \(keys)")
    }
  }

  @Test("Whoever comes back to an answered screen finds the picture where the answer is")
  func comingBack() throws {
    let quiz = Classroom.quiz("id: q1\nkind: number\nat: 4\nask: 几？\nanswer: length\nwhy: 好")
    let runs = Classroom.runs()
    var state = try state(quiz, Size(columns: 80, rows: 24))
    try state.press("4 Enter")
    state.show(try runs.runs(of: state.step.scene))
    #expect(state.viewer.moment.step == 4)
    try state.press("r")
    #expect(state.viewer.moment.step == 3, "who tries again begins where the scene does")
  }

  @Test("Whoever comes back to marked cells finds them marked, and what was missed")
  func comingBackToMarks() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: cells\nmark: computed\npane: cached\nask: 标\nwhy: 好")
    let runs = Classroom.runs()
    let size = Size(columns: 80, rows: 24)
    var state = try state(quiz, size)
    try state.press("r Up Space Enter Enter")
    let area = state.layout(size).figure
    func figure() -> [String] {
      let canvas = state.view(size)
      return (0..<area.rows).map { canvas.text(in: area, row: $0) }
    }
    let marked = figure()
    #expect(state.quizzes["q1"]?.outcome == .shown && marked.contains { $0.contains("✗") })
    state.show(try runs.runs(of: state.step.scene))
    #expect(figure() == marked)
  }

  @Test("Where the counters do not all fit, those that the question is about stay")
  func askedCounters() throws {
    let size = Size(columns: 80, rows: 24)
    func counters(_ answer: String) throws -> String {
      let quiz = Classroom.quiz("id: q1\nkind: number\nask: 几？\nanswer: \(answer)\nwhy: 好")
      return text(try state(quiz, size), size)
    }
    #expect(try counters("cached.cache_bytes").contains("KiB"))
    #expect(try !counters("cached.cells").contains("KiB"))
    #expect(try counters("cached.kv_computed").contains("K,V"))
  }

  @Test("The page of keys of a question about cells has the keys that mark them")
  func markingKeys() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: cells\nmark: computed\npane: uncached\nask: 标\nwhy: 好")
    var state = try state(quiz, Size(columns: 80, rows: 24))
    try state.press("?")
    let page = text(state, Size(columns: 80, rows: 24))
    for words in ["标一格", "标整行", "全标", "移动光标"] { #expect(page.contains(words), "\(page)") }
    #expect(!page.contains("重做"), "r marks a row here")
  }

  @Test("A reason that begins with the answer says it once")
  func saidOnce() throws {
    for (why, head) in [
      ("9 格。", "✓ 答案：9 格。"), ("是 9 格。", "✓ 答案 9：是 9 格。"), ("90% 里的 9 格。", "✓ 答案 9：90%"),
    ] {
      let quiz = Classroom.quiz(
        "id: q1\nkind: number\nask: 几？\nanswer: uncached.cells\nwhy: \"\(why)\"")
      var state = try state(quiz, Size(columns: 80, rows: 24))
      try state.press("s")
      #expect(text(state, Size(columns: 80, rows: 24)).contains(head))
    }
  }
}
