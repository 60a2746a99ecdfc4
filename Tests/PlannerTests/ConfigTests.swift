import Base
import Testing

@testable import Planner

/// Configurations as they lie on Hugging Face, held against the models that transformers makes of them and their caches.
@Suite struct ConfigTests {
  /// A layer as the fixture has it, one kind and width.
  private func layer(_ field: JSONField) throws -> String {
    let kind = try field.required("kind").text()
    let numbers = try field.optional("numbers").map { numbers in
      try numbers.value.elements?.compactMap(\.integer) ?? [numbers.count()]
    }
    let window = try field.optional("window").map { "\(try $0.count())" } ?? ""
    return "\(kind) \(numbers ?? []) \(window)"
  }

  /// The same of what was read.
  private func layers(_ groups: [LayerGroup]) -> [String] {
    groups.flatMap { group in
      let text =
        switch group.kind {
        case .full, .latent: "full [\(group.width.count.count)] "
        case .window(let window): "window [\(group.width.count.count)] \(window)"
        case .shared: "shared [] "
        case .state(let state): "state [\(state.convolution), \(state.recurrence)] "
        }
      return Array(repeating: text, count: group.layers)
    }
  }

  @Test func eachTypeKeepsWhatItsCacheHolds() throws {
    let cases = try fixture("models.json").required("models").elements()
    #expect(cases.count > 30)
    for row in cases {
      let name = try row.required("name").text()
      let model = try PlannedModel(row.required("config"), name: name, title: name)
      let expected = try row.required("layers").elements().map { try layer($0) }
      #expect(layers(model.groups).sorted() == expected.sorted(), "\(name)")
    }
  }

  @Test func eachTypeHasTheParametersOfItsClass() throws {
    for row in try fixture("models.json").required("models").elements() {
      let name = try row.required("name").text()
      let model = try PlannedModel(row.required("config"), name: name, title: name)
      let isCounted = !["gemma3n", "gemma4"].contains(name)
      let expected = isCounted ? try row.required("parameters").count() : nil
      #expect(model.parameters?.parameters == expected, "\(name)")
    }
  }

  @Test func everyKnownTypeIsAmongTheCases() throws {
    let types = try fixture("models.json").required("models").elements().map {
      try $0.required("config").required("model_type").text()
    }
    #expect(Set(ModelFamily.all.flatMap(\.types)).subtracting(types).isEmpty)
  }

