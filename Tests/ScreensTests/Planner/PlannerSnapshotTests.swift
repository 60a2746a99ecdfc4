import Base
import TestSupport
import Testing
import Viz

@testable import Screens

/// Frames of the planner, compared with files; `RECORD_SNAPSHOTS=1 swift test` rewrites the files and fails.
@Suite struct PlannerSnapshotTests {
  struct Kept: Sendable {
    let name: String
    let columns: Int
    let rows: Int
    var look = Look()
    var keys = ""
    var model: String?
  }

  private static let all = [
    Kept(name: "60x16", columns: 60, rows: 16),
    Kept(name: "80x24", columns: 80, rows: 24),
    Kept(name: "120x36", columns: 120, rows: 36),
    Kept(name: "200x60", columns: 200, rows: 60),
    Kept(name: "60x16-en", columns: 60, rows: 16, look: Look(language: .english)),
    Kept(name: "80x24-en", columns: 80, rows: 24, look: Look(language: .english)),
    Kept(name: "120x36-en", columns: 120, rows: 36, look: Look(language: .english)),
    Kept(name: "80x24-ascii", columns: 80, rows: 24, look: Look().inASCII),
    Kept(name: "80x24-narrow", columns: 80, rows: 24, look: Look().narrowed),
    Kept(name: "too-many", columns: 100, rows: 30, keys: "b Up Up Up"),
    Kept(name: "long", columns: 100, rows: 30, keys: "n Up Up Up"),
    Kept(name: "working", columns: 100, rows: 30, keys: "e"),
    Kept(name: "working-en", columns: 100, rows: 30, look: Look(language: .english), keys: "e"),
    Kept(name: "help", columns: 80, rows: 24, keys: "?"),
    Kept(name: "help-60x16", columns: 60, rows: 16, keys: "?"),
    Kept(name: "help-en", columns: 80, rows: 24, look: Look(language: .english), keys: "?"),
    Kept(
      name: "windows-120x36", columns: 120, rows: 36, keys: "n Up Up Up Up Up",
      model: "gemma-3-27b"),
    Kept(name: "windows-80x24", columns: 80, rows: 24, keys: "n Up Up Up", model: "gpt-oss-20b"),
    Kept(name: "latent", columns: 100, rows: 30, model: "deepseek-v3"),
    Kept(name: "states", columns: 100, rows: 30, model: "qwen3-next-80b-a3b"),
    Kept(name: "nobody-says", columns: 80, rows: 24, keys: "g Up Up"),
  ]

  private static let folder = KeptFolder("Tests/ScreensTests/Snapshots/Planner")

  @Test("The frame is the one that was kept", arguments: all)
  func frame(kept: Kept) throws {
    let way = try kept.model.map { try PlannerScreenTests.keys(to: $0) } ?? ""
    let screen = try PlannerScreenTests.screen(way + " " + kept.keys, kept.look)
    let canvas = screen.view(Size(columns: kept.columns, rows: kept.rows), kept.look)
    try Self.folder.check(kept.name, canvas.snapshot)
  }

  @Test("No file of the folder is unused, and no name stands twice")
  func unused() throws {
    let names = Self.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(try Self.folder.unused(names).isEmpty)
  }
}
