internal import Base
internal import Trace
internal import Viz

/// Reads the YAML of one `scene` or `quiz` block.
struct BlockReader {
  let path: String
  /// The line of the fence.
  let line: Int

  static let sceneFields = [
    "id", "model", "text", "prompt", "tokens", "change", "step", "layer", "head", "depth", "panes",
    "point", "counters", "hide", "code", "open", "review", "tool", "knobs", "notes",
  ]
  static let quizFields = [
    "id", "kind", "ask", "at", "options", "ordered", "answer", "tolerance", "mark", "pane", "draw",
    "program", "lines", "runs", "hints", "replies", "why", "misconceptions",
  ]
  private static let defaultText = "中华人民共和国"

  private enum DepthName: String, CaseIterable {
    case token, layer, operation

    var depth: Depth {
      switch self {
      case .token: .token
      case .layer: .layer
      case .operation: .operation
      }
    }
  }

  private enum KindName: String, CaseIterable {
    case choice, number, shape, cells, token, setting, lines
  }

  private func fields(_ text: String, _ known: [String]) throws(Finding) -> YAMLFields {
    try YAMLFields(text, path: path, lineOffset: line, known: known)
  }

  func scene(_ text: String) throws(Finding) -> SceneSpec {
    let fields = try fields(text, Self.sceneFields)
    let given = try fields.optionalString("text")
    let prompt = try fields.optionalString("prompt")
    guard given == nil || prompt == nil else {
      throw fields.problem("prompt", expected: .notation("text / prompt"))
    }
    for field in ["text", "prompt", "change"] {
      guard try fields.optionalString(field)?.count ?? 0 <= LessonLimits.text else {
        throw fields.problem(field, expected: .notation("… ≤ \(LessonLimits.text)"))
      }
    }
    let tokens = try fields.optionalInt("tokens", in: 0...500)
    return SceneSpec(
      id: try id(fields), model: try fields.optionalString("model") ?? "tiny-zh",
      text: prompt ?? given ?? Self.defaultText, start: prompt == nil ? .text : .prompt,
      tokens: tokens ?? (prompt == nil ? 0 : 12), change: try fields.optionalString("change"),
      step: try fields.optionalInt("step", in: 1...512) ?? 1,
      layer: try fields.optionalInt("layer", in: 1...200) ?? 1,
      head: try fields.optionalInt("head", in: 1...200) ?? 1,
      depth: try fields.optionalName("depth", DepthName.self)?.depth ?? .token,
      panes: try fields.optionalName("panes", ScenePanes.self) ?? .both,
      point: try point(fields), counters: try fields.bool("counters", default: true),
      hidden: try hidden(fields), code: try fields.bool("code"), open: try link("open", fields),
      review: try fields.bool("review"), tool: try tool(fields), knobs: try knobs(fields),
      notes: try fields.notes("notes"), line: line)
  }

  func link(_ field: String, _ fields: YAMLFields) throws(Finding) -> ToolLink? {
    guard let text = try fields.optionalString(field) else { return nil }
    guard text.count <= LessonLimits.link, let link = ToolLink(text) else {
      throw fields.problem(field, expected: .notation("memory --model llama-2-7b …"))
    }
    return link
  }

  private func hidden(_ fields: YAMLFields) throws(Finding) -> Set<FigurePart> {
    let parts = try fields.strings("hide").map { FigurePart(rawValue: $0) }
    guard !parts.contains(nil) else {
      throw fields.problem(
        "hide",
        expected: .notation("[\(FigurePart.allCases.map(\.rawValue).joined(separator: ", "))]"))
    }
    return Set(parts.compactMap(\.self))
  }

  /// The tool in the run's place; one that is opened over the lesson would have its key.
  private func tool(_ fields: YAMLFields) throws(Finding) -> ToolLink? {
    let tool = try link("tool", fields)
    guard tool == nil || !fields.has("open") else {
      throw fields.problem("open", expected: .notation("tool / open"))
    }
    return tool
  }

