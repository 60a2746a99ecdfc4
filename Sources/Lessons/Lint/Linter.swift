public import Base
internal import Trace
internal import Viz

/// Holds lesson files to everything that a reader would stumble over: fields, ids, scenes that run, answers that the run gives.
public struct Linter {
  let scenes: any SceneRunner
  /// How many misconceptions the list in `lessons/README.md` has.
  public static let misconceptions = 19

  /// Why a link opens nothing; nil where it does.
  private let refusal: (ToolLink) -> (any Explained)?

  /// Creates a linter.
  ///
  /// - Parameters:
  ///   - scenes: what computes their runs.
  ///   - refusal: why a tool that a lesson links to cannot be opened; without it links are not followed.
  public init(
    _ scenes: any SceneRunner, refusal: @escaping (ToolLink) -> (any Explained)? = { _ in nil }
  ) {
    self.scenes = scenes
    self.refusal = refusal
  }

  /// Everything that is wrong with one file.
  public func findings(path: String, id: String, language: Language) -> [Finding] {
    do throws(Finding) {
      return findings(in: try Course.lesson(path: path, id: id, language: language))
    } catch {
      return [error]
    }
  }

  /// Everything that is wrong with the lessons of a folder, languages against each other too.
  public func findings(in course: Course) -> [Finding] {
    course.ids.flatMap { id in
      var findings: [Finding] = []
      var lessons: [Lesson] = []
      for language in Language.allCases {
        do throws(Finding) {
          let lesson = try course.lesson(id, language)
          lessons.append(lesson)
          if lesson.outcome.isEmpty {
            findings.append(Finding(lesson.path, 1, .missingField("outcome")))
          }
          findings += self.findings(in: lesson)
        } catch {
          findings.append(error)
        }
      }
      return lessons.count == 2 ? findings + differences(lessons[0], lessons[1]) : findings
    } + termFindings(in: course).filter { !$0.isWarning }
  }

  /// Everything that is wrong with a lesson that could be read.
  public func findings(in lesson: Lesson) -> [Finding] {
    duplicates(lesson) + previewFindings(lesson)
      + lesson.steps.flatMap { findings(in: $0, lesson) }
  }

  private func previewFindings(_ lesson: Lesson) -> [Finding] {
    guard let preview = lesson.preview, !lesson.steps.contains(where: { $0.id == preview }) else {
      return []
    }
    let known = Expectation.notation(lesson.steps.map(\.id).joined(separator: ", "))
    let value = String(preview.prefix(40))
    return [
      Finding(lesson.path, 1, .badValue(field: "preview", value: value, expected: known))
    ]
  }

  private func duplicates(_ lesson: Lesson) -> [Finding] {
    var seen: Set<String> = []
    let ids = lesson.steps.map { ($0.id, $0.scene.line) } + lesson.quizzes.map { ($0.id, $0.line) }
    return ids.filter { !seen.insert($0.0).inserted }
      .map { Finding(lesson.path, $0.1, .duplicateID($0.0)) }
  }

  // MARK: One step

