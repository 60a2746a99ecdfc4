import Base
import Testing
import Trace
import Viz

@testable import Screens

/// Sessions that are performed: when keys come, what the keyboard does meanwhile, and what is said of it.
@Suite struct PlayingTests {
  private static let script = (1...6).map { _ in KeptEvent(after: 1000, .key(.right)) }

  /// A performance on a display, with what its end is like.
  @discardableResult private func play(
    _ display: TimedDisplay, _ events: [KeptEvent] = script, leaving: KeptEvent? = nil,
    quitsAtEnd: Bool = false, run: FakeRun? = nil, look: Look = Look(language: .english)
  ) throws -> TimedDisplay {
    var session = KeptSession(KeptOpening(.run, []), look, display.size)
    session.events = events
    session.leaving = leaving
    let run = try run ?? FakeRun(try Material.trace())
    var app = try App(opening: .run, look, Services { run })
    app.run(on: PlayingDisplay(display, playing: session, quitsAtEnd: quitsAtEnd))
    return display
  }

  /// When each step was first seen, in seconds.
  private func times(_ display: TimedDisplay) -> [Int: Double] {
    var times: [Int: Double] = [:]
    for (seconds, frame) in display.frames {
      let text = frame.canvas.plainText
      for step in 1...7 where text.contains("step \(step)/7") && times[step] == nil {
        times[step] = seconds
      }
    }
    return times
  }

  private func close(_ time: Double?, _ expected: Double) -> Bool {
    time.map { abs($0 - expected) < 0.25 } ?? false
  }

