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
  /// `gpt2`, `llama`, `mistral`, `qwen2` or `qwen3`.
  public let architecture: String
  /// Transformer blocks.
  public let layers: Int
  /// Query heads of a layer.
  public let heads: Int
  /// Heads of K and V of a layer.
  public let kvHeads: Int
  /// Width of the residual stream.
  public let width: Int
  /// Width of a head.
  public let headWidth: Int
  /// Ids that the model knows.
  public let vocabulary: Int
  /// Parameters in all.
  public let parameters: Int
  /// The weights' type in use.
  public let dtype: String
  /// The longest sequence, in tokens.
  public let positions: Int
  /// Which keys a query sees.
  public let mask: CausalMask

  /// Describes a model, also one that is not at hand.
  public init(
    name: String, architecture: String, layers: Int, heads: Int, kvHeads: Int, width: Int,
    headWidth: Int, vocabulary: Int, parameters: Int, dtype: String, positions: Int,
    mask: CausalMask
  ) {
    self.name = name
    self.architecture = architecture
    self.layers = layers
    self.heads = heads
    self.kvHeads = kvHeads
    self.width = width
    self.headWidth = headWidth
    self.vocabulary = vocabulary
    self.parameters = parameters
    self.dtype = dtype
    self.positions = positions
    self.mask = mask
  }
}

extension ModelDescription {
  /// The head of K and V that a query head reads, both counted from 0.
  public func kvHead(of head: Int) -> Int { head * kvHeads / heads }
}

/// Prefill or decode.
public enum Phase: String, Sendable {
  /// The first step, which fills the cache.
  case prefill
  /// Every step after it, one token each.
  case decode
}

/// What one of the two runs did in one step.
public struct RunStep: Sendable, Equatable {
  /// Query rows.
  public let rows: Int
  /// What was counted while it was done.
  public let counter: OperationCounter
  /// Wall time of the forward pass, measured once.
  public let seconds: Double
  /// Positions that the cache holds after the step; 0 for the uncached run.
  public let cacheTokens: Int
  /// Their bytes.
  public let cacheBytes: Int

  /// What a run did, as it was counted.
  public init(
    rows: Int, counter: OperationCounter, seconds: Double, cacheTokens: Int, cacheBytes: Int
  ) {
    self.rows = rows
    self.counter = counter
    self.seconds = seconds
    self.cacheTokens = cacheTokens
    self.cacheBytes = cacheBytes
  }
}

/// The rows that the cached run was fed at a step.
public struct FedRows: Sendable, Equatable {
  /// Queries by layer, turned like the keys: `[rows][heads × head width]`.
  public package(set) var queries: [[Float]] = []
  /// Keys by layer, turned by their positions where positions are rotary: `[rows][kv heads × head width]`.
  public package(set) var keys: [[Float]] = []
  /// Values by layer: `[rows][kv heads × head width]`.
  public package(set) var values: [[Float]] = []
  /// The newest token's residual stream: after the embedding, then after the attention and after the MLP of
  /// each block: `[1 + 2 × layers][width]`.
  public package(set) var residuals: [[Float]] = []

  /// Rows as they were computed, or none.
  public init(
    queries: [[Float]] = [], keys: [[Float]] = [], values: [[Float]] = [], residuals: [[Float]] = []
  ) {
    self.queries = queries
    self.keys = keys
    self.values = values
    self.residuals = residuals
  }
}

/// One step of both runs.
public struct Step: Sendable, Equatable {
  /// Counted from 1.
  public let number: Int
  /// Prefill or decode.
  public let phase: Phase
  /// Tokens in the sequence.
  public let length: Int
  /// The tokens that the cached run was fed.
  public let fed: [TraceToken]
  /// Their Q, K and V.
  public let rows: FedRows
  /// The run that feeds the whole sequence.
  public let uncached: RunStep
  /// The run that feeds the new tokens.
  public let cached: RunStep
  /// The largest |Δ| between the two runs over all logits of the last row.
  public let maxAbsDifference: Float
  /// The largest |Δ| between the two runs over Q, K and V of every token and layer.
  public let maxAbsRowDifference: Float
  /// The most likely next tokens, from the cached run.
  public let next: [Candidate]
  /// The token that was chosen and is fed at the next step, if there is one; for a text, the text's own.
  public let chosen: TraceToken

  /// A step as both runs did it.
  public init(
    number: Int, phase: Phase, length: Int, fed: [TraceToken], rows: FedRows, uncached: RunStep,
    cached: RunStep, maxAbsDifference: Float, maxAbsRowDifference: Float, next: [Candidate],
    chosen: TraceToken
  ) {
    self.number = number
    self.phase = phase
    self.length = length
    self.fed = fed
    self.rows = rows
    self.uncached = uncached
    self.cached = cached
    self.maxAbsDifference = maxAbsDifference
    self.maxAbsRowDifference = maxAbsRowDifference
    self.next = next
    self.chosen = chosen
  }
}

/// A run of a model as values: what every screen, page and recording is made from.
public struct Trace: Sendable {
  /// The model that ran.
  public let model: ModelDescription
  /// The tokens known so far: the prompt or text, then what the model wrote and was fed.
  public package(set) var tokens: [TraceToken]
  /// How many tokens were given, not written by the model.
  public let givenTokens: Int
  /// The steps computed so far.
  public package(set) var steps: [Step] = []
  /// How many steps the run will have, unless the end-of-sequence token ends it.
  public package(set) var plannedSteps: Int

  /// A run as far as it is known.
  public init(
    model: ModelDescription, tokens: [TraceToken], givenTokens: Int, steps: [Step] = [],
    plannedSteps: Int
  ) {
    self.model = model
    self.tokens = tokens
    self.givenTokens = givenTokens
    self.steps = steps
    self.plannedSteps = plannedSteps
  }

  /// K and V of the heads that were looked at; shared by all copies, seen by none.
  let gathered = GatheredHeads()

  /// Whether every step has been computed.
  public var isComplete: Bool { steps.count == plannedSteps }

  /// The step counted from 1.
  public func step(_ number: Int) -> Step { steps[number - 1] }

  /// The tokens in the sequence at a step.
  public func sequence(at step: Step) -> ArraySlice<TraceToken> { tokens.prefix(step.length) }

  /// The token that a step leads to, if it is known.
  public func token(after step: Step) -> TraceToken {
    step.length < tokens.count ? tokens[step.length] : step.chosen
  }
}
