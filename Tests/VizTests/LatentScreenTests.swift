internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// A run whose cache holds latents: what the screen says of it, in both orders.
@Suite struct LatentScreenTests {
  private func text(_ state: ViewerState, _ size: Size = .large) -> String {
    state.view(size).plainText
  }

  @Test("The header says what is cached, and the help what K and V are")
  func words() throws {
    for (run, words) in [
      (try Runs.absorbed(), "Absorbed: all query heads read"),
      (try Runs.expanded(), "Expanded: at each step"),
    ] {
      let state = run.state(step: 3, language: .english)
      #expect(text(state).contains("tiny-zh-mla · DeepSeek-V3 · 4 layers × 4 heads (MLA 24+8)"))
      let help = text(state.after("?"), .huge).split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
      #expect(help.contains(words), "\(help)")
    }
    let absorbed = text(try Runs.absorbed().state(step: 3, language: .english))
    #expect(absorbed.contains("MLA: query heads 1–4 share K1, V1"))
    #expect(!text(try Runs.expanded().state(step: 3, language: .english)).contains("share K1"))
  }

  @Test("The bytes are held against those of a key and a value for every head")
  func bytes() throws {
    for run in try [Runs.absorbed(), Runs.expanded()] {
      for step in [1, 3, 7] {
        let state = run.state(step: step, language: .english)
        #expect(run.trace.step(step).cached.cacheBytes == 512 * step)
        // 4 layers of 4 heads with keys of 24 and values of 16.
        let scene = Scene(state)
        #expect(scene.bytesWithoutSharing(.cached) == 4 * 4 * (24 + 16) * 4 * step)
        #expect(text(state).contains("= 1/5 of MHA"))
      }
    }
  }

  @Test("Both orders show the same scores of other vectors")
  func scores() throws {
    let (absorbed, expanded) = try (Runs.absorbed(), Runs.expanded())
    #expect(absorbed.trace.model.valueDimension == 24 && expanded.trace.model.valueDimension == 16)
    for layer in 0..<4 {
      for head in 0..<4 {
        let rows = [absorbed, expanded].map { run in
          let step = run.trace.step(7)
          return HeadAttention(run.trace, step: step, layer: layer, head: head)
        }
        #expect(rows[0].query(6).count == 32 && rows[1].query(6).count == 24)
        for (one, other) in zip(rows[0].weights(ofRow: 6), rows[1].weights(ofRow: 6)) {
          #expect(abs(one - other) < 1e-4)
        }
      }
    }
  }
}
