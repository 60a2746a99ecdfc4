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
    "How far a step goes stands in the title where that is no token, and is said when it changes")
  func depth() throws {
    for (language, names, sentences) in [
      (
        Language.english, ["by layer", "by operation"],
        ["a step is now one layer", "a step is now one operation", "a step is now one token"]
      ),
      (.chinese, ["逐层", "逐运算"], ["一步走一层", "一步走一个运算", "一步走一个字"]),
    ] {
      for (columns, rows) in [(60, 16), (80, 24), (200, 60)] {
        var state = try Runs.china().state(step: 4, language: language)
        for press in 0..<3 {
          state.press("d")
          let lines = state.view(Size(columns: columns, rows: rows)).plainText.split(
            separator: "\n")
          let shown = names.filter { lines[0].hasSuffix(" · \($0)") }
          #expect(shown == (press < 2 ? [names[press]] : []), "\(lines[0])")
          #expect(lines.last?.contains(sentences[press]) == true, "\(lines.last ?? "")")
        }
      }
    }
  }

  @Test("Who steps through a prompt token by token reads in the help what a server does")
  func prefill() throws {
    for (language, words) in [
      (Language.english, "a server feeds the whole prompt in one"), (.chinese, "服务器一遍算完整个提示词"),
    ] {
      func help(_ run: TestRun) -> String {
        run.state(step: 1, language: language).after("?").view(Size(columns: 180, rows: 40))
          .plainText.split(whereSeparator: \.isWhitespace)
          .joined(separator: language == .english ? " " : "")
      }
      #expect(help(try Runs.china()).contains(words))
      #expect(!help(try Runs.prompt()).contains(words))
    }
  }

  @Test("Without colours too the legend tells weights from each other")
  func legend() throws {
    for (columns, rows, ramp) in [
      (60, 16, ".00 .25 1.0 权重"), (80, 24, ".00 .06 .25 .56 1.0 权重"),
      (120, 36, ".00 .06 .25 .56 1.0 权重"),
    ] {
      let size = Size(columns: columns, rows: rows)
      let canvas = try Runs.china().state(step: 4, language: .chinese).view(size)
      #expect(canvas.plainText.contains(ramp), "\(canvas.plainText)")
      // Each number stands on the shade that a cell of its weight has.
      for y in 0..<rows {
        let cells = canvas.row(y)
        let text = cells.map { $0.width == 0 ? "" : $0.text }.joined()
        guard text.contains(ramp) else { continue }
        for weight in [Float(0), 0.25, 1] {
          let written = NumberText.weight(weight, .full)
          let styles = cells.indices.dropLast(2).filter { index in
            cells[index..<index + 3].map(\.text).joined() == written
          }.map { cells[$0].style }
          #expect(styles == [PaneView.style(ofWeight: weight)])
        }
      }
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