  /// The keys that the lesson gives of a tool, as they are typed or named.
  private func knobs(_ fields: YAMLFields) throws(Finding) -> [String] {
    let knobs = try fields.strings("knobs", most: LessonLimits.knobs)
    guard knobs.allSatisfy({ $0.count == 1 || Self.knobNames.contains($0) }) else {
      throw fields.problem(
        "knobs", expected: .notation("[b, n, +, \(Self.knobNames.joined(separator: ", "))]"))
    }
    guard knobs.isEmpty || fields.has("tool") else {
      throw Finding(path, line, .missingField("tool"))
    }
    return knobs
  }

  private static let knobNames = ["Enter", "Space", "Tab", "BSpace", "Home", "End"]

  private func id(_ fields: YAMLFields) throws(Finding) -> String {
    let id = try fields.string("id")
    let isPlain = id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    guard isPlain, !id.isEmpty else { throw fields.problem("id", expected: .notation("a-z 0-9 -")) }
    return id
  }

  private func point(_ fields: YAMLFields) throws(Finding) -> [Int] {
    let numbers = try fields.strings("point").map { Int($0) ?? 0 }
    guard numbers.isEmpty || (numbers.count == 2 && numbers.allSatisfy { $0 > 0 }) else {
      throw fields.problem("point", expected: .notation("[query, key]"))
    }
    return numbers
  }

  func quiz(_ text: String) throws(Finding) -> Quiz {
    let fields = try fields(text, Self.quizFields)
    let kind = try kind(fields)
    let draw = try draw(fields)
    let place = try place(fields, draw)
    let (step, name) = place == nil ? try askedStep(fields, draw) : (nil, nil)
    let (replies, otherwise) = try replies(fields, kind)
    let quiz = Quiz(
      id: try id(fields), kind: kind, isOrdered: try fields.bool("ordered"),
      ask: try fields.string("ask"), at: step, place: place, stepName: name, draw: draw,
      values: [:],
      hints: try fields.strings("hints", most: LessonLimits.hints), replies: replies,
      otherwise: otherwise, why: try fields.string("why"),
      misconceptions: try fields.strings("misconceptions").map { Int($0) ?? 0 }, line: line)
    return quiz.drawn(0)
  }

  /// The step that is asked about: a number, or the name of one that is drawn.
  private func askedStep(
    _ fields: YAMLFields, _ draw: Draw
  ) throws(Finding) -> (step: Int?, name: String?) {
    guard let name = try fields.optionalString("at"), let steps = draw.numbers[name] else {
      return (try fields.optionalInt("at", in: 1...512), nil)
    }
    guard steps.allSatisfy({ Int(exactly: $0).map((1...512).contains) ?? false }) else {
      throw fields.problem("draw", expected: .notation("at: \(name): 1 … 512"))
    }
    return (nil, name)
  }

  private func draw(_ fields: YAMLFields) throws(Finding) -> Draw {
    let lists = try fields.numberLists("draw", most: LessonLimits.drawn)
    guard let length = lists.first?.numbers.count else { return .nothing }
    let isDraw = lists.allSatisfy { name, numbers in
      Evaluation.isFree(name) && numbers.count == length
    }
    guard isDraw, (2...LessonLimits.drawnValues).contains(length) else {
      throw fields.problem("draw", expected: .draw)
    }
    return Draw(numbers: Dictionary(lists.map { ($0.name, $0.numbers) }) { one, _ in one })
  }

