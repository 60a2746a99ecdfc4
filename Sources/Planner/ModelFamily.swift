/// What a `model_type` of Hugging Face means: which layers keep what, and of which parts it is made.
///
/// Source: the configuration and model classes of Hugging Face transformers 5.24; `tools/fixtures/planner.py` makes models
/// of each type, counts their parameters and looks into their caches.
struct ModelFamily: Sendable {
  /// Whether something is there.
  enum Flag: Sendable {
    case no
    case yes
    /// Where the configuration says so; if it says nothing, by default.
    case field(String, Bool)
  }

  /// Which layers keep what.
  enum LayerKinds: Sendable {
    /// All of them everything.
    case full
    /// All of them a window, where `sliding_window` gives one; the default stands for an absent field.
    case windows(Int?)
    /// All of them a window, where `use_sliding_window` asks for it.
    case windowsIfUsed
    /// As `layer_types` says; else every so many layers one keeps everything and the others a window.
    case pattern(Int, window: Int)
    /// As `layer_types` says; else, where `use_sliding_window` asks for it, windows from `max_window_layers` on.
    case windowsBehind
    /// As `layer_types` says; else, where `use_sliding_window` asks for it, windows in every other layer before `max_window_layers`.
    case windowsBefore
    /// As `layer_types` says; else, where `use_sliding_window` asks for it, windows where `no_rope_layers` has none.
    case windowsWithoutRotation
    /// As `layer_types` says; else every so many layers one with attention, the others with a state.
    case linear
    /// All of them a latent vector.
    case latent
  }

  /// Norms of queries and keys.
  enum HeadNorm: Sendable {
    case none
    /// One gain for all heads.
    case perHead
    /// A gain for each number of all heads.
    case whole
  }

  /// Experts in place of a layer's MLP.
  enum Experts: Sendable {
    case none
    /// `num_local_experts` of the MLP's own width.
    case mixtral
    /// `num_experts` of `moe_intermediate_size`; with one more that every token passes, behind a gate, or without.
    case qwen(hasShared: Bool)
    /// Behind the first layers `n_routed_experts`, and `n_shared_experts` that every token passes.
    case deepSeek
    /// `num_local_experts` whose matrices and router have biases.
    case gptOSS
  }

  var types: [String]
  var layers = LayerKinds.full
  /// The width of a head where nothing says it; nil for hidden ÷ heads.
  var headDimension: Int?
  /// Whether there are as many KV heads as heads where nothing says it.
  var defaultsToAllHeads = false
  var ties = false
  var queryKeyValueBias = Flag.no
  var outputBias = Flag.no
  var mlpBias = Flag.no
  var headNorm = HeadNorm.none
  /// Norms of a layer.
  var norms = 2
  /// Numbers of a norm for each of its columns: a gain, or a gain and a bias.
  var normNumbers = 1
  var isGated = true
  /// Whether queries come with a gate as wide as they are.
  var gatesQueries = false
  var experts = Experts.none
  /// Whether its parameters can be counted here.
  var isCounted = true
  /// The last layers that keep nothing of their own, where nothing says how many.
  var sharedLayers = 0
  /// Width and KV heads of the layers that keep everything, where they are others.
  var hasGlobalHeads = false
  /// What stands for fields that are left out of the part of a larger configuration.
  var partDefaults: [String: Int] = [:]

  /// The family of a type.
  static func of(_ type: String) -> ModelFamily? { all.first { $0.types.contains(type) } }

  private static let attentionBias = Flag.field("attention_bias", false)

