internal import Base
import Testing
internal import Trace

@testable import Viz

/// What may come next, as the line of tokens says it.
@Suite struct CandidateTests {
  /// A run of which a step lists as many candidates as one likes.
  private func state(candidates: Int, probability: Double = 0.0123) throws -> ViewerState {
    let run = try Runs.china()
    let next = (0..<candidates).map {
      Candidate(id: $0, text: "c\($0)", logit: 0, probability: probability)
    }
    var state = ViewerState(
      trace: run.trace.with(run.trace.step(2).changed(next: next)), longest: run.longest,
      language: .english)
    state.show(step: 2)
    return state
  }

  private func line(_ state: ViewerState, columns: Int) throws -> Substring {
    let lines = state.view(Size(columns: columns, rows: 30)).plainText.split(separator: "\n")
    return try #require(lines.first { $0.contains("next →") })
  }

  @Test(
    "As many candidates are shown as there is room for, and the rest is counted",
    arguments: [60, 80, 120, 200, 300])
  func room(columns: Int) throws {
    var most = 0
    for candidates in [1, 2, 3, 5, 50] {
      let line = try line(state(candidates: candidates), columns: columns)
      let shown = line.matches(of: /c\d+ 1\.2%/).count
      let rest = line.firstMatch(of: /\+(\d+)/).flatMap { Int($0.output.1) } ?? 0
      #expect(shown >= 1)
      #expect(rest == candidates - shown, "\(columns): \(line)")
      most = max(most, shown)
    }
    #expect(columns < 200 || most > 5)
  }

  @Test("The likeliest of very many tokens does not read 0.0%", arguments: [1e-4, 6.7e-6, 1e-12])
  func likeliest(probability: Double) throws {
    let state = try state(candidates: 3, probability: probability)
    #expect(try !line(state, columns: 80).contains("0.0%"))
    #expect(try line(state, columns: 80).contains(NumberText.percent(probability, of: probability)))
  }

  @Test("A flat row of a hundred tokens is seen in plain text", arguments: GlyphSet.allCases)
  func flatRow(glyphs: GlyphSet) throws {
    // Keys of zeros: every score is 0, every weight the same.
    let run = try Runs.long()
    var state = ViewerState(
      trace: run.trace.mappingRows { _ in 0 }, longest: run.longest, language: .english,
      glyphs: glyphs)
    state.show(step: 60)
    for size in [Size(columns: 60, rows: 16), .standard, .large] {
      let lines = state.view(size).plainText.split(separator: "\n")
      #expect(lines.contains { $0.contains("' ' ' ' ' '") }, "\(size)")
    }
    let map = state.after("o").view(.standard).plainText
    #expect(map.contains("''''''"))
  }
}
