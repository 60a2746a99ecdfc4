/// Why a run cannot begin.
public enum RunPlanError: Error, Equatable, Sendable {
  /// There is no token to begin with.
  case emptyText
  /// The number of tokens to generate is below what the run allows.
  case tooFewTokens(tokens: Int, least: Int)
  /// The sequence would outgrow the model's positions.
  case tooManySteps(tokens: Int, most: Int, positions: Int)
  /// The text alone outgrows the model's positions.
  case textTooLong(tokens: Int, positions: Int)
  /// A sampling option is out of its range.
  case badSampling(option: String, value: String, expected: String)
}

/// Which steps a run will have.
///
/// With a prompt of P tokens: N steps, step k of length P + k − 1; the Nth new token is listed, never fed.
/// With a text of T tokens: T + N steps, step k of length k.
public struct RunPlan: Sendable, Equatable {
  /// What the run begins with.
  public enum Start: Sendable, Equatable {
    /// The whole prompt is fed at the first step (prefill).
    case prompt
    /// The text is fed token by token from the first.
    case text
  }

  /// How the given ids are fed.
  public let start: Start
  /// The ids of the prompt or of the text.
  public let ids: [Int]
  /// How many tokens the model writes at most.
  public let newTokens: Int
  /// Whether the end-of-sequence token is passed over.
  public let ignoresEndOfSequence: Bool
  /// How tokens are chosen.
  public let sampling: SamplingOptions
  /// How many candidates each step lists.
  public let candidates: Int

  /// Checks a run against the model's positions.
  public init(
    start: Start, ids: [Int], newTokens: Int, positions: Int, ignoresEndOfSequence: Bool = false,
    sampling: SamplingOptions = .greedy, candidates: Int = 5
  ) throws(RunPlanError) {
    guard !ids.isEmpty else { throw .emptyText }
    let least = start == .text ? 0 : 1
    guard newTokens >= least else { throw .tooFewTokens(tokens: newTokens, least: least) }
    guard ids.count <= positions else {
      throw .textTooLong(tokens: ids.count, positions: positions)
    }
    let most = positions - ids.count + least
    guard newTokens <= most else {
      throw .tooManySteps(tokens: newTokens, most: most, positions: positions)
    }
    self.start = start
    self.ids = ids
    self.newTokens = newTokens
    self.ignoresEndOfSequence = ignoresEndOfSequence
    self.sampling = sampling
    self.candidates = candidates
  }

  /// Steps, if nothing ends the run early.
  public var steps: Int { start == .text ? ids.count + newTokens : newTokens }

  /// Tokens in the sequence at `step`, counted from 1.
  public func length(at step: Int) -> Int {
    start == .text ? step : ids.count + step - 1
  }

  /// The longest sequence of the run, in tokens.
  public var longest: Int { length(at: steps) }
}
