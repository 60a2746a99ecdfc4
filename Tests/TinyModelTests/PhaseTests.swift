import CKernels
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// FLOP and bytes of single passes, counted where the work is done, held against the closed forms.
@Suite struct PhaseTests {
  /// Bytes of a matrix of a type, and of int8 a scale for each output and block of inputs.
  private func bytes(_ inner: Int, _ outer: Int, _ type: WeightType) -> Int {
    switch type {
    case .f32: 4 * inner * outer
    case .f16, .bf16: 2 * inner * outer
    case .int8: (inner + 4 * ((inner + 127) / 128)) * outer
    }
  }

  /// Bytes of the weights that a pass over a GPT-2 reads: all but its embeddings.
  private func weightBytes(_ shape: GPT2Shape, _ type: WeightType) -> Int {
    let (width, inner) = (shape.width, shape.inner)
    let matrices =
      bytes(width, 3 * width, type) + bytes(width, width, type) + bytes(width, inner, type)
      + bytes(inner, width, type)
    let vectors = 4 * (4 * width + 3 * width + width + inner + width)
    return shape.layers * (matrices + vectors) + 4 * 2 * width
      + bytes(width, shape.vocabulary, type)
  }

  @Test(arguments: WeightType.allCases) func aPassReadsTheWeightsAndItsKeysAndValues(
    type: WeightType
  ) throws {
    let shape = GPT2Shape(
      layers: 3, heads: 3, headDimension: 7, inner: 70, vocabulary: 131, positions: 40)
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 3)
    let model = try LoadedModel(folder: folder.path, type: type).model
    let plan = try RunPlan(
      start: .prompt, ids: (0..<40).map { $0 % 131 }, newTokens: 1, contextLength: 40)
    let meter = PhaseMeter(model, plan: plan, repeats: 3)
    let token = 2 * shape.layers * shape.width * 4
    for rows in [1, 2, 9, 40] {
      let run = try meter.prefill(tokens: rows)
      #expect(run.phase == .prefill && run.rows == rows && run.past == 0)
      #expect(run.flops == shape.flops(rows: rows, length: rows).total)
      #expect(run.weightBytes == weightBytes(shape, type))
      #expect(run.keyValueBytes == rows * token)
      #expect((run.seconds ?? 0) > 0)
    }
    for past in [1, 8, 39] {
      let run = try meter.decode(past: past)
      #expect(run.phase == .decode && run.rows == 1 && run.past == past)
      #expect(run.flops == shape.flops(rows: 1, length: past + 1).total)
      #expect(run.weightBytes == weightBytes(shape, type))
      #expect(run.keyValueBytes == (past + 1) * token)
    }
  }

  /// Several sequences in one pass read the weights once, and K and V each.
  @Test(arguments: WeightType.allCases) func aBatchReadsTheWeightsOnce(type: WeightType) throws {
    let shape = GPT2Shape(
      layers: 2, heads: 3, headDimension: 7, inner: 70, vocabulary: 131, positions: 40)
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 3)
    let model = try LoadedModel(folder: folder.path, type: type).model
    let plan = try RunPlan(
      start: .prompt, ids: (0..<40).map { $0 % 131 }, newTokens: 1, contextLength: 40)
    let meter = PhaseMeter(model, plan: plan, repeats: 2)
    for (batch, past) in [(2, 1), (5, 8), (3, 39)] {
      let (run, one) = (try meter.decode(past: past, batch: batch), try meter.decode(past: past))
      #expect(run.batch == batch && run.rows == 1 && run.past == past)
      #expect(run.flops == batch * shape.flops(rows: 1, length: past + 1).total)
      #expect(run.weightBytes == weightBytes(shape, type))
      #expect(run.keyValueBytes == batch * one.keyValueBytes)
    }
  }

  /// What a sequence says in a pass with others is what it says alone, to the bit.
  @Test(arguments: 0..<24) func aSequenceIsTheSameAmongOthers(seed: Int) throws {
    var random = SeededGenerator(seed: seed + 1)
    let model = try randomModel(
      &random, isRotary: seed % 2 == 0, window: seed % 3 == 0 ? 4 : nil)
    let (most, vocabulary) = (
      min(20, model.configuration.contextLength), model.configuration.vocabulary
    )
    let batch = Int.random(in: 1...5, using: &random)
    let past = Int.random(in: 0..<most, using: &random)
    let sequences = (0..<batch).map { _ in
      (0...past).map { _ in Int.random(in: 0..<vocabulary, using: &random) }
    }
    let together = BatchSession(model, batch: batch, capacity: most)
    together.fill(sequences.map { Array($0.dropLast()) })
    let logits = together.feed(sequences.map { $0[past] }).logits.floats
    for (index, ids) in sequences.enumerated() {
      let alone = DecodeSession(model, capacity: most)
      if past > 0 { alone.feed(ids[..<past]) }
      let expected = alone.feed(ids[past...]).logits.floats
      #expect(Array(logits[index * vocabulary..<(index + 1) * vocabulary]) == expected)
    }
  }

  /// What the cache keeps is read, not what is made of it: the same in both orders.
  @Test(arguments: LatentForm.allCases) func latentsAreReadOnce(form: LatentForm) throws {
    let checkpoint = try Checkpoint(folder: Repository.root + "/models/tiny-zh-mla", form: form)
    let model = try Transformer(checkpoint)
    let plan = try RunPlan(
      start: .prompt, ids: Array(repeating: 1, count: 30), newTokens: 1, contextLength: 30)
    let meter = PhaseMeter(model, plan: plan, repeats: 1)
    let token = 4 * (24 + 8) * 4
    #expect(try meter.prefill(tokens: 30).keyValueBytes == 30 * token)
    #expect(try meter.decode(past: 20).keyValueBytes == 21 * token)
  }

  @Test func headsThatShareKeysReadThemOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      LlamaShape(
        modelType: "llama", layers: 2, heads: 6, kvHeads: 2, headDimension: 4, positions: 30),
      seed: 3)
    let model = try LoadedModel(folder: folder.path).model
    let plan = try RunPlan(
      start: .prompt, ids: Array(repeating: 1, count: 30), newTokens: 1, contextLength: 30)
    let meter = PhaseMeter(model, plan: plan, repeats: 1)
    #expect(try meter.prefill(tokens: 30).keyValueBytes == 30 * 2 * 2 * 2 * 4 * 4)
    #expect(try meter.decode(past: 20).keyValueBytes == 21 * 2 * 2 * 2 * 4 * 4)
    #expect(try meter.decode(past: 20).weightBytes == model.bytesPerPass)
  }

  @Test func aLimitIsOnOneSideOfTheRidge() {
    let run = PhaseRun(
      phase: .decode, rows: 1, past: 9, flops: 100, weightBytes: 40, keyValueBytes: 10, seconds: 1)
    #expect(run.intensity == 2)
    #expect(run.limit(flops: 30, bandwidth: 10) == .memory)
    #expect(run.limit(flops: 20, bandwidth: 10) == .compute)
    #expect(run.leastSeconds(flops: 30, bandwidth: 10) == 5)
    #expect(run.leastSeconds(flops: 10, bandwidth: 10) == 10)
  }
}
