internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Multi-head latent attention over random shapes, in both orders: both runs agree in every bit, and both orders within rounding.
@Suite struct LatentAttentionTests {
  /// A random run; its description is printed when it fails.
  private struct Case: CustomStringConvertible {
    let seed: Int
    var shape: DeepSeekShape
    let start: Feeding
    let ids: [Int]
    let newTokens: Int
    let type: WeightType

    init(seed: Int) {
      self.seed = seed
      var generator = SeededGenerator(seed: seed)
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      shape = DeepSeekShape.random(&generator)
      shape.form = seed % 2 == 0 ? .absorbed : .expanded
      type = WeightType.allCases[seed % 5 % 3]
      start = seed % 3 == 0 ? .text : .prompt
      // Some are longer than what is made of latents at once.
      let count = seed % 7 == 0 ? random(60...80) : random(1...20)
      newTokens = random(1...9)
      let vocabulary = shape.vocabulary
      ids = (0..<count).map { _ in random(0...vocabulary - 1) }
    }

    var description: String {
      "seed \(seed): \(shape), \(type), \(start) of \(ids.count), \(newTokens) new tokens"
    }

    func loaded(_ form: LatentForm? = nil, _ type: WeightType? = nil) throws -> LoadedModel {
      let folder = try TemporaryFolder()
      try folder.write(shape, seed: seed)
      return try LoadedModel(
        folder: folder.path, type: type ?? self.type, form: form ?? shape.form)
    }
  }

  @Test(arguments: 0..<70) func bothRunsAgreeInEveryBitAndCountAsTheClosedForms(seed: Int) throws {
    let example = Case(seed: seed)
    let shape = example.shape
    let steps = try example.loaded()
      .runner(example.start, example.ids, newTokens: example.newTokens).run()
    for step in steps {
      let rows = step.number == 1 && example.start == .prompt ? example.ids.count : 1
      let (n, comment): (Int, Comment) = (step.length, "\(example), step \(step.number)")
      expectTextbookCounts(step, rows: rows, comment)
      #expect(FLOPs(step.uncached.counts) == shape.flops(rows: n, length: n), comment)
      #expect(FLOPs(step.cached.counts) == shape.flops(rows: rows, length: n), comment)
      #expect(step.cached.cacheBytes == shape.layers * shape.cached * n * 4, comment)
    }
  }

  @Test(arguments: 0..<40) func bothOrdersAreTheSameAttention(seed: Int) throws {
    let example = Case(seed: seed + 500)
    let logits = try LatentForm.allCases.map { form in
      let session = DecodeSession(
        try example.loaded(form, .f32).model, capacity: example.ids.count)
      return session.feed(example.ids[...]).logits.floats
    }
    let largest = logits[0].map(abs).max() ?? 0
    let difference = maxAbsDifference(logits[0], logits[1])
    #expect(difference <= 2e-5 * max(1, largest), "\(example)")
  }

  @Test(arguments: 0..<30) func truncatingAndFeedingAgainIsNeverHavingFed(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let example = Case(seed: seed + 900)
    let model = try example.loaded().model
    let ids = example.ids + (0..<12).map { $0 % example.shape.vocabulary }
    let (kept, other) = (random(0...ids.count - 1), random(1...ids.count))
    let session = DecodeSession(model, capacity: ids.count + other)
    session.feed(ids[..<max(1, kept)])
    session.feed(ids.reversed()[..<other])
    session.truncate(to: kept)
    #expect(session.usedBytes == kept * example.shape.layers * example.shape.cached * 4)
    session.resetCounter()
    let again = session.feed(ids[kept...]).logits.floats
    let fresh = DecodeSession(model, capacity: ids.count)
    if kept > 0 { fresh.feed(ids[..<kept]) }
    fresh.resetCounter()
    #expect(fresh.feed(ids[kept...]).logits.floats == again, "\(example), \(kept) kept")
    #expect(fresh.counter == session.counter, "\(example), \(kept) kept")
  }

  @Test(arguments: LatentForm.allCases, WeightType.allCases)
  func threadsChangeNoBit(form: LatentForm, type: WeightType) throws {
    let shape = DeepSeekShape(
      form: form, heads: 6, queryRank: 90, rank: 70, plain: 33, rotary: 16, value: 50, width: 250,
      inner: 1025, vocabulary: 2000, positions: 90)
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 7)
    let ids = (0..<70).map { $0 * 23 % 2000 }
    let runs = try [1, 2, 5].map { threads in
      try LoadedModel(
        folder: folder.path, type: type, pool: ThreadPool(threads: threads), form: form
      ).runner(.prompt, ids, newTokens: 4).run()
    }
    for run in runs {
      for (step, other) in zip(run, runs[0]) {
        #expect(step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0)
        #expect(step.logits == other.logits && step.rows == other.rows)
        #expect(step.cached.counter == other.cached.counter)
      }
    }
  }

  @Test func aModelWithoutALatentHasNoOrder() throws {
    let folder = Repository.fixtures + "/llama/gqa"
    let shapes = try LatentForm.allCases.map {
      try Checkpoint(folder: folder, form: $0).configuration
    }
    #expect(shapes[0] == shapes[1] && shapes[0].latent == nil)
    let latent = try Checkpoint(folder: Repository.fixtures + "/deepseek/plain").configuration
    #expect(latent.kvHeads == 1 && latent.headDimension == 13 && latent.valueDimension == 9)
    let expanded = latent.attending(.expanded)
    #expect(expanded.kvHeads == 4 && expanded.headDimension == 10 && expanded.valueDimension == 5)
    #expect(expanded.attending(.absorbed) == latent && expanded.cached == latent.cached)
    #expect(latent.rule(ofLayer: 0).attention.scale == 1 / Float(10).squareRoot())
  }
}
