internal import Base

/// A help page: keys with what they do, and prose; it scrolls where it is longer than the screen.
///
///     let sheet = HelpSheet(keys: [("t", "changes the colours")], prose: about, columns: 56)
///     sheet.draw(from: page.line, in: area, on: &canvas)
public struct HelpSheet: Sendable {
  private struct Line {
    var name: String?
    var text: String
    var isKey = false
  }

  private var lines: [Line] = []
  private var textColumn = 0
  /// The widest prose that is easily read.
  private static let widestProse = 100

  /// Wraps everything to a width.
  ///
  /// - Parameters:
  ///   - keys: names of keys as they are drawn, and what is said of each.
  ///   - prose: paragraphs.
  ///   - isProseFirst: whether the prose stands above the keys, a blank line behind each paragraph.
  ///   - columns: the width of the page.
  public init(
    keys: [(name: String, help: String)], prose: [String], isProseFirst: Bool = false, columns: Int
  ) {
    let widest = keys.map { ScalarWidth.of($0.name) + 2 }.max() ?? 0
    textColumn = max(12, widest + 1)
    let rows = keys.flatMap { key in
      key.help.wrapped(to: max(1, columns - textColumn)).enumerated().map { index, text in
        Line(name: index == 0 ? key.name : nil, text: text, isKey: true)
      }
    }
    let paragraphs = prose.map {
      $0.wrapped(to: max(1, min(columns, Self.widestProse))).map { Line(text: $0) }
    }
    let blank = Line(text: "")
    lines =
      isProseFirst
      ? paragraphs.flatMap { $0 + [blank] } + rows
      : rows + paragraphs.flatMap { [blank] + $0 }
  }

  /// Lines of the whole page.
  public var count: Int { lines.count }

  /// The line that stands on top where the end is in view.
  public func last(rows: Int) -> Int { max(0, lines.count - max(1, rows)) }

  /// Draws what fits of the page from a line on; with blank lines between keys where all of it fits with them.
  package func draw(from first: Int, in area: Area, on canvas: inout Canvas) {
    let isSpread = lines.count + lines.count { $0.name != nil } <= area.rows
    var (y, isFirst) = (area.y - 1, true)
    for line in lines.dropFirst(max(0, first)).prefix(max(0, area.rows)) {
      y += 1
      if let name = line.name {
        y += isSpread && !isFirst ? 1 : 0
        isFirst = false
        canvas.put(" \(name) ", at: Point(area.x, y), Style(.key), limit: area.end)
      }
      let x = line.isKey ? area.x + textColumn : area.x
      canvas.put(line.text, at: Point(x, y), Style(), limit: area.end)
    }
  }
}

/// Whether the help page is open, and which of its lines stands on top.
public struct HelpPage: Hashable, Sendable {
  /// Whether it is shown; it opens at its beginning.
  public var isOpen = false {
    didSet { if isOpen != oldValue { line = 0 } }
  }
  /// The line on top, as far as there are so many.
  public private(set) var line = 0
  /// The screen's, which the page is scrolled by.
  public var size = Size(columns: 80, rows: 24)

  /// The keys that are given here; nil where all are.
  public var given: Set<Key>?

  /// A page that is closed.
  public init() {}

  /// Rows of a screen that the page has: all but the title's and the footer's.
  public static func rows(_ size: Size) -> Int { max(1, size.rows - 2) }

  /// The line on top at a size: never so far down that rows stay empty.
  public func top(of sheet: HelpSheet, rows: Int) -> Int { min(line, sheet.last(rows: rows)) }

  /// Scrolls as a key says; returns whether there was more that way, nil where it is no key that scrolls.
  public mutating func scroll(_ action: HelpAction?, _ sheet: HelpSheet, rows: Int) -> Bool? {
    let step: Int
    switch action {
    case .up: step = -1
    case .down: step = 1
    case .pageUp: step = -max(1, rows - 1)
    case .pageDown: step = max(1, rows - 1)
    case .first: step = -sheet.count
    case .last: step = sheet.count
    default: return nil
    }
    let old = top(of: sheet, rows: rows)
    line = max(0, min(sheet.last(rows: rows), old + step))
    return line != old
  }

  /// Draws the page below the title, where it fits with a blank line above; in the footer's row its keys, and how much is scrolled away.
  package func draw(_ sheet: HelpSheet, _ look: Look, notice: String?, on canvas: inout Canvas) {
    let size = canvas.size
    let rows = Self.rows(size)
    let gap = sheet.count < rows ? 1 : 0
    let area = Area(x: 2, y: 1 + gap, columns: size.columns - 4, rows: rows - gap)
    let first = top(of: sheet, rows: rows)
    sheet.draw(from: first, in: area, on: &canvas)
    let below = max(0, sheet.count - first - rows)
    canvas.putFooter(Self.hints(look, above: first, below: below), notice: notice, look)
    Self.drawMark(above: first, below: below, look, on: &canvas)
  }

  /// The keys of a page of which some lines are scrolled away.
  package static func hints(_ look: Look, above: Int, below: Int) -> [KeyHint] {
    ViewerKeys.help.hints(look) { action in
      switch action {
      case .down, .pageDown: below > 0
      case .up, .pageUp: above > 0
      default: true
      }
    }
  }

  /// How many lines are scrolled away, at the end of the footer's row where it is free.
  package static func drawMark(above: Int, below: Int, _ look: Look, on canvas: inout Canvas) {
    guard let text = look.scrollMark(above: above, below: below) else { return }
    let (y, width) = (canvas.size.rows - 1, ScalarWidth.of(text))
    let x = canvas.size.columns - 1 - width
    guard y > 0, x > 2, canvas.row(y).suffix(width + 3).allSatisfy({ $0 == .blank }) else { return }
    canvas.put(text, at: Point(x, y), Style(.selected))
  }
}

extension Look {
  /// How many lines are scrolled away above and below; nil where none is.
  package func scrollMark(above: Int, below: Int) -> String? {
    let hidden = [("↑", above), ("↓", below)].filter { $0.1 > 0 }
    guard let last = hidden.last else { return nil }
    return glyphs.adapted(
      hidden.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
        + language(" 行", " " + plural(last.1, "row")))
  }
}