  @Test("Keys come at their times")
  func inTime() throws {
    let times = times(try play(TimedDisplay(keys: [])))
    for step in 2...7 { #expect(close(times[step], Double(step - 1)), "\(times)") }
  }

  @Test("Space pauses and goes on, with what was left of the time")
  func pause() throws {
    let display = try play(TimedDisplay(keys: [(1.5, "Space"), (21.5, "Space")]))
    let times = times(display)
    #expect(close(times[2], 1) && close(times[3], 22) && close(times[4], 23), "\(times)")
    #expect(display.lastRow(at: 10).contains("||") && display.lastRow(at: 10).contains("go on"))
    #expect(display.lastRow(at: 1.4).contains("pause"))
  }

  @Test("A run that plays in a session pauses and runs faster with it")
  func beats() throws {
    let events = [
      KeptEvent(after: 1000, .key(.character(" "))), KeptEvent(after: 60_000, .key(.up)),
    ]
    let plain = times(try play(TimedDisplay(keys: []), events))
    let beat = try #require(plain[2]) - 1
    #expect(beat > 0.2)
    let paused = times(
      try play(TimedDisplay(keys: [(1 + beat / 2, "Space"), (31 + beat / 2, "Space")]), events))
    #expect(close(paused[2], 31 + beat), "\(paused)")
    let fast = times(try play(TimedDisplay(keys: [(1, "+"), (1, "+")]), events))
    #expect(close(fast[7], 1 + 6 * beat / 4), "\(fast)")
  }

  @Test("The speed goes from a quarter to eight times")
  func speed() throws {
    let fast = times(try play(TimedDisplay(keys: (0...5).map { _ in (0, "+") })))
    #expect(close(fast[7], 6.0 / 8), "\(fast)")
    let slow = try play(TimedDisplay(keys: (0...5).map { _ in (0, "-") }))
    #expect(close(times(slow)[7], 24), "\(times(slow))")
    #expect(slow.lastRow(at: 3).contains("0.25×"))
    let half = times(try play(TimedDisplay(keys: [(0, "-"), (4, "=")])))
    #expect(close(half[3], 4) && close(half[4], 5), "\(half)")
  }

  @Test("Enter takes over: from then on the keyboard has the screen, and nothing else comes")
  func takeOver() throws {
    let display = try play(
      TimedDisplay(keys: [(0.5, "Left"), (1.5, "Enter"), (5, "Right"), (6, "]")]))
    let times = times(display)
    #expect(close(times[2], 1) && close(times[3], 5), "\(times)")
    #expect(times[4] == nil && display.text.contains("layer 4") == false)
    #expect(display.lastRow(at: 1.4).contains("take over"))
    #expect(!display.lastRow(at: 1.6).contains("take over"))
    #expect(display.lastRow(at: 1.6).contains("next"), "the screen's own keys")
  }

  @Test("Escape, q and Ctrl-C stop and leave", arguments: ["Escape", "q", "C-c"])
  func stop(name: String) throws {
    let display = try play(TimedDisplay(keys: [(2.5, name), (5, "Right")]))
    #expect(close(display.seconds, 2.5) && display.text.contains("step 3/7"))
  }

  @Test("Other keys and pastes do nothing meanwhile")
  func others() throws {
    let display = TimedDisplay([
      (0.2, [.key(.character("i"))]), (0.4, [.paste("x")]), (0.6, [.key(.right)]),
    ])
    let times = times(try play(display))
    #expect(close(times[2], 1) && close(times[3], 2), "\(times)")
  }

  @Test("At the end the keyboard has the screen; the key that left is not pressed")
  func end() throws {
    let leaving = KeptEvent(after: 500, .key(.character("q")))
    let display = try play(
      TimedDisplay(keys: [(8, "Left")]), leaving: leaving)
    #expect(display.text.contains("step 6/7"))
    #expect(!display.lastRow(at: 7).contains("take over"))
  }

  @Test("With the option the program is left at the end, by the key that left or without one")
  func quitAtEnd() throws {
    let leaving = KeptEvent(after: 500, .key(.character("q")))
    let left = try play(TimedDisplay(keys: [(20, "Left")]), leaving: leaving, quitsAtEnd: true)
    #expect(close(left.seconds, 6.5), "\(left.seconds)")
    let brokenOff = try play(TimedDisplay(keys: [(20, "Left")]), quitsAtEnd: true)
    #expect(close(brokenOff.seconds, 6), "\(brokenOff.seconds)")
    let nothing = try play(TimedDisplay(keys: [(20, "Left")]), [], quitsAtEnd: true)
    #expect(nothing.seconds == 0 && nothing.frames.count == 1)
  }

  @Test("A key waits until the screen has the step that the one before asked for")
  func waits() throws {
    let run = FakeRun(try Material.trace())
    run.isSlow = true
    let display = TimedDisplay(keys: [])
    display.meanwhile = { run.compute($0 >= 30 ? 7 : $0 >= 20 ? 2 : $0 >= 10 ? 1 : 0) }
    let times = times(try play(display, run: run))
    #expect(close(times[1], 10) && close(times[2], 20), "\(times)")
    #expect(close(times[3], 30), "\(times): the third key came a second after the second step")
    #expect(close(times[4], 31) && close(times[7], 34), "\(times)")
  }

  // MARK: The bar

  @Test("No key stands twice in the map, and each is one that can be pressed")
  func unique() {
    let keys = PlayKeys.map(isPaused: false).rows.flatMap(\.keys)
    #expect(Set(keys).count == keys.count && keys.allSatisfy { $0.folded == $0 })
    #expect(PlayKeys.map(isPaused: true).rows.flatMap(\.keys) == keys)
  }

  @Test(
    "Every hint of the bar is of a key that works, at every size, in both languages and in any glyphs"
  )
  func hints() throws {
    for language in Language.allCases {
      for glyphs in GlyphSet.allCases where glyphs != .ascii || language == .english {
        for columns in [60, 80, 120] {
          for isPaused in [false, true] {
            let look = Look(language: language, glyphs: glyphs)
            let canvas = bar(Size(columns: columns, rows: 16), look, isPaused)
            let row = canvas.plainText.split(separator: "\n").last.map(String.init) ?? ""
            #expect(row.contains(look.language("接手", "take over")), "\(row)")
            #expect(row.contains(glyphs == .full ? "1×" : "1x"), "\(row)")
            #expect(row.contains(isPaused ? "||" : glyphs.playing), "\(row)")
            let names = canvas.row(15).split { $0.style.role != .key }.map {
              $0.map(\.text).joined()
            }
            #expect(names.count >= 3)
            for name in names.flatMap({ $0.split(separator: " ") }) {
              let key = try #require(Key(tmuxName: String(name)))
              #expect(PlayKeys.map(isPaused: isPaused).action(for: key) != nil, "\(name)")
            }
          }
        }
      }
    }
  }

  private func bar(_ size: Size, _ look: Look, _ isPaused: Bool) -> Canvas {
    var canvas = Canvas(size)
    canvas.put(" q ", at: Point(1, size.rows - 1), Style(.key))
    canvas.put("quit", at: Point(5, size.rows - 1))
    let bar = PlayBar(look: look, speed: .normal, isPaused: isPaused)
    return bar.drawn(on: Frame(canvas, theme: .dark)).canvas
  }

  @Test("What the last row says stays, and nothing but the last row is another")
  func covers() throws {
    let look = Look(language: .english)
    let bar = PlayBar(look: look, speed: .double, isPaused: false)
    for length in [0, 3, 30, 45, 55, 60] {
      var canvas = Canvas(Size(columns: 60, rows: 16))
      for y in 0..<15 { canvas.put("text", at: Point(3, y)) }
      let notice = String(repeating: "x", count: length)
      canvas.put(notice, at: Point(0, 15), Style(.selected))
      let drawn = bar.drawn(on: Frame(canvas, theme: .dark)).canvas
      #expect(drawn.row(15).prefix(length).map(\.text).joined() == notice)
      for y in 0..<15 { #expect(drawn.row(y) == canvas.row(y)) }
      #expect(drawn.plainText.contains("2×") == (length < 54))
      #expect(drawn.plainText.contains("take over") == (length < 38))
    }
  }
}
