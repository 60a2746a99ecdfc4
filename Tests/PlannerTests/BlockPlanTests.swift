import Base
import Testing

@testable import Planner

/// vLLM's own line, held against its rules as a script applies them, layer by layer.
@Suite struct BlockPlanTests {
  private func group(_ field: JSONField) throws -> LayerGroup {
    let numbers = try field.required("numbers").count()
    let window = try field.optional("window")?.count()
    return LayerGroup(
      window.map { .window($0) } ?? .full, layers: try field.required("layers").count(),
      width: .heads(1, headDimension: numbers / 2))
  }

  @Test func theLineIsThatOfTheRules() throws {
    let cases = try fixture("blocks.json").required("cases").elements()
    #expect(cases.count == 120)
    for (place, row) in cases.enumerated() {
      let plan = try BlockPlan(
        row.required("groups").elements().map { try group($0) },
        context: row.required("context").count(), free: row.required("free").count(), .fp16)
      #expect(plan?.sentence == (try row.required("line").text()), "case \(place)")
    }
  }

  @Test func aModelOfOneKindIsOneGroup() throws {
    let answer = try answer("llama-7b", context: 4096) { $0.memory = 24_000_000_000 }
    // 10,523,168,768 bytes ÷ 262,144 ÷ 32 layers are 1,254 blocks; a request takes 256.
    #expect(answer.vLLM?.blocks == 1254)
    #expect(
      answer.vLLM?.sentence
        == "GPU KV cache size: 20,064 tokens, Maximum concurrency for 4,096 tokens per request: 4.90x"
    )
  }

  @Test func aStateIsOneBlockAsLargeAsOneOfAttention() throws {
    let answer = try answer("qwen3-next-80b-a3b", context: 131_072) { $0.memory = 200_000_000_000 }
    // A state of 2,162,688 bytes makes blocks of 66 × 16 tokens; 12 + 36 layers make one group and three.
    let page = 66 * 16 * 2048
    #expect(answer.vLLM?.blocks == (200_000_000_000 - 2 * 79_674_391_296) / page / 12)
    #expect(answer.vLLM?.blocksPerRequest == (131_072 + 1055) / 1056 + 3)
  }

  @Test func rowsThatShareNoBlockHaveNoPlan() {
    let groups = [
      LayerGroup(.full, layers: 2, width: .heads(1, headDimension: 48)),
      LayerGroup(.window(9), layers: 2, width: .heads(1, headDimension: 32)),
    ]
    #expect(BlockPlan(groups, context: 99, free: 1 << 30, .fp16) == nil)
  }
}
