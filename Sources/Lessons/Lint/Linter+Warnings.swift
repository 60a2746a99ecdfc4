public import Base
internal import Trace

/// What a reader would not stumble over, and a teacher would mend.
extension Linter {
  /// Everything of a lesson that could be better: questions that are missing, that are answered before they are asked, or that have
  /// nothing to say to a number that stands before the learner's eyes.
  public func warnings(in lesson: Lesson) -> [Finding] {
    lesson.steps.flatMap { step in
      var findings: [Finding] = []
      if step.quizzes.isEmpty, !step.scene.review {
        findings.append(Finding(lesson.path, step.scene.line, .noQuestion(step.id)))
      }
      guard let runs = try? scenes.runs(of: step.scene), step.scene.step <= runs.run.steps.count
      else {
        return findings
      }
      return findings + ScreenWarnings(lesson: lesson, step: step, runs: runs).findings
    }
  }

  /// Everything of a course that could be better, its terms too.
  public func warnings(in course: Course) -> [Finding] {
    let list = try? TermList(path: TermList.path(in: course.folder))
    let ofTerms = termFindings(in: course).filter(\.isWarning)
    return ofTerms
      + Language.allCases.flatMap { language in
        let lessons = course.ids.compactMap { try? course.lesson($0, language) }
        return lessons.flatMap { lesson in
          warnings(in: lesson) + (list.map { warnings(in: lesson, of: lessons, $0) } ?? [])
        }
      }
  }

  /// The warnings of one file, against the course that it stands in.
  public func warnings(path: String, id: String, language: Language, in course: Course?)
    -> [Finding]
  {
    guard let lesson = try? Course.lesson(path: path, id: id, language: language) else { return [] }
    guard let course, course.path(id, language) == path,
      let list = try? TermList(path: TermList.path(in: course.folder))
    else { return warnings(in: lesson) }
    let lessons = course.ids.compactMap { try? course.lesson($0, language) }
    return warnings(in: lesson) + warnings(in: lesson, of: lessons, list)
  }

  // MARK: Terms

  /// What is wrong with a course's list of terms: it cannot be read, or names a screen that is not there.
  func termFindings(in course: Course) -> [Finding] {
    let path = TermList.path(in: course.folder)
    guard Course.exists(path) else { return [] }
    do throws(Finding) {
      let list = try TermList(path: path)
      return Language.allCases.flatMap { language in
        let lessons = course.ids.compactMap { try? course.lesson($0, language) }
        let screens = Dictionary(
          lessons.flatMap { lesson in
            lesson.steps.map { (TermPlace(lesson: lesson.id, screen: $0.id), $0) }
          }
        ) { one, _ in one }
        return list.terms.compactMap { term -> Finding? in
          guard let screen = screens[term.introduced] else {
            return Finding(path, term.line, .noScreen(term.introduced.text))
          }
          let texts = screen.texts.map(\.text)
          guard texts.contains(where: { term.range(in: $0, language) != nil }) else {
            return Finding(
              path, term.line, .termNotThere(term.name(language), term.introduced.text))
          }
          return nil
        }
      }
    } catch {
      return [error]
    }
  }

  /// Terms that stand in a lesson before the course introduces them, each once.
  private func warnings(in lesson: Lesson, of lessons: [Lesson], _ list: TermList) -> [Finding] {
    let places = lessons.flatMap { lesson in
      lesson.steps.map { TermPlace(lesson: lesson.id, screen: $0.id) }
    }
    let order = Dictionary(zip(places, 0...)) { first, _ in first }
    var findings: [Finding] = []
    for term in list.terms {
      guard let introduced = order[term.introduced] else { continue }
      let early = lesson.steps.filter {
        order[TermPlace(lesson: lesson.id, screen: $0.id)] ?? .max < introduced
      }
      for screen in early {
        let texts = screen.texts
        guard let used = texts.first(where: { term.range(in: $0.text, lesson.language) != nil })
        else { continue }
        findings.append(
          Finding(
            lesson.path, used.line,
            .termTooEarly(
              term.name(lesson.language), screen: screen.id, introduced: term.introduced.text)))
      }
    }
    return findings
  }
}

