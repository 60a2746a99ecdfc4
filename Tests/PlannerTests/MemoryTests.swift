import Base
import Testing

@testable import Planner

/// The planner's sums, held against the chapter, against other people's figures, and against themselves.
@Suite struct MemoryTests {
  private let long = 131_072

  private func gib(_ bytes: Int?) -> Double { Double(bytes ?? 0) / 0x1p30 }

  @Test func theChaptersNumbersComeOut() throws {
    let answer = try answer("llama-7b", context: 4096)
    #expect(answer.cacheBytes == 2_147_483_648)
    #expect(answer.bytesPerToken == 524_288)
    func machine(_ bytes: Int) throws -> MemoryAnswer {
      var question = MemoryQuestion(try PlannedModel(layers: 32, kvHeads: 32, headDimension: 128))
      question.hasWeights = false
      question.context = 4096
      question.memory = bytes
      return try MemoryAnswer(question)
    }
    let decimal = try machine(10_000_000_000)
    #expect(decimal.weightBytes == nil)
    #expect(decimal.tokensFit == 19_073)
    #expect(decimal.requestsFit == 4)
    let binary = try machine(10 << 30)
    #expect(binary.tokensFit == 20_480)
    #expect(binary.requestsFit == 5)
  }

  @Test func aLongTextTakesWhatOthersMeasured() throws {
    let expected: [String: Double] = [
      "llama-3.1-70b": 40, "gemma-3-27b": 10.41, "gpt-oss-120b": 4.5, "deepseek-v3": 8.58,
    ]
    for (name, size) in expected {
      let bytes = try answer(name, context: long) { $0.cacheType = .bf16 }.cacheBytes
      #expect(abs(gib(bytes) - size) < 0.005, "\(name)")
    }
    let hybrid = try answer("qwen3-next-80b-a3b", context: long)
    let growing = hybrid.groups.filter { $0.group.kind == .full }
    #expect(growing.map { gib($0.cacheBytes) } == [3])
    // 36 layers of 32 × 128 × 128 in fp32, and four columns of 8,192 in 16 bits.
    let state = hybrid.groups.filter { $0.group.kind.name == "state" }
    #expect(state.map(\.cacheBytes) == [36 * (4 * 32 * 128 * 128 + 2 * 4 * 8192)])
    #expect(hybrid.cacheBytes == hybrid.groups.compactMap(\.cacheBytes).reduce(0, +))
  }

  @Test func aWindowHoldsNoMoreThanItself() throws {
    let mistral = try answer("mistral-7b", context: long)
    #expect(mistral.cacheBytes == 4096 * 131_072)
    // At length W and beyond, 81,920 a token are left of 507,904.
    let slope = try [2048, 2049].map { try answer("gemma-3-27b", context: $0).cacheBytes ?? 0 }
    #expect(slope[1] - slope[0] == 81_920)
    let start = try [99, 100].map { try answer("gemma-3-27b", context: $0).cacheBytes ?? 0 }
    #expect(start[1] - start[0] == 507_904)
  }

  @Test func batchAndTypeMultiplyAndWeightsStay() throws {
    let one = try answer("llama-3-8b", context: 1000) { $0.memory = 24_000_000_000 }
    let many = try answer("llama-3-8b", context: 1000) {
      $0.batch = 7
      $0.memory = 24_000_000_000
    }
    #expect(many.cacheBytes == one.cacheBytes.map { 7 * $0 })
    #expect(many.weightBytes == 16_060_522_496)
    #expect(many.freeBytes == 24_000_000_000 - 16_060_522_496)
    #expect(many.requestsFit == one.requestsFit)
    let quantised = try answer("llama-3-8b", context: 1000) { $0.cacheType = .fp8 }
    #expect(quantised.cacheBytes.map { 2 * $0 } == one.cacheBytes)
    #expect(quantised.weightBytes == one.weightBytes)
    #expect(try answer("llama-3-8b") { $0.cacheType = .fp32 }.weightBytes == 4 * 8_030_261_248)
  }

