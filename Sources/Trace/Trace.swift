/// A token as a trace shows it.
public struct TraceToken: Sendable, Equatable {
  /// Its id.
  public let id: Int
  /// What it adds to the text.
  public let text: String

  /// Creates a token.
  public init(id: Int, text: String) {
    self.id = id
    self.text = text
  }
}

/// What a trace says of its model.
public struct ModelDescription: Sendable, Equatable {
  /// The folder's name.
  public let name: String
  /// The `model_type` of its `config.json`, as `gpt2`; in recordings by other hands whatever they call it, or nothing.
  public let architecture: String?
  /// Transformer blocks.
  public let layers: Int
  /// Query heads of a layer.
  public let heads: Int
  /// Heads of K and V of a layer, as attention reads them.
  public let kvHeads: Int
  /// Width of the residual stream; nil where a recording does not say.
  public let modelDimension: Int?
  /// Width of a head's queries and keys.
  public let headDimension: Int
  /// Width of a head's values.
  public let valueDimension: Int
  /// Ids that the model knows; nil where a recording does not say.
  public let vocabulary: Int?
  /// Parameters in all; nil where a recording does not say.
  public let parameters: Int?
  /// The weights' type in use; nil where a recording does not say.
  public let dtype: String?
  /// The longest sequence, in tokens; nil where a recording does not say.
  public let contextLength: Int?
  /// The layers' rules: one for each, or fewer that repeat.
  public let rules: [AttentionRule]
  /// What keys and values are made from; nil where the cache keeps keys and values themselves.
  public let latent: LatentDescription?

  /// Describes a model, also one that is not at hand.
  public init(
    name: String, architecture: String?, layers: Int, heads: Int, kvHeads: Int,
    modelDimension: Int?, headDimension: Int, valueDimension: Int? = nil, vocabulary: Int?,
    parameters: Int?, dtype: String?, contextLength: Int?, rules: [AttentionRule],
    latent: LatentDescription? = nil
  ) {
    precondition(!rules.isEmpty, "a model without a rule of attention")
    self.name = name
    self.architecture = architecture
    self.layers = layers
    self.heads = heads
    self.kvHeads = kvHeads
    self.modelDimension = modelDimension
    self.headDimension = headDimension
    self.valueDimension = valueDimension ?? headDimension
    self.vocabulary = vocabulary
    self.parameters = parameters
    self.dtype = dtype
    self.contextLength = contextLength
    self.rules = rules
    self.latent = latent
  }
}

extension ModelDescription {
  /// What a layer, counted from 0, does with its scores.
  public func rule(ofLayer layer: Int) -> AttentionRule { rules[layer % rules.count] }

  /// The head of K and V that a query head reads, both counted from 0.
  public func kvHead(of head: Int) -> Int { head * kvHeads / heads }
}

/// A run of a model as values: what every screen, page and recording is made from.
public struct Trace: Sendable {
  /// The model that ran.
  public let model: ModelDescription
  /// The runs that went side by side; the first is the one that the others are held against.
  public let lanes: [Lane]
  /// The tokens known so far: the prompt or text, then what the model wrote and was fed.
  public package(set) var tokens: [TraceToken]
  /// How many tokens were given, not written by the model.
  public let givenTokens: Int
  /// The steps computed so far.
  public package(set) var steps: [Step] = []
  /// How many steps the run will have, unless the end-of-sequence token ends it.
  public package(set) var plannedSteps: Int

  /// Where Q, K and V lie that are not with the steps; nil for a run that was computed here.
  let source: (any RowSource)?

  /// A run as far as it is known.
  public init(
    model: ModelDescription, lanes: [Lane] = [.uncached, .cached], tokens: [TraceToken],
    givenTokens: Int, steps: [Step] = [], plannedSteps: Int
  ) {
    self.init(
      model: model, lanes: lanes, tokens: tokens, givenTokens: givenTokens, steps: steps,
      plannedSteps: plannedSteps, source: nil)
  }

  init(
    model: ModelDescription, lanes: [Lane] = [.uncached, .cached], tokens: [TraceToken],
    givenTokens: Int, steps: [Step], plannedSteps: Int, source: (any RowSource)?
  ) {
    self.model = model
    self.lanes = lanes
    self.tokens = tokens
    self.givenTokens = givenTokens
    self.steps = steps
    self.plannedSteps = plannedSteps
    self.source = source
  }

  /// K and V of the heads that were looked at; shared by all copies, seen by none.
  let gathered = GatheredHeads()
  /// Sums that were looked at, likewise.
  let sumsSoFar = SumsSoFar()

  /// Whether every step has been computed.
  public var isComplete: Bool { steps.count == plannedSteps }

  /// Whether a lane computed anything that the reference lane did not.
  package func hasOwnActivations(lane: Int) -> Bool {
    lane > 0 && steps.contains { $0.lanes[lane].activations != nil }
  }

  /// Whether a lane's attention may be another than the reference lane's: other rows, another reading, another mask.
  package func hasOwnAttention(lane: Int) -> Bool {
    lane > 0
      && (lanes[lane].fault != lanes[0].fault || hasOwnActivations(lane: lane)
        || steps.contains { $0.lanes[lane].reading != nil || $0.lanes[0].reading != nil })
  }

  /// The step counted from 1.
  public func step(_ number: Int) -> Step { steps[number - 1] }

  /// The tokens in the sequence at a step.
  public func sequence(at step: Step) -> ArraySlice<TraceToken> { tokens.prefix(step.length) }

  /// The token that a step leads to, if it is known.
  public func token(after step: Step) -> TraceToken? {
    step.length < tokens.count ? tokens[step.length] : step.chosen
  }
}
