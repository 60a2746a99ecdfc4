import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// Right, wrong and absurd answers to a question.
extension Walker {
  /// All answers, the plainest right one first.
  func answers(isWhole: Bool) throws -> [Given] {
    let state = opened(Self.sizes[1])
    let quiz = try #require(state.activeQuiz)
    let grader = state.grader(quiz)
    switch quiz.kind {
    case .number(let truth, let tolerance):
      let number = try grader.evaluator.number(truth.expression)
      return try numbers(number)
        + wrongNumbers(quiz, grader, tolerance, state, isWhole: isWhole) + absurdNumbers
    case .shape(let sizes):
      let truth = try sizes.map { try grader.evaluator.number($0.expression) }
      return try shapes(truth) + wrongShapes(quiz, grader, state, isWhole: isWhole) + absurdShapes
    case .choice(let choices): return try options(choices, quiz, grader, state)
    case .cells(let target, let pane): return try cells(target, pane, quiz, grader)
    case .lines(let gaps): return try programs(gaps, quiz, grader, state)
    case .setting: return try settings(quiz, state)
    case .token: return []
    }
  }

  /// What the lesson says to an answer, filled in.
  func filled(_ reply: String?, _ state: LessonState, _ quiz: Quiz) -> String? {
    reply.map { state.plain($0, of: quiz) }
  }

  private func typed(_ text: String, _ expected: Expected) -> Given {
    Given("“\(text)”", expected) { state in
      for character in text { state.update(.key(.character(character))) }
      try state.press("Enter")
    }
  }

  private func pasted(_ text: String, _ expected: Expected) -> Given {
    Given("“\(text)” pasted", expected) { state in
      state.paste(text)
      try state.press("Enter")
    }
  }

  // MARK: Numbers

  /// The right number as people write it: in digits, in full-width digits, in 汉字, as a product or a sum.
  private func numbers(_ number: Double) -> [Given] {
    let digits = Self.digits(number)
    var texts = [Value.number(number).shown, digits, digits.fullWidth]
    if let characters = SpelledNumber.chinese(digits) { texts.append(characters) }
    texts += Self.sums(number, digits)
    return texts.filter { AnswerReader.begins($0.first ?? " ") }.map { typed($0, .right) }
  }

