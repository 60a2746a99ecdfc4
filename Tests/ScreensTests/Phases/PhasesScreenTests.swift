import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The screen of prefill and decode over passes whose numbers are round.
@Suite struct PhasesScreenTests {
  static let start = PhasesStart(
    model: "made-up", passes: 4,
    machines: [Phases.Machine(name: "Card", flops: 1e14, bandwidth: 1e12)])

  /// A prefill does `rows` times the work of a decode step over the same weights.
  static func phases(_ count: Int = 4) -> Phases {
    var phases = Phases()
    let all = [(Phase.prefill, 16, 0), (.prefill, 256, 0), (.decode, 1, 16), (.decode, 1, 256)]
    for (phase, rows, past) in all.prefix(count) {
      phases.runs.append(
        PhaseRun(
          phase: phase, rows: rows, past: past, flops: 2_000_000 * rows, weightBytes: 4_000_000,
          keyValueBytes: 1000 * (past + rows), seconds: 0.000_4 * Double(rows)))
    }
    phases.machine = Phases.Machine(flops: 5e10, bandwidth: 1e10)
    return phases
  }

  static func screen(_ look: Look = Look(), keys: String = "") throws -> PhasesScreen {
    var screen = PhasesScreen(start, look)
    _ = screen.update(.findings(.phases(phases())))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  private static let size = Size(columns: 120, rows: 36)

  private static func text(_ keys: String) throws -> String {
    let look = Look(language: .english)
    return try screen(look, keys: keys).view(size, look).plainText
  }

  @Test("This machine is measured, and each number is the pass's")
  func here() throws {
    let text = try Self.text("")
    // 512 MFLOP over 4.256 MB; 2 MFLOP over 4.017 MB.
    for part in [
      "this machine: measured", "50 GFLOP/s", "10 GB/s", "prefill 256", "512 M", "4 MB", "256 kB",
      "120", "102 ms", "waits for compute", "decode behind 16", "17 kB", "0.498", "400 µs",
      "waits for memory",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
  }

  @Test("Another machine is computed, and says so; keys move the passes")
  func there() throws {
    let card = try Self.text("g")
    // The ridge is 100: 512 MFLOP at 10^14 a second, 4.017 MB at 10^12.
    for part in ["Card: computed, not run", "at least, computed", "5.12 µs", "4.02 µs"] {
      #expect(card.contains(part), "\(part)\n\(card)")
    }
    #expect(try Self.text("g g") == Self.text("") && Self.text("g h") == Self.text(""))
    #expect(try Self.text("Up").contains("decode behind 256"))
    let left = try Self.text("Left")
    #expect(left.contains("32 M") && !left.contains("prefill 256"))
    #expect(try Self.text("Left Right") == Self.text(""))
    #expect(try Self.text("Right").contains("no other length was run"))
  }

  @Test("Every size draws whole rows, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 12)
    for round in 0..<150 {
      let size = Size(
        columns: Int.random(in: 1...(round % 2 == 0 ? 300 : 30), using: &random),
        rows: Int.random(in: 1...(round % 2 == 0 ? 100 : 15), using: &random))
      let look = Look(
        language: round % 4 < 2 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let canvas = try Self.screen(look, keys: ["", "g", "?", "x"][round % 4]).view(size, look)
      #expect(canvas.flaw == nil, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Phases/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      for (name, keys) in [("here", ""), ("card", "g")] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, keys: keys).view(
            Size(columns: columns, rows: rows), look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  @Test("It waits for passes until all are there; leaving it ends the measurement")
  func opened() throws {
    var screen = PhasesScreen(Self.start, Look())
    #expect(screen.waits.isEmpty && screen.waits.refresh != nil)
    _ = screen.update(.findings(.phases(Self.phases(2))))
    #expect(!screen.waits.isEmpty && screen.waits.refresh != nil)
    _ = screen.update(.findings(.phases(Self.phases())))
    #expect(screen.waits == Waits())
    let work = FakeWork { _ in .phases(Self.phases()) }
    let tool = OpenTool(PhasesScreen(Self.start, Look()), work)
    var app = try App(opening: .tool(ToolPlace(.phases)), Look(), Services(tool))
    let display = ScriptDisplay(size: Self.size, keys: [.character("g"), .character("q"), .left])
    app.run(on: display)
    #expect(display.frames.count == 2, "q leaves")
    #expect(work.asked == [.phases] && app.failure == nil)
  }
}
