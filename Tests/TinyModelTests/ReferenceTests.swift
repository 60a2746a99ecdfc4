import Foundation
import Testing

@testable import TinyModel

/// The engine against what `transformers` and PyTorch computed of random GPT-2 checkpoints.
@Suite struct ReferenceTests {
  static let cases = [
    "odd", "wide-inner", "single-head", "f16", "bf16", "prefixed", "unprefixed", "sharded",
    "padded-vocabulary", "untied",
  ]
  private struct GPT2Reference: Decodable {
    let greedy: Reference.Greedy
  }

  private let folder = Repository.fixtures + "/gpt2/"

  @Test func everyCaseOnTheDiskIsTested() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(names) == Set(Self.cases))
  }

  @Test(arguments: cases) func idsAndTextAreThoseOfTokenizers(name: String) throws {
    let reference = try decode(Reference.self, from: folder + name + "/reference.json")
    let tokenizer = try Checkpoint(folder: folder + name).tokenizer()
    #expect(try tokenizer.encode(reference.text) == reference.ids)
    #expect(tokenizer.decode(reference.ids) == reference.decoded)
  }

  @Test(arguments: cases) func logitsAndFLOPsOfEveryLengthAreTheReference(name: String) throws {
    try expectReference(folder + name, reference: folder + name)
  }

  @Test(arguments: cases) func attentionOfEveryHeadIsTheReference(name: String) throws {
    try expectAttention(folder + name, reference: folder + name)
  }

  @Test(arguments: cases) func greedyTokensAreTheReference(name: String) throws {
    let greedy = try decode(GPT2Reference.self, from: folder + name + "/reference.json").greedy
    let loaded = try LoadedModel(folder: folder + name)
    let steps = try loaded.runner(.prompt, greedy.promptIds, newTokens: greedy.newIds.count).run()
    #expect(steps.map(\.chosen.id) == greedy.newIds)
    #expect(steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
  }

  @Test(arguments: ["f16", "bf16"]) func narrowWeightsWidenBitForBit(name: String) throws {
    let file = try SafetensorsFile(folder + name + "/model.safetensors")
    let entry = try #require(file.entry("wte.weight"))
    let reference = try ReferenceTensor(
      "widened.wte.weight", in: SafetensorsFile(folder + name + "/reference.safetensors"))
    let widened = try file.floats(of: entry).floats
    #expect(widened.map(\.bitPattern) == reference.floats.map(\.bitPattern))
  }
}

/// Holds logits, FLOPs, cells and cache of every length of a text to a reference and to closed forms.
func expectReference(_ folder: String, reference: String) throws {
  let expected = try decode(Reference.self, from: reference + "/reference.json")
  let logits = try ReferenceTensor(
    "logits.float64", in: SafetensorsFile(reference + "/reference.safetensors"))
  let loaded = try LoadedModel(folder: folder)
  let newTokens = expected.steps.count - expected.ids.count
  let steps = try loaded.runner(.text, expected.ids, newTokens: newTokens).run()
  try #require(steps.count == expected.steps.count)
  var largest: Float = 0
  for (step, reference) in zip(steps, expected.steps) {
    let n = step.length
    #expect(n == reference.length)
    if n <= logits.shape[0] {
      largest = larger(largest, maxAbsDifference(step.logits, logits.row(n - 1)))
    }
    #expect(FLOPs(step.uncached.counter) == reference.uncached.flops, "length \(n), no cache")
    #expect(FLOPs(step.cached.counter) == reference.cached.flops, "length \(n), cache")
    #expect(step.cached.cacheTokens == reference.cached.cacheTokens)
    #expect(step.cached.cacheBytes == reference.cached.cacheBytes)
    expectTextbookCounts(step, rows: 1)
  }
  #expect(largest <= expected.tolerance, "max |Δ logits| of \(folder)")
}

/// Holds a step's rows, cells, masked cells and K, V to closed forms, and its two runs to each other.
func expectTextbookCounts(
  _ step: Step, rows: Int, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let n = step.length
  let triangle = rows * (rows - 1) / 2
  let (uncached, cached) = (step.uncached.counter, step.cached.counter)
  let isRight =
    step.uncached.rows == n && step.cached.rows == rows && uncached.isUniform && cached.isUniform
    && uncached.cells() == n * n && uncached.masked() == n * (n - 1) / 2
    && uncached.keyValues() == n && cached.cells() == rows * n && cached.masked() == triangle
    && cached.keyValues() == rows && step.uncached.cacheBytes == 0
    && step.uncached.cacheTokens == 0 && step.cached.cacheTokens == n
  #expect(isRight, comment ?? "counts at length \(n)", sourceLocation: sourceLocation)
  #expect(step.maxAbsDifference == 0, comment, sourceLocation: sourceLocation)
  #expect(step.maxAbsRowDifference == 0, comment, sourceLocation: sourceLocation)
}

/// Holds Q, K, V and the weights of every head of every layer to a reference.
func expectAttention(_ folder: String, reference: String) throws {
  let expected = try decode(Reference.self, from: reference + "/reference.json")
  let file = try SafetensorsFile(reference + "/reference.safetensors")
  let runner = try LoadedModel(folder: folder).runner(.text, expected.ids, newTokens: 0)
  let last = try #require(try runner.run().last)
  for layer in 0..<runner.trace.model.layers {
    let tensors = try ["query", "key", "value", "weights"].map {
      try ReferenceTensor("layer.\(layer).\($0)", in: file)
    }
    var largest: [Float] = [0, 0, 0, 0]
    for head in 0..<runner.trace.model.heads {
      let attention = HeadAttention(runner.trace, step: last, layer: layer, head: head)
      for row in 0..<last.length {
        let weights = attention.weights(ofRow: row)
        #expect(weights[(row + 1)...].allSatisfy { $0 == 0 })
        let computed = [
          attention.query(row), attention.key(row), attention.value(row), weights,
        ]
        for index in 0..<4 {
          largest[index] = larger(
            largest[index], maxAbsDifference(computed[index], tensors[index].row(head, row)))
        }
      }
    }
    #expect(
      largest.allSatisfy { $0 <= expected.tolerance },
      "max |Δ| of Q, K, V, weights in layer \(layer) of \(folder): \(largest)")
  }
}
