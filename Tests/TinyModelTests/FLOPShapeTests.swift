import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Counters against PyTorch's `FlopCounterMode` for known shapes.
@Suite struct FLOPShapeTests {
  struct Model: Decodable, Sendable, CustomTestStringConvertible {
    struct Case: Decodable, Sendable {
      let n: Int
      let past: Int
      let logitRows: Int
      let flops: FLOPs
      let cacheBytes: Int
    }

    let name: String
    let architecture: String
    let layers: Int
    let heads: Int
    let kvHeads: Int
    let dModel: Int
    let dHead: Int
    let inner: Int
    let vocabulary: Int
    let parameters: Int
    let cases: [Case]

    var testDescription: String { name }

    var shape: any CheckpointShape { architecture == "gpt2" ? gpt2 : llama }

    /// Positions are the one size that FLOPs do not depend on; it follows from the parameters.
    private var gpt2: GPT2Shape {
      let width = heads * dHead
      let block = 4 * width + 4 * width * width + 4 * width + 2 * width * inner + inner + width
      let rest = parameters - layers * block - 2 * width - vocabulary * width
      return GPT2Shape(
        layers: layers, heads: heads, headDimension: dHead, inner: inner, vocabulary: vocabulary,
        positions: rest / width)
    }

    private var llama: LlamaShape {
      LlamaShape(
        layers: layers, heads: heads, kvHeads: kvHeads, headDimension: dHead, width: dModel,
        inner: inner, vocabulary: vocabulary)
    }
  }

  private struct File: Decodable {
    let models: [Model]
  }

  private static func models() throws -> [Model] {
    try decode(File.self, from: Repository.fixtures + "/flops.json").models
  }

  @Test(arguments: try models()) func countersAreThoseOfFlopCounterMode(model: Model) throws {
    let folder = try TemporaryFolder()
    try folder.writeZeros(model.shape)
    let loaded = try LoadedModel(folder: folder.path)
    #expect(loaded.model.parameters == model.parameters)
    for example in model.cases where example.logitRows == 1 {
      let ids = Array(repeating: 0, count: example.past == 0 ? example.n : example.past)
      let steps = try loaded.runner(
        .prompt, ids, newTokens: 1 + (example.past == 0 ? 0 : example.n)
      ).run()
      let step = try #require(steps.last)
      let run = example.past == 0 ? step.uncached : step.cached
      #expect(run.rows == example.n)
      #expect(FLOPs(run.counts) == example.flops, "n \(example.n) past \(example.past)")
      #expect(step.cached.cacheBytes == example.cacheBytes)
    }
    for example in model.cases where example.logitRows > 1 {
      let count = example.past + example.n
      let session = DecodeSession(
        loaded.model, capacity: count, logitRows: example.logitRows)
      let ids = Array(repeating: 0, count: count)
      if example.past > 0 { session.feed(ids[..<example.past]) }
      session.resetCounter()
      session.feed(ids[example.past...], logitRows: example.logitRows)
      #expect(FLOPs(session.counter) == example.flops, "\(example.logitRows) rows of logits")
      #expect(session.usedBytes == example.cacheBytes)
    }
  }
}
