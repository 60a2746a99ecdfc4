internal import Base
internal import Trace
internal import Viz

/// What comes next, how far apart, at what price: a line for the full cache and for each policy.
struct PolicyTable {
  let state: PoliciesState
  /// The policy and, where it is no full cache, what stands beside it.
  let panes: [PolicyPane]
  let columns: Int
  /// Whether there is a line of names; where there is none, what is no plain word has its name beside it.
  let hasHead: Bool

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// A part of a line.
  private struct Field {
    var text = ""
    /// What it says where there is no room for the text, the longest wording first.
    var shorter: [String] = []
    var style = Style(.text)
    var isRight = false
  }

  private enum Column: Int, CaseIterable { case name, next, divergence, bytes, agreement, marks }

  /// A line's fields, by column.
  private typealias Line = [Column: [Field]]

  /// How many lines there are without the names of the columns.
  var lines: Int { panes.count + 1 }

  func draw(at point: Point, on canvas: inout Canvas) {
    guard let content = panes.first?.content else { return }
    let lines = [full(content)] + panes.map { line($0, content) }
    let shown = fitting(lines)
    var y = point.y
    if hasHead {
      draw(head(lines), shown, widths(lines), Point(point.x, y), on: &canvas)
      y += 1
    }
    for line in lines {
      draw(line, shown, widths(lines), Point(point.x, y), on: &canvas)
      y += 1
    }
  }

  // MARK: Lines

  private func head(_ lines: [Line]) -> Line {
    let legend = [
      "\(glyphs.notNeeded) <.01", "- <.1", "+ <1", "# \(glyphs == .full ? "≥" : ">=")1",
    ].joined(separator: " ")
    func field(_ chinese: String, _ english: String, right: Bool = false) -> [Field] {
      [Field(text: language(chinese, english), style: Style(.dim), isRight: right)]
    }
    return [
      .name: field("", ""), .next: field("下一个字", "next token"),
      .divergence: field("KL", "KL", right: true),
      .bytes: field("缓存", "cache", right: true), .agreement: field("到此一致", "agree", right: true),
      .marks: [
        Field(
          text: language("每步的 KL  \(legend)", "KL per step  \(legend)"),
          shorter: [
            "KL: \(legend)",
            "KL: \(glyphs.notNeeded) <.01 \(glyphs.ellipsis) # \(glyphs == .full ? "≥" : ">=")1",
            language("每步的 KL", "KL per step"),
          ], style: Style(.dim))
      ],
    ]
  }

  private func full(_ content: PolicyPane.Content) -> Line {
    [
      .name: [Field(text: language("全部留着", "full cache"), style: Style(.text))],
      .next: next(content.step.fullNext, isRight: true),
      .divergence: [Field(text: language("基准", "ref."), style: Style(.dim), isRight: true)],
      .bytes: [
        Field(
          text: NumberText.bytes(content.step.fullCacheBytes), style: Style(.heading), isRight: true
        )
      ],
      .agreement: [], .marks: [],
    ]
  }

  private func line(_ pane: PolicyPane, _ first: PolicyPane.Content) -> Line {
    let isOwn = pane.policy == state.policy
    let name = [Field(text: pane.policy.text, style: Style(isOwn ? .selected : .text))]
    guard let content = pane.content else { return [.name: name] }
    let step = content.step
    let steps = content.run.steps.prefix(step.number)
    let agreeing = steps.count { $0.agrees }
    let isAll = agreeing == steps.count
    return [
      .name: name, .next: next(step.next, isRight: step.agrees),
      .divergence: [
        Field(
          text: (hasHead ? "" : "KL ") + PolicyNumber.divergence(step.divergence),
          style: Style(step.divergence >= 0.1 ? .wrong : .heading), isRight: true)
      ],
      .bytes: [
        Field(text: NumberText.bytes(step.cacheBytes), style: Style(.heading), isRight: true)
      ],
      .agreement: [
        Field(
          text: "\(agreeing)/\(steps.count)", style: Style(isAll ? .heading : .wrong), isRight: true
        )
      ],
      .marks: steps.map { mark($0.divergence) },
    ]
  }

