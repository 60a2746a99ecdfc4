internal import Base
import Foundation
internal import Kernels

@testable import TinyModel
internal import Trace

/// The shape of a model that a test makes up, and what follows from it without the engine.
protocol CheckpointShape: CustomStringConvertible, Sendable {
  var layers: Int { get }
  var heads: Int { get }
  var kvHeads: Int { get }
  var headDimension: Int { get }
  /// Width of the residual stream.
  var width: Int { get }
  var vocabulary: Int { get }
  var positions: Int { get set }
  /// How many keys a query sees at most.
  var window: Int? { get }
  /// How many keys a query sees at most in each layer, or in fewer that repeat.
  var windows: [Int?] { get }
  /// Names and shapes of all that the model needs.
  var tensors: [(name: String, shape: [Int])] { get }
  /// `config.json`.
  var configuration: String { get }
  /// Closed form, independent of the counters: `rows` new rows over `length` keys in all, logits of one row.
  func flops(rows: Int, length: Int) -> FLOPs
}

extension CheckpointShape {
  var windows: [Int?] { [window] }

  /// One 汉字 a token.
  var tokenizer: String {
    let tokens = (0..<vocabulary).map { id in
      #""\#(String(UnicodeScalar(0x4E00 + UInt32(id % 20_000)) ?? "?"))\#(id < 20_000 ? "" : "+\(id)")": \#(id)"#
    }
    return
      #"{"model": {"type": "BPE", "vocab": {\#(tokens.joined(separator: ","))}, "merges": []}}"#
  }
}

/// The shape of a GPT-2 that a test makes up.
struct GPT2Shape: CheckpointShape {
  var layers = 2
  var heads = 2
  var headDimension = 4
  var inner = 16
  var vocabulary = 13
  var positions = 24
  var endOfSequence: Int?
  var isTied = true

  var width: Int { heads * headDimension }
  var kvHeads: Int { heads }
  var window: Int? { nil }

  var description: String {
    "layers \(layers), heads \(heads) × \(headDimension), inner \(inner), vocabulary \(vocabulary)"
  }

  func flops(rows: Int, length: Int) -> FLOPs {
    let projection = layers * 8 * rows * width * width
    let attention = layers * 4 * rows * length * width
    let mlp = layers * 4 * rows * width * inner
    let head = 2 * width * vocabulary
    return FLOPs(
      projection: projection, attention: attention, mlp: mlp, head: head,
      total: projection + attention + mlp + head)
  }

  /// Names and shapes as Hugging Face's `GPT2LMHeadModel` has them.
  var tensors: [(name: String, shape: [Int])] {
    var tensors = [("wte.weight", [vocabulary, width]), ("wpe.weight", [positions, width])]
    for layer in 0..<layers {
      let block = [
        ("ln_1.weight", [width]), ("ln_1.bias", [width]),
        ("attn.c_attn.weight", [width, 3 * width]), ("attn.c_attn.bias", [3 * width]),
        ("attn.c_proj.weight", [width, width]), ("attn.c_proj.bias", [width]),
        ("ln_2.weight", [width]), ("ln_2.bias", [width]),
        ("mlp.c_fc.weight", [width, inner]), ("mlp.c_fc.bias", [inner]),
        ("mlp.c_proj.weight", [inner, width]), ("mlp.c_proj.bias", [width]),
      ]
      tensors += block.map { ("h.\(layer).\($0.0)", $0.1) }
    }
    return tensors + [("ln_f.weight", [width]), ("ln_f.bias", [width])]
  }

  var configuration: String {
    """
    {"model_type": "gpt2", "n_layer": \(layers), "n_head": \(heads), "n_embd": \(width),
     "n_inner": \(inner), "vocab_size": \(vocabulary), "n_positions": \(positions),
     "tie_word_embeddings": \(isTied),
     "eos_token_id": \(endOfSequence.map(String.init) ?? "null")}
    """
  }
}

extension TemporaryFolder {
  /// Writes a checkpoint of a shape; the same seed makes the same weights.
  ///
  /// `more` are tensors behind those that the shape needs.
  @discardableResult
  func write(
    _ shape: some CheckpointShape, seed: Int, more: [(name: String, shape: [Int])] = []
  ) throws -> TemporaryFolder {
    var generator = SeededGenerator(seed: seed)
    let scale = 1.5 / Float(shape.width).squareRoot()
    let tensors = shape.tensors + more
    // In the order of the shape, whatever that of the file.
    var weights: [String: [UInt8]] = [:]
    for (name, sizes) in tensors {
      let floats = generator.floats(sizes.reduce(1, *), scale: scale)
      weights[name] = floats.withUnsafeBytes(Array.init)
    }
    let file = Self.writer(tensors).file { weights[$0.name] ?? [] }
    try write(file, to: "model.safetensors")
    try write(shape.configuration.utf8, to: "config.json")
    try write(shape.tokenizer.utf8, to: "tokenizer.json")
    return self
  }

  private static func writer(_ tensors: [(name: String, shape: [Int])]) -> SafetensorsWriter {
    SafetensorsWriter(tensors.map { ($0.name, .float32, $0.shape) })
  }

  /// Writes a checkpoint whose weights are zeros that take no room on the disk.
  func writeZeros(_ shape: some CheckpointShape) throws {
    let file = Self.writer(shape.tensors)
    let path = try write(file.head, to: "model.safetensors")
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: handle.seekToEnd() + UInt64(file.dataCount))
    try handle.close()
    try write(shape.configuration.utf8, to: "config.json")
    try write(shape.tokenizer.utf8, to: "tokenizer.json")
  }
}

/// A model and its tokenizer, from a folder.
struct LoadedModel {
  let model: Transformer
  let tokenizer: Tokenizer

  init(
    folder: String, type: WeightType = .f32, pool: ThreadPool = .shared,
    form: LatentForm = .absorbed, streams: Bool = false
  ) throws {
    let checkpoint = try Checkpoint(folder: folder, form: form)
    tokenizer = try checkpoint.tokenizer()
    do throws(ModelError) {
      model = try Transformer(checkpoint, type: type, pool: pool, streams: streams)
    } catch {
      // What is wrong with a file is told as when the file is read alone.
      if case .file(let error) = error { throw error }
      throw error
    }
  }

  /// A run that lists every token as a candidate at every step.
  func runner(
    _ start: Feeding, _ ids: [Int], newTokens: Int, ignoresEndOfSequence: Bool = false,
    sampling: SamplingOptions = .greedy
  ) throws -> LockStep {
    let shape = model.configuration
    let plan = try RunPlan(
      start: start, ids: ids, newTokens: newTokens, contextLength: shape.contextLength,
      ignoresEndOfSequence: ignoresEndOfSequence, sampling: sampling,
      candidates: shape.vocabulary)
    return LockStep(model: model, tokenizer: tokenizer, plan: plan)
  }
}
