import Base
import Foundation
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Cache policies against plain PyTorch that was written from their definitions, and windows against Hugging Face's Mistral.
@Suite struct PolicyReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let model: String
    let policy: String
    let ids: [Int]
    let cacheBytes: [Int]
    let kl: [Double]
    let kept: [[Int]]?
    let keptByHead: [[[[Int]]]]?
    let logitIds: [Int]
    let stepsWithLogits: [Int]
    let logits: [[Float]]

    var testDescription: String { "\(model) \(policy)" }
  }

  private struct Cases: Decodable { let cases: [Case] }

  private static let folder = Repository.fixtures + "/policies"
  static let cases = Result { try decode(Cases.self, from: folder + "/cases.json").cases }

  /// The model of a case; one of the fixtures' with more positions, which turn and take no memory.
  private func load(_ example: Case) throws -> LoadedModel {
    guard example.model.contains("/") else {
      return try LoadedModel(folder: Repository.root + "/models/" + example.model)
    }
    let folder = try TemporaryFolder()
    try folder.copy(filesOf: Repository.fixtures + "/" + example.model)
    let config = try String(contentsOfFile: folder("config.json"), encoding: .utf8)
    let longer = config.replacing(
      "\"max_position_embeddings\": 24", with: "\"max_position_embeddings\": 64")
    #expect(longer != config)
    try folder.write(longer.utf8, to: "config.json")
    return try LoadedModel(folder: folder.path)
  }

  private func run(_ example: Case) throws -> [LabStep] {
    let loaded = try load(example)
    let shape = loaded.model.configuration
    let plan = try RunPlan(
      start: .text, ids: example.ids, newTokens: 0, contextLength: shape.contextLength,
      candidates: shape.vocabulary)
    let lab = try PolicyLab(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan,
      policy: CachePolicy(example.policy))
    while try lab.computeNextStep() != nil {}
    return lab.steps
  }

  @Test func thereAreCases() throws {
    let cases = try Self.cases.get()
    let names = Set(cases.map { $0.policy.prefix { $0 != ":" } })
    #expect(names == ["full", "window", "sinks", "h2o", "int8", "fp8", "kivi"])
    #expect(Set(cases.map(\.model)).count == 6 && cases.count >= 30)
  }

  @Test(arguments: (try? cases.get()) ?? []) func aPolicyIsTheReference(example: Case) throws {
    let steps = try run(example)
    try #require(steps.count == example.ids.count)
    for (index, step) in steps.enumerated() {
      let kept = example.kept.map { KeptPositions.same($0[index]) }
      let byHead = example.keptByHead.map { KeptPositions($0[index]) }
      #expect(step.kept == kept ?? byHead, "step \(index + 1)")
      #expect(step.cacheBytes == example.cacheBytes[index], "step \(index + 1)")
      #expect(abs(step.divergence - example.kl[index]) <= 1e-4, "step \(index + 1)")
    }
    for (index, logits) in zip(example.stepsWithLogits, example.logits) {
      let computed = steps[index].next.sorted { $0.id < $1.id }.map(\.logit)
      let difference = maxAbsDifference(example.logitIds.map { computed[$0] }, logits)
      #expect(difference <= 2e-4, "step \(index + 1): \(difference)")
    }
  }

  // MARK: What is kept of given numbers

  private func tensor(_ name: String) throws -> ReferenceTensor {
    try ReferenceTensor(name, in: SafetensorsFile(Self.folder + "/rows.safetensors"))
  }

  /// What a store of one KV head of 20 elements reads back of rows, which are its keys and its values.
  private func readBack(_ policy: String, _ rows: ReferenceTensor) throws -> StoreContents {
    let shape = try StoreContents.shape(layers: 1, kvHeads: 1, headDimension: 20)
    let count = rows.shape[0]
    let store = Stores.make(
      Lane(name: "policy", cache: try CachePolicy(policy)), shape, capacity: count)
    for row in 0..<count {
      let floats = Array(rows.row(row))
      StoreContents.append([floats], [floats], to: store, layer: 0, position: row)
    }
    return StoreContents(store, shape, layer: 0)
  }

  @Test func int8IsPyTorchsToTheBit() throws {
    let (rows, expected) = (try tensor("rows"), try tensor("rows.int8"))
    let read = try readBack("int8", rows)
    #expect(read.keys.flatMap { $0 } == expected.floats)
    #expect(read.values.flatMap { $0 } == expected.floats)
  }

  @Test(arguments: 2...8) func kiviIsPyTorchsToTheBit(bits: Int) throws {
    let keys = try readBack("kivi:\(bits)", tensor("columns")).keys
    #expect(keys.flatMap { $0 } == (try tensor("columns.\(bits)").floats))
    let values = try readBack("kivi:\(bits)", tensor("rows")).values
    #expect(values.flatMap { $0 } == (try tensor("rows.\(bits)").floats))
  }

  @Test func e4m3IsPyTorchsToTheBit() throws {
    let (numbers, codes) = (try tensor("e4m3.x").floats, try tensor("e4m3.codes").floats)
    let read = try tensor("e4m3.read").floats
    #expect(numbers.count > 2_400)
    for index in numbers.indices {
      let code = Float8.code(of: numbers[index])
      #expect(Float(code) == codes[index], "\(numbers[index])")
      #expect(Float8.values[Int(code)] == read[index], "\(numbers[index])")
    }
    #expect(Float8.values[127].isNaN && Float8.values[255].isNaN && Float8.code(of: .nan) == 127)
  }
}
