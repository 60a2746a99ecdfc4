internal import Base
import Testing
import Viz

@testable import Lessons
@testable import Screens
internal import TestSupport

/// An open question is not answered by the picture beside it, whatever key is pressed.
@Suite struct HeldSceneTests {
  private static let question = Classroom.quiz(
    "id: q1\nkind: number\nat: 5\nask: 几格？\nanswer: uncached.cells\nwhy: 好")

  /// Names of every key of the table, but for what answers, and of some that it does not have.
  private static let keys: [Key] =
    ViewerKeys.browse.rows.flatMap(\.keys) + [
      .escape, .tab, .pageUp, .pageDown, .other("f1"), .delete,
    ]

  private func state(_ body: String, scene: String = "id: one\nstep: 3") throws -> LessonState {
    try Classroom.state(Classroom.text(scene: scene, body: body))
  }

  @Test(
    "Each key that goes on stops at the step before the one that is asked about",
    arguments: [
      "Right Right Right", "l l l", "End", "$", "g 7 Enter", "d Right Right Right End",
      "d d End Right", "g 9 9 Enter", "i Escape End", "Home End Right",
    ])
  func stops(keys: String) throws {
    var state = try state(Self.question)
    try state.press(keys)
    #expect(state.viewer.moment.step == 4)
    #expect(state.notice?.contains("先作答") == true)
    let footer = state.view(Size(columns: 80, rows: 24)).plainText.split(separator: "\n").last
    #expect(footer?.contains("先作答") == true)
    try state.press("2 5 Enter")
    #expect(state.results == ["q1": .right])
    #expect(state.viewer.moment.step == 5)
  }

  @Test("Going back and looking around stay free, and after the answer all is")
  func free() throws {
    var state = try state(Self.question)
    try state.press("Left Left")
    #expect(state.viewer.moment.step == 1)
    try state.press("Right ] }")
    #expect(state.viewer.moment.step == 2)
    #expect(state.viewer.layer == 1 && state.viewer.head == 1)
    try state.press("s Right Right")
    #expect(state.viewer.moment.step == 7)
  }

  @Test("A second question is held back while the answer to the first is looked at")
  func second() throws {
    let second = Classroom.quiz(
      "id: q2\nkind: number\nat: 7\nask: 几格？\nanswer: uncached.cells\nwhy: 好")
    var state = try state(Self.question + "\n" + second)
    try state.press("2 5 Enter End")
    #expect(state.viewer.moment.step == 6)
    try state.press("Enter End 4 9 Enter")
    #expect(state.results == ["q1": .right, "q2": .right])
    #expect(state.viewer.moment.step == 7)
  }

  @Test("A token that is asked for does not stand in the next step's text")
  func token() throws {
    let quiz = Classroom.quiz("id: q1\nkind: token\nask: 下一个？\nwhy: 好")
    var state = try state(quiz)
    try state.press("Right")
    #expect(state.viewer.moment.step == 3)
  }

  @Test("Nothing is held back where the step that is asked about is shown already")
  func shown() throws {
    let quiz = Classroom.quiz("id: q1\nkind: number\nask: 几格？\nanswer: length\nwhy: 好")
    var state = try state(quiz)
    try state.press("End")
    #expect(state.viewer.moment.step == 7)
  }

  @Test("The footer offers no step forward where there is none")
  func footer() throws {
    var state = try state(Self.question)
    let footer = { (state: LessonState) in
      state.view(Size(columns: 120, rows: 30)).plainText.split(separator: "\n").last ?? ""
    }
    #expect(footer(state).contains("← →"))
    try state.press("Right")
    state.notice = nil
    #expect(footer(state).contains("←") && !footer(state).contains("→"))
    try state.press("Home")
    state.notice = nil
    #expect(footer(state).contains("→") && !footer(state).contains("←"))
  }

  @Test("No key and no sequence of keys reveals an open question", arguments: Language.allCases)
  func everyLesson(language: Language) throws {
    let runs = Classroom.runs()
    let look = Look(language: language, theme: .dark, glyphs: .full)
    var questions = 0
    for id in Classroom.course.ids {
      let lesson = try Classroom.course.lesson(id, language)
      for step in lesson.steps {
        var progress = LessonProgress()
        progress.current = step.id
        var state = LessonState(
          lesson, progress: progress, look: look, traces: try runs.runs(of: step.scene))
        for quiz in step.quizzes {
          let asked = quiz.at ?? step.scene.step
          if asked > step.scene.step, quiz.painted == nil {
            questions += 1
            try storm(state, quiz, before: asked)
          } else if quiz.painted != nil {
            try stormPainting(state, quiz)
          }
          try state.press("s Enter")
        }
      }
    }
    #expect(questions > 20)
  }

  /// Each key alone, then two hundred in a row.
  private func storm(_ fresh: LessonState, _ quiz: Quiz, before asked: Int) throws {
    for key in Self.keys {
      var state = fresh
      for _ in 0..<3 { state.update(.key(key)) }
      #expect(state.viewer.moment.step < asked, "\(quiz.id) \(key)")
    }
    var state = fresh
    var seed: UInt64 = 11
    for _ in 0..<200 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      let key = Self.keys[Int(seed >> 33) % Self.keys.count]
      if key == .character("n") || key == .character("s") { continue }
      let old = state.language
      state.update(.key(key))
      if state.language != old { state.update(.key(.character("L"))) }
      #expect(state.viewer.moment.step < asked, "\(quiz.id) \(key)")
      #expect(state.activeQuiz?.id == quiz.id && state.index == fresh.index)
    }
  }

  /// Cells that are marked stay hidden, and the scene where it is.
  private func stormPainting(_ fresh: LessonState, _ quiz: Quiz) throws {
    for key in Self.keys where ![.left, .right, .up, .down, .home, .end].contains(key) {
      var state = fresh
      state.update(.key(key))
      #expect(state.viewer.moment == fresh.viewer.moment, "\(quiz.id) \(key)")
      #expect(state.viewer.mode == .browse && state.painting?.truth == nil, "\(quiz.id) \(key)")
    }
  }
}
