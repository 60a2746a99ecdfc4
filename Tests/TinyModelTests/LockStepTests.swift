internal import Base
import Foundation
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// What a step feeds, chooses and lists, and how a run ends.
@Suite struct LockStepTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ shape: GPT2Shape = GPT2Shape(), seed: Int = 5) throws -> LoadedModel {
    try folder.write(shape, seed: seed)
    return try LoadedModel(folder: folder.path)
  }

  @Test func aPromptIsFedAtOnceAndThenEachChosenToken() throws {
    let runner = try load().runner(.prompt, [3, 1, 4], newTokens: 4)
    let steps = try runner.run()
    #expect(steps.map(\.number) == [1, 2, 3, 4])
    #expect(steps.map(\.phase) == [.prefill, .decode, .decode, .decode])
    #expect(steps.map(\.length) == [3, 4, 5, 6])
    #expect(steps[0].fed.map(\.id) == [3, 1, 4])
    for (before, after) in zip(steps, steps.dropFirst()) {
      #expect(after.fed == [before.chosen].compactMap { $0 })
    }
    // The last new token is listed, never fed.
    #expect(runner.trace.tokens.map(\.id) == [3, 1, 4] + steps.dropLast().compactMap(\.chosen?.id))
    #expect(runner.trace.givenTokens == 3)
    #expect(runner.trace.isComplete)
    #expect(try runner.computeNextStep() == nil)
    #expect(steps.allSatisfy { $0.chosen?.id == $0.next[0].id })
  }

  @Test func aTextIsFedTokenByTokenAndThenWhatTheModelWrites() throws {
    let runner = try load().runner(.text, [3, 1, 4], newTokens: 2)
    let steps = try runner.run()
    #expect(steps.map(\.length) == [1, 2, 3, 4, 5])
    #expect(steps.map(\.phase) == [.prefill, .decode, .decode, .decode, .decode])
    #expect(steps.prefix(3).map(\.fed) == runner.trace.tokens.prefix(3).map { [$0] })
    // Inside the text the next token is the text's own, whatever the model would write.
    #expect(steps[0].chosen?.id == 1 && steps[1].chosen?.id == 4)
    #expect(steps[2].chosen?.id == steps[2].next[0].id)
    #expect(steps[3].fed == [steps[2].chosen].compactMap { $0 })
    #expect(runner.trace.token(after: steps[0])?.id == 1)
    #expect(runner.trace.token(after: steps[4]) == steps[4].chosen)
    #expect(runner.trace.sequence(at: steps[1]).map(\.id) == [3, 1])
  }

  @Test func aTextWithoutNewTokensEndsWithItsLastToken() throws {
    let steps = try load().runner(.text, [3, 1, 4], newTokens: 0).run()
    #expect(steps.map(\.length) == [1, 2, 3])
    #expect(steps[2].chosen?.id == steps[2].next[0].id)
  }

  @Test(arguments: [Feeding.prompt, .text])
  func theEndOfSequenceEndsARunUnlessItIsPassedOver(start: Feeding) throws {
    var shape = GPT2Shape()
    let sampling = SamplingOptions(temperature: 3, topK: nil, seed: 1)
    let free = try load(shape).runner(start, [3, 1, 4], newTokens: 8, sampling: sampling).run()
    let written = free.filter { $0.length >= 3 }.compactMap(\.chosen?.id)
    let end = try #require(written.first { id in id != written[0] })
    shape.endOfSequence = end
    let loaded = try load(shape)
    let runner = try loaded.runner(start, [3, 1, 4], newTokens: 8, sampling: sampling)
    let steps = try runner.run()
    let last = try #require(free.firstIndex { $0.length >= 3 && $0.chosen?.id == end })
    #expect(steps.count == last + 1 && steps.count < free.count)
    #expect(steps.last?.chosen?.id == end)
    #expect(runner.trace.isComplete && runner.trace.plannedSteps == steps.count)
    #expect(try runner.computeNextStep() == nil)
    // It is listed, not fed.
    #expect(runner.trace.tokens.count == steps.last?.length)

    let passed = try loaded.runner(
      start, [3, 1, 4], newTokens: 8, ignoresEndOfSequence: true, sampling: sampling)
    #expect(try passed.run().compactMap(\.chosen?.id) == free.compactMap(\.chosen?.id))
  }

  @Test func anEndOfSequenceInsideATextDoesNotEndIt() throws {
    var shape = GPT2Shape()
    shape.endOfSequence = 1
    let steps = try load(shape).runner(.text, [3, 1, 1, 4], newTokens: 0).run()
    #expect(steps.count == 4)
  }

  @Test func sampledRunsAreSeeded() throws {
    let loaded = try load()
    func chosen(seed: UInt64) throws -> [Int] {
      let options = SamplingOptions(temperature: 2, topK: nil, seed: seed)
      return try loaded.runner(.prompt, [0], newTokens: 20, sampling: options).run()
        .compactMap(\.chosen?.id)
    }
    #expect(try chosen(seed: 1) == chosen(seed: 1))
    #expect(try chosen(seed: 1) != chosen(seed: 2))
  }

  @Test func candidatesAreTheMostLikelyInOrder() throws {
    let loaded = try load()
    let all = try loaded.runner(.prompt, [0, 2], newTokens: 1).run()[0].next
    let plan = try RunPlan(
      start: .prompt, ids: [0, 2], newTokens: 1, contextLength: 24, candidates: 3)
    let runner = LockStep(model: loaded.model, tokenizer: loaded.tokenizer, plan: plan)
    #expect(try runner.run()[0].next == Array(all.prefix(3)))
    #expect(abs(all.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.logit >= $1.logit })
  }

  @Test func aRunThatIsNotFiniteFailsAndFailsAgain() throws {
    let base = Repository.fixtures + "/gpt2/single-head"
    try folder.copy(filesOf: base)
    try folder.replace(
      "model.safetensors", by: Repository.fixtures + "/forged/weights/overflow.safetensors")
    let loaded = try LoadedModel(folder: folder.path)
    let runner = try loaded.runner(.prompt, [0, 1], newTokens: 5)
    let expected = ModelError.notFinite(model: loaded.model.name, step: 1)
    #expect(throws: expected) { try runner.computeNextStep() }
    #expect(throws: expected) { try runner.computeNextStep() }
    #expect(runner.trace.steps.isEmpty)
  }

  @Test func theOperationsOfEveryBlockAddUpToTheWhole() throws {
    let steps = try load().runner(.prompt, [3, 1, 4], newTokens: 2).run()
    for counter in steps.flatMap({ [$0.uncached.counts, $0.cached.counts] }) {
      for category in FLOPCategory.allCases {
        #expect(
          counter.flops(category, throughLayer: 1, .logits) == counter.flops(category))
      }
      #expect(counter.flops(.logits, throughLayer: 1, .mlp) == 0)
      #expect(counter.flops(.projection, throughLayer: 0, .embed) == 0)
      #expect(FLOPCategory.allCases.reduce(0) { $0 + counter.flops($1) } == counter.flops)
    }
  }

  @Test func aTiedHeadWithNumbersOfItsOwnIsNoLongerTied() throws {
    var shape = GPT2Shape()
    let head = ("lm_head.weight", [shape.vocabulary, shape.width])
    try folder.write(shape, seed: 5, more: [head])
    let tied = try LoadedModel(folder: folder.path)
    let logits = try tied.runner(.prompt, [1, 2], newTokens: 1).run()[0].logits

    shape.isTied = false
    try folder.write(shape, seed: 5, more: [head])
    let untied = try LoadedModel(folder: folder.path)
    #expect(try untied.runner(.prompt, [1, 2], newTokens: 1).run()[0].logits == logits)
    #expect(tied.model.parameters == untied.model.parameters)

    shape.isTied = true
    let plain = try load(shape)
    #expect(try plain.runner(.prompt, [1, 2], newTokens: 1).run()[0].logits != logits)
    #expect(plain.model.parameters == tied.model.parameters - shape.vocabulary * shape.width)
  }

  @Test func anUntiedHeadThatIsMissingIsNamed() throws {
    var shape = GPT2Shape()
    shape.isTied = false
    try folder.write(shape, seed: 5)
    let error = FileError.untied(
      file: folder("model.safetensors"), missing: "lm_head.weight", present: "wte.weight")
    #expect(throws: error) { _ = try LoadedModel(folder: folder.path) }
  }

  @Test func theDescriptionIsThatOfTheConfiguration() throws {
    let shape = GPT2Shape(
      layers: 3, heads: 2, headDimension: 5, inner: 7, vocabulary: 9, positions: 11)
    let model = try load(shape).model.description
    #expect(
      model.layers == 3 && model.heads == 2 && model.kvHeads == 2 && model.modelDimension == 10)
    #expect(model.headDimension == 5 && model.vocabulary == 9 && model.contextLength == 11)
    #expect(model.architecture == "gpt2" && model.dtype == "f32")
    #expect(model.name == String(folder.path.split(separator: "/").last ?? ""))
    #expect(model.parameters == shape.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) })
  }
}

