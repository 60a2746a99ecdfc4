internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// What a run takes is known before it is allocated, and to the byte.
@Suite struct MemoryPlanTests {
  @Test(arguments: WeightType.allCases) func weightsAreAsLargeAsPlanned(type: WeightType) throws {
    for name in [
      "gpt2/odd", "gpt2/untied", "gpt2/prefixed", "llama/gqa", "llama/tied",
      "llama/biases", "llama/qwen2", "llama/qwen3", "llama/qwen3-head-dim", "deepseek/plain",
      "deepseek/query-rank", "deepseek/one-head", "deepseek/v2", "gpt2/relu-without-biases",
      "llama/olmo2", "llama/olmo2-biases", "llama/phi3", "llama/smollm3", "llama/neox",
      "llama/neox-in-turn", "llama/gemma3", "llama/gemma3-pattern",
    ] {
      try expectWeights(name, type, .absorbed)
      if name.hasPrefix("deepseek") { try expectWeights(name, type, .expanded) }
    }
  }

  private func expectWeights(_ name: String, _ type: WeightType, _ form: LatentForm) throws {
    let checkpoint = try Checkpoint(folder: Repository.fixtures + "/" + name, form: form)
    let model = try Transformer(checkpoint, type: type)
    let shape = checkpoint.configuration
    #expect(shape.parameters == model.parameters, "\(name)")
    let plan = MemoryPlan(weightsOf: shape, as: type)
    // Each buffer is rounded up to a cache line; a tied one may be held once where the plan says twice.
    let isHalf = type == .f16 || type == .bf16
    let saved = isHalf ? 4 * shape.vocabulary * shape.modelDimension : 0
    let rounding = 64 * (20 * shape.layers + 10)
    #expect(plan.weights >= model.weightBytes, "\(name)")
    #expect(plan.weights <= model.weightBytes + rounding + saved, "\(name)")
  }

  /// Without what is held twice elsewhere: both of these have the embedding as their head.
  @Test(arguments: ["gpt2/f16", "gpt2/bf16"])
  func aTiedMatrixThatIsHeldAsStoredIsPlannedOnce(name: String) throws {
    let checkpoint = try Checkpoint(folder: Repository.fixtures + "/" + name)
    let type = checkpoint.storedType
    #expect(name.hasSuffix(type.rawValue))
    let model = try Transformer(checkpoint, type: type)
    let plan = try #require(checkpoint.memoryPlan(type))
    let rounding = 64 * (20 * checkpoint.configuration.layers + 10)
    #expect(plan.weights >= model.weightBytes)
    #expect(plan.weights <= model.weightBytes + rounding)
  }

