internal import Base
internal import Classroom
internal import Viz

/// How many have answered, of how many that follow, the timer, and what is to be done; nothing of what was answered.
struct StatusBlock {
  let state: PresentState
  let held: HeldQuiz
  /// Whether numbers stand in letters four rows high.
  var isBig = false

  private static let longestBar = 48

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }
  /// Phones that follow; nil where none does.
  private var phones: Int? { state.hasPhones ? state.audience.phones : nil }

  /// Nobody has voted before the first vote.
  private var hasCount: Bool {
    held.ballots.isVoted && held.phase != .think && (phones != nil || held.answered > 0)
  }

  /// Votes of phones alone: of hands nobody knows how many there could be.
  private var byPhone: Int { held.answered - held.answeredByHand }

  private var count: BigText? { hasCount ? BigText("\(held.answered)", glyphs) : nil }

  /// The timer in large letters.
  private var timer: BigText? {
    state.clock.secondsLeft.flatMap { seconds in
      let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
      return BigText("\(minutes):\(rest < 10 ? "0" : "")\(rest)", glyphs)
    }
  }

  /// Whether there is something to be drawn large.
  var canBeBig: Bool { count != nil || timer != nil }

  /// The words beside the count.
  private var words: [String] {
    let answered =
      held.phase.openRound == nil
      ? language("人投过", "voted") : language("人已答", "answered")
    guard let phones else { return [answered] }
    let hands = held.answeredByHand
    return [
      answered,
      hands == 0
        ? language("共 \(phones) 人", "of \(phones)")
        : language(
          "举手 \(hands)，手机 \(byPhone)/\(phones)", "\(hands) by hand, phones \(byPhone)/\(phones)"),
    ]
  }

  private var countColumns: Int {
    count.map { $0.size.columns + 2 + (words.map { ScalarWidth.of($0) }.max() ?? 0) } ?? 0
  }

  private var timerColumns: Int {
    timer?.size.columns ?? 0
  }

  private var isOver: Bool { state.clock.secondsLeft == 0 }
  private var over: String { language("时间到", "time is up") }

  /// Whether the timer stands in large letters at a width: beside the count, or below it.
  func showsTimer(_ columns: Int) -> Bool { isBig && timer != nil && timerColumns <= columns }

  private func isBeside(_ columns: Int) -> Bool { countColumns + 3 + timerColumns <= columns }

  private func guide(_ columns: Int) -> [[TextFlow.Span]] {
    let words = PhaseWords(
      ballots: held.ballots, phase: held.phase, hasPhones: state.hasPhones,
      language: language)
    return state.lines(words.guide, Style(.text, bold: true), columns: columns)
  }

  /// Rows that it takes at a width.
  func rows(_ columns: Int) -> Int {
    let guide = guide(columns).count
    guard isBig else { return guide + (hasCount ? 1 : 0) }
    return bigRows(columns) + 1 + guide
  }

  private var hasBar: Bool { hasCount && (phones ?? 0) > 0 }

  private func bigRows(_ columns: Int) -> Int {
    let high = BigText("0", glyphs)?.size.rows ?? 4
    let isStacked = count != nil && showsTimer(columns) && !isBeside(columns)
    return high + (hasBar ? 1 : 0) + (isStacked ? high + 1 : 0)
  }

  /// The least columns at which it is large.
  var columns: Int { max(countColumns, timerColumns) }

  func draw(in area: Area, on canvas: inout Canvas) {
    var y = area.y
    if isBig {
      drawBig(in: area, on: &canvas)
      y += bigRows(area.columns) + 1
    } else if hasCount {
      drawCount(at: Point(area.x, y), end: area.end, on: &canvas)
      y += 1
    }
    let guide = guide(area.columns)
    canvas.put(guide, in: Area(x: area.x, y: y, columns: area.columns, rows: guide.count))
  }

  private func drawBig(in area: Area, on canvas: inout Canvas) {
    var timerAt = Point(area.x, area.y)
    if let count {
      count.draw(at: Point(area.x, area.y), Style(.selected), on: &canvas)
      for (row, text) in words.enumerated() {
        canvas.put(
          text, at: Point(area.x + count.size.columns + 2, area.y + 1 + row),
          Style(.text, bold: true))
      }
      timerAt =
        isBeside(area.columns)
        ? Point(area.x + countColumns + 3, area.y)
        : Point(area.x, area.y + count.size.rows + (hasBar ? 2 : 1))
      let bar = Point(area.x, area.y + count.size.rows)
      drawBar(at: bar, columns: min(Self.longestBar, area.columns), on: &canvas)
    }
    guard let timer, showsTimer(area.columns) else { return }
    let style = Style(isOver ? .wrong : .heading)
    timer.draw(at: timerAt, style, on: &canvas)
    let x = timerAt.x + timer.size.columns + 2
    if isOver, x + ScalarWidth.of(over) <= area.end {
      canvas.put(over, at: Point(x, timerAt.y + 1), Style(.wrong, bold: true))
    }
  }

  /// The count in words, and a bar behind it where there is room.
  private func drawCount(at point: Point, end: Int, on canvas: inout Canvas) {
    var x = canvas.put("\(held.answered) ", at: point, Style(.selected, bold: true), limit: end)
    x = canvas.put(
      words.joined(separator: language("，", " ")), at: Point(x, point.y), Style(.text), limit: end)
    let room = min(Self.longestBar, end - x - 2)
    if hasBar, room >= 6 { drawBar(at: Point(x + 2, point.y), columns: room, on: &canvas) }
  }

  /// How many of those that follow have answered.
  private func drawBar(at point: Point, columns: Int, on canvas: inout Canvas) {
    guard let phones, phones > 0 else { return }
    let share = Double(min(byPhone, phones)) / Double(phones)
    let full = byPhone > 0 ? max(1, Int((share * Double(columns)).rounded(.down))) : 0
    let x = canvas.put(
      String(repeating: glyphs.bar, count: full), at: point, Style(.selected).inBlocks)
    canvas.put(
      String(repeating: "-", count: columns - full), at: Point(x, point.y), Style(.dim))
  }
}