  private static func digits(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  private static func sums(_ number: Double, _ digits: String) -> [String] {
    guard let whole = Int(exactly: number) else {
      return digits.contains("e") ? [] : ["\(number * 2)/2", "\(number)*1"]
    }
    let factor = (2..<100).first { whole > $0 && whole % $0 == 0 }
    let sum = ["\(whole - 1)+1", "(\(whole)+\(whole))/2"]
    return sum + (factor.map { ["\($0)*\(whole / $0)", "\(whole / $0)×\($0)"] } ?? [])
  }

  private func wrongNumbers(
    _ quiz: Quiz, _ grader: Grader, _ tolerance: Double, _ state: LessonState, isWhole: Bool
  ) throws -> [Given] {
    var known: [(number: Double, reply: String)] = []
    return try quiz.replies.map { wrong, reply, _ in
      let number = try Grader.numbers(wrong, grader.evaluator)[0]
      known.append((number, reply))
      // The first that is to this number is given; at another try both may have their own.
      let first = known.first { abs($0.number - number) <= tolerance * abs($0.number) }
      if isWhole, first?.reply != reply {
        Issue.record("\(name(wrong, Self.sizes[0])): behind another reply to \(number)")
      }
      return typed(Self.digits(number), .wrong(filled(first?.reply, state, quiz)))
    }
  }

  private var absurdNumbers: [Given] {
    [
      Given("nothing", .unclear) { try $0.press("Enter") },
      pasted("xyz", .unclear), typed("1xyz", .unclear), typed("1/0", .unclear),
      typed("1" + String(repeating: "0", count: 30), .sentence), typed("10^30", .sentence),
      typed("10^999", .sentence), typed("-7", .sentence), typed("一百万亿", .sentence),
      typed(String(repeating: "9", count: 80), .sentence), pasted("😀\u{1B}[31m", .unclear),
    ]
  }

  // MARK: Sizes

  private func shapes(_ sizes: [Double]) -> [Given] {
    let texts = sizes.map(Self.digits)
    var answers = [
      texts.joined(separator: "x"), texts.joined(separator: " × "),
      texts.joined(separator: "×").fullWidth,
      "(" + texts.joined(separator: ", ") + ")",
    ]
    let spelled = texts.compactMap(SpelledNumber.chinese)
    if spelled.count == texts.count { answers.append(spelled.joined(separator: "乘")) }
    return answers.map { typed($0, .right) }
  }

  private func wrongShapes(
    _ quiz: Quiz, _ grader: Grader, _ state: LessonState, isWhole: Bool
  ) throws -> [Given] {
    var known: [String: String] = [:]
    return try quiz.replies.map { wrong, reply, _ in
      let sizes = try Grader.numbers(wrong, grader.evaluator).map(Self.digits)
      let text = sizes.joined(separator: "x")
      if isWhole, known[text, default: reply] != reply {
        Issue.record("\(name(wrong, Self.sizes[0])): behind another reply to \(text)")
      }
      known[text] = known[text] ?? reply
      return typed(text, .wrong(filled(known[text], state, quiz)))
    }
  }

  private var absurdShapes: [Given] {
    [
      Given("nothing", .unclear) { try $0.press("Enter") },
      pasted("xyz", .unclear), typed("1xyz", .unclear), typed("7", .unclear),
      typed("99999999999999999999x2", .unclear), typed("-1x2", .sentence), typed("0x0", .sentence),
    ]
  }

  // MARK: Options

  private func options(
    _ choices: [Choice], _ quiz: Quiz, _ grader: Grader, _ state: LessonState
  ) throws -> [Given] {
    var (right, wrong): ([Given], [Given]) = ([], [])
    for (index, place) in state.optionOrder(quiz).enumerated() {
      if try grader.evaluator.truth(choices[place].truth.expression) {
        right += ["\(index + 1)", "\(index + 1)".fullWidth].map { typed($0, .right) }
      } else {
        wrong.append(typed("\(index + 1)", .wrong(filled(choices[place].reply, state, quiz))))
      }
    }
    #expect(right.count == 2, name("options", Self.sizes[0]))
    let absurd = [
      Given("nothing", .unclear) { try $0.press("Enter") }, typed("9", .unclear),
      typed("0", .unclear), typed("９", .unclear), pasted("二", .unclear), pasted("xyz", .unclear),
    ]
    return right + wrong + absurd
  }

  // MARK: Cells

  private func cells(
    _ target: MarkTarget, _ pane: ScenePanes, _ quiz: Quiz, _ grader: Grader
  ) throws -> [Given] {
    func marked(_ name: String, _ marks: Set<GridPoint>, _ expected: Expected) -> Given {
      Given(name, expected) { state in
        try Self.mark(marks, &state)
        try state.press("Enter")
      }
    }
    let truth = grader.truth(target, pane)
    let state = opened(Self.sizes[1])
    let wrong = try quiz.replies.map { name, reply, _ in
      let set = try #require(MarkedSet(rawValue: name))
      let marks = try #require(grader.places(set, target, pane), "\(name)")
      return marked(name, marks, .wrong(filled(reply, state, quiz)))
    }
    return [
      marked("right", truth, .right), marked("all but one", Set(truth.dropFirst()), .sentence),
    ] + wrong
  }

  /// Marks cells with the keys.
  private static func mark(_ marks: Set<GridPoint>, _ state: inout LessonState) throws {
    // Who tries again finds his marks.
    let wanted = marks.symmetricDifference(state.painting?.marks ?? [])
    for point in wanted.sorted(by: { ($0.query, $0.key) < ($1.query, $1.key) }) {
      while let cursor = state.painting?.cursor, cursor != point {
        let before = cursor
        try state.press(
          cursor.query > point.query
            ? "Up" : cursor.query < point.query ? "Down" : cursor.key > point.key ? "Left" : "Right"
        )
        try #require(state.painting?.cursor != before)
      }
      try state.press("Space")
    }
  }

  // MARK: Programs

  private func programs(
    _ gaps: ProgramGaps, _ quiz: Quiz, _ grader: Grader, _ state: LessonState
  ) throws -> [Given] {
    func chosen(_ lines: [Int], _ expected: Expected) -> Given {
      typed(state.letters(lines, quiz).filter { $0 != " " }, expected)
    }
    let right = try grader.rightLines(gaps)
    let runs = gaps.arrangements.filter { $0.chosen != right }.map { arrangement in
      let evaluator = grader.evaluator.at(arrangement.place)
      let prose = ProseLines(columns: .max, evaluator: evaluator, glyphs: look.glyphs)
      return chosen(arrangement.chosen, .wrong(arrangement.reply.map(prose.fill)))
    }
    let known = quiz.replies.compactMap { letters, reply, _ in
      ProgramGaps.places(letters).map { chosen($0, .wrong(filled(reply, state, quiz))) }
    }
    let others = [Array(gaps.lines.indices.prefix(gaps.count)), Array(right.reversed())]
    return [chosen(right, .right)] + runs + known + others.map { chosen($0, .sentence) } + [
      Given("nothing", .unclear) { try $0.press("Enter") },
      typed(String(state.letters(right, quiz).prefix(1)), .unclear),
      Given("letters that are none", .sentence) { state in
        state.paste("zzzz９９10^30二")
        try state.press("Enter")
      },
    ]
  }
}

extension String {
  /// In full-width forms.
  fileprivate var fullWidth: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          (0x21...0x7E).contains(scalar.value)
            ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
        }))
  }
}
