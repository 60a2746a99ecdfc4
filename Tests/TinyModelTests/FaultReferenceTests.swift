import Base
import Foundation
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// What a broken cache holds, and what it says, against caches of Hugging Face's models that were broken by hand.
@Suite struct FaultReferenceTests {
  struct Reference: Decodable, Sendable, CustomTestStringConvertible {
    let model: String
    let fault: String
    let steps: [Step]

    struct Step: Decodable, Sendable {
      let k: [[Float]]
      let v: [[Float]]
      let logits: Float
      let sound: Int
      let broken: Int
    }

    var testDescription: String { "\(model) \(fault)" }
  }

  private struct References: Decodable {
    let prompt: String
    let cases: [Reference]
  }

  private static let references = Result {
    try decode(References.self, from: Repository.fixtures + "/faults/cases.json")
  }
  static let cases = (try? references.get().cases) ?? []

  @Test func everyFaultIsThereForThreeModels() {
    #expect(Set(Self.cases.map(\.fault)) == Set(Fault.allCases.map(\.rawValue)))
    #expect(Self.cases.count == 3 * Fault.allCases.count)
  }

  @Test(arguments: cases) func aBrokenCacheIsTheReference(reference: Reference) throws {
    let loaded = try LoadedModel(folder: Repository.root + "/models/" + reference.model)
    let fault = try #require(Fault(rawValue: reference.fault))
    let plan = try RunPlan(
      start: .prompt, ids: loaded.tokenizer.encode(Self.references.get().prompt),
      newTokens: reference.steps.count,
      contextLength: loaded.model.configuration.contextLength)
    let run = try FaultLab(model: loaded.model, tokenizer: loaded.tokenizer).run(fault, plan)
    try #require(run.steps.count == reference.steps.count)
    for (step, expected) in zip(run.steps, reference.steps) {
      #expect(step.sound.id == expected.sound && step.broken.id == expected.broken)
      #expect(abs(step.logits - expected.logits) < 1e-3, "step \(step.number)")
      let columns = run.columns(through: step.number)
      hold(columns, \.keys, expected.k, step.number)
      hold(columns, \.values, expected.v, step.number)
    }
  }

  /// Where the reference is at float64's noise, not one bit differs here.
  private func hold(
    _ columns: [FaultColumn], _ part: KeyPath<FaultColumn, [Float?]>, _ expected: [[Float]],
    _ step: Int
  ) {
    for (layer, gaps) in expected.enumerated() {
      #expect(gaps.count == columns.count)
      for (column, gap) in zip(columns, gaps) {
        let own = column[keyPath: part][layer]
        #expect(
          own == nil || gap >= 1e-9, "step \(step), layer \(layer), \(column.position)")
        #expect(
          abs((own ?? 0) - gap) < 1e-4, "step \(step), layer \(layer), \(column.position)")
      }
    }
  }
}