  @Test func theTextPartOfALargerModelIsRead() throws {
    // As google/gemma-3-4b-it has it: what is as its class has it is left out.
    let part = try model(
      #"{"model_type":"gemma3","text_config":{"model_type":"gemma3_text","hidden_size":2560,"intermediate_size":10240,"num_hidden_layers":34,"sliding_window":1024},"vision_config":{"hidden_size":1152}}"#
    )
    #expect(part.isPart)
    #expect(part.parameters == nil)
    let width = LayerGroup.Width.heads(4, headDimension: 256)
    #expect(
      part.groups == [
        LayerGroup(.window(1024), layers: 29, width: width),
        LayerGroup(.full, layers: 5, width: width),
      ])
  }

  private static let llama =
    #""model_type":"llama","hidden_size":64,"num_hidden_layers":4,"num_attention_heads":4,"intermediate_size":64,"vocab_size":99"#

  @Test func whatIsNotKnownIsRefused() throws {
    func failure(_ json: String) -> (any Explained)? {
      do {
        _ = try model(json)
        return nil
      } catch { return error as? any Explained }
    }
    let sentences = [
      #"{"model_type":"unheard_of","hidden_size":64}"#: "give --layers, --kv-heads and --d-head",
      #"{"hidden_size":64}"#: "has no field model_type",
      "{\(Self.llama),\"layer_types\":[\"full_attention\",\"chunked_attention\",\"full_attention\",\"full_attention\"]}":
        "unknown layer type chunked_attention in layer_types[1]",
      "{\(Self.llama),\"layer_types\":[\"full_attention\"]}":
        "has 1 entries and the model 4 layers",
      // Its class has no windows, whatever the list says.
      "{\(Self.llama),\"layer_types\":[\"full_attention\",\"full_attention\",\"full_attention\",\"sliding_attention\"]}":
        "unknown layer type sliding_attention in layer_types[3]",
      "{\(Self.llama),\"num_kv_shared_layers\":4}": "num_kv_shared_layers",
      "{\(Self.llama),\"num_key_value_heads\":3}": "divisor of num_attention_heads",
      "{\(Self.llama),\"head_dim\":1000000000000000}": "head_dim is 1000000000000000",
      #"{"model_type":"llama","hidden_size":65,"num_hidden_layers":4,"num_attention_heads":4}"#:
        "divisor of hidden_size",
      #"{"model_type":"mistral","hidden_size":64,"num_hidden_layers":4,"num_attention_heads":4}"#:
        "has no field num_key_value_heads",
      #"{"model_type":"llama","hidden_size":64,"num_hidden_layers":200000000,"num_attention_heads":4}"#:
        "num_hidden_layers is 200000000",
    ]
    for (json, expected) in sentences {
      let failure = failure(json)
      #expect(failure?.status == ExitStatus.badData.rawValue, "\(json)")
      #expect(
        failure?.message(.english)?.contains(expected) == true,
        "\(failure?.message(.english) ?? json)")
    }
  }

  @Test func sizesBeyondAllBytesAreRefusedOrTheirWeightsUnknown() throws {
    let side = 1 << 28
    let huge = try model(
      #"{"model_type":"llama","hidden_size":\#(side),"num_hidden_layers":10000,"num_attention_heads":1,"intermediate_size":\#(side),"vocab_size":\#(side)}"#
    )
    #expect(huge.parameters == nil)
    #expect(throws: PlannerError.self) {
      try model(
        #"{"model_type":"llama","hidden_size":8,"num_hidden_layers":10000,"num_attention_heads":\#(side),"head_dim":\#(side),"intermediate_size":8,"vocab_size":8}"#
      )
    }
  }

  @Test func weightsTakeWhatTheyArePublishedAs() throws {
    let mxfp4 = try #require(try Catalogue.model("gpt-oss-120b"))
    let parameters = try #require(mxfp4.parameters)
    #expect(parameters.fourBit == 36 * 128 * 3 * 2880 * 2880)
    // Four bits, and eight for each 32 of them; the rest in 16.
    #expect(
      mxfp4.weightBytes(as: nil, cache: .fp16)
        == parameters.fourBit / 2 + parameters.fourBit / 32
        + 2 * (parameters.parameters - parameters.fourBit))
    #expect(mxfp4.weightBytes(as: .bf16, cache: .fp16) == 2 * parameters.parameters)
    let other = try model("{\(Self.llama),\"quantization_config\":{\"quant_method\":\"awq\"}}")
    #expect(other.weightBytes(as: nil, cache: .fp16) == nil)
    // Which of its numbers would be packed is not known.
    let packed = try model("{\(Self.llama),\"quantization_config\":{\"quant_method\":\"mxfp4\"}}")
    #expect(packed.weightBytes(as: nil, cache: .fp16) == nil)
    #expect(
      other.weightBytes(as: .fp16, cache: .fp16) == other.parameters.map { 2 * $0.parameters })
    #expect(
      try model("{\(Self.llama)}").weightBytes(as: nil, cache: .fp32)
        == other.parameters.map { 4 * $0.parameters })
  }

  @Test func deepSeeksWeightsTakeWhatItsFilesTake() throws {
    let model = try #require(try Catalogue.model("deepseek-v3"))
    let parameters = try #require(model.parameters)
    let bytes = try #require(model.weightBytes(as: nil, cache: .fp16))
    #expect(parameters.eightBit == .init(numbers: 669_065_609_216, scales: 40_838_232))
    #expect(bytes == 673_150_552_416)
    // Files of deepseek-ai/DeepSeek-V3, without what else lies there: they hold one layer more, for the token after next, with a
    // norm more than others, two before and one behind, a projection of both, and the embedding and the head once more.
    let files = 688_586_727_753
    let shapes = try [2, 1].map { try Self.deepSeek(layers: $0, dense: 1) }
    let sizes = shapes.compactMap { $0.weightBytes(as: nil, cache: .fp16) }
    try #require(sizes.count == 2)
    let layer = sizes[0] - sizes[1]
    let ends = 2 * 2 * 129_280 * 7168
    let whole = bytes + layer + 2 * (3 * 7168 + 2 * 7168 * 7168) + ends + 59 * 4 * 256
    // What is left are the headers of 163 files.
    #expect((0..<20_000_000).contains(files - whole))
    #expect(model.isPublishedTypeKnown)
    #expect(try !#require(try Catalogue.model("llama-2-7b")).isPublishedTypeKnown)
  }

  @Test func fp8OfOtherBlocksOrFamiliesIsNotGuessedAt() throws {
    let other = try Self.deepSeek(layers: 2, dense: 1, block: "[1, 128]")
    #expect(other.weightBytes(as: nil, cache: .fp16) == nil)
    let llama = try model(
      "{\(Self.llama),\"quantization_config\":{\"quant_method\":\"fp8\",\"weight_block_size\":[128,128]}}"
    )
    #expect(llama.weightBytes(as: nil, cache: .fp16) == nil)
  }

  /// DeepSeek-V3 with fewer layers.
  private static func deepSeek(
    layers: Int, dense: Int, block: String = "[128, 128]"
  ) throws -> PlannedModel {
    try model(
      #"{"model_type":"deepseek_v3","hidden_size":7168,"intermediate_size":18432,"moe_intermediate_size":2048,"num_hidden_layers":\#(layers),"num_attention_heads":128,"num_key_value_heads":128,"q_lora_rank":1536,"kv_lora_rank":512,"qk_nope_head_dim":128,"qk_rope_head_dim":64,"v_head_dim":128,"n_routed_experts":256,"n_shared_experts":1,"first_k_dense_replace":\#(dense),"vocab_size":129280,"tie_word_embeddings":false,"quantization_config":{"quant_method":"fp8","weight_block_size":\#(block)}}"#
    )
  }
}
