internal import Base

/// Tells what each layer of a configuration keeps.
struct LayerReader {
  let config: ConfigFields

  private var field: JSONField { config.field }

  /// What one layer does with what it reads.
  private enum Layer: Equatable {
    case full, windowed, linear
  }

  /// What each layer keeps, from the first.
  func kept() throws -> [(LayerGroup.Kind, LayerGroup.Width)] {
    if case .latent = config.family.layers {
      let width = LayerGroup.Width.latent(
        rank: try field.size("kv_lora_rank"), rotary: config.headDimension)
      return Array(repeating: (.latent, width), count: config.layers)
    }
    let layers = try layers()
    let window = layers.contains(.windowed) ? try window() : 0
    let state = layers.contains(.linear) ? try state() : nil
    let own = try config.layers - sharedLayers()
    try requireProducers(layers, own: own)
    let global = try globalWidth()
    let width = LayerGroup.Width.heads(config.kvHeads, headDimension: config.headDimension)
    return layers.enumerated().map { place, layer in
      if place >= own { return (.shared, .none) }
      return switch layer {
      case .full: (.full, global ?? width)
      case .windowed: (.window(window), width)
      case .linear: (state.map { .state($0) } ?? .full, .none)
      }
    }
  }

  /// How many layers have attention.
  func attentionLayers() throws -> Int { try layers().count { $0 != .linear } }

  /// What each layer does.
  private func layers() throws -> [Layer] {
    let listed = try listedLayers()
    let count = config.layers
    func every(_ step: Int, _ others: Layer) -> [Layer] {
      (0..<count).map { ($0 + 1) % step == 0 ? .full : others }
    }
    switch config.family.layers {
    case .full, .latent:
      try requireNone(of: listed, but: .full)
      return Array(repeating: .full, count: count)
    case .windows(let standard):
      let window = try field.size("sliding_window", ifAbsent: standard)
      try requireNone(of: listed, but: window == nil ? .full : .windowed)
      return Array(repeating: window == nil ? .full : .windowed, count: count)
    case .windowsIfUsed:
      let layer: Layer = try usesWindow() ? .windowed : .full
      try requireNone(of: listed, but: layer)
      return Array(repeating: layer, count: count)
    case .pattern(let step, _):
      return try listed ?? lastIsGlobal(every(try patternStep(or: step), .windowed))
    case .windowsBehind:
      let first = try config.count("max_window_layers", default: 28)
      let used = try usesWindow()
      return listed ?? (0..<count).map { used && $0 >= first ? .windowed : .full }
    case .windowsBefore:
      let last = try config.count("max_window_layers", default: 28)
      let used = try usesWindow()
      return listed ?? (0..<count).map { used && $0 % 2 == 0 && $0 < last ? .windowed : .full }
    case .windowsWithoutRotation:
      return try listed ?? layersWithoutRotation()
    case .linear:
      return try listed ?? every(field.optionalSize("full_attention_interval") ?? 4, .linear)
    }
  }

  /// What `layer_types` says.
  private func listedLayers() throws -> [Layer]? {
    guard let list = try field.optional("layer_types") else { return nil }
    let names = try list.elements()
    guard names.count == config.layers else {
      throw PlannerError.layerCount(
        file: list.file, field: list.path, found: names.count, expected: config.layers)
    }
    return try names.map { name in
      switch try name.text() {
      case "full_attention": .full
      case "sliding_attention" where keepsWindows: .windowed
      case "linear_attention" where keepsStates: .linear
      case let type:
        throw PlannerError.unknownLayerType(file: name.file, field: name.path, type: type)
      }
    }
  }

  private var keepsStates: Bool {
    if case .linear = config.family.layers { true } else { false }
  }

  private var keepsWindows: Bool { !keepsStates }

  /// Refuses a list that says other than what the type does whatever the list says.
  private func requireNone(of listed: [Layer]?, but layer: Layer) throws {
    guard let other = listed?.firstIndex(where: { $0 != layer }) else { return }
    throw PlannerError.unknownLayerType(
      file: field.file, field: "layer_types[\(other)]",
      type: layer == .full ? "sliding_attention" : "full_attention")
  }

