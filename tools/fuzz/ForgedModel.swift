import Glibc

@testable import Base
@testable import TinyModel

/// A small model as an input spells it: its shape, its vocabulary, its weights.
///
/// Most weights are tame, so that most runs come to a picture; a few are what the input says.
struct ForgedModel {
  private enum Family: String, CaseIterable {
    case gpt2, llama, mistral, qwen2
  }

  private let family: Family
  private let layers: Int
  private let heads: Int
  private let kvHeads: Int
  private let headDimension: Int
  private let vocabulary: Int
  private let window: Int
  private let tokens: [String]

  static let positions = 24

  private static let hostile: [Float] = [
    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, 0, -0.0, 1e25, -1e25, 1e19, -1e12, 3e9, 1e-30, 100, -100,
  ]

  /// What a vocabulary may hold: controls, marks, wide and ambiguous glyphs, parts of an emoji, what turns the direction.
  private static let scalars: [Unicode.Scalar] = [
    "\u{1}", "\t", "\n", "\u{1B}", "\u{7F}", "\u{9B}", "\u{AD}", "\u{301}", "\u{489}",
    "\u{200B}", "\u{200D}", "\u{202E}", "\u{2066}", "\u{20E3}", "\u{2581}", "\u{3000}", "\u{FE0F}",
    "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "\u{1F1E8}", "\u{1F469}", "\u{1F3FD}", "\u{10FFFF}",
    "\u{E000}", "中", "，", "ﷺ", "·", "×", "\"", "\\", "<", "&", " ", "a", "0",
  ]

  init(_ input: inout FuzzBytes) {
    family = input.pick(Family.allCases)
    layers = input.number(1...3)
    heads = input.pick([1, 2, 3, 4, 6, 12])
    let divisors = (1...heads).filter { [heads] in heads % $0 == 0 }
    kvHeads = family == .gpt2 ? heads : input.pick(divisors)
    headDimension = input.pick([2, 4, 6, 16])
    vocabulary = input.number(2...40)
    window = input.number(1...9)
    var tokens: [String] = []
    for index in 0..<vocabulary {
      var token = String.UnicodeScalarView()
      for _ in 0..<input.number(1...4) { token.append(input.pick(Self.scalars)) }
      // Names are told apart by their bytes, as a tokenizer tells them.
      let name = String(token)
      let isKnown = tokens.contains { Array($0.utf8) == Array(name.utf8) }
      tokens.append(isKnown ? name + "#\(index)" : name)
    }
    self.tokens = tokens
  }

  private var width: Int { heads * headDimension }
  private var inner: Int { width + 3 }

  /// Writes the three files that a folder of Hugging Face has.
  func write(to folder: String, _ input: inout FuzzBytes) {
    writeFile(folder + "/config.json", Array(config.utf8))
    writeFile(folder + "/tokenizer.json", Array(tokenizer.utf8))
    writeFile(folder + "/model.safetensors", weights(&input))
  }

  // MARK: Files

  private var config: String {
    if family == .gpt2 {
      return """
        {"model_type": "gpt2", "n_embd": \(width), "n_head": \(heads), "n_layer": \(layers), "n_inner": \(inner),
        "vocab_size": \(vocabulary), "n_positions": \(Self.positions), "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5, "eos_token_id": null}
        """
    }
    return """
      {"model_type": "\(family.rawValue)", "hidden_size": \(width), "num_attention_heads": \(heads),
      "num_key_value_heads": \(kvHeads), "num_hidden_layers": \(layers), "intermediate_size": \(inner),
      "vocab_size": \(vocabulary), "max_position_embeddings": \(Self.positions), "hidden_act": "silu",
      "rms_norm_eps": 1e-6, "tie_word_embeddings": true, "sliding_window": \(window),
      "use_sliding_window": false, "eos_token_id": null}
      """
  }

  private var tokenizer: String {
    let entries = tokens.enumerated().map { "\(Self.quoted($1)): \($0)" }
    return """
      {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
      "decoder": {"type": "Fuse"}, "model": {"type": "BPE", "dropout": null, "unk_token": null,
      "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
      "ignore_merges": false, "vocab": {\(entries.joined(separator: ", "))}, "merges": []}}
      """
  }

  private static func quoted(_ text: String) -> String {
    let units = text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"" + units.joined() + "\""
  }

  private var shapes: [(name: String, shape: [Int])] {
    family == .gpt2 ? gpt2Shapes : llamaShapes
  }