// MARK: One screen

/// The warnings of the questions on a screen.
private struct ScreenWarnings {
  let lesson: Lesson
  let step: LessonStep
  let runs: SceneRuns

  private func evaluator(_ number: Int, _ quiz: Quiz? = nil) -> Evaluator {
    Evaluator(
      runs.run, comparison: runs.comparison, step: min(number, runs.run.steps.count),
      drawn: quiz?.values ?? [:])
  }

  /// Of each question, with all that stands above it.
  var findings: [Finding] {
    var above: [String] = []
    return step.items.flatMap { item -> [Finding] in
      switch item {
      case .prose(let block):
        above += block.plainTexts.map { filled($0, evaluator(step.scene.step)) }
        return []
      case .quiz(let quiz):
        let findings = (0..<quiz.draw.count).lazy.map { self.findings(quiz.drawn($0), above) }
          .first { !$0.isEmpty }
        above += [quiz.ask, quiz.why].map {
          filled($0, evaluator(quiz.at ?? step.scene.step, quiz))
        }
        return findings ?? []
      }
    }
  }

  private func filled(_ text: String, _ evaluator: Evaluator) -> String {
    (try? Interpolation.fill(text, evaluator)) ?? text
  }

  private func findings(_ quiz: Quiz, _ above: [String]) -> [Finding] {
    guard case .number(let answer, _) = quiz.kind else { return [] }
    let evaluator = evaluator(quiz.at ?? step.scene.step, quiz)
    guard let truth = try? evaluator.number(answer.expression) else { return [] }
    let prose = above.flatMap(PrintedNumbers.all)
    let asked = PrintedNumbers.all(in: filled(quiz.ask, evaluator))
    let counters = counters(before: quiz)
    return answeredBefore(quiz, truth, prose + counters)
      + withoutReply(quiz, truth, evaluator, prose + counters + asked)
  }

  /// A small whole number stands somewhere on nearly every screen: it gives nothing away.
  private func answeredBefore(_ quiz: Quiz, _ truth: Double, _ numbers: [Double]) -> [Finding] {
    guard truth >= 10 || truth != truth.rounded(), numbers.contains(where: { isSame($0, truth) })
    else { return [] }
    return [
      Finding(
        lesson.path, quiz.line, .answerOnScreen(quiz: quiz.id, Value.number(truth).shown))
    ]
  }

  private func withoutReply(
    _ quiz: Quiz, _ truth: Double, _ evaluator: Evaluator, _ numbers: [Double]
  ) -> [Finding] {
    guard quiz.otherwise == nil else { return [] }
    let known = quiz.replies.compactMap { reply in
      (try? Grader.numbers(reply.wrong, evaluator)).flatMap { $0.count == 1 ? $0[0] : nil }
    }
    let open = Set(numbers).filter { number in
      !isSame(number, truth) && !known.contains { isSame($0, number) }
    }
    guard !open.isEmpty else { return [] }
    let list = open.sorted().prefix(Self.mostNamed).map { Value.number($0).shown }
    return [Finding(lesson.path, quiz.line, .noReply(quiz: quiz.id, numbers: list))]
  }

  private static let mostNamed = 8

  private func isSame(_ number: Double, _ other: Double) -> Bool {
    Value.number(number).shown == Value.number(other).shown
  }

  /// What the table of counts shows while a question is open: of the last step that it lets the learner see.
  private func counters(before quiz: Quiz) -> [Double] {
    guard step.scene.counters, !step.scene.code, step.scene.panes != .change else { return [] }
    let shown = step.scene.step
    let last = quiz.at.map { $0 > shown ? $0 - 1 : shown } ?? shown
    let lanes = step.scene.panes == .both ? ["uncached", "cached"] : [step.scene.panes.rawValue]
    let texts = lanes.flatMap { lane in
      ["\(lane).cells", "sum(\(lane).cells)", "sum(\(lane).kv_computed)"]
    }
    return texts.compactMap { text in
      (try? Expression(text)).flatMap { try? evaluator(last).number($0) }
    }
  }
}

