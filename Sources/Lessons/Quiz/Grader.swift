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
}

/// What the run says to an answer.
package struct Judgement: Equatable {
  package let isRight: Bool
  /// To a wrong answer that is known.
  package let reply: String?
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
      if readings.contains(where: { Self.isRight($0, truth, tolerance: tolerance) }) {
        return Judgement(isRight: true, reply: nil)
      }
      for reading in readings {
        if let reply = try reply(to: [reading], tolerance: tolerance) {
          return Judgement(isRight: false, reply: reply)
        }
      }
      return Judgement(isRight: false, reply: nil)
    case (.shape(let sizes), .shape(let given)):
      var truth: [Double] = []
      for size in sizes { truth.append(try evaluator.number(size.expression)) }
      let isRight = given.map(Double.init) == truth
      return Judgement(
        isRight: isRight, reply: isRight ? nil : try reply(to: given.map(Double.init)))
    case (.cells(let target, let pane), .cells(let marks)):
      return Judgement(isRight: marks == truth(target, pane), reply: nil)
    case (.token, .choice(let index)):
      let isRight = Self.candidates(state.step)[index].id == state.step.next[0].id
      return Judgement(isRight: isRight, reply: nil)
    case (.setting(let expression), .setting):
      let isRight = try evaluator.truth(expression.expression)
      return Judgement(isRight: isRight, reply: isRight ? nil : try replyToSetting())
    default: return Judgement(isRight: false, reply: nil)
    }
  }

  /// Whether a number is the right one: within the tolerance, or as the run's own number is written on the screen.
  private static func isRight(_ number: Double, _ truth: Double, tolerance: Double) -> Bool {
    // A sum such as 625/3 may miss the last bit.
    abs(number - truth) <= max(tolerance, 1e-12) * abs(truth)
      || Value.number(number).shown == Value.number(truth).shown
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
