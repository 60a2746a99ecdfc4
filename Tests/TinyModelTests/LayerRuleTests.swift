import Foundation
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Each layer follows its own rule, in both lanes and where its heads are looked at.
@Suite struct LayerRuleTests {
  private static let sliding = LayerRule(
    attention: AttentionRule(mask: AttentionMask(window: 3), scale: 0.7, softCap: 0.5),
    rotary: RotaryEmbedding(theta: 100, scaling: .none))
  private static let plain = LayerRule(
    attention: AttentionRule(headDimension: 6), headNorm: .perHead)

  private func shape(_ rules: [LayerRule]) throws -> ModelShape {
    let config = LlamaShape(
      modelType: "llama", layers: 5, heads: 4, kvHeads: 2, headDimension: 6, positions: 40)
    let folder = try TemporaryFolder()
    var shape = try ModelShape(folder.write(config.configuration.utf8, to: "config.json"))
    shape.configuration.rules = rules
    return shape
  }

  private func run(_ rules: [LayerRule], ids: [Int]) throws -> Trace {
    let model = try Transformer(random: shape(rules), seed: 3)
    #expect(model.parameters == model.configuration.parameters)
    let tokenizer = try Checkpoint(folder: Repository.fixtures + "/llama/gqa").tokenizer()
    let plan = try RunPlan(start: .text, ids: ids, newTokens: 0, contextLength: 40)
    let run = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try run.computeNextStep() != nil {}
    return run.trace
  }

  @Test func bothLanesFollowTheRuleOfEachLayer() throws {
    let trace = try run([Self.sliding, Self.plain], ids: [1, 2, 3, 4, 5, 6, 7, 8])
    for step in trace.steps {
      #expect(step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0)
      let n = step.length
      let (later, outside) = (n * (n - 1) / 2, max(0, n - 3) * (n - 2) / 2)
      for layer in 0..<5 {
        let masked = later + (layer % 2 == 0 ? outside : 0)
        #expect(step.uncached.counts.masked(layer: layer) == masked)
        for head in 0..<4 { try expectRule(trace, step, layer: layer, head: head) }
      }
    }
  }

  /// The weights that the rule gives, in double.
  private func expectRule(_ trace: Trace, _ step: Step, layer: Int, head: Int) throws {
    let attention = HeadAttention(trace, step: step, layer: layer, head: head)
    let row = step.length - 1
    let scores = (0...row).map { key in
      zip(attention.query(row), attention.key(key)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let isSliding = layer % 2 == 0
    let scaled = scores.map { isSliding ? 0.5 * tanh($0 * 0.7 / 0.5) : $0 / 6.squareRoot() }
    let exponentials = scaled.enumerated().map { key, score in
      isSliding && key + 3 <= row ? 0 : exp(score)
    }
    let sum = exponentials.reduce(0, +)
    for key in 0...row {
      #expect(abs(Double(attention.scaledScores(ofRow: row)[key]) - scaled[key]) < 1e-5)
      let weight = Double(attention.weights(ofRow: row)[key])
      #expect(abs(weight - exponentials[key] / sum) < 1e-5)
    }
  }

  @Test func positionsTurnTheKeysOfTheLayersThatSayIt() throws {
    for (rules, isTurned) in [([Self.sliding, Self.plain], true), ([Self.plain], false)] {
      let keys = try run(rules, ids: [5, 5]).steps.map { $0.rows.keys[0] }
      #expect((keys[0] != keys[1]) == isTurned)
    }
  }

  @Test func theBufferOfAnglesIsHeldOnceForRulesThatTurnAlike() throws {
    var other = Self.sliding
    other.rotary = RotaryEmbedding(theta: 200, scaling: .none)
    for rules in [[Self.plain], [Self.sliding, Self.sliding], [Self.sliding, Self.plain, other]] {
      let shape = try shape(rules).configuration
      let buffers = ForwardBuffers(shape, rows: 3, length: 20, threads: 1)
      let planned = ForwardBuffers.bytes(shape, rows: 3, length: 20, threads: 1)
      #expect(buffers.allocatedBytes == planned)
    }
  }
}
