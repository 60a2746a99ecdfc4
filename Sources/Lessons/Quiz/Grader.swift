package import Trace
package import Viz

/// What a learner answered.
package enum Answer: Hashable, Sendable {
  case choice(Int)
  /// What the number that was typed can mean, the plainest first.
  case number([Double])
  case shape([Int])
  case cells(Set<GridPoint>)
  /// The tool as it stands, which the evaluator knows.
  case setting
  /// Lines of a program, gap by gap, by their places in the file.
  case lines([Int])
}

/// What the run says to an answer.
package struct Judgement: Equatable {
  package let isRight: Bool
  /// To a wrong answer that is known, else what is said to all others.
  package let reply: String?
  /// Whether the reply is the one to all others.
  package var isGeneral = false
  /// How far the marks of cells are off; nil for other answers.
  package var difference: MarkDifference?

  static let right = Judgement(isRight: true, reply: nil)

  /// Wrong, with the reply to it, or else the one to all others.
  static func wrong(
    _ reply: String?, else otherwise: String?, _ difference: MarkDifference? = nil
  ) -> Judgement {
    Judgement(
      isRight: false, reply: reply ?? otherwise, isGeneral: reply == nil, difference: difference)
  }
}

/// Holds answers against the run.
package struct Grader {
  let quiz: Quiz
  /// In the step that is asked about.
  package let evaluator: Evaluator
  /// The state at the end of that step.
  package let state: ViewerState

  /// Holds the answers to a quiz against the step that it asks about.
  package init(quiz: Quiz, evaluator: Evaluator, state: ViewerState) {
    self.quiz = quiz
    self.evaluator = evaluator
    self.state = state
  }

  /// What the run says to an answer.
  package func judge(_ answer: Answer) throws(ExpressionError) -> Judgement {
    switch (quiz.kind, answer) {
    case (.choice(let choices), .choice(let index)):
      let choice = choices[index]
      let isRight = try evaluator.truth(choice.truth.expression)
      return Judgement(isRight: isRight, reply: isRight ? nil : choice.reply)
    case (.number(let expression, let tolerance), .number(let readings)):
      let truth = try evaluator.number(expression.expression)
      return try judge(readings, truth, tolerance: tolerance)
    case (.shape(let sizes), .shape(let given)):
      var truth: [Double] = []
      for size in sizes { truth.append(try evaluator.number(size.expression)) }
      let numbers = given.map(Double.init)
      return numbers == truth ? .right : .wrong(try reply(to: numbers), else: quiz.otherwise)
    case (.cells(let target, let pane), .cells(let marks)):
      return judge(marks, target, pane)
    case (.token, .choice(let index)):
      let isRight = Self.candidates(state.step)[index].id == state.step.next[0].id
      return Judgement(isRight: isRight, reply: nil)
    case (.setting(let expression), .setting):
      let isRight = try evaluator.truth(expression.expression)
      return Judgement(isRight: isRight, reply: isRight ? nil : try replyToSetting())
    case (.lines(let gaps), .lines(let chosen)): return try judge(chosen, gaps)
    default: return Judgement(isRight: false, reply: nil)
    }
  }

  /// A program is right if its run is: it differs nowhere from the run without a cache.
  private func judge(
    _ chosen: [Int], _ gaps: ProgramGaps
  ) throws(ExpressionError) -> Judgement {
    guard let arrangement = gaps.arrangement(chosen) else {
      let known = quiz.replies.first { ProgramGaps.places($0.wrong) == chosen }
      return .wrong(known?.reply, else: quiz.otherwise)
    }
    return try evaluator.gap(of: arrangement) == 0
      ? .right : .wrong(arrangement.reply, else: quiz.otherwise)
  }

  /// The lines that are right, by their places in the file; empty where there are none.
  package func rightLines(_ gaps: ProgramGaps) throws(ExpressionError) -> [Int] {
    for arrangement in gaps.arrangements where try evaluator.gap(of: arrangement) == 0 {
      return arrangement.chosen
    }
    return []
  }

  /// A rounding is right, unless it is a wrong answer that is known.
  private func judge(
    _ readings: [Double], _ truth: Double, tolerance: Double
  ) throws(ExpressionError) -> Judgement {
    if readings.contains(where: { Rounding.isExact($0, truth, tolerance: tolerance) }) {
      return .right
    }
    for reading in readings {
      if let reply = try reply(to: [reading], tolerance: tolerance) {
        return .wrong(reply, else: nil)
      }
    }
    return readings.contains { Rounding.isSensible($0, of: truth) }
      ? .right : .wrong(nil, else: quiz.otherwise)
  }

  private func judge(
    _ marks: Set<GridPoint>, _ target: MarkTarget, _ pane: ScenePanes
  ) -> Judgement {
    let truth = truth(target, pane)
    guard marks != truth else { return .right }
    let known = quiz.replies.first { name, _, _ in
      MarkedSet(rawValue: name).flatMap { places($0, target, pane) } == marks
    }
    return .wrong(
      known?.reply, else: quiz.otherwise,
      MarkDifference(
        missed: truth.subtracting(marks).count, extra: marks.subtracting(truth).count))
  }

  /// The right answer in words, as the run has it.
  package func answer() throws(ExpressionError) -> String {
    switch quiz.kind {
    case .choice(let choices):
      for (index, choice) in choices.enumerated() where try evaluator.truth(choice.truth.expression)
      {
        return "\(index + 1)"
      }
      return ""
    case .number(let expression, _):
      return Value.number(try evaluator.number(expression.expression)).shown
    case .shape(let sizes):
      var texts: [String] = []
      for size in sizes {
        texts.append(Value.number(try evaluator.number(size.expression)).shown)
      }
      return texts.joined(separator: " × ")
    case .cells(let target, let pane): return "\(truth(target, pane).count)"
    case .setting: return quiz.place?.line ?? ""
    case .lines(let gaps): return ProgramGaps.letters(try rightLines(gaps))
    case .token:
      let best = state.step.next[0].id
      return Self.candidates(state.step).firstIndex { $0.id == best }.map { "\($0 + 1)" } ?? ""
    }
  }

  /// The cells or tokens that a mark means.
  package func truth(_ target: MarkTarget, _ pane: ScenePanes) -> Set<GridPoint> {
    let run: Run = pane == .uncached ? .uncached : .cached
    switch target {
    case .computed: return state.cells(run) { isComputed, _ in isComputed }
    case .masked: return state.cells(run) { _, isMasked in isMasked }
    case .new: return state.keyValues(run, computed: true)
    case .read: return state.keyValues(run, computed: false)
    }
  }

  /// How many candidates are shown.
  package var candidateCount: Int { Self.candidates(state.step).count }

  /// The run's own candidates, in an order that says nothing of their odds.
  package static func candidates(_ step: Step) -> [Candidate] {
    step.next.prefix(4).sorted { $0.id < $1.id }
  }

  /// The reply to a wrong answer that the lesson knows.
  private func reply(
    to given: [Double], tolerance: Double = 0
  ) throws(ExpressionError) -> String? {
    for (wrong, reply, _) in quiz.replies {
      let known = try Self.numbers(wrong, evaluator)
      let isMeant =
        known.count == given.count
        && zip(known, given).allSatisfy { abs($0 - $1) <= tolerance * abs($0) }
      if isMeant { return reply }
    }
    return nil
  }

  /// The reply to a wrong setting that the lesson knows: the first that is true of it.
  private func replyToSetting() throws(ExpressionError) -> String? {
    for (wrong, reply, _) in quiz.replies where try evaluator.truth(Expression(wrong)) {
      return reply
    }
    return nil
  }

  /// A known wrong answer: an expression, or several with × between them.
  package static func numbers(
    _ text: String, _ evaluator: Evaluator
  ) throws(ExpressionError) -> [Double] {
    var numbers: [Double] = []
    for part in text.split(separator: "×") {
      numbers.append(try evaluator.number(Expression(String(part))))
    }
    return numbers
  }
}