  @Test func weightsThatDoNotFitLeaveNothing() throws {
    let answer = try answer("llama-2-70b", context: 4096) { $0.memory = 24_000_000_000 }
    #expect(answer.freeBytes == 24_000_000_000 - 2 * 68_976_648_192)
    #expect(answer.tokensFit == 0)
    #expect(answer.requestsFit == 0)
  }

  @Test func whatIsNotGivenIsUnknown() throws {
    let answer = try answer("llama-7b")
    #expect(answer.cacheBytes == nil && answer.requestsFit == nil && answer.freeBytes == nil)
    #expect(answer.vLLM == nil && answer.ridge == nil && answer.leastStepSeconds == nil)
    let unknown = try MemoryAnswer(
      MemoryQuestion(
        model(
          #"{"model_type":"gemma3n_text","hidden_size":64,"num_hidden_layers":20,"num_attention_heads":2,"num_key_value_heads":2}"#
        )))
    #expect(unknown.weightBytes == nil)
    let line = answer.json.text
    #expect(line.hasPrefix(#"{"type":"memory","bytes_per_token":524288,"cache_bytes":null,"#))
    #expect(line.contains(#""weights_bytes":13476831232,"gpu_bytes":null,"free_bytes":null,"#))
    #expect(
      line.hasSuffix(
        #""groups":[{"kind":"full","layers":32,"bytes_per_token":524288,"cache_bytes":null}],"vllm":null}"#
      ))
  }

  @Test func sumsBeyondAllNumbersAreRefused() throws {
    #expect(throws: PlannerError.beyond(what: "--context, --batch")) {
      try answer("llama-7b", context: 1_000_000_000_000) { $0.batch = 1_000_000 }
    }
    #expect(throws: PlannerError.self) {
      try PlannedModel(layers: 1 << 30, kvHeads: 1 << 30, headDimension: 1 << 30)
    }
  }

  @Test func anyAnswerAddsUp() throws {
    var random = SplitMix64(seed: 22)
    let names = try Catalogue.models().map(\.name)
    for _ in 0..<300 {
      let name = names.randomElement(using: &random) ?? ""
      let (context, batch) = (
        Int.random(in: 1...200_000, using: &random), Int.random(in: 1...64, using: &random)
      )
      let memory = Int.random(in: 1...2_000_000_000_000, using: &random)
      let answer = try answer(name, context: context) {
        $0.batch = batch
        $0.memory = memory
        $0.utilization = Double.random(in: 0.1...1, using: &random)
      }
      let request = try #require(answer.requestBytes)
      #expect(answer.cacheBytes == request * batch)
      #expect(answer.cacheBytes == answer.groups.compactMap(\.cacheBytes).reduce(0, +))
      #expect(request <= answer.bytesPerToken * context + (answer.groups.last?.cacheBytes ?? 0))
      let (free, fit) = (try #require(answer.freeBytes), try #require(answer.requestsFit))
      if free >= 0 { #expect(fit * request <= free && (fit + 1) * request > free) }
    }
  }

  @Test func aDecodeStepReadsWeightsAndCacheOnce() throws {
    let answer = try answer("llama-7b", context: 1000) {
      $0.bandwidth = 600_000_000_000
      $0.flops = 125_000_000_000_000
    }
    #expect(answer.leastStepSeconds == (13_476_831_232 + 524_288_000) / 600e9)
    #expect(answer.ridge == 125e12 / 600e9)
  }

  @Test func aStepIsNotTimedThatReadsSomeExpertsOnlyOrDoesNotFit() throws {
    for (name, memory) in [("mixtral-8x7b", 141_000_000_000), ("llama-7b", 13_900_000_000)] {
      let answer = try answer(name, context: 1000) {
        $0.bandwidth = 600_000_000_000
        $0.memory = memory
      }
      #expect(answer.leastStepSeconds == nil)
    }
    let fits = try answer("llama-7b", context: 1000) {
      $0.bandwidth = 600_000_000_000
      $0.memory = 14_100_000_000
    }
    #expect(fits.leastStepSeconds != nil)
  }
}
