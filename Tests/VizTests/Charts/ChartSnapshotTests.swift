internal import Base
import Foundation
import TestSupport
import Testing

@testable import Viz

/// Charts, compared with files; `RECORD_SNAPSHOTS=1 swift test` rewrites the files and fails.
@Suite struct ChartSnapshotTests {
  /// A size and what it is drawn with.
  struct Look: Sendable {
    let name: String
    let columns: Int
    let rows: Int
    let language: Language
    let glyphs: GlyphSet
  }

  private static let looks = [
    Look(name: "large", columns: 100, rows: 24, language: .chinese, glyphs: .full),
    Look(name: "half", columns: 60, rows: 14, language: .english, glyphs: .full),
    Look(name: "narrow", columns: 60, rows: 14, language: .chinese, glyphs: .narrow),
    Look(name: "ascii", columns: 80, rows: 18, language: .english, glyphs: .ascii),
    Look(name: "small", columns: 24, rows: 6, language: .english, glyphs: .full),
    Look(name: "tiny", columns: 12, rows: 2, language: .chinese, glyphs: .full),
  ]

  private static let folder = KeptFolder("Tests/VizTests/Snapshots/Charts")

  @Test("The charts are those that were kept", arguments: looks)
  func charts(look: Look) throws {
    let pages = ChartCases.all.map { chart in
      let canvas = chart.make(look.language, look.glyphs).picture(look.columns, look.rows)
      return "== \(chart.name)\n" + canvas.snapshot
    }
    try Self.folder.check(look.name, pages.joined(separator: "\n"))
  }

  @Test("No file of the folder is unused")
  func unused() throws {
    #expect(try Self.folder.unused(Self.looks.map(\.name)).isEmpty)
  }
}
