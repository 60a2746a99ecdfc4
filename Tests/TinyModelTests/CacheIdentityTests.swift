internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// The run with a cache and the run without give the same bits, for models of random shapes.
@Suite struct CacheIdentityTests {
  /// A random run; its description is printed when it fails.
  private struct Case: CustomStringConvertible {
    let seed: Int
    let shape: any CheckpointShape
    let start: Feeding
    let ids: [Int]
    let newTokens: Int
    let sampling: SamplingOptions
    let type: WeightType

    init(seed: Int) {
      self.seed = seed
      type = WeightType.allCases[seed % 5 % 3]
      var generator = SeededGenerator(seed: seed)
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      var shape: any CheckpointShape =
        switch seed % 8 {
        case 0, 1: Self.gpt2(&generator)
        case 2, 3: Self.llama(&generator)
        case 4: Self.neox(&generator)
        default: Self.kin(&generator)
        }
      let count = random(1...20)
      start = seed % 2 == 0 ? .prompt : .text
      newTokens = random(1...20)
      shape.positions = count + newTokens + random(0...3)
      self.shape = shape
      let vocabulary = shape.vocabulary
      ids = (0..<count).map { _ in random(0...vocabulary - 1) }
      sampling =
        seed % 3 == 0
        ? .greedy
        : SamplingOptions(temperature: 1, topK: seed % 3 == 1 ? nil : 3, seed: UInt64(seed))
    }

    private static func gpt2(_ generator: inout SeededGenerator) -> GPT2Shape {
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      return GPT2Shape(
        layers: random(1...3), heads: random(1...5), headDimension: random(1...20),
        inner: 2 * random(0...40) + 1, vocabulary: random(2...90))
    }

    private static func llama(_ generator: inout SeededGenerator) -> LlamaShape {
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      func isSo() -> Bool { .random(using: &generator) }
      let type = ["llama", "mistral", "qwen2", "qwen3"][random(0...3)]
      let kvHeads = random(1...3)
      return LlamaShape(
        modelType: type, layers: random(1...3), heads: kvHeads * random(1...4), kvHeads: kvHeads,
        headDimension: 2 * random(1...20), width: random(1...40), inner: random(1...70),
        vocabulary: random(2...90), window: type == "mistral" && isSo() ? random(1...25) : nil,
        hasAttentionBias: ["llama", "qwen3"].contains(type) && isSo(),
        hasMLPBias: type == "llama" && isSo(),
        isTied: isSo(), more: rope(random(0...3)))
    }

    /// Norms elsewhere, fused tensors, layers with windows, layers without positions.
    private static func kin(_ generator: inout SeededGenerator) -> LlamaShape {
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      func isSo() -> Bool { .random(using: &generator) }
      let type = ["olmo2", "phi3", "smollm3", "gemma3_text", "qwen2", "qwen3"][random(0...5)]
      let (layers, kvHeads) = (random(1...5), random(1...3))
      var shape = LlamaShape(
        modelType: type, layers: layers, heads: kvHeads * random(1...4), kvHeads: kvHeads,
        headDimension: 8 * random(1...4), width: random(1...40), inner: random(1...70),
        vocabulary: random(2...90), isTied: isSo())
      switch type {
      case "olmo2": shape.hasAttentionBias = isSo()
      case "phi3":
        shape.window = isSo() ? random(1...25) : nil
        shape.more = #", "partial_rotary_factor": \#([1, 0.75, 0.5][random(0...2)])"#
      default:
        shape.window = random(1...25)
        shape.slides = (0..<layers).map { _ in isSo() }
        shape.hasAttentionBias = type != "qwen2" && isSo()
      }
      if type == "smollm3" {
        shape.hasMLPBias = isSo()
        let turns = (0..<layers).map { _ in random(0...1) }
        shape.more = isSo() ? #", "no_rope_layers": \#(turns)"# : #", "no_rope_layer_interval": 2"#
      }
      if type == "gemma3_text" {
        shape.more =
          #", "query_pre_attn_scalar": \#(random(1...300)), "rope_local_base_freq": 500.0"#
      }
      return shape
    }

    private static func neox(_ generator: inout SeededGenerator) -> NeoXShape {
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      func isSo() -> Bool { .random(using: &generator) }
      return NeoXShape(
        layers: random(1...3), heads: random(1...5), headDimension: 8 * random(1...4),
        inner: random(1...80), vocabulary: random(2...90), share: [0.25, 0.5, 1][random(0...2)],
        hasParallelBlocks: isSo(), hasAttentionBias: isSo(),
        activation: ["gelu", "gelu_fast", "relu"][random(0...2)])
    }

