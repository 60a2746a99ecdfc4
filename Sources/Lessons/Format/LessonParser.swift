package import Base
internal import Viz

/// Reads a lesson file: YAML front matter, then CommonMark whose `scene` and `quiz` blocks are YAML.
package struct LessonParser {
  let path: String
  let id: String
  let language: Language

  /// Reads the file of a lesson in a language.
  package init(path: String, id: String, language: Language) {
    self.path = path
    self.id = id
    self.language = language
  }

  static let headFields = [
    "format", "title", "sections", "outcomes", "outcome", "abilities", "preview", "minutes",
  ]

  /// The lesson; the first thing that is wrong is thrown.
  package func lesson(_ text: String) throws(Finding) -> Lesson {
    let (head, body, bodyOffset) = try split(text)
    let fields = try YAMLFields(head, path: path, lineOffset: 1, known: Self.headFields)
    guard try fields.string("format") == "1" else {
      throw fields.problem("format", expected: .notation("1"))
    }
    let blocks = try MarkdownReader(path: path, lineOffset: bodyOffset).blocks(body)
    return Lesson(
      id: id, path: path, language: language, title: try fields.string("title"),
      sections: try fields.strings("sections"), outcomes: try fields.strings("outcomes"),
      outcome: try words(fields.optionalString("outcome") ?? "", "outcome", of: fields),
      abilities: try abilities(fields), preview: try fields.optionalString("preview"),
      minutes: try fields.optionalInt("minutes", in: 1...60) ?? 5,
      steps: try steps(of: blocks))
  }

  private func abilities(_ fields: YAMLFields) throws(Finding) -> [String] {
    let field = "abilities"
    var texts: [String] = []
    for text in try fields.strings(field, most: LessonLimits.abilities) {
      texts.append(try words(text, field, of: fields))
    }
    return texts
  }

  /// Words of the front matter that stand in a line of the menu, which has room for so many columns.
  private func words(
    _ text: String, _ field: String, of fields: YAMLFields
  ) throws(Finding) -> String {
    let most = field == "outcome" ? LessonLimits.outcomeColumns : LessonLimits.abilityColumns
    guard ScalarWidth.of(Sanitiser.clean(text)) <= most else {
      throw fields.problem(field, expected: .columns(most))
    }
    return text
  }

  /// Splits off the front matter between the first two lines `---`.
  private func split(_ text: String) throws(Finding) -> (head: String, body: String, offset: Int) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.last == "\r" ? $0.dropLast() : $0 }
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      throw Finding(path, 1, .noFrontMatter)
    }
    return (
      lines[1..<end].joined(separator: "\n"), lines[(end + 1)...].joined(separator: "\n"), end + 1
    )
  }

  /// A `##` heading begins a step.
  private func steps(of blocks: [Prose]) throws(Finding) -> [LessonStep] {
    var steps: [LessonStep] = []
    var section: (title: String, line: Int, blocks: [Prose])?
    for block in blocks {
      if case .heading(2, let inlines, let line) = block {
        if let section { steps.append(try step(section)) }
        section = (inlines.map(\.text).joined(), line, [])
      } else if section != nil {
        section?.blocks.append(block)
      } else {
        throw Finding(path, 1, .blockBeforeFirstStep(Self.name(of: block)))
      }
    }
    if let section { steps.append(try step(section)) }
    guard !steps.isEmpty else { throw Finding(path, 1, .missingField("##")) }
    try check(steps.count, "##", most: LessonLimits.steps)
    try check(steps.flatMap(\.quizzes).count, "quiz", most: LessonLimits.quizzes)
    return steps
  }

  /// More than a lesson needs is asked for by mistake or in malice.
  private func check(
    _ count: Int, _ what: String, most: Int, line: Int = 1
  ) throws(Finding) {
    guard count <= most else { throw Finding(path, line, .tooMany(what, most: most)) }
  }

  private static func name(of block: Prose) -> String {
    switch block {
    case .heading(let level, _, _): String(repeating: "#", count: level)
    case .paragraph(let inlines, _): "\"" + inlines.map(\.text).joined().prefix(20) + "\""
    case .list: "-"
    case .quote: ">"
    case .code(let name, _, _): "```\(name)"
    case .rule: "---"
    }
  }

  private func step(
    _ section: (title: String, line: Int, blocks: [Prose])
  ) throws(Finding) -> LessonStep {
    try check(
      section.blocks.flatMap(\.texts).map { Interpolation.expressions(in: $0).count }.reduce(0, +),
      "{{…}}", most: LessonLimits.expressions, line: section.line)
    var scenes: [SceneSpec] = []
    var items: [LessonItem] = []
    for block in section.blocks {
      guard case .code(let name, let text, let line) = block, !name.isEmpty else {
        items.append(.prose(block))
        continue
      }
      let reader = BlockReader(path: path, line: line)
      switch name {
      case "scene": scenes.append(try reader.scene(text))
      case "quiz": items.append(.quiz(try reader.quiz(text)))
      case "text", "python", "sh", "json": items.append(.prose(block))
      default: throw Finding(path, line, .unknownBlock(name))
      }
    }
    guard scenes.count == 1, var scene = scenes.first else {
      throw Finding(path, section.line, .sceneCount(step: section.title, count: scenes.count))
    }
    try checkQuizzes(items, scene)
    scene.commands = ToolCommands(scene, items).links
    try check(scene.commands.count, "tool('…')", most: LessonLimits.commands, line: scene.line)
    return LessonStep(title: section.title, scene: scene, items: items)
  }

  /// A place and a setting are a tool's, cells a run's.
  private func checkQuizzes(_ items: [LessonItem], _ scene: SceneSpec) throws(Finding) {
    for case .quiz(let quiz) in items {
      if let place = quiz.place, scene.tool == nil {
        throw Finding(
          path, quiz.line,
          .badValue(field: "at", value: place.line, expected: .notation("1 … 512; scene: tool")))
      }
      switch quiz.kind {
      case .setting where quiz.place == nil:
        throw Finding(
          path, quiz.line,
          .badValue(
            field: "at", value: quiz.at.map { "\($0)" } ?? "", expected: .notation("memory …")))
      case .lines where quiz.place == nil:
        throw Finding(path, quiz.line, .missingField("at"))
      case .cells where scene.tool != nil:
        throw Finding(
          path, quiz.line,
          .badValue(
            field: "kind", value: "cells",
            expected: .notation("choice, number, shape, setting, lines")))
      default: break
      }
    }
  }
}

extension Expectation {
  /// Text for a line of so many columns.
  static func columns(_ most: Int) -> Self {
    Self("一行最多 \(most) 列（一个汉字两列）", "lines of at most \(most) columns")
  }
}

extension Prose {
  /// Its texts, which may hold expressions; of a quiz its YAML.
  fileprivate var texts: [String] {
    switch self {
    case .heading(_, let inlines, _), .paragraph(let inlines, _): inlines.map(\.text)
    case .list(_, let items): items.flatMap { $0.flatMap(\.texts) }
    case .quote(let blocks): blocks.flatMap(\.texts)
    case .code(_, let text, _): [text]
    case .rule: []
    }
  }
}