  private var gpt2Shapes: [(name: String, shape: [Int])] {
    let outside: [(String, [Int])] = [
      ("wte.weight", [vocabulary, width]), ("wpe.weight", [Self.positions, width]),
      ("ln_f.weight", [width]), ("ln_f.bias", [width]),
    ]
    return outside
      + (0..<layers).flatMap { layer -> [(String, [Int])] in
        let parts: [(String, [Int])] = [
          ("ln_1.weight", [width]), ("ln_1.bias", [width]),
          ("attn.c_attn.weight", [width, 3 * width]), ("attn.c_attn.bias", [3 * width]),
          ("attn.c_proj.weight", [width, width]), ("attn.c_proj.bias", [width]),
          ("ln_2.weight", [width]), ("ln_2.bias", [width]),
          ("mlp.c_fc.weight", [width, inner]), ("mlp.c_fc.bias", [inner]),
          ("mlp.c_proj.weight", [inner, width]), ("mlp.c_proj.bias", [width]),
        ]
        return parts.map { ("h.\(layer).\($0)", $1) }
      }
  }

  private var llamaShapes: [(name: String, shape: [Int])] {
    let keyValue = kvHeads * headDimension
    let outside: [(String, [Int])] = [
      ("model.embed_tokens.weight", [vocabulary, width]), ("model.norm.weight", [width]),
    ]
    let biases: [(String, [Int])] = [
      ("self_attn.q_proj.bias", [width]), ("self_attn.k_proj.bias", [keyValue]),
      ("self_attn.v_proj.bias", [keyValue]),
    ]
    return outside
      + (0..<layers).flatMap { layer -> [(String, [Int])] in
        let parts: [(String, [Int])] =
          [
            ("input_layernorm.weight", [width]), ("post_attention_layernorm.weight", [width]),
            ("self_attn.q_proj.weight", [width, width]),
            ("self_attn.k_proj.weight", [keyValue, width]),
            ("self_attn.v_proj.weight", [keyValue, width]),
            ("self_attn.o_proj.weight", [width, width]),
            ("mlp.gate_proj.weight", [inner, width]), ("mlp.up_proj.weight", [inner, width]),
            ("mlp.down_proj.weight", [width, inner]),
          ] + (family == .qwen2 ? biases : [])
        return parts.map { ("model.layers.\(layer).\($0)", $1) }
      }
  }

  private func weights(_ input: inout FuzzBytes) -> [UInt8] {
    var header: [String] = []
    var data: [UInt8] = []
    for (name, shape) in shapes {
      let floats = tensor(count: shape.reduce(1, *), isGain: name.contains("n") && shape.count == 1, &input)
      let start = data.count
      for float in floats { withUnsafeBytes(of: float.bitPattern.littleEndian) { data += $0 } }
      header.append(
        "\"\(name)\": {\"dtype\": \"F32\", \"shape\": \(shape), \"data_offsets\": [\(start), \(data.count)]}")
    }
    let text = Array("{\(header.joined(separator: ", "))}".utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + data
  }

  /// Tame floats with what the input puts among them: nothing mostly, a few hostile ones, another scale, or one float throughout.
  private func tensor(count: Int, isGain: Bool, _ input: inout FuzzBytes) -> [Float] {
    var state = UInt32(input.next()) &+ 1
    let kind = input.next()
    let scale: Float = kind == 1 ? input.pick([1e4, 1e10, 1e18, 1e-18]) : 0.3
    var floats = (0..<count).map { _ -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      return (isGain ? 1 : 0) + (Float(state >> 8) * 0x1p-23 - 1) * scale
    }
    if kind == 2 { floats = Array(repeating: 0, count: count) }
    if kind == 3 { floats = Array(repeating: input.pick(Self.hostile), count: count) }
    if kind == 4 || kind == 5 {
      for _ in 0..<input.number(1...4) {
        floats[Int(input.next()) % count] = input.pick(Self.hostile)
      }
    }
    return floats
  }
}

/// An input read byte by byte; zeros behind its end.
struct FuzzBytes {
  private var rest: UnsafeBufferPointer<UInt8>.SubSequence

  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    rest = UnsafeBufferPointer(start: start, count: count)[...]
  }

  var isEmpty: Bool { rest.isEmpty }

  mutating func next() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next()) % range.count
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(next()) % elements.count]
  }
}

private func writeFile(_ path: String, _ bytes: [UInt8]) {
  guard let file = fopen(path, "w") else { preconditionFailure("no \(path): errno \(errno)") }
  defer { fclose(file) }
  precondition(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}
