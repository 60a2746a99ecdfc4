/// What became of a request that a scheduler has served.
public struct ServedRequest: Sendable, Equatable {
  /// Its place in the script, from 1.
  public let request: Int
  /// Tokens of its prompt.
  public let promptTokens: Int
  /// What it wrote, the end-of-sequence token among it.
  public let tokens: [TraceToken]
  /// What it wrote as a text, without the token that ended it.
  public let text: String
  /// Whether the end-of-sequence token ended it.
  public let isEnded: Bool
  /// The step from which on it waited.
  public let arrives: Int
  /// The step in which it was given blocks first.
  public let began: Int
  /// The step in which it wrote its first token.
  public let firstToken: Int
  /// The step in which it wrote its last.
  public let finished: Int
  /// Tokens that were computed for it, those that were computed again among them.
  public let computed: Int
  /// Tokens whose K and V were found in the pool, as often as they were.
  public let hits: Int
  /// How often its blocks were taken from it.
  public let preemptions: Int
  /// FLOP of its passes.
  public let flops: Int
  /// FLOP of the same request alone, with a full cache: counted in a run that was made beside.
  public let flopsAlone: Int
  /// The largest |Δ| of a logit of a token that it wrote from that run; NaN where one is NaN.
  public let difference: Float

  /// What became of it, as it was recorded.
  public init(
    request: Int, promptTokens: Int, tokens: [TraceToken], text: String, isEnded: Bool,
    arrives: Int, began: Int, firstToken: Int, finished: Int, computed: Int, hits: Int,
    preemptions: Int, flops: Int, flopsAlone: Int, difference: Float
  ) {
    self.request = request
    self.promptTokens = promptTokens
    self.tokens = tokens
    self.text = text
    self.isEnded = isEnded
    self.arrives = arrives
    self.began = began
    self.firstToken = firstToken
    self.finished = finished
    self.computed = computed
    self.hits = hits
    self.preemptions = preemptions
    self.flops = flops
    self.flopsAlone = flopsAlone
    self.difference = difference
  }
}