  @Test(
    arguments: [
      "gpt2/odd", "llama/gqa", "llama/mistral", "llama/mqa", "llama/neox", "llama/gemma3",
      "llama/phi3-part", "llama/smollm3", "deepseek/query-rank", "deepseek/half",
    ], LatentForm.allCases)
  func cachesAndBuffersAreAsLargeAsPlanned(name: String, form: LatentForm) throws {
    let shape = try Checkpoint(folder: Repository.fixtures + "/" + name, form: form).configuration
    for (rows, length, threads) in [(1, 1, 1), (3, 20, 2), (17, 100, 3), (300, 300, 1)] {
      #expect(
        FullStore.bytes(shape, capacity: length)
          == FullStore(shape, capacity: length).allocatedBytes)
      let buffers = ForwardBuffers(shape, rows: rows, length: length, threads: threads)
      let planned = ForwardBuffers.bytes(shape, rows: rows, length: length, threads: threads)
      #expect(planned == buffers.allocatedBytes)
    }
  }

  @Test(arguments: [
    [Lane.uncached, .cached], [.cached], [.uncached],
    [.cached, Lane(name: "twice", cache: .full, fault: .appendedTwice), .uncached],
  ])
  func everyLaneHasItsRoomInThePlan(lanes: [Lane]) throws {
    let shape = try Checkpoint(folder: Repository.fixtures + "/llama/gqa").configuration
    let run = try RunPlan(start: .prompt, ids: [1, 2, 3], newTokens: 9, contextLength: 40)
    let plan = MemoryPlan(heldWeights: 0)
      .adding(run, of: shape, threads: 2, use: .lanes(lanes))
    var (caches, buffers) = (Bytes(0), Bytes(0))
    for lane in lanes {
      let slots = lane.fault == .appendedTwice ? 22 : 11
      caches = caches + FullStore(shape, capacity: slots).allocatedBytes
      let rows = lane.cache == nil ? 11 : 3
      buffers =
        buffers
        + ForwardBuffers(shape, rows: rows, length: slots, positions: 11, threads: 2)
        .allocatedBytes
    }
    #expect(plan.caches == caches.count && plan.buffers == buffers.count && plan.steps > 0)
    let others = lanes.map { MemoryPlan.Use.session($0) }
      .map { MemoryPlan(heldWeights: 0).adding(run, of: shape, threads: 2, use: $0) }
    #expect(others.reduce(0) { $0 + $1.caches } == plan.caches)
    #expect(others.allSatisfy { $0.steps == 0 })
  }

  private func configuration(_ fields: String) throws -> ModelConfiguration {
    let json =
      #"{"model_type":"llama","num_attention_heads":1,"vocab_size":2000,\#(fields)}"#
    return try Architecture.read(Array(json.utf8), file: "config.json").configuration
  }

  @Test func positionsThatTurnTakeNoMemory() throws {
    let shape = try configuration(
      #""hidden_size":8,"num_hidden_layers":1,"intermediate_size":8,"max_position_embeddings":16777216"#
    )
    #expect(MemoryPlan(weightsOf: shape, as: .f32).total < 1_000_000)
  }

  @Test func sizesBeyondAllIntegersFitNowhere() throws {
    let most = 1 << 28
    let shape = try configuration(
      #""hidden_size":\#(most),"num_hidden_layers":\#(most),"intermediate_size":\#(most),"max_position_embeddings":\#(most)"#
    )
    let weights = MemoryPlan(weightsOf: shape, as: .int8)
    #expect(weights.weights == .max && weights.total == .max)
    #expect(shape.parameters == .max)
    let plan = try RunPlan(start: .prompt, ids: [0], newTokens: most, contextLength: most)
    let held = MemoryPlan(heldWeights: 0).adding(plan, of: shape, threads: 64)
    #expect(held.caches == .max && held.steps == .max && held.total == .max)
    #expect(throws: RunPlanError.self) {
      try plan.requireMemory(of: shape, beside: MemoryPlan(heldWeights: 0), threads: 1)
    }
  }

  @Test func aCacheThatDoesNotFitIsRefusedWithTheMostThatDoes() throws {
    let shape = try configuration(
      #""hidden_size":64,"num_hidden_layers":4,"intermediate_size":64,"max_position_embeddings":100000"#
    )
    let weights = MemoryPlan(weightsOf: shape, as: .f32)
    let memory = 100_000_000
    func plan(_ tokens: Int, text: Int = 3) throws -> RunPlan {
      try RunPlan(
        start: .prompt, ids: Array(repeating: 1, count: text), newTokens: tokens,
        contextLength: 100_000
      )
    }
    func check(_ plan: RunPlan) throws {
      try plan.requireMemory(of: shape, beside: weights, threads: 2, memory: memory)
    }
    let error = #expect(throws: RunPlanError.self) { try check(plan(90_000)) }
    guard case .tokensBeyondMemory(90_000, let most, let whole, memory)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.status == 64 && whole.total > memory)
    try check(plan(most))
    #expect(throws: RunPlanError.self) { try check(plan(most + 1)) }
    for language in Language.allCases {
      let message = error?.sentence(language) ?? ""
      #expect(message.contains("--tokens") && message.contains("\(most)"))
    }

    let tooLong = #expect(throws: RunPlanError.self) { try check(plan(2, text: 90_000)) }
    #expect(tooLong?.status == 65)
  }

  /// What a run needs beside its own session grows with it, and may be beyond all memory by itself.
  @Test func whatGrowsWithARunIsWeighedToo() throws {
    let shape = try configuration(
      #""hidden_size":64,"num_hidden_layers":4,"intermediate_size":64,"max_position_embeddings":100000"#
    )
    let weights = MemoryPlan(weightsOf: shape, as: .f32)
    func check(_ tokens: Int) throws {
      let plan = try RunPlan(
        start: .prompt, ids: [1, 1, 1], newTokens: tokens, contextLength: 100_000)
      try plan.requireMemory(
        of: shape, beside: weights, threads: 2, use: .session(.cached), memory: 100_000_000
      ) { $0.longest * 100_000 }
    }
    let error = #expect(throws: RunPlanError.self) { try check(90_000) }
    guard case .tokensBeyondMemory(90_000, let most, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((1..<1000).contains(most))
    try check(most)
    #expect(throws: RunPlanError.self) { try check(most + 1) }
  }

  @Test func weightsBesideTheirLargestMatrixAreWeighedAgainstTheRun() {
    var plan = MemoryPlan(heldWeights: 10)
    plan.reading = 5
    plan.caches = 1
    plan.buffers = 1
    #expect(plan.total == 15)
    plan.steps = 4
    plan.other = 1
    #expect(plan.total == 17)
  }
}
