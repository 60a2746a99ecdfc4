internal import Base

extension Linter {
  /// What one language has and the other lacks; ids, scenes and answers must be the same.
  func differences(_ one: Lesson, _ other: Lesson) -> [Finding] {
    func finding(_ what: String, _ left: String, _ right: String, _ line: Int) -> Finding {
      Finding(other.path, line, .languagesDiffer(what: what, chinese: left, english: right))
    }
    func list(_ ids: [String]) -> String { ids.joined(separator: " ") }
    let (steps, others) = (one.steps.map(\.id), other.steps.map(\.id))
    guard steps == others else { return [finding("steps", list(steps), list(others), 1)] }
    let (quizzes, otherQuizzes) = (one.quizzes.map(\.id), other.quizzes.map(\.id))
    guard quizzes == otherQuizzes else {
      return [finding("quizzes", list(quizzes), list(otherQuizzes), 1)]
    }
    var findings: [Finding] = []
    if one.sections != other.sections {
      findings.append(finding("sections", list(one.sections), list(other.sections), 1))
    }
    if one.abilities.count != other.abilities.count {
      findings.append(
        finding("abilities", "\(one.abilities.count)", "\(other.abilities.count)", 1))
    }
    if one.preview != other.preview {
      findings.append(finding("preview", one.preview ?? "", other.preview ?? "", 1))
    }
    for (left, right) in zip(one.steps, other.steps)
    where left.scene.withoutWords != right.scene.withoutWords {
      findings.append(
        finding(
          "scene \(left.id)", "line \(left.scene.line)", "line \(right.scene.line)",
          right.scene.line))
    }
    for (left, right) in zip(one.steps, other.steps)
    where left.scene.notes.count != right.scene.notes.count {
      findings.append(
        finding(
          "notes \(left.id)", "\(left.scene.notes.count)", "\(right.scene.notes.count)",
          right.scene.line))
    }
    for (left, right) in zip(one.quizzes, other.quizzes) where left.answerText != right.answerText {
      findings.append(finding("quiz \(left.id)", left.answerText, right.answerText, right.line))
    }
    return findings
  }
}

extension Quiz {
  /// What is asked for and what is right, without the wording.
  fileprivate var answerText: String {
    let misconceptions = misconceptions.map(String.init).joined(separator: ",")
    let marks =
      painted == nil && !isProgram ? "" : " " + replies.map(\.wrong).joined(separator: " ")
    let others = otherwise == nil ? "" : " and else"
    let drawn = draw.numbers.keys.sorted().map { "\($0) \(draw.numbers[$0] ?? [])" }
    let asked =
      "at \(place?.line ?? "\(at ?? 0)"), draw \(drawn), ordered \(isOrdered), hints \(hints.count), "
      + "replies \(replies.count)\(marks)\(others), misconceptions \(misconceptions)"
    return switch kind {
    case .choice(let choices): "choice \(choices.map(\.truth.text)), \(asked)"
    case .number(let expression, let tolerance):
      "number \(expression.text) ± \(tolerance), \(asked)"
    case .shape(let sizes): "shape \(sizes.map(\.text)), \(asked)"
    case .cells(let target, let pane): "cells \(target) \(pane), \(asked)"
    case .token: "token, \(asked)"
    case .lines(let gaps):
      "lines \(gaps.program.map(ProgramGaps.gap)) of \(gaps.lines.count), \(gaps.runs), \(asked)"
    case .setting(let expression): "setting \(expression.text), \(asked)"
    }
  }
}

extension ProgramGaps {
  /// What runs, without the words about it.
  fileprivate var runs: [String] {
    arrangements.map { Self.letters($0.chosen) + ": " + $0.place.line }
  }
}

extension SceneSpec {
  /// The same scene wherever it stands and whatever is told of it.
  fileprivate var withoutWords: SceneSpec {
    SceneSpec(
      id: id, model: model, text: text, start: start, tokens: tokens, change: change, step: step,
      layer: layer, head: head, depth: depth, panes: panes, point: point, counters: counters,
      hidden: hidden, code: code, open: open, review: review, tool: tool, knobs: knobs, notes: [],
      line: 0)
  }
}
