import CKernels
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Threads that share the heads of one row give the bits and the counts of one thread.
@Suite struct AttentionPieceTests {
  private static let prompt = 280

  /// Shapes of which whole KV heads leave threads idle: heads that end inside a vector, one KV head for all, windows.
  private static let shapes = [
    LlamaShape(heads: 6, kvHeads: 3, headDimension: 130, positions: 300),
    LlamaShape(heads: 4, kvHeads: 1, headDimension: 256, positions: 300),
    LlamaShape(
      modelType: "gemma3_text", heads: 10, kvHeads: 5, headDimension: 136, positions: 300,
      window: 90, slides: [true, false]),
  ]

  /// What some decodes behind a prompt gave.
  private struct Decodes: Equatable {
    var logits: [[Float]] = []
    var weights: [PassWeights] = []
    var counter: OperationCounter
    var weightSums: [[[Double]]]?
  }

  private func decodes(
    _ shape: LlamaShape, threads: Int, policy: CachePolicy
  ) throws -> Decodes {
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 3)
    let model = try LoadedModel(folder: folder.path, pool: ThreadPool(threads: threads)).model
    let session = DecodeSession(
      model, lane: Lane(name: "policy", cache: policy), rows: Self.prompt, capacity: Self.prompt + 4
    )
    session.feed((0..<Self.prompt).map { $0 * 7 % shape.vocabulary }[...])
    session.resetCounter()
    let recorder = WeightRecorder(model.configuration)
    var decodes = Decodes(counter: model.newCounter)
    for id in [5, 1, 11, 4] {
      let pass = session.feed([id], logitRows: 1, observer: recorder)
      decodes.logits.append(pass.logits.floats)
      decodes.weights.append(recorder.take())
    }
    decodes.counter = session.counter
    decodes.weightSums = session.weightSums
    return decodes
  }

  @Test(arguments: shapes, ["full", "h2o:220+50"])
  func bitsAndCountsAreThoseOfOneThread(shape: LlamaShape, policy: String) throws {
    let policy = try CachePolicy(policy)
    let one = try decodes(shape, threads: 1, policy: policy)
    for threads in [2, 3, 4, 7] where threads % shape.kvHeads != 0 || shape.kvHeads == 1 {
      #expect(AttentionPieces.leaveIdle(kvHeads: shape.kvHeads, threads: threads))
      let width = 2 * shape.heads * shape.headDimension
      #expect(270 * width >= CK_SHARED_WORK, "no thread would be woken")
      let shared = try decodes(shape, threads: threads, policy: policy)
      #expect(shared == one, "\(shape), \(threads) threads")
    }
  }

  @Test(arguments: [
    (3, 2, true), (1, 2, true), (5, 2, true), (2, 4, true), (5, 8, true), (12, 8, true),
    (2, 2, false), (4, 1, false), (12, 2, false), (8, 8, false), (7, 2, false), (32, 3, false),
  ])
  func wholeHeadsAreCutOnlyWhereTheyLeaveThreadsIdle(kvHeads: Int, threads: Int, isCut: Bool) {
    #expect(AttentionPieces.leaveIdle(kvHeads: kvHeads, threads: threads) == isCut)
  }
}
