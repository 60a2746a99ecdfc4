internal import Base
public import Kernels
internal import Trace

/// What a model and a run of it take of memory, in bytes: decided before any of it is allocated.
///
///     let plan = MemoryPlan(weightsOf: configuration, as: .f32).adding(run, of: configuration, threads: 2)
///     guard plan.total <= MemoryPlan.available else { … }
///
/// What is beyond an `Int` counts as `Int.max`, which fits nowhere.
public struct MemoryPlan: Equatable, Sendable {
  /// All weights as they are held.
  public var weights: Int
  /// What reading them takes beside them for a moment: the largest matrix as f32.
  public var reading = 0
  /// K and V of every cache.
  public var caches = 0
  /// What passes compute in.
  public var buffers = 0
  /// What is kept of every step, to be looked at: Q, K, V, the residual stream, the counts.
  public var steps = 0
  /// Whatever else there is.
  public var other = 0

  /// The most that all of it takes at once.
  public var total: Int {
    let run = Bytes(caches) + Bytes(buffers) + Bytes(steps) + Bytes(other)
    return (Bytes(weights) + max(Bytes(reading), run)).count
  }

  /// How a run is computed.
  public enum Use: Sendable {
    /// Without and with the cache, side by side, and every step kept (`Runner`).
    case lockStep
    /// Once, with the cache or without, and nothing kept (`Generation`).
    case generation(usesCache: Bool)
  }

  /// A plan of weights that are held already.
  public init(heldWeights: Int) { weights = heldWeights }

  /// A plan of the weights alone.
  ///
  /// - Parameters:
  ///   - shape: what `config.json` says.
  ///   - type: what the matrices are held as.
  ///   - hasOwnHead: whether the logits have a matrix of their own, whatever `config.json` says.
  public init(
    weightsOf shape: ModelConfiguration, as type: WeightType, hasOwnHead: Bool = false
  ) {
    let sizes = WeightSizes(shape: shape, type: type)
    weights = sizes.held(isTied: shape.isHeadTied && !hasOwnHead).count
    reading = sizes.largestOnItsWay.count
  }

  /// The same with the caches and buffers of a run.
  public func adding(
    _ run: RunPlan, of shape: ModelConfiguration, threads: Int, use: Use = .lockStep
  ) -> MemoryPlan {
    let (longest, first) = (run.longest, run.length(at: 1))
    func buffers(rows: Int) -> Bytes {
      ForwardBuffers.bytes(shape, rows: rows, length: longest, threads: threads)
    }
    var plan = self
    switch use {
    case .lockStep:
      plan.caches = (FullStore.bytes(shape, capacity: longest) * 2).count
      plan.buffers = (buffers(rows: first) + buffers(rows: longest)).count
      plan.steps = Activations.bytes(shape, tokens: longest, steps: run.steps).count
    case .generation(let usesCache):
      plan.caches = FullStore.bytes(shape, capacity: longest).count
      plan.buffers = buffers(rows: usesCache ? first : longest).count
    }
    return plan
  }
}

/// What the weights of a shape take.
private struct WeightSizes {
  let shape: ModelConfiguration
  let type: WeightType

  private var width: Bytes { Bytes(shape.width) }
  private var embedding: Bytes { .floats(Bytes(shape.vocabulary) * shape.width) }

  /// All of them; a tied embedding of f32 is held once, of other types it may have to be held twice.
  func held(isTied: Bool) -> Bytes {
    let head = Linear.bytes(type, inner: shape.width, outer: shape.vocabulary, hasBias: false)
    let own = isTied && type == .f32 ? Bytes(0) : embedding
    let positions =
      shape.rotary == nil ? Bytes.floats(Bytes(shape.positions) * shape.width) : Bytes(0)
    return block * shape.layers + norm + head + own + positions
  }

  private var norm: Bytes { .floats(width) * (shape.hasNormBias ? 2 : 1) }

  private var block: Bytes {
    func linear(_ inner: Int, _ outer: Int, _ hasBias: Bool) -> Bytes {
      Linear.bytes(type, inner: inner, outer: outer, hasBias: hasBias)
    }
    let biases = shape.biases
    let up = linear(shape.width, shape.innerWidth, biases.mlp)
    return norm * 2 + linear(shape.width, shape.queryKeyValueWidth, biases.queryKeyValue)
      + linear(shape.queryWidth, shape.width, biases.output)
      + up * (shape.isGated ? 2 : 1) + linear(shape.innerWidth, shape.width, biases.mlp)
  }

  /// The largest matrix as f32.
  ///
  /// Q, K and V are read one by one and then joined; a tied head of the file is compared with the embedding.
  var largestOnItsWay: Bytes {
    let queryKeyValue = Bytes.floats(width * shape.queryKeyValueWidth) * 2
    return max(max(embedding * 2, queryKeyValue), .floats(width * shape.innerWidth))
  }
}

extension Activations {
  /// Bytes of the rows of `tokens` tokens that `steps` steps were fed, with the counts of both runs.
  static func bytes(_ shape: ModelConfiguration, tokens: Int, steps: Int) -> Bytes {
    let rows = Bytes(tokens) * shape.layers * shape.queryKeyValueWidth
    let residuals = Bytes(steps) * (1 + 2 * shape.layers) * shape.width
    let counts = Bytes(steps) * 2 * OperationCounter.bytes(layers: shape.layers, heads: shape.heads)
    return (rows + residuals) * MemoryLayout<Float>.stride + counts
  }
}