  private func findings(in step: LessonStep, _ lesson: Lesson) -> [Finding] {
    let scene = step.scene
    let runs: SceneRuns
    do throws(RunFailure) {
      runs = try scenes.runs(of: scene)
    } catch {
      return [Finding(lesson.path, scene.line, .cannotRun(error))]
    }
    var findings = misfits(scene, runs.run, lesson)
    findings += links(of: step).compactMap { field, link, line in
      refusal(link).map {
        Finding(lesson.path, line, .cannotOpen(field, RunFailure.cannotCompute($0)))
      }
    }
    guard findings.isEmpty else { return findings }
    func evaluator(_ number: Int, _ quiz: Quiz? = nil, at place: ToolLink? = nil) -> Evaluator {
      Evaluator(
        runs.run, comparison: runs.comparison, step: number,
        tools: runs.tools.at(place ?? quiz?.place ?? scene.tool), drawn: quiz?.values ?? [:])
    }
    findings += scene.notes.flatMap {
      expressionFindings($0, evaluator(scene.step), lesson, line: scene.line)
    }
    var shown = scene.tool
    for item in step.items {
      switch item {
      case .prose(let block):
        findings += textFindings(block, evaluator(scene.step), lesson, near: scene.line)
      case .quiz(let quiz):
        findings +=
          variants(of: quiz).lazy.map { variant -> [Finding] in
            let asked = variant.at ?? scene.step
            guard asked <= runs.run.steps.count else {
              let expected = Expectation.notation("1 … \(runs.run.steps.count)")
              return [
                Finding(
                  lesson.path, quiz.line,
                  .badValue(field: "at", value: "\(asked)", expected: expected))
              ]
            }
            return self.findings(
              in: variant, evaluator(asked, variant), Self.state(runs.run, asked), lesson)
              + beginningFindings(variant, evaluator(asked, variant, at: shown), lesson)
          }.first { !$0.isEmpty } ?? []
        shown = quiz.place ?? shown
      }
    }
    return findings
  }

  /// The tools that a screen opens, with the field and the line of each.
  private func links(of step: LessonStep) -> [(field: String, link: ToolLink, line: Int)] {
    let scene = step.scene
    var links: [(field: String, link: ToolLink, line: Int)] = []
    if let link = scene.open { links.append(("open", link, scene.line)) }
    if let link = scene.tool { links.append(("tool", link, scene.line)) }
    for quiz in step.quizzes {
      if let link = quiz.place { links.append(("at", link, quiz.line)) }
    }
    return links
  }

  /// A quiz with each of its numbers: one that is wrong with any is wrong.
  private func variants(of quiz: Quiz) -> [Quiz] { (0..<quiz.draw.count).map(quiz.drawn) }

  /// A run at the end of a step.
  private static func state(_ trace: Trace, _ step: Int) -> ViewerState {
    var state = ViewerState(
      trace: trace, longest: trace.steps.last?.length ?? 1, look: Look())
    state.show(step: step)
    return state
  }

  /// A scene that asks for a step, layer, head or cell that its run does not have.
  private func misfits(_ scene: SceneSpec, _ trace: Trace, _ lesson: Lesson) -> [Finding] {
    var limits = [
      ("step", scene.step, trace.steps.count), ("layer", scene.layer, trace.model.layers),
      ("head", scene.head, trace.model.heads),
    ]
    if scene.step <= trace.steps.count {
      limits += scene.point.map { ("point", $0, trace.step(scene.step).length) }
    }
    var findings = limits.filter { $0.1 > $0.2 }.map { name, value, most in
      Finding(
        lesson.path, scene.line,
        .badValue(field: name, value: "\(value)", expected: .notation("1 … \(most)")))
    }
    if scene.panes == .change && scene.change == nil {
      findings.append(Finding(lesson.path, scene.line, .missingField("change")))
    }
    return findings
  }

  // MARK: One quiz

  private func findings(
    in quiz: Quiz, _ evaluator: Evaluator, _ state: ViewerState, _ lesson: Lesson
  ) -> [Finding] {
    var findings = answerFindings(quiz, evaluator, lesson)
    findings += markFindings(Grader(quiz: quiz, evaluator: evaluator, state: state), lesson)
    for (text, line) in texts(of: quiz) {
      findings += expressionFindings(text, evaluator, lesson, line: line)
    }
    if case .lines(let gaps) = quiz.kind {
      for arrangement in gaps.arrangements {
        findings += expressionFindings(
          arrangement.reply ?? "", evaluator.at(arrangement.place), lesson, line: arrangement.line)
      }
    }
    for number in quiz.misconceptions where !(1...Self.misconceptions).contains(number) {
      findings.append(Finding(lesson.path, quiz.line, .unknownMisconception("\(number)")))
    }
    return findings
  }