  /// Replies to known wrong answers, and the one to all others, whose key is `else`.
  private func replies(
    _ fields: YAMLFields, _ kind: QuizKind
  ) throws(Finding) -> (known: [(String, String, Int)], otherwise: String?) {
    let pairs = try fields.pairs("replies", most: LessonLimits.replies)
    let known = pairs.filter { $0.key != "else" }
    if case .cells(let target, _) = kind {
      let names = MarkedSet.known(target).map(\.rawValue)
      if let wrong = known.first(where: { !names.contains($0.key) }) {
        let expected = Expectation.notation((names + ["else"]).joined(separator: ", "))
        throw Finding(
          path, wrong.line,
          .badValue(field: "replies", value: String(wrong.key.prefix(40)), expected: expected))
      }
    }
    if case .lines(let gaps) = kind {
      if let wrong = known.first(where: { !gaps.isReplied($0.key) }) {
        throw Finding(
          path, wrong.line,
          .badValue(
            field: "replies", value: String(wrong.key.prefix(40)), expected: .letters(gaps)))
      }
    }
    return (known.map { ($0.key, $0.value, $0.line) }, pairs.first { $0.key == "else" }?.value)
  }

  /// What `at` says, where it is no step and no drawn number: a command.
  private func place(_ fields: YAMLFields, _ draw: Draw) throws(Finding) -> ToolLink? {
    guard let text = try fields.optionalString("at"), text.first?.isLetter ?? false,
      draw.numbers[text] == nil
    else { return nil }
    return try link("at", fields)
  }

  private func kind(_ fields: YAMLFields) throws(Finding) -> QuizKind {
    guard let name = try fields.optionalName("kind", KindName.self) else {
      throw Finding(path, line, .missingField("kind"))
    }
    switch name {
    case .choice: return .choice(try choices(fields))
    case .number:
      let tolerance = try fields.optionalString("tolerance").map { Double($0) ?? -1 } ?? 0
      guard (0...0.5).contains(tolerance) else {
        throw fields.problem("tolerance", expected: .notation("0 … 0.5"))
      }
      return .number(
        try expression(fields.string("answer"), line: fields.line(of: "answer")),
        tolerance: tolerance)
    case .shape:
      var sizes: [PlacedExpression] = []
      for text in try fields.strings("answer") {
        sizes.append(try expression(text, line: fields.line(of: "answer")))
      }
      guard (1...4).contains(sizes.count) else {
        throw fields.problem("answer", expected: .notation("[rows, columns]"))
      }
      return .shape(sizes)
    case .cells:
      guard let mark = try fields.optionalName("mark", MarkTarget.self) else {
        throw Finding(path, line, .missingField("mark"))
      }
      let pane = try fields.optionalName("pane", ScenePanes.self) ?? .cached
      guard pane == .cached || pane == .uncached else {
        throw fields.problem("pane", expected: .notation("cached / uncached"))
      }
      return .cells(mark, pane: pane)
    case .token: return .token
    case .setting:
      guard fields.has("at") else { throw Finding(path, line, .missingField("at")) }
      return .setting(try expression(fields.string("answer"), line: fields.line(of: "answer")))
    case .lines: return .lines(try ProgramReader(reader: self, fields: fields).gaps)
    }
  }

  private func choices(_ fields: YAMLFields) throws(Finding) -> [Choice] {
    var choices: [Choice] = []
    for option in try fields.mappings("options", known: ["text", "if", "reply"]) {
      choices.append(
        Choice(
          text: try option.string("text"),
          truth: try expression(option.string("if"), line: option.line(of: "if")),
          reply: try option.optionalString("reply")))
    }
    guard (2...6).contains(choices.count) else {
      throw Finding(
        path, line,
        .badValue(field: "options", value: "\(choices.count)", expected: .notation("2 … 6")))
    }
    return choices
  }

  private func expression(_ text: String, line: Int) throws(Finding) -> PlacedExpression {
    do throws(ExpressionError) {
      return PlacedExpression(expression: try Expression(text), text: text, line: line)
    } catch {
      throw Finding(path, line, .badExpression(text, error))
    }
  }
}

extension Expectation {
  fileprivate static let draw = Self(
    "{n: [3, 5, 6]}：一到四个名字（a-z 开头，不是字段名），每个同样多、2 至 12 个数",
    "{n: [3, 5, 6]}: one to four names (a-z, none a field's), each with as many numbers, 2 to 12")
}
