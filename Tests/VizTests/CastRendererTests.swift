internal import Base
import Foundation
import Testing

@testable import Viz

/// Films for terminals.
@Suite struct CastRendererTests {
  private struct Event {
    let seconds: Double
    let code: String
    let data: String
  }

  /// The header and the events as a JSON reader has them.
  private func read(_ cast: String) throws -> (header: [String: Any], events: [Event]) {
    let lines = try cast.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8))
    }
    let header = try #require(lines.first as? [String: Any])
    let events = try lines.dropFirst().map { line in
      let fields = try #require(line as? [Any])
      return Event(
        seconds: try #require(fields[0] as? Double), code: try #require(fields[1] as? String),
        data: try #require(fields[2] as? String))
    }
    return (header, events)
  }

  private func reel(_ times: [Double], glyphs: GlyphSet = .narrow) throws -> Reel {
    var reel = Reel(language: .chinese, title: "一句\u{1B}话")
    for (index, seconds) in times.enumerated() {
      let state = try Runs.china().state(step: index + 1, glyphs: glyphs)
      reel.append(Frame(state.view(.standard), theme: .dark), at: seconds, state.notes)
    }
    return reel
  }

  @Test("Version 2: size and title in the header, times from the start, a frame, then its marker")
  func version2() throws {
    let (header, events) = try read(CastRenderer().render(reel([0, 2, 4.5])))
    #expect(header["version"] as? Int == 2 && header["idle_time_limit"] == nil)
    #expect(header["width"] as? Int == 80 && header["height"] as? Int == 24)
    #expect(header["title"] as? String == "一句^[话")
    #expect(events.map(\.code) == ["o", "m", "o", "m", "o", "m", "o"])
    #expect(events.map(\.seconds) == [0, 0.01, 2, 2.01, 4.5, 4.51, 7])
    #expect(
      events.filter { $0.code == "m" }.map(\.data)
        == ["1/16 prefill，逐字", "2/16 prefill，逐字", "3/16 prefill，逐字"])
  }

  @Test("Version 3: the size is the terminal's, times are from the event before, and do not drift")
  func version3() throws {
    let times = (0..<16).map { Double($0) * (1.0 / 3) }
    let (header, events) = try read(CastRenderer(.v3).render(reel(times)))
    let terminal = try #require(header["term"] as? [String: Any])
    #expect(header["version"] as? Int == 3 && header["width"] == nil)
    #expect(terminal["cols"] as? Int == 80 && terminal["rows"] as? Int == 24)
    #expect(events.map(\.code).suffix(2) == ["o", "x"] && events.last?.data == "0")
    var now = 0.0
    var starts: [Double] = []
    for event in events {
      #expect((event.seconds * 1000).rounded() / 1000 == event.seconds)
      now += event.seconds
      if event.code == "o" { starts.append(now) }
    }
    for (start, time) in zip(starts, times) { #expect(abs(start - time) <= 0.0005001) }
  }

  @Test("Each frame is whole: it hides the cursor, clears, and moves to each row by its number")
  func frames() throws {
    let (_, events) = try read(CastRenderer().render(reel([0, 1])))
    #expect(events[0].data.hasPrefix("\u{1B}[?25l"))
    for event in events where event.code == "o" && event.data.count > 10 {
      #expect(event.data.contains("\u{1B}[H\u{1B}[2J"))
      for row in 1...24 { #expect(event.data.contains("\u{1B}[\(row);1H")) }
      #expect(!event.data.contains("\n") && !event.data.contains("\r"))
    }
  }

  @Test(
    "No glyph that some terminals draw in two columns, whatever the tokens are",
    arguments: GlyphSet.allCases)
  func ambiguous(glyphs: GlyphSet) throws {
    for run in try [Runs.china(), Runs.odd(), Runs.long()] {
      let canvas = run.state(step: 3, glyphs: glyphs).view(.large)
      let cast = CastRenderer().render(Reel(Frame(canvas, theme: .light), language: .chinese))
      #expect(!cast.unicodeScalars.contains(where: ScalarWidth.isAmbiguous))
    }
    var canvas = Canvas(Size(columns: 8, rows: 1))
    canvas.put("①“é·×中", at: Point(0, 0))
    let (_, events) = try read(
      CastRenderer().render(Reel(Frame(canvas, theme: .dark), language: .chinese)))
    // `é` is ambiguous too.
    #expect(events[0].data.contains("?\"?-x中"))
  }

  @Test("No frames, no film")
  func empty() {
    #expect(CastRenderer().render(Reel(language: .english)).isEmpty)
  }
}

/// As much of a terminal as a film needs; it knows nothing else.
private struct SmallTerminal {
  private(set) var rows: [[String]]
  private(set) var isUnknown = false
  private var (x, y) = (0, 0)

  init(_ size: Size) {
    rows = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
  }

  var text: String {
    rows.map { row in
      String(row.joined().reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  mutating func feed(_ data: String) {
    var rest = Substring(data)
    while let first = rest.unicodeScalars.first {
      if first == "\u{1B}", let end = rest.firstIndex(where: { $0.isLetter }) {
        perform(rest[..<rest.index(after: end)].dropFirst())
        rest = rest[rest.index(after: end)...]
      } else {
        put(first)
        rest = rest[rest.unicodeScalars.index(after: rest.startIndex)...]
      }
    }
  }

  private mutating func perform(_ sequence: Substring) {
    switch sequence.last {
    case "J" where sequence == "[2J":
      for row in rows.indices { rows[row] = rows[row].map { _ in " " } }
    case "H":
      let numbers = sequence.dropFirst().dropLast().split(separator: ";").compactMap { Int($0) }
      (y, x) = numbers.count == 2 ? (numbers[0] - 1, numbers[1] - 1) : (0, 0)
    case "m": break
    default: isUnknown = isUnknown || sequence != "[?25l"
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = ScalarWidth.of(scalar)
    guard width > 0, rows.indices.contains(y), x + width <= rows[y].count else {
      isUnknown = isUnknown || width > 0
      return
    }
    rows[y][x] = String(scalar)
    if width == 2 { rows[y][x + 1] = "" }
    x += width
  }
}

extension CastRendererTests {
  @Test("A terminal that is sent the frames shows each canvas in turn", arguments: Theme.allCases)
  func terminal(theme: Theme) throws {
    let run = try Runs.china()
    let canvases = (1...16).map { run.state(step: $0, glyphs: .narrow).view(.standard) }
    var terminal = SmallTerminal(.standard)
    for canvas in canvases {
      terminal.feed(TerminalDrawing(frame: Frame(canvas, theme: theme)).text)
      #expect(terminal.text == canvas.plainText && !terminal.isUnknown)
    }
  }
}
