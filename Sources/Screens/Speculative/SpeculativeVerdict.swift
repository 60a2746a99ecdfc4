internal import Base
internal import Trace
internal import Viz

/// What became of each row of a verifying pass: what the model says there, and whether the draft said it too.
struct SpeculativeVerdict {
  private let state: SpeculativeState
  private let board: SpeculativeBoard
  private let pass: SpeculativePass

  init(_ state: SpeculativeState, _ board: SpeculativeBoard, _ pass: SpeculativePass) {
    (self.state, self.board, self.pass) = (state, board, pass)
  }

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  /// A part of a verdict.
  private typealias Part = (text: String, style: Style)

  /// The first of several forms that fits.
  func draw(_ row: Int, in area: Area, on canvas: inout Canvas) {
    for form in forms(row) {
      let parts = form.map { (text: glyphs.adapted($0.text), style: $0.style) }
      guard parts.reduce(0, { $0 + ScalarWidth.of($1.text) }) <= area.columns else { continue }
      var x = area.x
      for part in parts { x = canvas.put(part.text, at: Point(x, area.y), part.style) }
      return
    }
  }

  private func token(_ id: Int) -> String {
    TokenLabel.short(board.text(id), columns: 8, glyphs)
  }

  /// What the model says behind a row, with its probability.
  private func says(_ row: Int) -> [Part] {
    let percent = NumberText.percent(pass.probabilities[row], of: 1)
    let head = "\(glyphs.arrow) \(token(pass.chosen[row]))"
    return [
      (head.padded(to: max(6, ScalarWidth.of(head))), Style(.heading)),
      ("  " + percent.padded(to: 6, right: true) + "  ", Style(.dim)),
    ]
  }

  private func forms(_ row: Int) -> [[Part]] {
    if row > pass.accepted {
      let void = language("前面错了，这行作废", "void: what is before it is wrong")
      return [[(void, Style(.dim))], [(language("作废", "void"), Style(.dim))], [("/", Style(.dim))]]
    }
    if row >= pass.written.count {
      let over = language("已经写完了", "the text is over")
      return [[(over, Style(.dim))], [(glyphs.dash, Style(.dim))]]
    }
    let own = token(pass.chosen[row])
    guard row < pass.drafted.count else {
      let extra = language("多得一个，大模型自己的", "one more, the model's own")
      return [
        says(row) + [(extra, Style(.selected))], says(row) + [(own, Style(.chosen))],
        [("\(glyphs.arrow) ", Style(.heading)), (own, Style(.chosen))],
      ]
    }
    return row < pass.accepted ? accepted(row, own) : rejected(row, own)
  }

  private func accepted(_ row: Int, _ own: String) -> [[Part]] {
    let mark = "\(token(pass.drafted[row])) \(glyphs.right)"
    return [
      says(row) + [(mark + language(" 收下", " accepted"), Style(.right))],
      says(row) + [(mark, Style(.right))], says(row) + [(glyphs.right, Style(.right))],
      [(mark, Style(.right))],
      [(glyphs.right, Style(.right))],
    ]
  }

  private func rejected(_ row: Int, _ own: String) -> [[Part]] {
    let mark = "\(token(pass.drafted[row])) \(glyphs.wrong)"
    return [
      says(row) + [
        (mark + language(" 改成 ", " becomes "), Style(.wrong)), (own, Style(.chosen)),
      ],
      says(row) + [(mark, Style(.wrong))], says(row) + [(glyphs.wrong, Style(.wrong))],
      [(glyphs.wrong + " ", Style(.wrong)), (own, Style(.chosen))],
      [(glyphs.wrong, Style(.wrong))],
    ]
  }
}