  /// A reply to marks that are right.
  private func markFindings(_ grader: Grader, _ lesson: Lesson) -> [Finding] {
    let quiz = grader.quiz
    guard case .cells(let target, let pane) = quiz.kind else { return [] }
    let truth = grader.truth(target, pane)
    return quiz.replies.compactMap { name, _, line in
      let isRight = MarkedSet(rawValue: name).flatMap { grader.places($0, target, pane) } == truth
      return isRight
        ? Finding(lesson.path, line, .replyToRightAnswer(quiz: quiz.id, answer: name)) : nil
    }
  }

  private func texts(of quiz: Quiz) -> [(String, Int)] {
    var texts = [(quiz.ask, quiz.line), (quiz.why, quiz.line)]
    texts += quiz.hints.map { ($0, quiz.line) } + quiz.replies.map { ($0.reply, $0.line) }
    texts += quiz.otherwise.map { [($0, quiz.line)] } ?? []
    if case .choice(let choices) = quiz.kind {
      for choice in choices {
        texts.append((choice.text, choice.truth.line))
        if let reply = choice.reply { texts.append((reply, choice.truth.line)) }
      }
    }
    return texts
  }

  /// Whether the run gives an answer, one and only one, and no reply is to that.
  private func answerFindings(
    _ quiz: Quiz, _ evaluator: Evaluator, _ lesson: Lesson
  ) -> [Finding] {
    switch quiz.kind {
    case .choice(let choices):
      var truths = 0
      for choice in choices {
        do throws(ExpressionError) {
          truths += try evaluator.truth(choice.truth.expression) ? 1 : 0
        } catch {
          return [noValue(choice.truth.text, error, lesson, choice.truth.line)]
        }
      }
      return truths == 1
        ? [] : [Finding(lesson.path, quiz.line, .trueOptions(quiz: quiz.id, count: truths))]
    case .number(let expression, let tolerance):
      return numbers(quiz, [expression], evaluator, lesson, tolerance: tolerance)
    case .shape(let sizes): return numbers(quiz, sizes, evaluator, lesson)
    case .setting(let expression): return settingFindings(quiz, expression, evaluator, lesson)
    case .lines(let gaps): return programFindings(quiz, gaps, evaluator, lesson)
    case .cells, .token: return []
    }
  }

  /// Whether one run, and one only, is the sound one; no reply is to a program that runs.
  private func programFindings(
    _ quiz: Quiz, _ gaps: ProgramGaps, _ evaluator: Evaluator, _ lesson: Lesson
  ) -> [Finding] {
    var right = 0
    for arrangement in gaps.arrangements {
      do throws(ExpressionError) {
        right += try evaluator.gap(of: arrangement) == 0 ? 1 : 0
      } catch {
        return [noValue(ProgramGaps.gap, error, lesson, arrangement.line)]
      }
    }
    guard right == 1 else {
      return [Finding(lesson.path, quiz.line, .soundRuns(quiz: quiz.id, count: right))]
    }
    return quiz.replies.compactMap { letters, _, line in
      ProgramGaps.places(letters).flatMap(gaps.arrangement) == nil
        ? nil : Finding(lesson.path, line, .replyToRun(quiz: quiz.id, lines: letters))
    }
  }

  /// Whether the setting that is shown is right, and no reply is to it.
  private func settingFindings(
    _ quiz: Quiz, _ answer: PlacedExpression, _ evaluator: Evaluator, _ lesson: Lesson
  ) -> [Finding] {
    do throws(ExpressionError) {
      guard try evaluator.truth(answer.expression) else {
        return [Finding(lesson.path, answer.line, .wrongSetting(quiz: quiz.id))]
      }
    } catch {
      return [noValue(answer.text, error, lesson, answer.line)]
    }
    return quiz.replies.compactMap { wrong, _, line in
      do throws(ExpressionError) {
        return try evaluator.truth(Expression(wrong))
          ? Finding(lesson.path, line, .replyToRightAnswer(quiz: quiz.id, answer: wrong)) : nil
      } catch {
        return noValue(wrong, error, lesson, line)
      }
    }
  }