    private static func rope(_ kind: Int) -> String {
      let llama3 =
        #""rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4"#
      return switch kind {
      case 0: ""
      case 1: #", "rope_theta": 500, "rope_scaling": {"type": "linear", "factor": 2.5}"#
      case 2: #", "rope_scaling": {\#(llama3), "original_max_position_embeddings": 20}"#
      default: #", "rope_parameters": {\#(llama3), "rope_theta": 500000.0}"#
      }
    }

    var description: String {
      "seed \(seed): \(shape), \(type), \(start) \(ids), \(newTokens) new tokens"
    }

    func loaded() throws -> LoadedModel {
      let folder = try TemporaryFolder()
      try folder.write(shape, seed: seed)
      return try LoadedModel(folder: folder.path, type: type)
    }

    func runner(newTokens count: Int? = nil) throws -> LockStep {
      try loaded()
        .runner(start, ids, newTokens: count ?? newTokens, sampling: sampling)
    }
  }

  @Test(arguments: 0..<160) func bothRunsAgreeInEveryBitAndCountAsTheTextbookDoes(seed: Int) throws
  {
    let example = Case(seed: seed)
    let steps = try example.runner().run()
    let given = example.ids.count
    #expect(
      steps.count == example.newTokens + (example.start == .text ? given : 0), "\(example)")
    for step in steps {
      let rows = step.number == 1 && example.start == .prompt ? given : 1
      let comment: Comment = "\(example), step \(step.number)"
      expectTextbookCounts(step, rows: rows, windows: example.shape.windows, comment)
      let (n, shape) = (step.length, example.shape)
      #expect(FLOPs(step.uncached.counts) == shape.flops(rows: n, length: n), comment)
      #expect(FLOPs(step.cached.counts) == shape.flops(rows: rows, length: n), comment)
      #expect(
        step.cached.cacheBytes == 2 * shape.layers * shape.kvHeads * shape.headDimension * n * 4,
        comment)
    }
  }

  @Test func everyFamilyIsDrawn() {
    let described = (0..<160).map { "\(Case(seed: $0).shape)" }
    for type in ["llama", "mistral", "qwen2", "qwen3", "olmo2", "phi3", "smollm3", "gemma3_text"] {
      #expect(described.contains { $0.hasPrefix(type + ":") }, "\(type)")
    }
    #expect(described.contains { $0.hasPrefix("gpt_neox") })
    let windows = (0..<160).map { Case(seed: $0).shape.windows }
    #expect(windows.contains { Set($0).count == 2 }, "windows in some layers only")
  }

  /// Layers that are large enough to be shared among threads.
  @Test(arguments: WeightType.allCases) func threadsChangeNoBit(type: WeightType) throws {
    let shapes: [any CheckpointShape] = [
      GPT2Shape(
        layers: 2, heads: 6, headDimension: 40, inner: 1025, vocabulary: 2000, positions: 90),
      LlamaShape(
        modelType: "llama", layers: 2, heads: 6, kvHeads: 2, headDimension: 40, width: 250,
        inner: 1025, vocabulary: 2000, positions: 90),
      LlamaShape(
        modelType: "qwen3", layers: 2, heads: 8, kvHeads: 4, headDimension: 48, width: 250,
        inner: 300, vocabulary: 2000, positions: 90),
      LlamaShape(
        modelType: "gemma3_text", layers: 2, heads: 8, kvHeads: 4, headDimension: 48, width: 250,
        inner: 300, vocabulary: 2000, positions: 90, window: 30, slides: [true, false]),
      NeoXShape(
        layers: 2, heads: 6, headDimension: 40, inner: 1025, vocabulary: 2000, positions: 90),
    ]
    for shape in shapes {
      let folder = try TemporaryFolder()
      try folder.write(shape, seed: 7)
      let ids = (0..<70).map { $0 * 23 % 2000 }
      let runs = try [1, 2, 5].map { threads in
        try LoadedModel(folder: folder.path, type: type, pool: ThreadPool(threads: threads))
          .runner(.prompt, ids, newTokens: 6).run()
      }
      for run in runs {
        for (step, other) in zip(run, runs[0]) {
          #expect(step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0)
          let isEqual = step.logits == other.logits && step.rows == other.rows
          #expect(isEqual && step.cached.counter == other.cached.counter)
        }
      }
    }
  }

  @Test(arguments: 0..<20) func stepsDoNotDependOnHowManyFollow(seed: Int) throws {
    let example = Case(seed: seed + 1_000)
    let long = try example.runner().run()
    let short = try example.runner(newTokens: (example.newTokens + 1) / 2).run()
    for (a, b) in zip(long, short) {
      let comment: Comment = "\(example), step \(a.number)"
      #expect(a.logits == b.logits, comment)
      #expect(a.rows == b.rows, comment)
      #expect(a.chosen == b.chosen, comment)
      #expect(a.fed == b.fed, comment)
      #expect(a.uncached.counter == b.uncached.counter, comment)
      #expect(a.cached.counter == b.cached.counter, comment)
      #expect(a.cached.cacheBytes == b.cached.cacheBytes, comment)
    }
  }

  @Test(arguments: 0..<40) func aLaneThatIsCutBackAndFedAgainIsAFreshOne(seed: Int) throws {
    let example = Case(seed: seed + 4_000)
    let model = try example.loaded().model
    var generator = SeededGenerator(seed: seed)
    func tokens(_ count: Int) -> [Int] {
      (0..<count).map { _ in .random(in: 0..<example.shape.vocabulary, using: &generator) }
    }
    let ids = tokens(example.ids.count + example.newTokens)
    let kept = Int.random(in: 0..<ids.count, using: &generator)
    let fresh = DecodeSession(model, capacity: ids.count)
    let recorder = RowRecorder(model.configuration)
    _ = fresh.feed(ids[...], observer: recorder) { () throws(Never) in }

    let session = DecodeSession(model, capacity: ids.count)
    if kept > 0 { session.feed(ids[..<kept]) }
    // Other tokens, all at once or one by one, which the lane then forgets.
    let others = tokens(ids.count - kept)
    if seed % 2 == 0 { session.feed(others[...]) } else { others.forEach { session.feed([$0]) } }
    session.truncate(to: kept)
    #expect(session.tokens == kept)
    let again = RowRecorder(model.configuration)
    let logits = session.feed(ids[kept...], observer: again) { () throws(Never) in }.logits
    #expect(logits.floats == fresh.feedAgain(ids).floats, "\(example)")
    for layer in 0..<example.shape.layers {
      let rows = ids.count - kept
      for part in [\Activations.queries, \.keys, \.values] {
        let (own, other) = (again.rows[keyPath: part][layer], recorder.rows[keyPath: part][layer])
        #expect(own[...] == other.suffix(own.count) && own.count * ids.count == other.count * rows)
      }
      #expect(session.stored(layer: layer) == fresh.stored(layer: layer), "\(example)")
    }
  }

  @Test(arguments: 0..<10) func aTextAndAPromptOfTheSameTokensGiveTheSameLogits(seed: Int) throws {
    let example = Case(seed: seed + 2_000)
    let folder = try TemporaryFolder()
    try folder.write(example.shape, seed: seed)
    let loaded = try LoadedModel(folder: folder.path)
    let text = try loaded.runner(.text, example.ids, newTokens: 0).run()
    for step in text {
      let prompt = try loaded.runner(.prompt, Array(example.ids.prefix(step.length)), newTokens: 1)
      #expect(try prompt.run().last?.logits == step.logits, "\(example), length \(step.length)")
    }
  }

  @Test(arguments: 0..<6) func aHeadsWeightsTimesItsValuesAreItsOutput(seed: Int) throws {
    let example = Case(seed: seed + 3_000)
    let runner = try example.runner()
    for step in try runner.run() {
      let layer = step.number % example.shape.layers
      let head = step.number % example.shape.heads
      let attention = HeadAttention(runner.trace, step: step, layer: layer, head: head)
      let row = step.number % step.length
      let weights = attention.weights(ofRow: row)
      let scores = attention.scores(ofRow: row)
      #expect(weights.count == step.length && scores.count == step.length)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-5, "\(example)")
      var output = [Float](repeating: 0, count: example.shape.headDimension)
      for position in 0..<step.length {
        let key = attention.key(position)
        let score = zip(attention.query(row), key).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        #expect(abs(scores[position] - score) < 1e-3, "\(example)")
        for (column, value) in attention.value(position).enumerated() {
          output[column] += weights[position] * value
        }
      }
      #expect(maxAbsDifference(attention.output(ofRow: row), output) < 1e-4, "\(example)")
    }
  }
}

extension DecodeSession {
  /// The logits of a sequence that is fed anew.
  fileprivate func feedAgain(_ ids: [Int]) -> FloatBuffer {
    removeAll()
    return feed(ids[...]).logits
  }

  /// All floats that a layer's store has, those behind its slots too.
  fileprivate func stored(layer: Int) -> [Float] {
    let (stored, heads) = (store.read(layer: layer), model.configuration.kvHeads)
    return Array(UnsafeBufferPointer(start: stored.keys, count: heads * stored.keyStride))
      + UnsafeBufferPointer(start: stored.values, count: heads * stored.headStride)
  }
}
