internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Where the repository's files lie.
enum Repository {
  /// The root of the checkout.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The fixtures, which `tools/fixtures/make_fixtures.py` makes.
  static let fixtures = root + "/Tests/Fixtures"

  /// The bundled model.
  static let bundledModel = root + "/models/tiny-zh"
}

/// Reads a JSON file; Foundation's parser, so that the engine's own is not trusted with the expectations.
func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: Data(contentsOf: URL(filePath: path)))
}

/// FLOP of a pass as `FlopCounterMode` counts them.
struct FLOPs: Decodable, Equatable {
  let projection: Int
  let attention: Int
  let mlp: Int
  let head: Int
  let total: Int
}

extension FLOPs {
  init(_ counter: OperationCounter) {
    projection = counter.flops(.projection)
    attention = counter.flops(.attention)
    mlp = counter.flops(.mlp)
    head = counter.flops(.logits)
    total = counter.flops
  }
}

/// What `transformers` computed of a checkpoint: `reference.json` and `reference.safetensors`.
struct Reference: Decodable {
  struct Greedy: Decodable {
    let promptIds: [Int]
    let newIds: [Int]
    let endedByEos: Bool
  }

  struct Uncached: Decodable {
    let flops: FLOPs
  }

  struct Cached: Decodable {
    let flops: FLOPs
    let cacheTokens: Int
    let cacheBytes: Int
  }

  struct Step: Decodable {
    let length: Int
    let uncached: Uncached
    let cached: Cached
  }

  struct Logits: Decodable {
    let maxAbsDifferenceFromFloat64: Float
  }

  let text: String
  let ids: [Int]
  let decoded: String
  let logits: Logits
  let steps: [Step]
  /// The same where latent attention is multiplied in the absorbed order; nil for other models.
  let absorbed: [Step]?

  /// How far a right engine in f32 may be from the run in f64: logits of some models are large.
  var tolerance: Float { max(1e-4, 4 * logits.maxAbsDifferenceFromFloat64) }
}

/// A tensor of a reference.
struct ReferenceTensor {
  let shape: [Int]
  let floats: [Float]

  init(_ name: String, in file: SafetensorsFile) throws {
    let entry = try #require(file.entry(name), "the reference has no tensor \(name)")
    shape = entry.shape
    floats = try file.floats(of: entry).floats
  }

  /// The innermost row at the given outer indices.
  func row(_ indices: Int...) -> ArraySlice<Float> {
    let width = shape[shape.count - 1]
    let row = zip(indices, shape).reduce(0) { $0 * $1.1 + $1.0 }
    return floats[row * width..<(row + 1) * width]
  }
}

/// The largest |a − b|; NaN where a difference is NaN, and where the counts differ.
func maxAbsDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
  guard a.count == b.count else { return .nan }
  return zip(a, b).reduce(0) { larger($0, abs($1.0 - $1.1)) }
}

/// The larger of two differences; NaN if one is.
func larger(_ a: Float, _ b: Float) -> Float { a.isNaN || b <= a ? a : b }

extension LockStep {
  /// Computes every step.
  func run() throws -> [Step] {
    while try computeNextStep() != nil {}
    return trace.steps
  }
}

extension Step {
  /// Every logit by id, of a run that listed every token as a candidate.
  var logits: [Float] { next.sorted { $0.id < $1.id }.map(\.logit) }
}
