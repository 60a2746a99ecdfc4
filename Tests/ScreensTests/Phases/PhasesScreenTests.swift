import Base
import Planner
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The screen of prefill and decode over passes whose numbers are round.
@Suite struct PhasesScreenTests {
  static let start = PhasesStart(
    model: "made-up", prompts: [16, 256], contexts: [15, 255], batches: [1, 2],
    models: [llama].compactMap { $0 },
    machines: [
      PhasesStart.Machine(
        limits: Phases.Machine(name: "Card", flops: 1e14, bandwidth: 1e12),
        memory: 24_000_000_000, name: "card")
    ])

  static let llama = try? Catalogue.model("llama-2-7b")

  /// A prefill does `rows` times the work of a decode step over the same weights, a batch that of its sequences.
  static func phases(_ count: Int = 4, batch: Int = 1) -> Phases {
    var phases = Phases()
    let prefills = batch == 1 ? [(Phase.prefill, 16, 0), (.prefill, 256, 0)] : []
    let all = prefills + [(Phase.decode, 1, 15), (.decode, 1, 255)]
    for (phase, rows, past) in all.prefix(count) {
      phases.runs.append(
        PhaseRun(
          phase: phase, batch: batch, rows: rows, past: past, flops: 2_000_000 * rows * batch,
          weightBytes: 4_000_000, keyValueBytes: 1000 * (past + rows) * batch,
          seconds: 0.000_4 * Double(rows) * (batch == 1 ? 1 : 1.25)))
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
    let text = try Self.text("Down")
    // 512 MFLOP over 4.256 MB; 2 MFLOP over 4.016 MB; the step without a cache is the prefill of 16.
    for part in [
      "this machine", "limits measured", "each pass was run and timed", "50 GFLOP/s", "10 GB/s",
      "prefill of 256", "512 M", "4 MB", "256 kB", "120", "102 ms", "waits for compute",
      "decode, context 15", "16 kB", "0.498", "400 µs", "2500", "10 %", "6.4 ms", "waits for bytes",
      "10 GB/s", "41.6 MB/s",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
  }

  /// What the screen says of the passes with the seconds of some taken for others.
  private static func text(
    _ language: Language, _ size: Size, seconds: (PhaseRun) -> Double?
  ) -> String {
    var measured = phases()
    measured.runs = measured.runs.map { run in
      PhaseRun(
        phase: run.phase, batch: run.batch, rows: run.rows, past: run.past, flops: run.flops,
        weightBytes: run.weightBytes, keyValueBytes: run.keyValueBytes,
        seconds: seconds(run) ?? run.seconds)
    }
    let look = Look(language: language)
    var screen = PhasesScreen(start, look)
    _ = screen.update(.findings(.phases(measured)))
    return screen.view(size, look).plainText
  }

  @Test("A pass that reads faster than memory says at its point that it is from caches")
  func caches() {
    // 4.256 MB in 100 µs are 42.56 GB/s, 4.26 times the memory's 10.
    for (language, words, side, waits) in [
      (
        Language.english, "4.26 times memory's rate: in CPU caches",
        "its 4.256 MB lie in CPU caches", "waits for bytes"
      ), (.chinese, "比内存快到 4.26 倍：在 CPU 缓存里", "4.256 MB 在 CPU 缓存里", "等搬运"),
    ] {
      let text = Self.text(language, Self.size) { $0.phase == .decode ? 0.000_1 : nil }
      for part in [words, side, "42.6 GB/s"] { #expect(text.contains(part), "\(part)\n\(text)") }
      // Beside the region's name on the chart it is the verdict of the decode, which stays what it was.
      #expect(text.ranges(of: waits).count == 2, "\(text)")
      let small = Self.text(language, Size(columns: 60, rows: 16)) {
        $0.phase == .decode ? 0.000_1 : nil
      }
      #expect(small.contains(language("CPU 缓存", "CPU caches")), "\(small)")
    }
    // Within what measuring varies nothing is claimed.
    let text = Self.text(.english, Self.size) { $0.phase == .decode ? 0.000_39 : nil }
    #expect(text.contains("waits for bytes") && !text.contains("caches"), "\(text)")
  }

  @Test("A verdict goes by the side of the ridge, however fast memory was measured to be")
  func verdicts() throws {
    // The ridge is at 5 with 10 GB/s; 0.47 and 120 FLOP a byte stay left and right of it from 1 to 100 GB/s.
    for (bandwidth, size) in [
      (1e9, Self.size), (1e10, Size(columns: 60, rows: 16)), (1e11, Self.size),
    ] {
      var measured = Self.phases()
      measured.machine = Phases.Machine(flops: 5e10, bandwidth: bandwidth)
      let look = Look(language: .english)
      var screen = PhasesScreen(Self.start, look)
      _ = screen.update(.findings(.phases(measured)))
      let lines = screen.view(size, look).plainText.split(separator: "\n")
      let decode = lines.firstIndex { $0.contains("decode, context 255") } ?? 0
      let prefill = lines.firstIndex { $0.contains("prefill of 256") } ?? 0
      // At 60 columns the verdict ends the pass's own line, else it stands below its numbers.
      let last = size.columns == 60 ? prefill + 1 : lines.count
      #expect(lines[decode..<prefill].contains { $0.hasSuffix("waits for bytes") }, "\(lines)")
      #expect(lines[prefill..<last].contains { $0.hasSuffix("waits for compute") }, "\(lines)")
    }
  }

  @Test("The footer names what leads somewhere, and first of all the way back to what was measured")
  func offered() throws {
    func footer(_ keys: String, _ size: Size = Size(columns: 80, rows: 24)) throws -> String {
      let look = Look(language: .english)
      let text = try Self.screen(look, keys: keys).view(size, look).plainText
      return String(text.split(separator: "\n").last ?? "")
    }
    // At first the batch is the smallest and the context the longest.
    let first = try footer("")
    #expect(first.contains("→  batch") && first.contains("↓  context"), "\(first)")
    #expect(!first.contains("←") && !first.contains("↑") && !first.contains("measured"))
    let moved = try footer("Right Down")
    #expect(moved.contains("←  batch") && moved.contains("↑  context"), "\(moved)")
    for keys in ["g", "m"] {
      for size in [Size(columns: 80, rows: 24), Size(columns: 60, rows: 16)] {
        let there = try footer(keys, size)
        #expect(there.contains("h  measured"), "\(there)")
      }
    }
  }

  @Test("It says of how many measurements the limits are the best, and r measures all anew")
  func measuredAnew() throws {
    let look = Look(language: .english)
    var screen = try Self.screen(look)
    let runs = Self.phases().runs.count
    #expect(screen.view(Self.size, look).plainText.contains("limits measured, best of \(runs)"))
    #expect(screen.view(Self.size, look).plainText.contains("r  measure anew"))
    #expect(screen.question == nil)
    _ = screen.update(.key(.character("r")))
    #expect(screen.question != nil)
    #expect(screen.view(Self.size, look).plainText.contains("measuring the first pass"))
    _ = screen.update(.findings(.phases(Self.phases())))
    #expect(screen.question == nil)
    #expect(screen.view(Self.size, look).plainText.contains("best of \(runs)"))
  }

  @Test("All contexts stand in a list, beside the batches or above them")
  func lists() throws {
    for (size, keys) in [(Size(columns: 80, rows: 24), "Down"), (Self.size, "Down Right")] {
      let look = Look(language: .english)
      let canvas = try Self.screen(look, keys: keys).view(size, look)
      #expect(canvas.plainText.contains("context  15  255"), "\(canvas.plainText)")
      let lit = canvas.cells.filter { $0.style.role == .selected }.map(\.text).joined()
      #expect(lit == (size == Self.size ? "152" : "115"), "\(lit)")
    }
  }

  @Test("What is looked at has its name on the picture, whatever model and machine")
  func named() throws {
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      for steps in 0...8 {
        let keys = "m g" + String(repeating: " Right", count: steps)
        let look = Look(language: .english)
        let text = try Self.screen(look, keys: keys).view(
          Size(columns: columns, rows: rows), look
        ).plainText
        let picture = text.split(separator: "\n", omittingEmptySubsequences: false)
          .dropFirst(3).prefix(rows - 7).map { $0.prefix(columns < 76 ? columns : columns - 34) }
          .joined(separator: "\n")
        for name in ["D×\(1 << steps)", "P512"] {
          #expect(
            picture.matches(of: try Regex(name + "(?![0-9])")).count == 1,
            "\(name) at \(columns)x\(rows)\n\(text)")
        }
      }
    }
  }

  @Test("No pass uses more than all of the arithmetic: the fastest is the limit then, and is named")
  func fastest() {
    // 512 MFLOP in 5.12 ms are 100 GFLOP/s, where 50 were measured between the passes.
    let text = Self.text(.english, Self.size) { $0.rows == 256 ? 0.005_12 : nil }
    for part in ["100 GFLOP/s", "compute as P256 had it", "100 %", "ridge 10"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    #expect(!text.contains("limits measured") && !text.contains("200 %"))
  }

  @Test("Limits measured again are the better of both")
  func again() throws {
    var screen = try Self.screen(Look(language: .english), keys: "Right")
    var slower = Self.phases(batch: 2)
    slower.machine = Phases.Machine(flops: 1e9, bandwidth: 2e10)
    _ = screen.update(.findings(.phases(slower)))
    let text = screen.view(Self.size, Look(language: .english)).plainText
    #expect(text.contains("50 GFLOP/s, 20 GB/s"), "\(text)")
  }

  @Test("Both passes have their numbers at 80 columns and 24 rows too")
  func both() throws {
    let look = Look(language: .english)
    let text = try Self.screen(look).view(Size(columns: 80, rows: 24), look).plainText
    for part in ["decode, context 255", "prefill of 256", "waits for bytes", "waits for compute"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    #expect(text.matches(of: /FLOP per byte +[0-9]/).count == 2)
  }

  @Test("Another machine is computed, and says so; keys move the passes")
  func there() throws {
    let card = try Self.text("Down g")
    // The ridge is 100: 512 MFLOP at 10^14 a second, 4.016 MB at 10^12.
    for part in ["Card", "times are computed", "a pass, at least", "5.12 µs", "4.02 µs"] {
      #expect(card.contains(part), "\(part)\n\(card)")
    }
    #expect(try Self.text("g g") == Self.text("") && Self.text("g h") == Self.text(""))
    #expect(try Self.text("").contains("decode, context 255"))
    let short = try Self.text("p")
    #expect(short.contains("32 M") && !short.contains("prefill of 256"))
    #expect(try Self.text("p p") == Self.text(""))
    #expect(try Self.text("Up").contains("this is the largest"))
    #expect(try Self.text("Left").contains("this is the smallest"))
  }

  @Test("A step that takes the same without a cache says why, where the bytes are the same")
  func sameBytes() throws {
    func text(_ keys: String, _ language: Language) throws -> String {
      let look = Look(language: language)
      return try Self.screen(look, keys: keys).view(Self.size, look).plainText
    }
    // Behind 15 tokens the prefill of 16 reads as much as the decode step, below the card's ridge too.
    #expect(try text("g Down", .english).contains("same bytes read, mostly weights"))
    #expect(try text("g Down", .chinese).contains("两边搬的一样多，多半是权重"))
    // Behind 255 the prefill waits for arithmetic; what was timed says itself how long it takes.
    #expect(!(try text("g", .english).contains("same bytes")))
    #expect(!(try text("Down", .english).contains("same bytes")))
    // Of a large model the prefill waits for arithmetic.
    #expect(!(try text("g m", .english).contains("same bytes")))
  }

  @Test("A batch that is not measured yet is asked for, and kept once it is there")
  func batches() throws {
    var screen = try Self.screen(Look(language: .english), keys: "Right")
    #expect(screen.question == .phases(batch: 2) && screen.waits.refresh != nil)
    let size = Self.size
    #expect(screen.view(size, Look(language: .english)).plainText.contains("run: 0/2"))
    _ = screen.update(.findings(.phases(Self.phases(batch: 2))))
    #expect(screen.question == nil && screen.waits == Waits())
    let text = screen.view(size, Look(language: .english)).plainText
    // Two sequences in 500 µs; no cacheless step stands beside a batch.
    for part in ["decode of 2, context 255 each", "500 µs", "4000", "16 %"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    #expect(!text.contains("without a cache"))
    _ = screen.update(.key(.left))
    _ = screen.update(.key(.right))
    #expect(screen.question == nil)
  }

  @Test(
    "A model of the table is computed by the closed forms, and what does not fit is in brackets")
  func planned() throws {
    let text = try Self.text("m g Right Right Right")
    // Eight steps of Llama-2-7B behind 1,024 tokens: 110 GFLOP, 13.2 GB of weights, 4.3 GB of K and V, on a terabyte a second.
    for part in [
      "Llama-2-7B", "FP16, computed, not run; weights less the embedding table",
      "decode of 8, context 1024 each", "110 G", "13.21 GB",
      "4.299 GB", "6.28", "17.5 ms", "457", "6.3 %", "6.77 T", "67.7 ms", "100 %", "16  (32)",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    #expect(try Self.text("m g Right h") == Self.text(""))
    #expect(try Self.text("m m") == Self.text(""))
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
      let canvas = try Self.screen(look, keys: ["", "g m Right", "?", "x"][round % 4]).view(
        size, look)
      #expect(canvas.flaw == nil, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Phases/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      for (name, keys) in [("here", ""), ("card", "m g Right Right Right")] {
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
    #expect(
      screen.waits.isEmpty && screen.waits.refresh != nil && screen.question == .phases(batch: 1))
    _ = screen.update(.findings(.phases(Self.phases(2))))
    #expect(!screen.waits.isEmpty && screen.waits.refresh != nil)
    _ = screen.update(.findings(.phases(Self.phases())))
    #expect(screen.waits == Waits() && screen.question == nil)
    let work = FakeWork { _ in .phases(Self.phases()) }
    let tool = OpenTool(PhasesScreen(Self.start, Look()), work)
    var app = try App(opening: .tool(ToolPlace(.phases)), Look(), Services(tool))
    let display = ScriptDisplay(size: Self.size, keys: [.character("g"), .character("q"), .left])
    app.run(on: display)
    #expect(display.frames.count == 2, "q leaves")
    #expect(work.asked == [.phases(batch: 1)] && app.failure == nil)
  }
}
