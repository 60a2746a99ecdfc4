import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The growth screen over counts that are known in closed form: a triangular mask, one head.
@Suite struct GrowthScreenTests {
  static let start = GrowthStart(model: "made-up", steps: 24, mask: AttentionMask())

  /// Counts of a run from one token on.
  static func growth(steps: Int, until end: [Int] = [], masksAll: Bool = false) -> Growth {
    var growth = Growth()
    for n in 1...steps {
      let uncached = Growth.Amount(
        cells: n * n, masked: masksAll ? n : n * (n - 1) / 2, flops: 100 * n + 4 * n * n,
        attentionFlops: 4 * n * n, bytesRead: 1000 + 8 * n, seconds: 0.001 * Double(n))
      let cached = Growth.Amount(
        cells: n, masked: 0, flops: 100 + 4 * n, attentionFlops: 4 * n, bytesRead: 1000 + 8 * n,
        seconds: 0.001)
      growth.add(
        length: n, uncached: (uncached, cacheBytes: 0), cached: (cached, cacheBytes: 8 * n))
    }
    growth.continueTo(end)
    return growth
  }

  static func screen(
    _ look: Look = Look(), _ growth: Growth = growth(steps: 24, until: [32, 100]),
    size: Size = Size(columns: 100, rows: 30), keys: String = ""
  ) throws -> GrowthScreen {
    var screen = GrowthScreen(start, look)
    _ = screen.update(.resized(size))
    _ = screen.update(.findings(.growth(growth)))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  /// How many cells of a canvas have a sign in a style.
  private static func count(_ sign: String, _ role: Role, _ canvas: Canvas) -> Int {
    canvas.cells.count { $0.text == sign && $0.style.role == role }
  }

  // MARK: Numbers

  @Test(
    "Every cell that was counted is drawn once among the squares and once in the pile",
    arguments: 1...7)
  func cells(steps: Int) throws {
    let size = Size(columns: 100, rows: 30)
    let keys = Array(repeating: "Left", count: 7 - steps).joined(separator: " ")
    let canvas = try Self.screen(size: size, keys: keys).view(size, Look())
    let before = (1...steps).reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    let needed = (1...steps).reduce(0, +)
    #expect(Self.count("×", .masked, canvas) == 2 * before + 1)
    #expect(Self.count("+", .uncachedBar, canvas) == 2 * before + 1)
    // In the squares, in the rows of the cached run, and in both piles.
    #expect(Self.count("#", .cachedBar, canvas) == 4 * needed + 1)
    let text = canvas.plainText
    #expect(text.contains("\(needed + 2 * before) = \(needed) + \(before) + \(before)"))
  }

  @Test("Where the counts are not those of the mask, no cell is drawn")
  func otherMask() throws {
    let size = Size(columns: 100, rows: 30)
    let growth = Self.growth(steps: 7, masksAll: true)
    let canvas = try Self.screen(Look(), growth, size: size).view(size, Look())
    #expect(Self.count("–", .dim, canvas) > 0)
    #expect(canvas.plainText.contains("140 = 28 + 84 + 28"))
  }

  @Test("Curves say the counts, mark what is computed, and continue no seconds")
  func curves() throws {
    let (size, look) = (Size(columns: 120, rows: 36), Look(language: .english))
    let cells = try Self.screen(look, size: size, keys: "g").view(size, look).plainText
    // Sums of squares and of numbers up to 24 and to 100.
    for text in [
      "n=24 4900", "300", "338 k", "5050", "without, computed", "n=7 140", "28", "n=100",
    ] {
      #expect(cells.contains(text), "\(text)\n\(cells)")
    }
    // From 2 to 20 tokens: 2870 cells of 5, and 210 of 3.
    for text in ["n × 10: 2 → 20", "cells × 574", "cells × 70"] {
      #expect(cells.contains(text), "\(text)\n\(cells)")
    }
    // The FLOP are those of Σ (100 n + 4 n²) and Σ (100 + 4 n), the seconds of Σ n and n.
    for (keys, up) in [
      ("g f", ["FLOP × 10", "FLOP × 13.4"]), ("g f f", ["bytes × 10.7"]),
      ("g f f f", ["seconds × 70", "seconds × 10"]),
    ] {
      let text = try Self.screen(look, size: size, keys: keys).view(size, look).plainText
      for part in up + ["n × 10: 2 → 20"] { #expect(text.contains(part), "\(part)\n\(text)") }
    }
    let linear = try Self.screen(look, size: size, keys: "g y").view(size, look).plainText
    for text in ["4900", "300", "n=24", "what was run"] {
      #expect(linear.contains(text), "\(text)\n\(linear)")
    }
    #expect(!linear.contains("338 k") && !linear.contains("without, computed"), "\(linear)")
    let seconds = try Self.screen(look, size: size, keys: "g f f f").view(size, look).plainText
    #expect(seconds.contains("300 ms") && seconds.contains("24 ms"), "\(seconds)")
    #expect(!seconds.contains("with the cache, computed"))
    // 4 Σ n² of 4 Σ n² + 100 Σ n.
    for share in ["n = 7", "16.7 %", "n = 24", "39.5 %", "n = 100", "72.8 % computed"] {
      #expect(cells.contains(share), "\(share)\n\(cells)")
    }
  }

  @Test("Curves that are not continued say why: still running, given up, seconds, no polynomial")
  func outlook() throws {
    let look = Look(language: .english)
    let size = Size(columns: 100, rows: 30)
    func screen(_ growth: Growth, _ keys: [Key] = [], fails: Bool = false) -> String {
      var screen = GrowthScreen(
        GrowthStart(model: "made-up", steps: 24, mask: AttentionMask(), end: 100), look)
      _ = screen.update(.resized(size))
      _ = screen.update(.findings(.growth(growth)))
      if fails { _ = screen.update(.failed(Failure())) }
      for key in [.character("g")] + keys { _ = screen.update(.key(key)) }
      return screen.view(size, look).plainText
    }
    let done = Self.growth(steps: 24, until: [32, 100])
    let pending = "still running; dashes then go on to n=100, computed, and the axes grow"
    #expect(screen(Self.growth(steps: 12)).contains(pending))
    let all = screen(done)
    #expect(!all.contains("running") && all.contains("without, computed"), "\(all)")
    #expect(screen(Self.growth(steps: 12), fails: true).contains("stopped at n=12"))
    let seconds = screen(done, [.character("f"), .character("f"), .character("f")])
    #expect(seconds.contains("seconds are measured, and not continued"), "\(seconds)")
    var held = Growth()
    for n in 1...24 {
      let amount = Growth.Amount(
        cells: 1 << n, masked: 0, flops: 1 << n, attentionFlops: 1, bytesRead: 1, seconds: 1)
      held.add(length: n, uncached: (amount, cacheBytes: 0), cached: (amount, cacheBytes: 0))
    }
    held.continueTo([100])
    #expect(screen(held).contains("the counts lie on no polynomial"))
  }

  @Test("A point on a curve, and its number, have the curve's colour")
  func points() throws {
    let size = Size(columns: 100, rows: 30)
    let canvas = try Self.screen(size: size, keys: "g Left Left").view(size, Look())
    let points = canvas.cells.filter { $0.text == "O" && $0.style.isBold }
    #expect(points.count == 4)
    #expect(points.count { $0.style.role == .uncachedBar } == 2)
    #expect(points.count { $0.style.role == .cachedBar } == 2)
    // What is selected is as blue as the cached run where the ground is light.
    #expect(!canvas.cells.contains { $0.text != " " && $0.style.role == .prediction })
  }

  @Test("Where both runs have the same numbers, one curve stands for both and says why")
  func same() throws {
    for (columns, rows) in [(60, 16), (80, 24), (120, 36)] {
      let size = Size(columns: columns, rows: rows)
      for (language, name, why) in [
        (
          Language.english, "both alike, computed",
          "both alike: a step reads all weights, K and V once"
        ),
        (.chinese, "两种一样，算的", "两种一样：每步都把全部权重和 K、V 读一遍"),
      ] {
        let look = Look(language: language)
        let bytes = try Self.screen(look, size: size, keys: "g f f").view(size, look).plainText
        for part in [name, why] { #expect(bytes.contains(part), "\(part)\n\(bytes)") }
        #expect(columns < 80 || bytes.contains("2 → 20"), "\(bytes)")
        #expect(!bytes.contains(language("不用缓存，算的", "without, computed")))
        let flops = try Self.screen(look, size: size, keys: "g f").view(size, look).plainText
        #expect(!flops.contains(language("两种一样", "both alike")), "\(flops)")
      }
    }
  }

  // MARK: Frames

  @Test("Every size draws whole rows, in both pictures, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 11)
    let keys = ["", "End", "g", "g y", "g f f", "?", "Home"]
    for round in 0..<150 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let screen = try Self.screen(look, size: size, keys: keys[round % keys.count])
      let canvas = screen.view(size, look)
      #expect(canvas.flaw == nil, "\(size), \(keys[round % keys.count])")
    }
    for columns in 1...24 {
      for rows in 1...12 {
        let size = Size(columns: columns, rows: rows)
        #expect(try Self.screen(size: size, keys: "g g").view(size, Look()).flaw == nil)
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Growth/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, keys) in [("squares", ""), ("curves", "g")] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, size: size, keys: keys).view(size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: Keys

  @Test("Back gives the same picture, and no step is shown that was not run")
  func steps() throws {
    let size = Size(columns: 100, rows: 30)
    func view(_ keys: String, _ growth: Growth = Self.growth(steps: 24)) throws -> Canvas {
      try Self.screen(Look(), growth, size: size, keys: keys).view(size, Look())
    }
    #expect(try view("Left Left Right Right") == view(""))
    #expect(try view("g y y g") == view(""))
    #expect(try view("", Self.growth(steps: 3)).plainText.contains("14 = 6 + 4 + 4"))
    #expect(try view("Right", Self.growth(steps: 3)).plainText.contains("第 4 步还没跑完"))
    #expect(try view("End Right").plainText.contains("放不下"))
    #expect(try view("f").plainText.contains("先按 g"))
  }

  @Test("It waits for points until all are there, and says why there are no more")
  func waits() throws {
    var screen = GrowthScreen(Self.start, Look())
    #expect(screen.waits.isEmpty && screen.waits.refresh != nil)
    _ = screen.update(.findings(.growth(Self.growth(steps: 3))))
    #expect(!screen.waits.isEmpty && screen.waits.refresh != nil)
    _ = screen.update(.findings(.growth(Self.growth(steps: 24))))
    #expect(screen.waits == Waits())
    var failed = GrowthScreen(Self.start, Look())
    _ = failed.update(.failed(Failure()))
    #expect(failed.waits == Waits())
    let size = Size(columns: 80, rows: 24)
    #expect(failed.view(size, Look()).plainText.contains("坏了"))
  }

  private struct Failure: Explained {
    var status: Int32 { 70 }
    func message(_ language: Language) -> String? { "坏了" }
  }

  @Test("It is opened, measures, and is left: then nothing is measured on")
  func opened() throws {
    let work = FakeWork { _ in .growth(Self.growth(steps: 24)) }
    let tool = OpenTool(GrowthScreen(Self.start, Look()), work)
    var app = try App(opening: .tool(ToolPlace(.growth)), Look(), Services(tool))
    let display = ScriptDisplay(
      size: Size(columns: 80, rows: 24), keys: [.right, .character("g"), .character("q"), .left])
    app.run(on: display)
    #expect(display.frames.count == 3, "q leaves")
    #expect(display.frames[0].canvas.plainText.contains("140"))
    #expect(display.frames[1].canvas.plainText.contains("204"))
    #expect(work.asked == [.growth] && app.failure == nil)
  }
}