  /// The most likely tokens, as many as there is room for; whether the first is the full cache's is said behind it.
  private func next(_ candidates: [Candidate], isRight: Bool) -> [Field] {
    guard let best = candidates.first else { return [] }
    var fields = [Field(text: glyphs.arrow + " ", style: Style(.dim))]
    for (index, candidate) in candidates.prefix(shownCandidates).enumerated() {
      let style = index > 0 ? Style(.text) : Style(isRight ? .prediction : .wrong)
      let token = TokenLabel.short(candidate.text, columns: tokenColumns, glyphs)
      let share = NumberText.percent(candidate.probability, of: best.probability)
      fields += [
        Field(text: (index > 0 ? "  " : "") + token + " ", style: style), Field(text: share),
      ]
      if index == 0, !isRight {
        fields.append(Field(text: " " + glyphs.wrong, style: Style(.wrong)))
      }
    }
    return fields
  }

  private func mark(_ divergence: Double) -> Field {
    if divergence >= 1 { return Field(text: "#", style: Style(.wrong)) }
    if divergence >= 0.1 { return Field(text: "+", style: Style(.wrong)) }
    return Field(text: divergence >= 0.01 ? "-" : glyphs.notNeeded, style: Style(.dim))
  }

  // MARK: Columns

  private var isNarrow: Bool { columns < 76 }
  private var gap: Int { isNarrow ? 2 : 3 }
  private var tokenColumns: Int { isNarrow ? 4 : 6 }
  /// Candidates of a line.
  private var shownCandidates: Int { columns < 116 ? 1 : columns < 150 ? 2 : 3 }
  /// Columns of the candidates, for tokens of two columns behind the first.
  private var nextColumns: Int { tokenColumns + 11 + (shownCandidates - 1) * 11 }

  private func width(_ fields: [Field]) -> Int {
    fields.reduce(0) { $0 + ScalarWidth.of(glyphs.shown($1.text)) }
  }

  /// As wide as the widest that may come: what grows from step to step has its room from the first.
  private func widths(_ lines: [Line]) -> [Column: Int] {
    var widths: [Column: Int] = [:]
    for line in lines {
      for (column, fields) in line { widths[column] = max(widths[column] ?? 0, width(fields)) }
    }
    let head = head(lines)
    for column in [Column.divergence, .bytes, .agreement] {
      widths[column] = max(widths[column] ?? 0, width(head[column] ?? []))
    }
    widths[.name] = max(widths[.name] ?? 0, 9)
    widths[.next] = max(widths[.next] ?? 0, nextColumns)
    widths[.divergence] = max(widths[.divergence] ?? 0, 6)
    widths[.bytes] = max(widths[.bytes] ?? 0, 8)
    widths[.marks] = min(state.longest, Self.leastMarks)
    return widths
  }

  /// So many of the newest marks are there, or the column makes way.
  private static let leastMarks = 20

  /// The columns that there is room for: those of bytes, then of agreement, then of marks make way, whole.
  private func fitting(_ lines: [Line]) -> [Column] {
    let widths = widths(lines)
    var shown = Column.allCases
    func taken() -> Int {
      shown.reduce(-gap) { $0 + (widths[$1] ?? 0) + gap }
    }
    for column in [Column.bytes, .agreement, .marks, .divergence] where taken() > columns {
      shown.removeAll { $0 == column }
    }
    return shown
  }

  private func draw(
    _ line: Line, _ shown: [Column], _ widths: [Column: Int], _ point: Point,
    on canvas: inout Canvas
  ) {
    var x = point.x
    for column in shown {
      let (fields, columns) = (line[column] ?? [], widths[column] ?? 0)
      let limit = column == shown.last ? point.x + self.columns : x + columns
      if column == .marks, fields.count > 1 {
        draw(marks: fields, at: Point(x, point.y), columns: limit - x, on: &canvas)
        continue
      }
      var at = fields.first?.isRight == true ? x + columns - width(fields) : x
      for field in fields {
        at = state.put(
          [field.text] + field.shorter, at: Point(at, point.y), field.style,
          limit: limit, on: &canvas)
      }
      x += columns + gap
    }
  }

  /// A mark a step; where they do not fit, the newest.
  private func draw(
    marks: [Field], at point: Point, columns: Int, on canvas: inout Canvas
  ) {
    var x = point.x
    let isCut = marks.count > columns
    if isCut { x = state.put([glyphs.ellipsis], at: point, Style(.dim), on: &canvas) }
    for mark in marks.suffix(columns - (x - point.x)) {
      x = canvas.put(mark.text, at: Point(x, point.y), mark.style)
    }
  }
}
