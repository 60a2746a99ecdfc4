import Base
import TestSupport
import Testing
import Trace

@testable import Viz

/// What must not touch on the run screen: the heads of the counters.
@Suite struct ApartTests {
  private static func runs() throws -> [TestRun] {
    try [Runs.chinaAlone(), Runs.gqa(), Runs.mqa()]
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
