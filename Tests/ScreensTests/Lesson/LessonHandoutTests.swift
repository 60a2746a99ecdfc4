internal import Base
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// Lessons on paper.
@Suite struct LessonHandoutTests {
  private func markdown(_ lesson: Lesson, _ runs: BundledRuns) throws -> String {
    let look = Look(language: lesson.language)
    let handout = try LessonHandout(lesson, look, size: Size(columns: 80, rows: 24)) {
      try runs.runs(of: $0)
    }
    return try #require(handout.handout).markdown
  }

  @Test(
    "Every lesson: each question once without and once with its answer, nothing of `why` before",
    arguments: Language.allCases)
  func course(language: Language) throws {
    let (runs, course) = (Classroom.runs(), Classroom.course)
    for id in course.ids {
      let lesson = try course.lesson(id, language)
      let text = try markdown(lesson, runs)
      #expect(!text.contains("{{"), "\(id)")
      let parts = text.split(separator: language("\n---\n\n## 答案\n", "\n---\n\n## Answers\n"))
      #expect(parts.count == 2, "\(id)")
      for (number, quiz) in zip(1..., lesson.quizzes) {
        let mark = language("**问 \(number)** ", "**Question \(number)** ")
        #expect(parts.map { $0.ranges(of: mark).count } == [1, 1], "\(id) \(quiz.id)")
      }
      let answers = parts.map { $0.ranges(of: language("**答** ", "**Answer** ")).count }
      #expect(answers == [0, lesson.quizzes.count], "\(id)")
      for quiz in lesson.quizzes where !quiz.why.contains("{{") && quiz.why.count > 24 {
        let why = MarkdownText.escaped(String(quiz.why.prefix(20)))
        #expect(!parts[0].contains(why) && parts[1].contains(why), "\(id) \(quiz.id)")
      }
    }
  }

  @Test(
    "A lecture's questions are numbered through its lessons; its headings stand below its title")
  func lecture() throws {
    let (runs, course) = (Classroom.runs(), Classroom.course)
    let look = Look(language: .english)
    let size = Size(columns: 80, rows: 24)
    let parts = try [
      ("03-recomputing", ["sum-up"]), ("01-token-by-token", []), ("04-why-k-and-v", []),
    ]
    .map { id, screens in
      LectureHandout.Part.lesson(
        try LessonHandout(
          try course.lesson(id, .english), look, size: size, screens: screens
        ) { try runs.runs(of: $0) })
    }
    var state = ViewerState(trace: try Material.trace(), longest: 7, look: look)
    state.show(step: 4)
    let run = LectureHandout.Part.run(title: "again\u{1B}[2J", command: "kvtui run", state)
    let handout = LectureHandout("Mine", [parts[0], run] + parts.dropFirst(), look, size: size)
      .handout
    let text = handout.markdown
    var headings: [String] = []
    for line in text.split(separator: "\n") where line.hasPrefix("#") {
      headings.append(String(line.prefix(16)))
    }
    #expect(headings[0] == "# Mine" && headings[1].hasPrefix("## Lesson 3: "))
    #expect(headings[2].hasPrefix("### ") && headings[3].hasPrefix("## again"))
    #expect(headings.last == "## Answers" && !text.unicodeScalars.contains("\u{1B}"))
    #expect(text.contains("step 4/7") && text.contains("`kvtui run`"))
    let halves = text.split(separator: "\n## Answers\n")
    let quizzes = try ["01-token-by-token", "04-why-k-and-v"].map {
      try course.lesson($0, .english).quizzes.count
    }
    for number in 1...1 + quizzes.reduce(0, +) {
      for half in halves {
        #expect(half.ranges(of: "**Question \(number)** ").count == 1, "\(number)")
      }
    }
    #expect(!text.contains("**Question \(2 + quizzes.reduce(0, +))** "))
  }

  @Test("Answers are the run's: a number, a choice, sizes, cells of the grid and of the strip")
  func answers() throws {
    let quizzes = [
      "id: a\nkind: number\nask: 几格？\nanswer: uncached.cells\nwhy: 就是 {{uncached.cells}} 格。",
      "id: b\nkind: choice\nask: 多少？\noptions:\n  - text: 三\n    if: length == 4\n  - text: 四\n    if: length == 3\nwhy: 因为。",
      "id: c\nkind: cells\nask: 掩码掉的？\nmark: masked\npane: uncached\nwhy: 右上角。",
      "id: d\nkind: cells\nask: 哪些 K 新算？\nmark: new\npane: cached\nwhy: 新来的。",
    ]
    let lesson = try Classroom.parse(
      Classroom.text(body: quizzes.map(Classroom.quiz).joined(separator: "\n")))
    let text = try markdown(lesson, Classroom.runs())
    // Three tokens: 3 × 3 cells, of which 1,2 1,3 2,3 are masked; the third token alone is new.
    for answer in ["**答** 9\n", "**答** 2\n", "**答** 3 个：1,2 1,3 2,3\n", "**答** 1 个：3\n"] {
      #expect(text.contains(answer), "\(answer)")
    }
    #expect(text.contains("就是 9 格。\n"))
    #expect(text.contains("1. 三\n2. 四\n"))
  }
}
