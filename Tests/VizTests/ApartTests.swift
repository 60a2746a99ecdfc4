import Base
import TestSupport
import Testing
import Trace

@testable import Viz

/// What must not touch on the run screen: the panes and what stands between them, and the heads of the counters.
@Suite struct ApartTests {
  private static func runs() throws -> [TestRun] {
    try [Runs.chinaAlone(), Runs.gqa(), Runs.mqa()]
  }

  @Test("What stands between the panes touches neither, and stays where it is at every step")
  func divider() throws {
    for run in try Self.runs() {
      for (columns, rows) in [(60, 16), (80, 24), (100, 30), (120, 36)] {
        let size = Size(columns: columns, rows: rows)
        var places: Set<Int> = []
        for step in run.trace.steps.map(\.number) {
          let canvas = run.state(step: step).view(size)
          let lines = (0..<rows).map { canvas.row($0).map(\.text) }
          // The panes' strips are named in their second row.
          let y = try #require(
            lines.firstIndex { line in
              line.contains("│") && line.first { $0 != " " } == "Q"
            })
          for row in y - 1...y + 2 {
            let x = try #require(lines[row].firstIndex(of: "│"), "\(canvas.plainText)")
            #expect(lines[row][x - 1] == " " && lines[row][x + 1] == " ", "\(canvas.plainText)")
            places.insert(x)
          }
        }
        #expect(places.count == 1, "\(size): \(places)")
      }
    }
  }

  @Test(
    "Heads of the counters are two blanks apart from 100 columns on", arguments: Language.allCases)
  func heads(language: Language) throws {
    for run in try Self.runs() {
      for columns in 100...160 {
        let text = run.state(step: 2, language: language).view(Size(columns: columns, rows: 36))
          .plainText
        let line = try #require(
          text.split(separator: "\n").first { $0.contains(language("累计 FLOP", "run FLOP")) })
        let heads = line.split(separator: #/  +/#).map(String.init)
        #expect(heads.count == 7, "\(columns): \(line)")
      }
    }
  }
}
