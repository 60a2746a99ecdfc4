internal import Base
import TestSupport
import Testing

@testable import Viz

/// Whole frames, compared with files; `RECORD_SNAPSHOTS=1 swift test` rewrites the files and fails.
@Suite struct SnapshotTests {
  /// A frame that is kept.
  struct Kept: Sendable {
    let name: String
    let size: Size
    var language = Language.chinese
    var glyphs = GlyphSet.full
    var run: @Sendable () throws -> TestRun = { try Runs.china() }
    var step = 1
    var keys = ""

    func canvas() throws -> Canvas {
      try run().state(step: step, language: language, glyphs: glyphs).after(keys).view(size)
    }
  }

  private static let all = [
    Kept(name: "step-4-zh", size: .standard, step: 4),
    Kept(name: "step-4-en", size: .standard, language: .english, step: 4),
    Kept(
      name: "step-7-zh", size: .standard, run: { try Runs.chinaAlone() }, step: 7, keys: "]"),
    Kept(name: "step-7-en", size: .standard, language: .english, step: 7),
    Kept(name: "inspector-120x36", size: .large, step: 5, keys: "i Home Right"),
    Kept(
      name: "two-grids-200x60", size: .huge, run: { try Runs.chinaAlone() }, step: 7, keys: "]"),
    Kept(name: "operation-scores", size: .standard, step: 3, keys: "d d Right Right Right"),
    Kept(name: "operation-mask", size: .standard, step: 3, keys: "d d Right Right Right Right"),
    Kept(name: "question", size: .standard, step: 3, keys: "p Right 1 6 Enter 5"),
    Kept(
      name: "verdict", size: .standard, step: 3, keys: "p Right 1 6 Enter 5 Enter Space Enter"),
    Kept(name: "help-en", size: .standard, language: .english, keys: "?"),
    Kept(name: "too-small", size: Size(columns: 50, rows: 10)),
    Kept(name: "overview-16", size: .standard, step: 16, keys: "o"),
    Kept(name: "ascii", size: .standard, language: .english, glyphs: .ascii, step: 4),
    Kept(name: "long-60", size: .standard, run: { try Runs.long() }, step: 60, keys: "Up Up"),
    Kept(
      name: "odd-tokens", size: .standard, language: .english, run: { try Runs.odd() }, step: 20,
      keys: "i Home Right"),
    Kept(name: "gqa-zh", size: .standard, run: { try Runs.gqa() }, step: 3, keys: "}"),
    Kept(
      name: "gqa-en", size: .standard, language: .english, run: { try Runs.gqa() }, step: 3,
      keys: "} }"),
    Kept(
      name: "gqa-operation", size: .standard, run: { try Runs.gqa() }, step: 3,
      keys: "} d d Right Right"),
    Kept(name: "gqa-maps-120x36", size: .large, run: { try Runs.gqa() }, step: 7, keys: "]"),
    Kept(
      name: "gqa-ascii-60x16", size: ScreenLayout.smallest, language: .english, glyphs: .ascii,
      run: { try Runs.shared() }, step: 4, keys: "} } }"),
    Kept(
      name: "mqa-en-120x36", size: .large, language: .english, run: { try Runs.mqa() }, step: 5,
      keys: "} i Home"),
    Kept(name: "mqa-help", size: .standard, run: { try Runs.mqa() }, keys: "?"),
    Kept(
      name: "mla-absorbed-120x36", size: .large, language: .english, run: { try Runs.absorbed() },
      step: 5, keys: "} i Home"),
    Kept(
      name: "mla-expanded-120x36", size: .large, run: { try Runs.expanded() }, step: 5,
      keys: "} i Home"),
    Kept(name: "mla-help", size: .large, run: { try Runs.absorbed() }, keys: "?"),
  ]

  private static let folder = KeptFolder("Tests/VizTests/Snapshots")

  @Test("The frame is the one that was kept", arguments: all)
  func frame(kept: Kept) throws {
    try Self.folder.check(kept.name, kept.canvas().snapshot)
  }

  @Test("No file of the folder is unused, and no name stands twice")
  func unused() throws {
    let names = Self.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(try Self.folder.unused(names).isEmpty)
  }
}
