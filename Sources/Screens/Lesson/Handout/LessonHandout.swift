internal import Base
public import Lessons
internal import Trace
public import Viz

/// A lesson on paper: its text with the scenes as pictures, its questions without answers, and at the end the answers.
public struct LessonHandout {
  private let states: [LessonState]
  private let size: Size

  /// Creates the handout of a lesson, of which nothing is answered, whatever was done of it.
  ///
  /// - Parameters:
  ///   - lesson: the lesson.
  ///   - look: the language of the lesson, and the glyphs.
  ///   - size: of a picture, at most.
  ///   - screens: the ids of the steps that are handed out; all where it is empty.
  ///   - tool: opens the tool of a scene at a size, all that it wants worked out; nil leaves the picture out.
  ///   - runs: computes the runs of a scene.
  /// - Throws: what `runs` throws.
  public init<Failure>(
    _ lesson: Lesson, _ look: Look, size: Size, screens: [String] = [],
    tool: (ToolPlace, Size) -> (any Screen)? = { _, _ in nil },
    runs: (SceneSpec) throws(Failure) -> SceneRuns
  ) throws(Failure) {
    var states: [LessonState] = []
    for step in lesson.steps where screens.isEmpty || screens.contains(step.id) {
      var place = LessonProgress()
      place.current = step.id
      var state = LessonState(lesson, progress: place, look: look, traces: try runs(step.scene))
      if let shown = state.shownTool, let screen = tool(shown.place, size) {
        state.take(shown, screen)
      }
      states.append(state)
    }
    self.states = states
    self.size = size
  }

  /// The handout; nil of a lesson without steps.
  public var handout: Handout? {
    guard let first = states.first else { return nil }
    let numbers = [self].questionNumbers
    return Handout(
      language: first.language, title: title,
      blocks: [.heading(level: 1, [HandoutText(title)])] + blocks(numbers, below: 1)
        + [self].end(numbers, first.language))
  }

  /// The lesson's number and title.
  var title: String { states.first?.lessonTitle ?? "" }

  /// Its questions, by names that no question of another lesson has.
  var questions: [String] {
    states.flatMap { state in state.step.quizzes.map { state.name(of: $0) } }
  }

  /// Its steps, below a heading of a level.
  func blocks(_ numbers: [String: Int], below level: Int) -> [HandoutBlock] {
    states.flatMap { StepHandout($0, size, numbers, level: level + 1).blocks }
  }

  /// Every question again, with its answer and why.
  func answers(_ numbers: [String: Int]) -> [HandoutBlock] {
    states.flatMap { StepHandout($0, size, numbers, level: 2).answers }
  }
}

extension [LessonHandout] {
  /// The questions' numbers, from 1 through all lessons.
  var questionNumbers: [String: Int] {
    var numbers: [String: Int] = [:]
    for question in flatMap(\.questions) where numbers[question] == nil {
      numbers[question] = numbers.count + 1
    }
    return numbers
  }

  /// The answers, on a page of their own; nothing where nothing is asked.
  func end(_ numbers: [String: Int], _ language: Language) -> [HandoutBlock] {
    let answers = flatMap { $0.answers(numbers) }
    guard !answers.isEmpty else { return [] }
    return [.rule, .heading(level: 2, [HandoutText(language("答案", "Answers"))])] + answers
  }
}

extension LessonState {
  /// The lesson's number and title.
  fileprivate var lessonTitle: String {
    let number = lesson.id.prefix { $0.isNumber }.drop { $0 == "0" }
    let head = number.isEmpty ? "" : language("第 \(number) 课 ", "Lesson \(number): ")
    return viewer.glyphs.shown(head + lesson.title)
  }

  /// A question's name that none of another lesson has.
  fileprivate func name(of quiz: Quiz) -> String { lesson.id + "/" + quiz.id }
}

