internal import Base
import Foundation
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// The engine against what `transformers` and PyTorch computed of random checkpoints.
@Suite struct ReferenceTests {
  static let names = [
    "gpt2": [
      "odd", "wide-inner", "single-head", "f16", "bf16", "prefixed", "unprefixed", "sharded",
      "padded-vocabulary", "untied", "generation-config-empty", "gelu", "relu-without-biases",
    ],
    "llama": [
      "mha", "gqa", "mqa", "head-dim", "tied", "biases", "f16", "bf16", "rope-linear",
      "rope-llama3", "rope-parameters", "unprefixed", "sharded", "mistral", "qwen2",
      "qwen2-windows", "qwen3", "qwen3-biases", "qwen3-head-dim", "qwen3-layer-types",
      "generation-config", "olmo2", "olmo2-biases",
      "phi3", "phi3-part", "phi3-longrope", "smollm3", "smollm3-windows", "rope-yarn",
      "rope-yarn-mscale", "rope-dynamic", "neox", "neox-in-turn", "gemma3", "gemma3-pattern",
    ],
    // Logits, FLOPs and heads of these: `LatentReferenceTests`.
    "deepseek": ["plain", "query-rank", "half", "one-head", "wide-latent", "f16", "v2"],
  ]
  static let cases = names.flatMap { family, names in names.map { "\(family)/\($0)" } }
  static let plainCases = cases.filter { !$0.hasPrefix("deepseek") }

  private struct GreedyReference: Decodable {
    let greedy: Reference.Greedy
  }

  private let folder = Repository.fixtures + "/"

  @Test(arguments: names.keys) func everyCaseOnTheDiskIsTested(family: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + family)
    #expect(Set(names) == Set(Self.names[family] ?? []))
  }

  @Test(arguments: cases) func idsAndTextAreThoseOfTokenizers(name: String) throws {
    let reference = try decode(Reference.self, from: folder + name + "/reference.json")
    let tokenizer = try Checkpoint(folder: folder + name).tokenizer()
    #expect(try tokenizer.encode(reference.text) == reference.ids)
    #expect(tokenizer.decode(reference.ids) == reference.decoded)
  }

  @Test(arguments: plainCases) func logitsAndFLOPsOfEveryLengthAreTheReference(name: String) throws
  {
    try expectReference(folder + name, reference: folder + name)
  }

  @Test(arguments: plainCases) func attentionOfEveryHeadIsTheReference(name: String) throws {
    try expectAttention(folder + name, reference: folder + name)
  }

  @Test(arguments: cases) func greedyTokensAreTheReference(name: String) throws {
    let greedy = try decode(GreedyReference.self, from: folder + name + "/reference.json").greedy
    let loaded = try LoadedModel(folder: folder + name)
    // Where the reference ends by itself, so must this: it may write more.
    let newTokens = greedy.newIds.count + (greedy.endedByEos ? 3 : 0)
    let steps = try loaded.runner(.prompt, greedy.promptIds, newTokens: newTokens).run()
    #expect(steps.compactMap(\.chosen?.id) == greedy.newIds)
    #expect(steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
  }

  @Test(arguments: [
    ("gpt2", "", "wte.weight"), ("llama", "model.", "embed_tokens.weight"),
  ])
  func narrowWeightsWidenBitForBit(family: String, prefix: String, embedding: String) throws {
    for type in ["f16", "bf16"] {
      let name = "\(family)/\(type)"
      let file = try SafetensorsFile(folder + name + "/model.safetensors")
      let entry = try #require(file.entry(prefix + embedding))
      let reference = try ReferenceTensor(
        "widened.\(embedding)", in: SafetensorsFile(folder + name + "/reference.safetensors"))
      let widened = try file.floats(of: entry).floats
      #expect(widened.map(\.bitPattern) == reference.floats.map(\.bitPattern))
    }
  }
}

