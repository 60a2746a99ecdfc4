internal import Base
internal import Viz

/// What screens that have something worked out draw alike: words that fit or are left out, the keys, and the help page.
protocol WorkState {
  associatedtype Action: Hashable & Sendable
  var look: Look { get set }
  /// What has to be said, until the next key.
  var notice: String? { get set }
  var isHelp: Bool { get }
  /// Whether the key that leaves was pressed.
  var isLeft: Bool { get set }
  /// The keys of the screen, and those of its help page.
  static var keys: KeyMap<Action> { get }
  static var helpKeys: KeyMap<Action> { get }
  /// The keys of the mode that the screen is in; those of the screen where it has one mode.
  var keysNow: KeyMap<Action> { get }
  /// What the help page says behind the keys.
  var about: [String] { get }
  /// Whether the footer names an action just now.
  func isOffered(_ action: Action) -> Bool
}

extension WorkState {
  var language: Language { look.language }
  var glyphs: GlyphSet { look.glyphs }
  var keysNow: KeyMap<Action> { Self.keys }
  var noSuchKey: String { language("没有这个键，? 看帮助", "no such key, ? helps") }
  func isOffered(_ action: Action) -> Bool { true }

  /// Changes the language, where the other can be written.
  mutating func changeLanguage() {
    if glyphs == .ascii {
      notice = "Chinese needs a UTF-8 locale"
    } else {
      look.language = language == .chinese ? .english : .chinese
    }
  }

  /// Whether the screen is to be left, once: it may be found again as it was.
  mutating func takeLeave() -> Bool {
    defer { isLeft = false }
    return isLeft
  }

  /// Writes the first wording that fits, whole, or none; returns where it ends.
  @discardableResult
  func put(
    _ wordings: [String], at point: Point, _ style: Style, limit: Int = .max,
    on canvas: inout Canvas
  ) -> Int {
    let columns = min(limit, canvas.size.columns) - point.x
    let fitting = wordings.map { glyphs.shown($0) }.first { ScalarWidth.of($0) <= columns }
    return fitting.map { canvas.put($0, at: point, style) } ?? point.x
  }

  /// The title, the first wording that fits; at the right the first that fits beside it.
  func drawTitle(_ titles: [String], rights: [String], on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    var x = put([" kvtui  "], at: Point(0, 0), Style(.titleBar), on: &canvas)
    x = put(
      isHelp ? [language("帮助", "help")] : titles, at: Point(x, 0), Style(.titleBar),
      limit: columns - 1, on: &canvas)
    let right = rights.map { glyphs.shown($0) }.first { x + ScalarWidth.of($0) + 3 <= columns }
    guard let right else { return }
    canvas.put(right, at: Point(columns - 1 - ScalarWidth.of(right), 0), Style(.titleBarDim))
  }

  func drawFooter(on canvas: inout Canvas) {
    let y = canvas.size.rows - 1
    guard y > 0 else { return }
    if let notice { return draw(notice: notice, bottom: y, on: &canvas) }
    let hints = (isHelp ? Self.helpKeys : keysNow).hints(look, where: isOffered)
    canvas.put(hints.fitting(columns: canvas.size.columns - 1), at: Point(1, y))
  }

  /// A sentence on as many lines as it needs, the last of which is the footer's.
  private func draw(notice: String, bottom: Int, on canvas: inout Canvas) {
    let lines = glyphs.adapted(notice).wrapped(to: max(1, canvas.size.columns - 2))
    for (index, line) in lines.suffix(max(1, bottom)).enumerated() {
      let y = bottom - min(lines.count, max(1, bottom)) + 1 + index
      canvas.fill(Point(0, y), columns: canvas.size.columns, Style())
      canvas.put(line, at: Point(1, y), Style(.selected), limit: canvas.size.columns)
    }
  }

  /// What a key does, on as many lines as it needs where there is room; else in the footer's word.
  private func helpLines(_ row: KeyRow<Action>, columns: Int, isShort: Bool) -> [String] {
    guard let help = row.help else { return [] }
    let whole = glyphs.adapted(help(language)).wrapped(to: max(1, columns - 15))
    guard isShort, whole.count > 1 else { return whole }
    return [row.label.map { $0(language) } ?? whole[0]]
  }

  func drawHelp(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    let needed = keysNow.rows.reduce(0) {
      $0 + helpLines($1, columns: columns, isShort: false).count
    }
    var y = 2
    for row in keysNow.rows {
      let lines = helpLines(row, columns: columns, isShort: needed > canvas.size.rows - 4)
      guard !lines.isEmpty, y + lines.count < canvas.size.rows else { continue }
      put([" \(row.name(look)) "], at: Point(2, y), Style(.key), limit: 13, on: &canvas)
      for (index, line) in lines.enumerated() {
        put([line], at: Point(14, y + index), Style(), on: &canvas)
      }
      y += lines.count
    }
    for line in about.flatMap({ glyphs.adapted($0).wrapped(to: canvas.size.columns - 4) })
    where y + 1 < canvas.size.rows - 1 {
      y += 1
      put([line], at: Point(2, y), Style(), on: &canvas)
    }
  }
}

extension KeyMap {
  /// The keys of a help page, all of which leave it.
  static func helpPage(_ leave: Action) -> KeyMap {
    KeyMap([
      KeyRow(
        [.escape, .character("q"), .character("?"), .control("c")], leave, "Esc",
        label: { $0("返回", "back") })
    ])
  }
}