  /// Whether a setting is right before anything is turned; `evaluator` is of the place where the tool begins.
  private func beginningFindings(
    _ quiz: Quiz, _ evaluator: Evaluator, _ lesson: Lesson
  ) -> [Finding] {
    guard case .setting(let answer) = quiz.kind else { return [] }
    do throws(ExpressionError) {
      return try evaluator.truth(answer.expression)
        ? [Finding(lesson.path, answer.line, .rightFromTheStart(quiz: quiz.id))] : []
    } catch {
      return [noValue(answer.text, error, lesson, answer.line)]
    }
  }

  private func numbers(
    _ quiz: Quiz, _ expressions: [PlacedExpression], _ evaluator: Evaluator, _ lesson: Lesson,
    tolerance: Double = 0
  ) -> [Finding] {
    var truth: [Double] = []
    for expression in expressions {
      do throws(ExpressionError) {
        truth.append(try evaluator.number(expression.expression))
      } catch {
        return [noValue(expression.text, error, lesson, expression.line)]
      }
    }
    return quiz.replies.compactMap { wrong, _, line in
      do throws(ExpressionError) {
        let known = try Grader.numbers(wrong, evaluator)
        let isRight =
          known.count == truth.count
          && zip(known, truth).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
        return isRight
          ? Finding(lesson.path, line, .replyToRightAnswer(quiz: quiz.id, answer: wrong)) : nil
      } catch {
        return noValue(wrong, error, lesson, line)
      }
    }
  }

  private func noValue(
    _ text: String, _ error: ExpressionError, _ lesson: Lesson, _ line: Int
  ) -> Finding {
    Finding(lesson.path, line, .noValue(text, error))
  }

  // MARK: Numbers in prose

  private func textFindings(
    _ block: Prose, _ evaluator: Evaluator, _ lesson: Lesson, near line: Int
  ) -> [Finding] {
    switch block {
    case .heading(_, let inlines, let line), .paragraph(let inlines, let line):
      inlines.flatMap { inline in
        expressionFindings(inline.text, evaluator, lesson, line: line)
          + tieFindings(inline.tie, evaluator, lesson, line: line)
      }
    case .list(_, let items):
      items.flatMap { $0.flatMap { textFindings($0, evaluator, lesson, near: line) } }
    case .quote(let blocks):
      blocks.flatMap { textFindings($0, evaluator, lesson, near: line) }
    case .code(_, let text, let line):
      expressionFindings(text, evaluator, lesson, line: line)
    case .rule: []
    }
  }

  /// A sentence that speaks of a cell which the run never has.
  private func tieFindings(
    _ tie: Tie?, _ evaluator: Evaluator, _ lesson: Lesson, line: Int
  ) -> [Finding] {
    guard case .place(let place) = tie, place.newest > evaluator.longest else { return [] }
    return [
      Finding(
        lesson.path, line,
        .badValue(
          field: "link", value: "\(place.newest)",
          expected: .notation("1 … \(evaluator.longest)")))
    ]
  }

  private func expressionFindings(
    _ text: String, _ evaluator: Evaluator, _ lesson: Lesson, line: Int
  ) -> [Finding] {
    // Emphasis and the like must not cut an expression in two.
    guard Interpolation.isWhole(text) else {
      return [Finding(lesson.path, line, .badExpression(text, .openBraces))]
    }
    return Interpolation.expressions(in: text).compactMap { written in
      do throws(ExpressionError) {
        _ = try evaluator.value(of: Expression(written))
        return nil
      } catch {
        return noValue(written, error, lesson, line)
      }
    }
  }
}