/// A run tells how far it is, and can be stopped between two layers.
@Suite struct StepProgressTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func runner() throws -> LockStep {
    try folder.write(GPT2Shape(), seed: 5)
    return try LoadedModel(folder: folder.path).runner(.prompt, [3, 1, 4], newTokens: 4)
  }

  @Test func theLayersOfBothRunsAreCounted() throws {
    let runner = try runner()
    #expect(runner.progress.amount == nil)
    _ = try runner.computeNextStep()
    let layers = runner.trace.model.layers
    let whole = StepProgress.Pass(rows: 3, layersDone: layers)
    #expect(
      runner.progress.amount == StepProgress.Amount(step: 1, passes: [whole, whole]))
    _ = try runner.computeNextStep()
    #expect(
      runner.progress.amount
        == StepProgress.Amount(
          step: 2,
          passes: [
            StepProgress.Pass(rows: 4, layersDone: layers),
            StepProgress.Pass(rows: 1, layersDone: layers),
          ]))
  }

  @Test func aCancelledRunStopsAtTheEndOfALayerAndGivesNoStep() throws {
    let runner = try runner()
    _ = try runner.computeNextStep()
    runner.progress.cancel()
    #expect(try runner.computeNextStep() == nil)
    #expect(runner.trace.steps.count == 1 && !runner.trace.isComplete)
    #expect(runner.progress.amount?.step == 1, "nothing was begun")
  }

  @Test func aPassThatIsStoppedComputesNoFurtherLayer() throws {
    struct Stopped: Error {}
    try folder.write(GPT2Shape(), seed: 5)
    let model = try LoadedModel(folder: folder.path).model
    let shape = model.configuration
    try #require(shape.layers > 1)
    let cache = FullStore(shape, capacity: 3)
    let buffers = ForwardBuffers(shape, rows: 3, length: 3, threads: model.threads)
    var counter = OperationCounter(layers: shape.layers, heads: shape.heads)
    #expect(throws: Stopped.self) {
      _ = try model.forward(
        [3, 1, 4], store: cache, buffers: buffers, counter: &counter, observer: nil
      ) { () throws(Stopped) in throw Stopped() }
    }
    #expect(counter.keyValues(layer: 0) == 3 && counter.keyValues(layer: 1) == 0)
    #expect(cache.tokens == 0)
  }
}
