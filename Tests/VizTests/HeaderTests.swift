import Base
import Testing

@testable import TinyModel
@testable import Viz

/// The bar at the top.
@Suite struct HeaderTests {
  @Test(
    "Every architecture is called what people call it", arguments: Architecture.all.map(\.modelType)
  )
  func titles(modelType: String) {
    let title = HeaderView.title(of: modelType)
    #expect(title != modelType && title.first?.isUppercase == true)
  }

  @Test("A text that was given is prefilled, token by token; what the model writes is decoded")
  func phases() throws {
    func header(_ run: TestRun, _ step: Int, _ language: Language, _ columns: Int) -> String {
      let state = run.state(step: step, language: language)
      let text = state.view(Size(columns: columns, rows: 24)).plainText
      return String(text.prefix { $0 != "\n" })
    }
    for columns in [60, 80, 200] {
      // Seven tokens are given, nine written.
      for (step, english, chinese) in [
        (1, "prefill one by one", "prefill，逐字"),
        (7, "prefill one by one", "prefill，逐字"), (8, "decode", "decode"),
        (16, "decode", "decode"),
      ] {
        #expect(try header(Runs.china(), step, .english, columns).hasSuffix("· \(english)"))
        #expect(try header(Runs.china(), step, .chinese, columns).hasSuffix("· \(chinese)"))
      }
      #expect(try header(Runs.prompt(), 1, .english, columns).hasSuffix("· prefill"))
      #expect(try header(Runs.prompt(), 2, .english, columns).hasSuffix("· decode"))
    }
  }

  @Test(
    "The footer names the keys that scroll where part of the sequence is out of view, there only")
  func scroll() throws {
    for (columns, rows) in [(60, 16), (80, 24), (120, 36)] {
      let size = Size(columns: columns, rows: rows)
      let long = try Runs.long().state(step: 60, language: .english).view(size).plainText
      #expect(long.contains(" ↑ ↓  scroll"), "\(long)")
      let short = try Runs.china().state(step: 4, language: .english).view(size).plainText
      #expect(!short.contains("scroll"), "\(short)")
    }
  }
}