extension Canvas {
  /// The picture without blank lines above and below it; nil where nothing is drawn.
  var cropped: Canvas? {
    let rows = (0..<size.rows).filter { y in row(y).contains { $0 != .blank } }
    guard let first = rows.first, let last = rows.last else { return nil }
    var canvas = Canvas(Size(columns: size.columns, rows: last - first + 1))
    canvas.draw(self, at: Point(0, -first))
    return canvas
  }
}

/// One step of a lesson on paper.
private struct StepHandout {
  private let state: LessonState
  private let size: Size
  private let numbers: [String: Int]
  /// Of the step's heading.
  private let level: Int
  private let text: HandoutProse

  init(_ state: LessonState, _ size: Size, _ numbers: [String: Int], level: Int) {
    self.state = state
    self.size = size
    self.numbers = numbers
    self.level = level
    text = HandoutProse(
      evaluator: state.evaluator, glyphs: state.look.glyphs, below: level - 1)
  }

  private var language: Language { state.language }

  /// The heading, the picture, then text and questions in their order.
  var blocks: [HandoutBlock] {
    let title = HandoutText(state.look.glyphs.shown(state.step.title))
    let picture = state.pageFigure(size).cropped.map { [HandoutBlock.picture($0)] } ?? []
    return [.heading(level: level, [title])] + picture
      + state.step.items.flatMap { item in
        switch item {
        case .prose(let prose): text.blocks(prose)
        case .quiz(let quiz): question(quiz)
        }
      }
  }

  /// Every question of the step again, with its answer and why.
  var answers: [HandoutBlock] {
    state.step.quizzes.flatMap { quiz in
      question(quiz) + [
        .paragraph([
          HandoutText(language("答", "Answer"), .strong), HandoutText(" " + answer(to: quiz)),
        ])
      ] + prose(of: quiz).blocks(quiz.why)
    }
  }

  // MARK: Questions

  private func prose(of quiz: Quiz) -> HandoutProse {
    HandoutProse(evaluator: state.grader(quiz).evaluator, glyphs: state.look.glyphs)
  }

  private func question(_ quiz: Quiz) -> [HandoutBlock] {
    let number = numbers[state.name(of: quiz)] ?? 0
    let head = HandoutText(language("问 \(number)", "Question \(number)"), .strong)
    let options = options(of: quiz)
    var blocks = prose(of: quiz).blocks(quiz.ask, behind: head)
    if !options.isEmpty { blocks.append(.list(first: 1, options)) }
    if case .lines(let gaps) = quiz.kind {
      let lines = ProgramLines(
        gaps: gaps, order: Array(gaps.lines.indices), glyphs: state.look.glyphs)
      blocks.append(.code(lines.text))
    }
    if case .cells = quiz.kind {
      blocks.append(
        .paragraph([HandoutText(state.look.glyphs.shown(state.lineGuide(quiz)), .emphasis)]))
    }
    return blocks
  }

  private func options(of quiz: Quiz) -> [[HandoutBlock]] {
    let prose = prose(of: quiz)
    return switch quiz.kind {
    case .choice(let choices): choices.map { prose.blocks($0.text) }
    case .token:
      Grader.candidates(state.grader(quiz).state.step).map { candidate in
        [.paragraph([HandoutText(state.look.glyphs.shown("「\(candidate.text)」"))])]
      }
    default: []
    }
  }

  /// The answer as one would write it.
  private func answer(to quiz: Quiz) -> String {
    let grader = state.grader(quiz)
    let answer = state.rightAnswer(to: quiz)
    guard case .cells(let target, let pane) = quiz.kind else {
      return state.look.glyphs.shown(answer)
    }
    let isStrip = target == .new || target == .read
    let places = grader.truth(target, pane).sorted { ($0.query, $0.key) < ($1.query, $1.key) }
      .prefix(Self.mostPlaces)
    let list = places.map { isStrip ? "\($0.key + 1)" : "\($0.query + 1),\($0.key + 1)" }
      .joined(separator: " ")
    let count = language("\(answer) 个", answer)
    return list.isEmpty ? count : count + language("：", ": ") + list
  }

  /// More places than these are not listed.
  private static let mostPlaces = 40
}
