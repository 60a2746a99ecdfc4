import Base
import Testing

@testable import Planner

/// The tables of models and machines: each number has a source, and each count comes out of the shape.
@Suite struct TableTests {
  /// Bytes of a token at two bytes a number, while no window is full: the tables of the sources.
  private static let bytesPerToken = [
    "gpt-2": 36_864, "gpt-2-medium": 98_304, "gpt-2-large": 184_320, "gpt-2-xl": 307_200,
    "smollm2-135m": 23_040, "smollm2-360m": 40_960, "smollm2-1.7b": 196_608,
    "llama-7b": 524_288, "llama-2-7b": 524_288, "llama-2-70b": 327_680, "llama-3-8b": 131_072,
    "llama-3.1-8b": 131_072, "llama-3.1-70b": 327_680, "llama-3.2-1b": 32_768,
    "qwen2.5-7b": 57_344, "qwen3-0.6b": 114_688, "qwen3-8b": 147_456, "qwen3-32b": 262_144,
    "qwen3-235b-a22b": 192_512, "mistral-7b": 131_072, "mixtral-8x7b": 131_072,
    "gemma-1-2b": 18_432, "gemma-3-27b": 507_904, "deepseek-v3": 70_272, "gpt-oss-20b": 49_152,
    "gpt-oss-120b": 73_728, "phi-4": 204_800, "qwen3-next-80b-a3b": 24_576,
  ]

  @Test func eachModelTakesTheBytesOfTheTable() throws {
    let rows = try Catalogue.models()
    #expect(Set(rows.map(\.name)) == Set(Self.bytesPerToken.keys))
    for row in rows {
      let answer = try MemoryAnswer(MemoryQuestion(row.model()))
      #expect(answer.bytesPerToken == Self.bytesPerToken[row.name], "\(row.name)")
    }
  }

  /// GiB of the table at 4 k, 32 k and 128 k tokens, for models whose layers do not all keep everything.
  private static let sizes = [
    "mistral-7b": [0.50, 0.50], "gemma-3-27b": [0.719, 2.91, 10.4],
    "deepseek-v3": [0.268, 2.15, 8.58],
    "gpt-oss-20b": [0.097, 0.753, 3.0], "gpt-oss-120b": [0.145, 1.13, 4.5],
  ]

  @Test func eachLengthTakesTheBytesOfTheTable() throws {
    for (name, sizes) in Self.sizes {
      for (context, size) in zip([4096, 32_768, 131_072], sizes) {
        let bytes = try #require(try answer(name, context: context).cacheBytes)
        // The table has three digits.
        #expect(abs(Double(bytes) / 0x1p30 - size) <= size * 0.005 + 0.0005, "\(name) \(context)")
      }
    }
  }

  @Test func eachModelsParametersAreCountedAgainFromItsShape() throws {
    let counted = try fixture("models.json").required("table")
    for row in try Catalogue.models() {
      let count = try row.model().parameters?.parameters
      #expect(count == row.parameters.value, "\(row.name)")
      #expect(count == (try counted.required(row.name).count()), "\(row.name)")
    }
  }

  @Test func eachNumberHasASource() throws {
    for row in try Catalogue.models() {
      #expect(row.parameters.source != nil && row.contextLength.source != nil, "\(row.name)")
      for field in row.sources {
        #expect(field.source?.isEmpty == false, "\(row.name) \(field.field)")
      }
    }
    for machine in try Catalogue.machines() {
      for number in [machine.memory, machine.bandwidth, machine.flops] {
        // null where nobody says it, and then nobody is named.
        #expect((number.value == nil) == (number.source == nil), "\(machine.name)")
      }
    }
  }

  @Test func eachRowOfMachinesIsThere() throws {
    let names = try Catalogue.machines().map(\.name)
    #expect(
      names == [
        "t4", "a10", "a100-40", "a100", "h100", "h100-pcie", "h200", "b200", "l4", "l40s",
        "rtx-3090",
        "rtx-4090", "rtx-5090", "mi300x", "apple-m4", "apple-m4-pro", "apple-m4-max", "ascend-910b",
        "kunpeng-920",
      ])
    let a10 = try Catalogue.machine("A10")
    #expect(a10.memory.value == 24_000_000_000)
    #expect(a10.bandwidth.value == 600_000_000_000)
    #expect(a10.flops.value == 125_000_000_000_000)
    #expect(try Catalogue.machine("rtx-5090").flops.value == 209_500_000_000_000)
    #expect(try Catalogue.machine("kunpeng-920").memory.value == nil)
    #expect(throws: PlannerError.self) { try Catalogue.machine("abacus") }
  }

  @Test func aNameIsFoundAsItIsMeant() throws {
    #expect(try Catalogue.model("gpt2")?.name == "gpt-2")
    #expect(try Catalogue.model("Llama-3.1-8B")?.name == "llama-3.1-8b")
    #expect(try Catalogue.model("llama-31-8b")?.name == nil)
    let keys = try Catalogue.models().map { $0.name.filter { $0 != "-" } }
    #expect(Set(keys).count == keys.count)
  }
}
