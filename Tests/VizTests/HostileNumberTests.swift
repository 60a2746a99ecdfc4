internal import Base
import Foundation
import TestSupport
import Testing
internal import TinyModel
internal import Trace

@testable import Viz

/// Whatever floats a checkpoint leads to: they are drawn, and nothing traps.
@Suite struct HostileNumberTests {
  private static let hostile: [Float] = [
    .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0, -0.0, 1, -1, 1e19, -1e19, 9.3e18, 2.2e9,
  ]

  private static let screens = [
    "", "i Up Left", "d d Left Left Left", "d d Left Left Left Left Left", "o", "p Left Right",
  ]

  @Test(
    "Hostile floats in Q, K, V and the residual stream are drawn at every size", arguments: 0..<4)
  func rows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // One kind of float alone, two kinds, or many among tame ones.
    let palette = (0...Int.random(in: 0...3, using: &random)).map { _ in
      Self.hostile.randomElement(using: &random) ?? 0
    }
    let share = [1, 0.5, 0.02][Int.random(in: 0..<3, using: &random)]
    for run in try [Runs.window(), Runs.gqa()] {
      let trace = run.trace.mappingRows { float in
        guard Double.random(in: 0..<1, using: &random) < share else { return float }
        return palette.randomElement(using: &random) ?? float
      }
      var state = ViewerState(trace: trace, longest: run.longest, language: .english)
      state.show(step: 7)
      for keys in Self.screens {
        for size in [Size(columns: 60, rows: 16), .large, .huge] {
          #expect(state.after(keys).view(size).flaw == nil, "\(run.name) \(keys) \(size)")
        }
      }
    }
  }

  @Test("Hostile differences and probabilities are written", arguments: hostile)
  func measured(float: Float) throws {
    let run = try Runs.china()
    let next = run.trace.step(3).next.map {
      Candidate(id: $0.id, text: $0.text, logit: float, probability: Double(float))
    }
    let step = run.trace.step(3).changed(difference: float, rowDifference: float, next: next)
    var state = ViewerState(trace: run.trace.with(step), longest: run.longest)
    state.show(step: 3)
    #expect(state.view(.standard).flaw == nil && state.view(.huge).flaw == nil)
  }

  @Test("A float becomes the nearest whole number in a range, and a NaN none")
  func whole() {
    let random = (0..<2000).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }
    for value in Self.hostile + random {
      for range in [0...0, 0...8, -3...3, 1...9, Int.min...Int.max, 0...Int.max] {
        let expected: Int? =
          value.isNaN
          ? nil
          : Int(exactly: value.rounded()).map { min(max($0, range.lowerBound), range.upperBound) }
            ?? (value < 0 ? range.lowerBound : range.upperBound)
        #expect(value.whole(in: range) == expected, "\(value) \(range)")
      }
    }
  }

  @Test("A score that is too large for its columns is a bound that holds, not other digits")
  func scores() {
    let random = (0..<4000).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }
    for value in Self.hostile + random {
      for columns in 3...5 {
        for glyphs in GlyphSet.allCases {
          let text = NumberText.score(value, columns: columns, glyphs)
          #expect(ScalarWidth.of(text) <= columns)
          if value.isNaN {
            #expect(text == glyphs.dash)
          } else if let bound = Double(text.dropFirst()), let sign = text.first, "<>".contains(sign)
          {
            #expect(sign == "<" ? Double(value) < bound : Double(value) > bound, "\(value) \(text)")
          } else {
            let shown = Double(text) ?? .nan
            let most = max(0.51, abs(Double(value)) * 0.34)
            #expect(
              shown == Double(value) || abs(shown - Double(value)) <= most, "\(value) \(text)")
          }
        }
      }
    }
  }

  // MARK: A checkpoint with finite logits and a NaN

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/reported/nan-in-an-older-row").path

  private func olderRow() throws -> (ViewerState, HeadAttention) {
    let checkpoint = try Checkpoint(folder: Self.folder)
    let (model, tokenizer) = (try Transformer(checkpoint), try checkpoint.tokenizer())
    let plan = try RunPlan(
      start: .prompt, ids: tokenizer.encode("中华人民"), newTokens: 1,
      contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try runner.computeNextStep() != nil {}
    let trace = runner.trace
    let state = ViewerState(trace: trace, longest: plan.longest, language: .english)
    return (state, HeadAttention(trace, step: trace.step(1), layer: 0, head: 0))
  }

  @Test("A row of NaN is drawn as dashes, in the grid, in the maps and in the inspector")
  func nanInAnOlderRow() throws {
    let (state, attention) = try olderRow()
    let broken = (0..<4).filter { attention.weights(ofRow: $0).contains(where: \.isNaN) }
    try #require(!broken.isEmpty && !broken.contains(3))
    for size in [Size(columns: 60, rows: 16), .standard, .large, .huge] {
      #expect(state.view(size).flaw == nil)
      var opened = state
      opened.mode = .cell(query: broken[0], key: 0)
      #expect(opened.view(size).plainText.contains("NaN"))
    }
    let pane = Scene(state).pane(.uncached)
    for row in broken {
      guard case .weight(let weight) = pane.cell(row, 0) else {
        Issue.record("no weight")
        return
      }
      #expect(
        NumberText.weight(weight, .full) == "–" && NumberText.weightDigit(weight, .full) == "–")
      #expect(PaneView.style(ofWeight: weight) == Style(.text))
    }
    let lines = state.view(.standard).plainText.split(separator: "\n")
    #expect(lines.contains { $0.contains(/– +(–|×)/) })
  }
}
