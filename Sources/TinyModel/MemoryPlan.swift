internal import Base
public import Kernels
public import Trace

/// What a model and a run of it take of memory, in bytes: decided before any of it is allocated.
///
///     let plan = MemoryPlan(weightsOf: configuration, as: .f32).adding(run, of: configuration, threads: 2)
///     guard plan.total <= MemoryPlan.available else { … }
///
/// What is beyond an `Int` counts as `Int.max`, which fits nowhere.
public struct MemoryPlan: Equatable, Sendable {
  /// All weights as they are held.
  public var weights: Int
  /// What reading them takes beside them for a moment: what threads pack from.
  public var reading = 0
  /// K and V of every cache.
  public var caches = 0
  /// What passes compute in.
  public var buffers = 0
  /// What is kept of every step, to be looked at: Q, K, V, the residual stream, the counts, and what was read
  /// of stores that are not exact.
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
    /// In lanes side by side, and every step kept (`LockStep`).
    case lanes([Lane])
    /// In one lane, and nothing kept (`Generation`).
    case session(Lane)

    /// Without and with the cache, side by side.
    public static let lockStep = lanes([.uncached, .cached])

    /// Once, with the cache or without.
    public static func generation(usesCache: Bool) -> Use {
      session(usesCache ? .cached : .uncached)
    }

    fileprivate var lanes: [Lane] {
      switch self {
      case .lanes(let lanes): lanes
      case .session(let lane): [lane]
      }
    }
  }

  /// A plan of weights that are held already.
  public init(heldWeights: Int) { weights = heldWeights }

  /// A plan of the weights alone.
  ///
  /// - Parameters:
  ///   - shape: what `config.json` says.
  ///   - type: what the matrices are held as.
  ///   - hasOwnHead: whether the logits have a matrix of their own, whatever `config.json` says.
  ///   - stored: what the files hold them as.
  ///   - threads: that read and pack them.
  public init(
    weightsOf shape: ModelConfiguration, as type: WeightType, hasOwnHead: Bool = false,
    stored: WeightType = .f32, threads: Int = ThreadPool.shared.threads
  ) {
    let sizes = WeightSizes(shape: shape, type: type, stored: stored)
    weights = sizes.held(isTied: shape.tiesEmbeddings && !hasOwnHead).count
    reading = sizes.packing(threads: threads).count
  }

  /// The same with the caches and buffers of a run.
  public func adding(
    _ run: RunPlan, of shape: ModelConfiguration, threads: Int, use: Use = .lockStep
  ) -> MemoryPlan {
    let (longest, first) = (run.longest, run.length(at: 1))
    let rooms = use.lanes.map { lane in
      DecodeSession.bytes(
        lane, shape, rows: lane.cache == nil ? longest : first, capacity: longest, threads: threads)
    }
    var plan = self
    plan.caches = rooms.reduce(Bytes(0)) { $0 + $1.store }.count
    plan.buffers = rooms.reduce(Bytes(0)) { $0 + $1.buffers }.count
    if case .lanes(let lanes) = use {
      let rows = Activations.bytes(shape, tokens: longest, steps: run.steps, lanes: lanes)
      plan.steps = lanes.reduce(rows) { $0 + ReadingRecorder.bytes($1, shape, run) }.count
    }
    return plan
  }
}

/// What the weights of a shape take.
private struct WeightSizes {
  let shape: ModelConfiguration
  let type: WeightType
  /// What the files hold them as.
  let stored: WeightType

  private var width: Bytes { Bytes(shape.modelDimension) }

  /// Whether the type holds every matrix as the files do.
  private var isExact: Bool { type == stored || type == .f32 }

  /// The rows that tokens begin as, as they are stored.
  private var embedding: Bytes {
    .allocated(Bytes(shape.vocabulary) * shape.modelDimension * stored.storedBytes)
  }

  /// All of them; a tied embedding that is held exactly is held once, others may have to be held twice.
  func held(isTied: Bool) -> Bytes {
    let head = Linear.bytes(
      type, inner: shape.modelDimension, outer: shape.vocabulary, hasBias: false)
    let own = isTied && isExact ? Bytes(0) : embedding
    let positions =
      shape.hasLearnedPositions
      ? Bytes.floats(Bytes(shape.contextLength) * shape.modelDimension) : Bytes(0)
    return block * shape.layers + norm + head + own + positions
  }

  private var norm: Bytes { .floats(width) * (shape.hasNormBias ? 2 : 1) }

  private var block: Bytes {
    func linear(_ inner: Int, _ outer: Int, _ hasBias: Bool) -> Bytes {
      Linear.bytes(type, inner: inner, outer: outer, hasBias: hasBias)
    }
    let biases = shape.biases
    let up = linear(shape.modelDimension, shape.feedForwardDimension, biases.mlp)
    let headNorms = shape.rules.map(shape.headNorms).max { $0.count < $1.count } ?? Bytes(0)
    return norm * shape.blockNorms + .floats(headNorms)
      + (shape.latent?.weightBytes(shape, type)
        ?? linear(shape.modelDimension, shape.queryKeyValueWidth, biases.queryKeyValue))
      + linear(shape.outputWidth, shape.modelDimension, biases.output)
      + up * (shape.isGated ? 2 : 1)
      + linear(shape.feedForwardDimension, shape.modelDimension, biases.mlp)
  }

  /// What packing any of the matrices takes beside it.
  func packing(threads: Int) -> Bytes {
    let (width, inner) = (shape.modelDimension, shape.feedForwardDimension)
    var matrices = [
      (width, shape.queryKeyValueWidth), (shape.outputWidth, width), (width, inner), (inner, width),
      (width, shape.vocabulary),
    ]
    matrices += shape.latent?.matrices(shape) ?? []
    // An architecture has its matrices in one layout or the other.
    let rooms = matrices.flatMap { inner, outer in
      [Linear.Layout.innerFirst, .outerFirst].map {
        Linear.packingBytes(stored, $0, inner: inner, outer: outer, threads: threads)
      }
    }
    return rooms.max() ?? Bytes(0)
  }
}

extension Activations {
  /// Bytes of what is kept of `steps` steps that fed `tokens` tokens, with the counts of every lane.
  static func bytes(
    _ shape: ModelConfiguration, tokens: Int, steps: Int, lanes: [Lane]
  ) -> Bytes {
    let rows = Bytes(tokens) * shape.layers * shape.queryKeyValueWidth
    let residuals = Bytes(tokens) * (1 + 2 * shape.layers) * shape.modelDimension
    // The reference lane's, and those of lanes that compute something else.
    let own = 1 + lanes.dropFirst().count { $0.mayDiffer }
    let counts = Bytes(steps) * OperationCounter.bytes(layers: shape.layers, heads: shape.heads)
    return (rows + residuals) * MemoryLayout<Float>.stride * own + counts * lanes.count
  }
}

extension Lane {
  /// Whether it may compute other numbers than a lane that keeps everything as it was.
  fileprivate var mayDiffer: Bool {
    guard let cache else { return fault != nil }
    return fault != nil || cache.retention != .full || cache.format != .f32
  }
}
