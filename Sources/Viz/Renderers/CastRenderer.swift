public import Base

/// Frames as a film for terminals: each drawn whole with absolute moves, each with a marker that names it.
///
/// Source: asciicast v2 and v3 (docs.asciinema.org). Nothing resizes, nothing is drawn that some terminals show two columns wide.
public struct CastRenderer: Renderer {
  /// The version of the format.
  public enum Version: String, CaseIterable, Sendable {
    /// Times from the start; every player reads it.
    case v2 = "2"
    /// Times from the event before.
    case v3 = "3"
  }

  private let version: Version

  /// Creates the renderer.
  public init(_ version: Version = .v2) { self.version = version }

  /// A header and the events; the last frame stays as long as the one before it.
  public func render(
    _ shots: some Sequence<Reel.Shot>, title: String, _ language: Language
  ) -> String {
    var film = ""
    var timeline = Timeline(version: version)
    for shot in shots {
      if film.isEmpty { film += line(header(of: shot.frame, title: title)) }
      film += timeline.events(of: shot).map(line).joined()
    }
    return film.isEmpty ? "" : film + timeline.ending.map(line).joined()
  }

  private func line(_ json: JSONText) -> String { json.text + "\n" }

  // MARK: Header

  private func header(of frame: Frame, title: String) -> JSONText {
    let size = frame.canvas.size
    let name: [(String, JSONText)] = title.isEmpty ? [] : [("title", .string(title))]
    let theme = ("theme", theme(of: frame.theme))
    let number = ("version", JSONText.integer(version == .v2 ? 2 : 3))
    switch version {
    case .v2:
      return .object(
        [number, ("width", .integer(size.columns)), ("height", .integer(size.rows)), theme] + name)
    case .v3:
      let terminal: [(String, JSONText)] = [
        ("cols", .integer(size.columns)), ("rows", .integer(size.rows)),
        ("type", .string("xterm-256color")), theme,
      ]
      return .object([number, ("term", .object(terminal))] + name)
    }
  }

  private func theme(of theme: Theme) -> JSONText {
    let palette = (0..<Palette.colours16.count).map { Palette.rgb($0).hex }.joined(separator: ":")
    return .object([
      ("fg", .string(theme.ink.hex)), ("bg", .string(theme.ground.hex)),
      ("palette", .string(palette)),
    ])
  }
}

/// Events at whole milliseconds from the start, so that rounding never adds up.
private struct Timeline {
  private let version: CastRenderer.Version
  private var last = 0
  private var starts: [Int] = []

  init(version: CastRenderer.Version) { self.version = version }

  /// A marker comes this long behind its frame, so that a player that stops there shows it.
  private static let markerDelay = 10
  /// How long a frame stays behind which none comes, where there is none before it either.
  private static let still = 2000

  /// A frame and its marker.
  mutating func events(of shot: Reel.Shot) -> [JSONText] {
    let time = (shot.seconds * 1000).rounded().whole(in: 0...Int(Int32.max)) ?? 0
    let beginning = starts.isEmpty ? TerminalDrawing.beginning : ""
    starts = starts.suffix(1) + [time]
    let frame = event("o", beginning + TerminalDrawing(frame: shot.frame).text, at: time)
    return [frame]
      + (shot.notes.mark.map { [event("m", $0, at: time + Self.markerDelay)] } ?? [])
  }

  /// The end: the last frame stays as long as the one before it.
  var ending: [JSONText] {
    var end = self
    let stay = starts.count == 2 ? starts[1] - starts[0] : Self.still
    let time = (starts.last ?? 0) + max(stay, 2 * Self.markerDelay)
    let last = end.event("o", TerminalDrawing.beginning, at: time)
    return version == .v2 ? [last] : [last, end.event("x", "0", at: time)]
  }

  private mutating func event(_ code: String, _ data: String, at time: Int) -> JSONText {
    let time = max(time, last)
    let shown = version == .v2 ? time : time - last
    last = time
    return .array([.double(Double(shown) / 1000), .string(code), .string(data)])
  }
}

/// A frame as what a terminal is sent to show it, whatever it showed before.
struct TerminalDrawing {
  let frame: Frame

  /// The cursor is never seen.
  static let beginning = "\u{1B}[?25l"

  /// Home, clear, then row by row.
  var text: String {
    let canvas = frame.canvas
    return "\u{1B}[0m\u{1B}[H\u{1B}[2J"
      + (0..<canvas.size.rows).map { row($0, canvas.row($0)) }.joined() + "\u{1B}[0m"
  }

  private func row(_ y: Int, _ cells: ArraySlice<Cell>) -> String {
    let runs = GlyphRun.runs(of: cells)
    let shown = runs.reversed().drop { run in
      run.text.utf8.allSatisfy { $0 == 0x20 } && colours(run.style) == Self.plain
    }.reversed()
    var text = "\u{1B}[\(y + 1);1H"
    var last: String?
    for run in shown {
      let colours = colours(run.style)
      if colours != last { text += colours }
      last = colours
      text += GlyphSet.narrowOnly(run.text)
    }
    return text
  }

  private static let plain = "\u{1B}[0m"

  /// The escape sequence for a style, in the colours of 256.
  private func colours(_ style: Style) -> String {
    let paint = frame.theme.paint(style.role)
    var codes = ["0"]
    if style.isBold || paint.isBold { codes.append("1") }
    if style.isReversed { codes.append("7") }
    if let colour = paint.foreground { codes.append("38;5;\(colour.palette256)") }
    if let colour = paint.background { codes.append("48;5;\(colour.palette256)") }
    return "\u{1B}[" + codes.joined(separator: ";") + "m"
  }
}

extension GlyphSet {
  /// A glyph as every terminal draws it: one that some draw two columns wide is spelled where its spelling is one column, else `?`.
  static func narrowOnly(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: ScalarWidth.isAmbiguous) else { return text }
    let spelled = GlyphSet.narrow.adapted(text)
    let isOne =
      ScalarWidth.of(spelled) == 1
      && !spelled.unicodeScalars.contains(where: ScalarWidth.isAmbiguous)
    return isOne ? spelled : "?"
  }
}
