internal import Viz

/// The commands whose facts the expressions of a screen ask for, each once, in the order of their lines.
struct ToolCommands {
  private(set) var links: [ToolLink] = []
  /// Where the tool stands when the next question comes: the place of the last one that has any.
  private var shown: ToolLink?

  init(_ scene: SceneSpec, _ items: [LessonItem]) {
    shown = scene.tool
    for note in scene.notes { add(note, scene.tool) }
    for item in items {
      switch item {
      case .prose(let block): add(block, scene.tool)
      case .quiz(let quiz): add(quiz, scene.tool)
      }
    }
  }

  private mutating func add(_ quiz: Quiz, _ tool: ToolLink?) {
    let place = quiz.place ?? tool
    for text in [quiz.ask, quiz.why] + quiz.hints + quiz.replies.map(\.reply) { add(text, place) }
    for (wrong, _, _) in quiz.replies where !quiz.isProgram {
      for part in wrong.split(separator: "×") { add(expression: String(part), place) }
    }
    switch quiz.kind {
    case .choice(let choices):
      for choice in choices {
        add(choice.truth.expression, place)
        for text in [choice.text, choice.reply ?? ""] { add(text, place) }
      }
    case .number(let answer, _): add(answer.expression, place)
    case .shape(let sizes): for size in sizes { add(size.expression, place) }
    case .setting(let answer):
      // Where the tool stands at first it must not be so yet.
      for place in [shown, quiz.place] { add(answer.expression, place) }
    case .lines(let gaps):
      for arrangement in gaps.arrangements {
        add(expression: ProgramGaps.gap, arrangement.place)
        add(arrangement.reply ?? "", arrangement.place)
      }
    case .cells, .token: break
    }
    shown = quiz.place ?? shown
  }

  private mutating func add(_ block: Prose, _ place: ToolLink?) {
    switch block {
    case .heading(_, let inlines, _), .paragraph(let inlines, _):
      for inline in inlines { add(inline.text, place) }
    case .list(_, let items): for item in items.flatMap({ $0 }) { add(item, place) }
    case .quote(let blocks): for block in blocks { add(block, place) }
    case .code(_, let text, _): add(text, place)
    case .rule: break
    }
  }

  /// A text with expressions in it.
  private mutating func add(_ text: String, _ place: ToolLink?) {
    for written in Interpolation.expressions(in: text) { add(expression: written, place) }
  }

  /// What cannot be read the linter says.
  private mutating func add(expression text: String, _ place: ToolLink?) {
    if let expression = try? Expression(text) { add(expression, place) }
  }

  private mutating func add(_ expression: Expression, _ place: ToolLink?) {
    for link in expression.commands(place) where !links.contains(link) { links.append(link) }
  }
}
