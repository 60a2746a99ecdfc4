public import Base
public import Kernels
public import Trace

/// Weights drawn at random, for timing shapes that nobody has at hand: gains are 1, biases 0, matrices uniform with a deviation of 0.02.
final class RandomWeights: TensorSource {
  let path = "random"
  private let seed: UInt64
  private static let deviation: Float = 0.02

  init(seed: UInt64) { self.seed = seed }

  func has(_ name: String) -> Bool { true }

  func tensor(_ name: String, shape: [Int]) throws(FileError) -> FloatBuffer {
    let buffer = FloatBuffer(count: shape.reduce(1, *))
    if shape.count == 1 {
      if name.hasSuffix(".weight") { buffer.pointer.update(repeating: 1, count: buffer.count) }
      return buffer
    }
    // The name seeds too, so that tensors differ and do not depend on the order in which they are read.
    let named = name.utf8.reduce(seed ^ 0x9E37_79B9_7F4A_7C15) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    var random = LinearCongruential(seed: named)
    // A uniform number between −√3 and √3 has a deviation of 1.
    let scale = Self.deviation * Float(3).squareRoot() * 0x1p-23
    for index in 0..<buffer.count {
      buffer.pointer[index] = (Float(random.next() >> 40) - 0x1p23) * scale
    }
    return buffer
  }

  func matrix(_ name: String, shape: [Int]) throws(FileError) -> any MatrixRows {
    FloatRows(try tensor(name, shape: shape), width: shape[1])
  }

  func optionalMatrix(_ name: String, shape: [Int]) throws(FileError) -> (any MatrixRows)? { nil }

  func taken(_ bytes: Int) {}
}

/// A shape without weights: a `config.json`, or one that has a name.
public struct ModelShape {
  /// The name, or the path of the `config.json`.
  public let name: String
  let architecture: Architecture
  /// What `config.json` says.
  public internal(set) var configuration: ModelConfiguration

  /// The shapes that have names, as the `config.json` that they stand for.
  private static let named: [(name: String, json: String)] = [
    ("gpt2", gpt2(width: 768, layers: 12, heads: 12)),
    ("gpt2-medium", gpt2(width: 1024, layers: 24, heads: 16)),
    ("gpt2-large", gpt2(width: 1280, layers: 36, heads: 20)),
    (
      "llama2c-110m",
      #"{"model_type":"llama","hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":2048,"vocab_size":32000,"max_position_embeddings":1024,"rms_norm_eps":1e-5,"tie_word_embeddings":true}"#
    ),
    (
      "llama2c-260k",
      #"{"model_type":"llama","hidden_size":64,"num_hidden_layers":5,"num_attention_heads":8,"num_key_value_heads":4,"intermediate_size":172,"vocab_size":512,"max_position_embeddings":512,"rms_norm_eps":1e-5,"tie_word_embeddings":true}"#
    ),
  ]

  private static func gpt2(width: Int, layers: Int, heads: Int) -> String {
    #"{"model_type":"gpt2","n_embd":\#(width),"n_layer":\#(layers),"n_head":\#(heads),"n_positions":1024,"vocab_size":50257}"#
  }

  /// The names that `init` knows.
  public static var names: [String] { named.map(\.name) }

  /// Finds a named shape, or reads the `config.json` at a path; latent attention is multiplied in the order of `form`.
  public init(_ nameOrPath: String, form: LatentForm = .absorbed) throws(FileError) {
    name = nameOrPath
    if let shape = Self.named.first(where: { $0.name == nameOrPath }) {
      (architecture, configuration) = try Architecture.read(
        Array(shape.json.utf8), file: nameOrPath)
    } else {
      (architecture, configuration) = try Architecture.read(path: nameOrPath)
    }
    configuration = configuration.attending(form)
  }

  /// What weights of this shape take as `type`.
  public func memoryPlan(_ type: WeightType) -> MemoryPlan {
    MemoryPlan(weightsOf: configuration, as: type)
  }

  /// Refuses what memory cannot hold with matrices of `type`, before anything is drawn.
  func requireMemory(_ type: WeightType) throws(ModelError) {
    let (bytes, memory) = (Double(memoryPlan(type).total), Double(MemoryPlan.available))
    guard bytes <= memory else {
      throw .tooLarge(file: name, type: type, gigabytes: bytes / 1e9, memory: memory / 1e9)
    }
  }
}
