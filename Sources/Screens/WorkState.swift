internal import Base
internal import Viz

/// What screens that have something worked out draw alike: words that fit or are left out, the keys, and the help page.
protocol WorkState {
  associatedtype Action: Hashable & Sendable
  var look: Look { get set }
  /// What has to be said, until the next key.
  var notice: String? { get set }
  /// The help page.
  var help: HelpPage { get set }
  /// Whether the key that leaves was pressed.
  var isLeft: Bool { get set }
  /// The keys of the screen.
  static var keys: KeyMap<Action> { get }
  /// The keys of the mode that the screen is in; those of the screen where it has one mode.
  var keysNow: KeyMap<Action> { get }
  /// What the help page says behind the keys.
  var about: [String] { get }
  /// Whether the footer names an action just now.
  func isOffered(_ action: Action) -> Bool
  /// Whether every key belongs to a field.
  var hasField: Bool { get }
}

extension WorkState {
  var language: Language { look.language }
  var glyphs: GlyphSet { look.glyphs }
  var keysNow: KeyMap<Action> { Self.keys }
  var noSuchKey: String { language("没有这个键，? 看帮助", "no such key, ? helps") }
  func isOffered(_ action: Action) -> Bool { true }
  var hasField: Bool { false }

  /// The keys of the mode, as far as they are given here.
  var keysGiven: KeyMap<Action> { keysNow.given(help.given) }

  /// What is said to a key of the mode that is not given here; nil to all others.
  func refusal(of key: Key) -> String? {
    guard !hasField, let given = help.given, keysNow.action(for: key) != nil,
      keysGiven.action(for: key) == nil
    else { return nil }
    let names = given.map(\.tmuxName).sorted().joined(separator: " ")
    return language("这一屏只用这些键：\(names)", "on this screen the keys are \(names)")
  }

  /// Whether the help page is shown.
  var isHelp: Bool {
    get { help.isOpen }
    set { help.isOpen = newValue }
  }

  /// Does what a key means on the help page; any other than those that scroll and those of the look leaves it.
  mutating func pressHelp(_ key: Key) {
    notice = nil
    switch ViewerKeys.help.action(for: key) {
    case .theme: changeTheme()
    case .language: changeLanguage()
    case let action:
      let sheet = helpSheet(columns: help.size.columns - 4)
      guard let hasMoved = help.scroll(action, sheet, rows: HelpPage.rows(help.size)) else {
        return isHelp = false
      }
      if !hasMoved { notice = language("没有更多了", "there is no more") }
    }
  }

  /// Changes the colours, and says which they are now: two sets may look alike.
  mutating func changeTheme() {
    look.theme = look.theme.next
    notice = glyphs.shown(look.theme.sentence(language))
  }

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

  /// The keys of the mode, or what has to be said.
  func drawFooter(on canvas: inout Canvas) {
    drawFooter(keysGiven.hints(look, where: isOffered), on: &canvas)
  }

  /// These keys, or what has to be said; the help page has its own.
  func drawFooter(_ hints: [KeyHint], on canvas: inout Canvas) {
    if !isHelp { canvas.putFooter(hints, notice: notice, look) }
  }

  private func helpSheet(columns: Int) -> HelpSheet {
    HelpSheet(
      keys: keysGiven.help(look), prose: about.map(glyphs.shown), columns: columns)
  }

  /// The help page with its keys.
  func drawHelp(on canvas: inout Canvas) {
    help.draw(helpSheet(columns: canvas.size.columns - 4), look, notice: notice, on: &canvas)
  }
}
