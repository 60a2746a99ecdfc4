internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// The last row of the wall: keys that work now, what has to be said, or what is typed; and the timer, where no page shows it.
struct PresentFoot {
  let state: PresentState
  let view: PresentView

  private var look: Look { state.look }

  func draw(on canvas: inout Canvas) {
    if case .counting(let field) = state.mode { return drawCounting(field, on: &canvas) }
    // These pages have their own.
    if state.mode == .help || isExhibits { return drawJump(on: &canvas) }
    canvas.fill(Point(0, canvas.size.rows - 1), columns: canvas.size.columns, Style())
    let notice = state.notice ?? state.exhibit?.viewer.awaiting
    if notice == nil, let timer { return drawKeys(beside: timer, on: &canvas) }
    canvas.putFooter(hints(canvas.size), notice: notice, look)
  }

  /// Rows that it takes besides the last, a blank one among them.
  func rows(_ size: Size) -> Int {
    guard case .counting = state.mode else { return 0 }
    return guide(columns: size.columns - 2).count + 1
  }

  /// Whether what is on the wall has keys of its own just now, and says so itself.
  private var isExhibits: Bool {
    guard state.mode == .show, state.cover == nil, let viewer = state.exhibit?.viewer else {
      return false
    }
    return viewer.mode.isTyped || !viewer.hasStep
  }

  // MARK: Keys

  private func drawKeys(beside timer: String, on canvas: inout Canvas) {
    let (columns, y) = (canvas.size.columns, canvas.size.rows - 1)
    let x = columns - ScalarWidth.of(timer) - 1
    canvas.put(hints(canvas.size).fitting(columns: x - 2), at: Point(1, y))
    let isOver = state.clock.secondsLeft == 0
    canvas.put(timer, at: Point(x, y), Style(isOver ? .wrong : .heading, bold: true))
  }

  /// The timer, where it runs and no question shows it.
  private var timer: String? {
    state.isHolding && state.face == .front && state.mode == .show ? nil : state.timerText
  }

  private func hints(_ size: Size) -> [KeyHint] {
    let own = state.keys.hints(look) { isOffered($0, size) }
    guard state.mode == .show, state.cover == nil, case .cell? = state.exhibit?.viewer.mode else {
      return own
    }
    return ViewerKeys.cursor.hints(look) + own
  }

  /// Whether an action leads somewhere.
  private func isOffered(_ action: PresentAction, _ size: Size) -> Bool {
    switch action {
    case .text: state.exhibit?.lesson != nil
    case .countHands: state.held.map { $0.ballots.isVoted && $0.phase != .think } ?? false
    case .spotlight: view.hasLight(size)
    case .tool: !state.isHolding
    case .invitation: state.mode == .invitation || state.invitation != nil
    case .scrollUp, .scrollDown: view.hiddenLines(size) > 0
    default: true
    }
  }

  // MARK: What is typed

  /// How counts are typed.
  private func guide(columns: Int) -> [[TextFlow.Span]] {
    guard let ballots = state.held?.ballots else { return [] }
    let guide = state.language("举手人数：", "Hands: ") + HandCounts.guide(ballots, state.language)
    return (state.notice.map { state.lines($0, Style(.wrong, bold: true), columns: columns) } ?? [])
      + state.lines(guide, Style(.heading), columns: columns)
      + state.lines(known, Style(.text), columns: columns)
  }

  /// What becomes of what is counted already.
  private var known: String {
    let language = state.language
    guard let held = state.held else { return "" }
    let hands = HandCounts.text(held.hands[held.lastRound - 1], held.ballots)
    let phones =
      state.hasPhones ? language("手机的票照算，举手加在上面。", "Phones' votes stay; hands add to them. ") : ""
    guard !hands.isEmpty else { return phones }
    return phones
      + language(
        "已记 \(hands)，重填就换掉，空着就清掉。",
        "Counted: \(hands); typed anew it is replaced, empty it is cleared.")
  }

  /// How counts are typed, and the field, in the last rows.
  private func drawCounting(_ field: TextField, on canvas: inout Canvas) {
    let (columns, rows) = (canvas.size.columns, canvas.size.rows)
    let lines = guide(columns: columns - 2)
    let top = rows - 1 - lines.count
    canvas.fill(Point(0, top - 1), columns: columns, rows: rows - top + 1, Style())
    canvas.put(lines, in: Area(x: 1, y: top, columns: columns - 2, rows: lines.count))
    FieldLine(field: field, glyphs: look.glyphs, hints: state.keys.hints(look)).draw(on: &canvas)
  }

  /// The line in which a step of a lesson's scene is typed.
  private func drawJump(on canvas: inout Canvas) {
    guard state.mode == .show, let lesson = state.exhibit?.lesson,
      case .jump(let digits) = lesson.viewer.mode
    else { return }
    canvas.fill(Point(0, canvas.size.rows - 1), columns: canvas.size.columns, Style())
    JumpLine(viewer: lesson.viewer, digits: digits).draw(y: canvas.size.rows - 1, on: &canvas)
  }
}

extension PresentState {
  /// What is left on the timer; nil while none runs.
  var timerText: String? {
    clock.secondsLeft.map { seconds in
      let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
      let time = "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
      return seconds > 0 ? time : time + " " + language("时间到", "time is up")
    }
  }
}
