internal import Base
internal import Kernels
internal import Trace

/// The shape of a model, as `config.json` says it.
public struct ModelConfiguration: Equatable, Sendable {
  /// `model_type`: what `--json` and the screen call the architecture.
  public let architecture: String
  /// Transformer blocks.
  public let layers: Int
  /// Query heads of a layer.
  public let heads: Int
  /// Heads of K and V that attention reads in a layer; each serves `heads / kvHeads` query heads.
  public internal(set) var kvHeads: Int
  /// Width of the residual stream.
  public let modelDimension: Int
  /// Width of a head's queries and keys.
  public internal(set) var headDimension: Int
  /// Width of the MLP's inner layer.
  public let feedForwardDimension: Int
  /// Ids that the model knows.
  public let vocabulary: Int
  /// The longest sequence, in tokens.
  public let contextLength: Int
  /// Added to the variance, or to the mean square, in a norm.
  public let normEpsilon: Float
  /// Whether the logits' matrix is the token embedding.
  public let tiesEmbeddings: Bool
  /// Ids that end a sequence; those beyond the vocabulary are left out.
  public internal(set) var endOfSequence: [Int]
  /// What the layers do with queries and keys: a rule for each layer, or fewer that repeat.
  var rules: [LayerRule]
  /// Whether positions are learned vectors, which the tokens' are added to.
  var hasLearnedPositions = false
  /// Whether the MLP has a gate beside its way up.
  var isGated = false
  /// Which products of a block add a bias.
  var biases = Biases.all
  /// Whether norms have a bias beside their gain.
  var hasNormBias = true
  /// Norms of the residual stream, and of what is added to it, in a block.
  var blockNorms = 2
  /// Whether the MLP reads what attention reads, and both are added at once.
  var hasParallelBlocks = false
  /// What the rows of the embedding are multiplied by; nil where they are taken as they are.
  var embeddingScale: Float?
  /// Elements of a head that positions turn, the first ones; nil for all.
  var turnedDimension: Int?
  /// What the file calls the matrix of the logits.
  var headName = "lm_head.weight"
  /// What is done between the matrices of an MLP without a gate.
  var activation = Activation.geluTanh
  /// Why there are no longer sequences.
  public internal(set) var contextLimit = ContextLimit.positions
  /// What keys and values are made from; nil where the cache keeps keys and values themselves.
  public internal(set) var latent: LatentShape?

  /// Which products of a block add a bias.
  struct Biases: Equatable, Sendable {
    /// Q, K and V.
    let queryKeyValue: Bool
    /// The attention's output.
    let output: Bool
    /// The matrices of the MLP.
    let mlp: Bool

    static let all = Biases(queryKeyValue: true, output: true, mlp: true)
    static let none = Biases(queryKeyValue: false, output: false, mlp: false)
  }
}

/// Why a model has no sequences longer than its longest.
public enum ContextLimit: Equatable, Sendable {
  /// There are no more positions.
  case positions
  /// Beyond, LongRoPE has other frequencies, by which every key that is kept would have to turn anew.
  case longRope
}

extension ModelConfiguration {
  /// Reads and checks a `config.json`.
  init(path: String) throws(FileError) {
    self = try Architecture.read(path: path).configuration
  }

  /// Parameters in all, as the shape tells them; a tied matrix once.
  var parameters: Int {
    let norm = Bytes(modelDimension) * (hasNormBias ? 2 : 1)
    func linear(_ inner: Int, _ outer: Int, _ hasBias: Bool) -> Bytes {
      Bytes(inner) * outer + Bytes(hasBias ? outer : 0)
    }
    let up = linear(modelDimension, feedForwardDimension, biases.mlp)
    let queryKeyValue =
      latent?.parameters(self) ?? linear(modelDimension, queryKeyValueWidth, biases.queryKeyValue)
    let block =
      norm * blockNorms + queryKeyValue
      + linear(outputWidth, modelDimension, biases.output) + up * (isGated ? 2 : 1)
      + linear(feedForwardDimension, modelDimension, biases.mlp)
    let matrices = Bytes(vocabulary) * modelDimension * (tiesEmbeddings ? 1 : 2)
    let learned = hasLearnedPositions ? Bytes(contextLength) * modelDimension : Bytes(0)
    return (block * layers + headNorms + norm + matrices + learned).count
  }

  /// The different ways in which positions turn queries and keys.
  var rotaryEmbeddings: [RotaryEmbedding] {
    rules.compactMap(\.rotary).reduce(into: []) { known, rotary in
      if !known.contains(rotary) { known.append(rotary) }
    }
  }

  /// Parameters of the norms of queries and keys, of all layers.
  private var headNorms: Bytes {
    let once = rules.reduce(Bytes(0)) { $0 + headNorms(of: $1) }
    return rules.prefix(layers % rules.count).reduce(once * (layers / rules.count)) {
      $0 + headNorms(of: $1)
    }
  }

  /// Parameters of the norms of queries and keys of a layer.
  func headNorms(of rule: LayerRule) -> Bytes {
    switch rule.headNorm {
    case .none: Bytes(0)
    case .perHead: Bytes(2) * headDimension
    case .whole: Bytes(queryWidth) + Bytes(keyWidth)
    }
  }

  /// Width of a head's values, and of the sum that is made of them.
  var valueDimension: Int { latent?.valueDimension ?? headDimension }

  /// Width of all queries of a token: heads × head dimension.
  var queryWidth: Int { heads * headDimension }

  /// Width of all keys of a token: kv heads × head dimension.
  var keyWidth: Int { kvHeads * headDimension }

  /// Width of all values of a token: kv heads × value dimension.
  var valueWidth: Int { kvHeads * valueDimension }

  /// Width of Q, K and V of a token, side by side.
  var queryKeyValueWidth: Int { queryWidth + keyWidth + valueWidth }

  /// Width of what attention sums up for all heads of a token: heads × value dimension.
  var attentionWidth: Int { heads * valueDimension }

  /// Width of what the output projection takes.
  var outputWidth: Int { heads * (latent?.value ?? valueDimension) }

  /// Elements of a head that positions turn, where they are rotary.
  var rotaryDimension: Int { latent?.rotary ?? turnedDimension ?? headDimension }

  /// What a cache keeps of a token in a layer.
  var cached: CachedRow {
    latent.map { CachedRow(heads: 1, keyDimension: $0.rotary, valueDimension: $0.rank) }
      ?? CachedRow(heads: kvHeads, keyDimension: headDimension, valueDimension: valueDimension)
  }

  /// What a layer, counted from 0, does with queries and keys.
  func rule(ofLayer layer: Int) -> LayerRule { rules[layer % rules.count] }
}
