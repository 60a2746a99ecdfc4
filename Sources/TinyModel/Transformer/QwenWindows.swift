internal import Base
internal import Trace

/// The windows that some layers of Qwen2 and Qwen3 have.
///
/// Source: `Qwen2Config` and `Qwen3Config` of huggingface/transformers.
enum QwenWindows {
  /// No real model has more layers.
  private static let mostLayers = 1 << 16

  /// The layers' rules: windows as `layer_types` says; else from `max_window_layers` on, where `use_sliding_window` asks for them.
  @Sendable static func rules(
    _ fields: JSONField, _ rule: LayerRule, _ shape: ModelConfiguration
  ) throws(FileError) -> [LayerRule] {
    let isUsed = try fields.flag("use_sliding_window")
    let window = try isUsed ? fields.size("sliding_window", ifAbsent: 4_096) : nil
    if let windowed = try fields.windowedLayers(shape.layers) {
      guard let window else {
        guard !windowed.contains(true) else {
          throw fields.bad("use_sliding_window", "false", .windows)
        }
        return [rule]
      }
      return windowed.map { $0 ? rule.within(window) : rule }
    }
    let first = try fields.optional("max_window_layers")?.count() ?? 28
    guard let window, first < shape.layers else { return [rule] }
    // A rule a layer: no file's word is taken for how many that may be.
    guard shape.layers <= mostLayers else {
      throw fields.bad("num_hidden_layers", "\(shape.layers)", .size(1...mostLayers))
    }
    return (0..<shape.layers).map { $0 < first ? rule : rule.within(window) }
  }
}

extension Expectation {
  /// What layers with windows need.
  fileprivate static let windows = Self(
    " true，且 sliding_window 是个数，因为 layer_types 里有 sliding_attention",
    "true, and sliding_window a number, since layer_types has sliding_attention")
}