  private func usesWindow() throws(FileError) -> Bool {
    guard try field.flag("use_sliding_window") else { return false }
    return try field.size("sliding_window", ifAbsent: 4096) != nil
  }

  private func patternStep(or standard: Int) throws(FileError) -> Int {
    try field.optionalSize("sliding_window_pattern") ?? standard
  }

  /// Where the last layer must keep everything, it does.
  private func lastIsGlobal(_ layers: [Layer]) -> [Layer] {
    config.family.hasGlobalHeads ? layers.dropLast() + [.full] : layers
  }

  private func layersWithoutRotation() throws -> [Layer] {
    guard try usesWindow() else { return Array(repeating: .full, count: config.layers) }
    guard let list = try field.optional("no_rope_layers")?.elements() else {
      let step = try field.optionalSize("no_rope_layer_interval") ?? 4
      return (0..<config.layers).map { ($0 + 1) % step == 0 ? .windowed : .full }
    }
    guard list.count == config.layers else {
      throw PlannerError.layerCount(
        file: field.file, field: "no_rope_layers", found: list.count, expected: config.layers)
    }
    return list.map { $0.value.integer == 0 ? .windowed : .full }
  }

  /// Tokens of a window.
  private func window() throws(FileError) -> Int {
    if case .pattern(_, let standard) = config.family.layers {
      guard let window = try field.size("sliding_window", ifAbsent: standard) else {
        throw field.bad("sliding_window", "null", .size(1...(1 << 28)))
      }
      return window
    }
    return try field.optionalSize("sliding_window") ?? 4096
  }

  /// The last layers that keep nothing of their own.
  private func sharedLayers() throws(FileError) -> Int {
    let key = "num_kv_shared_layers"
    let shared = try config.count(key, default: config.family.sharedLayers)
    guard shared < config.layers else {
      throw field.bad(key, "\(shared)", .size(0...config.layers - 1))
    }
    return shared
  }

  /// A layer that keeps nothing needs one before it that keeps the same kind of thing.
  private func requireProducers(_ layers: [Layer], own: Int) throws(FileError) {
    let orphan = layers[own...].firstIndex { !layers[..<own].contains($0) }
    guard orphan != nil else { return }
    throw field.bad(
      "num_kv_shared_layers", "\(config.layers - own)",
      Expectation(
        "能让每种层都至少留下一层自己存的数", "a number that leaves at least one layer of each kind its own K and V")
    )
  }

  /// What layers that keep everything keep of a token, where they have heads of their own.
  private func globalWidth() throws(FileError) -> LayerGroup.Width? {
    guard config.family.hasGlobalHeads else { return nil }
    let heads =
      try field.flag("attention_k_eq_v")
      ? field.optionalSize("num_global_key_value_heads") : nil
    return .heads(
      heads ?? config.kvHeads, headDimension: try field.optionalSize("global_head_dim") ?? 512)
  }

  /// What a layer of linear attention keeps.
  ///
  /// Source: Yang et al. 2024 (arXiv:2412.06464), as transformers' `qwen3_next` keeps it.
  private func state() throws(FileError) -> LayerGroup.State {
    let linear = try LinearAttention(field)
    return LayerGroup.State(
      convolution: (linear.channels * linear.kernel).count, recurrence: linear.recurrence.count)
  }
}

/// Sizes of a layer of linear attention.
struct LinearAttention {
  /// Columns of its short convolution.
  let kernel: Int
  let valueHeads: Int
  let valueDimension: Int
  /// Width of all its keys, and of all its queries.
  let keyWidth: Bytes
  /// Width of all its values.
  let valueWidth: Bytes
  /// Numbers of its recurrent state.
  let recurrence: Bytes

  init(_ field: JSONField) throws(FileError) {
    kernel = try field.size("linear_conv_kernel_dim")
    valueHeads = try field.size("linear_num_value_heads")
    valueDimension = try field.size("linear_value_head_dim")
    let keyDimension = try field.size("linear_key_head_dim")
    keyWidth = Bytes(try field.size("linear_num_key_heads")) * keyDimension
    valueWidth = Bytes(valueHeads) * valueDimension
    recurrence = valueWidth * keyDimension
  }

  /// Channels of the convolution: queries, keys and values.
  var channels: Bytes { keyWidth * 2 + valueWidth }
}