/// Numbers as they stand in a text.
enum PrintedNumbers {
  /// All that a learner could take for an answer: none of a section's number (`22.1.3`), of a name (`GPT2`, `7B`), or of a lesson's.
  static func all(in text: String) -> [Double] {
    var numbers: [Double] = []
    let characters = Array(text)
    var place = 0
    while place < characters.count {
      guard isDigit(characters[place]) else {
        place += 1
        continue
      }
      var end = place
      while end < characters.count, isPart(characters, end) { end += 1 }
      if !isName(characters, place, end), let number = number(characters[place..<end]) {
        numbers.append(number)
      }
      place = end
    }
    return numbers
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }

  /// A digit, or a point or comma between two.
  private static func isPart(_ characters: [Character], _ place: Int) -> Bool {
    if isDigit(characters[place]) { return true }
    return ".,".contains(characters[place]) && place + 1 < characters.count
      && isDigit(characters[place + 1])
  }

  private static func number(_ characters: ArraySlice<Character>) -> Double? {
    let text = String(characters)
    guard text.count(where: { $0 == "." }) <= 1 else { return nil }
    let groups = text.split(separator: ",")
    guard groups.count == 1 || groups.dropFirst().allSatisfy({ $0.prefix { $0 != "." }.count == 3 })
    else { return nil }
    return Double(text.filter { $0 != "," })
  }

  /// Whether it is a part of a name, or counts lessons.
  private static func isName(_ characters: [Character], _ start: Int, _ end: Int) -> Bool {
    let isLetter: (Int) -> Bool = {
      characters.indices.contains($0) && characters[$0].isASCII && characters[$0].isLetter
    }
    if isLetter(start - 1) || isLetter(end) { return true }
    if start > 1, "-_".contains(characters[start - 1]), isLetter(start - 2) { return true }
    let before = String(characters[max(0, start - 8)..<start]).lowercased()
    let isOfLesson = before.hasSuffix("lesson ") || before.hasSuffix("lessons ")
    return isOfLesson || end < characters.count && characters[end...].prefix(2).contains("课")
  }
}

// MARK: Texts

extension LessonStep {
  /// All that a learner reads on it, with its lines, without expressions.
  fileprivate var texts: [(text: String, line: Int)] {
    [(title, scene.line)]
      + items.flatMap { item -> [(text: String, line: Int)] in
        switch item {
        case .prose(let block): block.plainTexts.map { ($0, block.firstLine ?? scene.line) }
        case .quiz(let quiz): quiz.plainTexts.map { ($0, quiz.line) }
        }
      }.map { (Interpolation.withoutExpressions($0.text), $0.line) }
  }
}

extension Quiz {
  fileprivate var plainTexts: [String] {
    var texts = [ask] + hints + replies.map(\.reply) + [otherwise ?? "", why]
    if case .lines(let gaps) = kind { texts += gaps.arrangements.compactMap(\.reply) }
    if case .choice(let choices) = kind { texts += choices.flatMap { [$0.text, $0.reply ?? ""] } }
    return texts
  }
}

extension Prose {
  /// Its texts, a paragraph each.
  fileprivate var plainTexts: [String] {
    switch self {
    case .heading(_, let inlines, _), .paragraph(let inlines, _):
      [inlines.map(\.text).joined()]
    case .list(_, let items): items.flatMap { $0.flatMap(\.plainTexts) }
    case .quote(let blocks): blocks.flatMap(\.plainTexts)
    case .code(_, let text, _): [text]
    case .rule: []
    }
  }

  /// Where it begins, as far as it is known.
  fileprivate var firstLine: Int? {
    switch self {
    case .heading(_, _, let line), .paragraph(_, let line), .code(_, _, let line): line
    case .list(_, let items): items.first?.first?.firstLine
    case .quote(let blocks): blocks.first?.firstLine
    case .rule: nil
    }
  }
}