/// Holds logits, FLOPs, cells and cache of every length of a text to a reference and to closed forms.
func expectReference(
  _ folder: String, reference: String, form: LatentForm = .absorbed
) throws {
  let expected = try decode(Reference.self, from: reference + "/reference.json")
  let logits = try ReferenceTensor(
    "logits.float64", in: SafetensorsFile(reference + "/reference.safetensors"))
  let loaded = try LoadedModel(folder: folder, form: form)
  let isLatent = loaded.model.configuration.latent != nil
  let measured = isLatent && form == .absorbed ? expected.absorbed : expected.steps
  let newTokens = expected.steps.count - expected.ids.count
  let steps = try loaded.runner(.text, expected.ids, newTokens: newTokens).run()
  try #require(steps.count == expected.steps.count)
  var largest: Float = 0
  for (step, reference) in zip(steps, try #require(measured)) {
    let n = step.length
    #expect(n == reference.length)
    if n <= logits.shape[0] {
      largest = larger(largest, maxAbsDifference(step.logits, logits.row(n - 1)))
    }
    #expect(FLOPs(step.uncached.counts) == reference.uncached.flops, "length \(n), no cache")
    #expect(FLOPs(step.cached.counts) == reference.cached.flops, "length \(n), cache")
    #expect(step.cached.cacheTokens == reference.cached.cacheTokens)
    #expect(step.cached.cacheBytes == reference.cached.cacheBytes)
    let shape = loaded.model.configuration
    let windows = (0..<shape.layers).map { shape.rule(ofLayer: $0).attention.mask.window }
    expectTextbookCounts(step, rows: 1, windows: windows)
  }
  #expect(largest <= expected.tolerance, "max |Δ logits| of \(folder)")
}

/// Holds a step's rows, cells, masked cells and K, V to closed forms, and its two runs to each other.
///
/// `windows` are those of the layers, or of fewer that repeat.
func expectTextbookCounts(
  _ step: Step, rows: Int, windows: [Int?] = [nil], _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let n = step.length
  let (uncached, cached) = (step.uncached.counts, step.cached.counts)
  let isUniform = Set(windows).count > 1 || (uncached.isUniform && cached.isUniform)
  var isRight =
    step.uncached.rows == n && step.cached.rows == rows && isUniform
    && step.uncached.cacheBytes == 0 && step.uncached.cacheTokens == 0
    && step.cached.cacheTokens == n
  for (layer, window) in windows.enumerated() {
    // A query sees at most the window's keys, its own among them.
    let masked = (1...n).map { n - min($0, window ?? n) }
    isRight =
      isRight && uncached.cells(layer: layer) == n * n
      && uncached.masked(layer: layer) == masked.reduce(0, +)
      && uncached.keyValues(layer: layer) == n && cached.cells(layer: layer) == rows * n
      && cached.masked(layer: layer) == masked.suffix(rows).reduce(0, +)
      && cached.keyValues(layer: layer) == rows
  }
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
  let model = runner.trace.model
  for layer in 0..<model.layers {
    let tensors = try ["query", "key", "value", "weights"].map {
      try ReferenceTensor("layer.\(layer).\($0)", in: file)
    }
    var largest: [Float] = [0, 0, 0, 0]
    for head in 0..<model.heads {
      // Each K and V head serves as many query heads in turn.
      let kvHead = head / (model.heads / model.kvHeads)
      let heads = [head, kvHead, kvHead, head]
      let attention = HeadAttention(runner.trace, step: last, layer: layer, head: head)
      for row in 0..<last.length {
        let weights = attention.weights(ofRow: row)
        let window = model.rule(ofLayer: layer).mask.window ?? last.length
        let first = max(0, row + 1 - window)
        #expect(weights[(row + 1)...].allSatisfy { $0 == 0 })
        #expect(weights[..<first].allSatisfy { $0 == 0 })
        let computed = [
          attention.query(row), attention.key(row), attention.value(row), weights,
        ]
        for index in 0..<4 {
          largest[index] = larger(
            largest[index], maxAbsDifference(computed[index], tensors[index].row(heads[index], row))
          )
        }
      }
    }
    #expect(
      largest.allSatisfy { $0 <= expected.tolerance },
      "max |Δ| of Q, K, V, weights in layer \(layer) of \(folder): \(largest)")
  }
}