  static let all: [ModelFamily] = [
    ModelFamily(types: ["gpt2"]),
    ModelFamily(
      types: ["llama", "granite"], defaultsToAllHeads: true, queryKeyValueBias: attentionBias,
      outputBias: attentionBias, mlpBias: .field("mlp_bias", false)),
    ModelFamily(types: ["mistral"], layers: .windows(4096)),
    ModelFamily(types: ["mixtral"], layers: .windows(nil), experts: .mixtral),
    ModelFamily(types: ["phi3"], layers: .windows(nil), defaultsToAllHeads: true),
    ModelFamily(types: ["qwen2"], layers: .windowsBehind, queryKeyValueBias: .yes),
    ModelFamily(
      types: ["qwen2_moe"], layers: .windowsBefore, queryKeyValueBias: .field("qkv_bias", true),
      experts: .qwen(hasShared: true)),
    ModelFamily(
      types: ["qwen3"], layers: .windowsBehind, headDimension: 128,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, headNorm: .perHead),
    ModelFamily(
      types: ["qwen3_moe"], layers: .windowsIfUsed, queryKeyValueBias: attentionBias,
      outputBias: attentionBias, headNorm: .perHead, experts: .qwen(hasShared: false)),
    ModelFamily(
      types: ["qwen3_next"], layers: .linear, headDimension: 256,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, headNorm: .perHead,
      gatesQueries: true, experts: .qwen(hasShared: true)),
    ModelFamily(
      types: ["gemma"], headDimension: 256, ties: true, queryKeyValueBias: attentionBias,
      outputBias: attentionBias),
    ModelFamily(
      types: ["gemma2"], layers: .pattern(2, window: 4096), headDimension: 256, ties: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, norms: 4),
    ModelFamily(
      types: ["gemma3_text"], layers: .pattern(6, window: 4096), headDimension: 256, ties: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, headNorm: .perHead, norms: 4,
      partDefaults: [
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 262_208,
      ]),
    ModelFamily(
      types: ["gemma3n_text"], layers: .pattern(5, window: 512), headDimension: 256, ties: true,
      isCounted: false, sharedLayers: 15,
      partDefaults: [
        "num_attention_heads": 8, "num_key_value_heads": 2, "vocab_size": 262_400,
      ]),
    ModelFamily(
      types: ["gemma4_text"], layers: .pattern(6, window: 512), headDimension: 256, ties: true,
      isCounted: false, hasGlobalHeads: true,
      partDefaults: [
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 262_144,
      ]),
    ModelFamily(
      types: ["deepseek_v2", "deepseek_v3"], layers: .latent, defaultsToAllHeads: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, experts: .deepSeek),
    ModelFamily(
      types: ["gpt_oss"], layers: .pattern(2, window: 128), headDimension: 64,
      queryKeyValueBias: .field("attention_bias", true),
      outputBias: .field("attention_bias", true), experts: .gptOSS),
    ModelFamily(
      types: ["olmo2"], defaultsToAllHeads: true, queryKeyValueBias: attentionBias,
      outputBias: attentionBias, headNorm: .whole),
    ModelFamily(
      types: ["olmo3"], layers: .pattern(4, window: 4096), defaultsToAllHeads: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, headNorm: .whole),
    ModelFamily(
      types: ["smollm3"], layers: .windowsWithoutRotation, ties: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias,
      mlpBias: .field("mlp_bias", false)),
    ModelFamily(
      types: ["cohere2"], layers: .pattern(4, window: 4096), defaultsToAllHeads: true, ties: true,
      queryKeyValueBias: attentionBias, outputBias: attentionBias, norms: 1),
    ModelFamily(
      types: ["glm4"], headDimension: 128, queryKeyValueBias: .field("attention_bias", true),
      norms: 4),
    ModelFamily(
      types: ["starcoder2"], layers: .windows(nil), ties: true,
      queryKeyValueBias: .field("use_bias", true), outputBias: .field("use_bias", true),
      mlpBias: .field("use_bias", true), normNumbers: 2, isGated: false),
    ModelFamily(
      types: ["gpt_neox"], defaultsToAllHeads: true,
      queryKeyValueBias: .field("attention_bias", true),
      outputBias: .field("attention_bias", true), mlpBias: .yes, normNumbers: 2, isGated: false),
  ]
}
