internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// Answers as lines of text, for who has no keys: each becomes the keys that it stands for.
extension LessonState {
  /// Answers the open question, or does what a letter says: `h` a hint, `s` the answer, `n` and `b` the next and the previous screen,
  /// `r` the answered question again, `q` leaves; an empty line goes on.
  public mutating func answer(line: String) {
    let line = line.trimmed
    switch line.lowercased() {
    case "": press(.enter)
    case "h", "?": press(.tab)
    case "s", "n", "b", "q": press(.character(Character(line.lowercased())))
    case "r" where activeQuiz == nil: press(.character("r"))
    default: enter(line)
    }
  }

  /// Goes on as somebody would who answers nothing: the answer is shown, then what stands behind it, then the next screen.
  public mutating func goOnWithoutAnswer() {
    press(activeQuiz == nil ? (openQuiz == nil ? .character("n") : .enter) : .character("s"))
  }

  /// How a line answers a question.
  func lineGuide(_ quiz: Quiz) -> String {
    switch quiz.kind {
    case .choice, .token: language("用选项前的数字作答", "answer with the number of an option")
    case .number: language("用一个数作答", "answer with a number")
    case .shape: language("用 行x列 作答，如 2x3", "answer with rows x columns, such as 2x3")
    case .setting:
      language(
        "用选项作答，如 --batch 8；没写的照旧", "answer with options, such as --batch 8; others stay as they are"
      )
    case .lines: language("按空的次序写字母，如 b a c", "the lines' letters, gap by gap, such as b a c")
    case .cells(.new, _), .cells(.read, _):
      language(
        "写出词元的序号，如 1 2 3；a 全部，0 没有", "give the tokens' numbers, such as 1 2 3; a all, 0 none")
    case .cells:
      language(
        "写出 行,列，如 2,1 3,1；单写 2 是整行，a 全部，0 没有",
        "give row,column, such as 2,1 3,1; 2 alone is a row, a all, 0 none")
    }
  }

  private mutating func press(_ key: Key) { update(.key(key)) }

  private mutating func enter(_ line: String) {
    guard let quiz = activeQuiz else {
      note(language("这里没有问题；空行往下走", "nothing is asked here; an empty line goes on"))
      return
    }
    switch quiz.kind {
    case .choice, .token: choose(line, quiz)
    case .number, .shape: type(line, quiz)
    case .cells(let target, _): mark(line, quiz, isStrip: target == .new || target == .read)
    case .setting: set(line, quiz)
    case .lines: arrange(line, quiz)
    }
  }

  private mutating func choose(_ line: String, _ quiz: Quiz) {
    guard line.count == 1, let character = line.first, character.wholeNumberValue != nil else {
      note(lineGuide(quiz))
      return
    }
    press(.character(character))
    press(.enter)
  }

  private mutating func type(_ line: String, _ quiz: Quiz) {
    // What was not understood is still there.
    for _ in 0..<(quizzes[quiz.id]?.entry.count ?? 0) { press(.backspace) }
    for character in line.prefix(Self.longestLine) { press(.character(character)) }
    press(.enter)
  }

  private static let longestLine = 100

  /// Letters that a line gives in the place of those that were chosen.
  private mutating func arrange(_ line: String, _ quiz: Quiz) {
    guard ProgramGaps.places(String(line.prefix(Self.longestLine))) != nil else {
      return note(lineGuide(quiz))
    }
    quizzes[quiz.id]?.entry = ""
    for character in line.prefix(Self.longestLine) { _ = write(.character(character)) }
    press(.enter)
  }

  /// Options that a line gives in the place of the tool's own.
  private mutating func set(_ line: String, _ quiz: Quiz) {
    let given = ToolLink("set " + line.prefix(10 * Self.longestLine))?.arguments ?? []
    guard given.first?.hasPrefix("--") == true, let place = step.scene.tool?.with(given) else {
      return note(lineGuide(quiz))
    }
    do throws(ToolLinkError) {
      _ = try ToolPlace(place)
      ask(quiz, at: place)
    } catch {
      note(error.sentence(language))
    }
  }

  // MARK: Cells

  /// Marks what a line names: `2,1` a cell, `2` a row or, in the strip, a token, `a` everything, `0` nothing.
  private mutating func mark(_ line: String, _ quiz: Quiz, isStrip: Bool) {
    guard let marks = cells(line, isStrip: isStrip) else {
      note(lineGuide(quiz))
      return
    }
    quizzes[quiz.id]?.painting?.marks = marks
    press(.enter)
  }

  private func cells(_ line: String, isStrip: Bool) -> Set<GridPoint>? {
    let newest = viewer.step.length
    let rows = isStrip ? 1 : newest
    if line == "0" { return [] }
    if line.lowercased() == "a" { return Self.grid(1...rows, 1...newest) }
    var cells: Set<GridPoint> = []
    for word in line.split(whereSeparator: { " ;；、".contains($0) }) {
      let numbers = word.split(whereSeparator: { ",，".contains($0) }).map { Int($0) ?? 0 }
      switch (numbers.count, isStrip) {
      case (1, true) where (1...newest).contains(numbers[0]):
        cells.formUnion(Self.grid(1...1, numbers[0]...numbers[0]))
      case (1, false) where (1...rows).contains(numbers[0]):
        cells.formUnion(Self.grid(numbers[0]...numbers[0], 1...newest))
      case (2, false) where (1...rows).contains(numbers[0]) && (1...newest).contains(numbers[1]):
        cells.formUnion(Self.grid(numbers[0]...numbers[0], numbers[1]...numbers[1]))
      default: return nil
      }
    }
    return cells
  }

  private static func grid(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) -> Set<GridPoint>
  {
    Set(rows.flatMap { row in columns.map { GridPoint(query: row - 1, key: $0 - 1) } })
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
