public import Base
public import Trace

/// Why a run cannot begin.
public enum RunPlanError: Equatable, Sendable {
  /// There is no token to begin with.
  case emptyText
  /// The tokenizer makes no token of a text that is not empty.
  case noToken
  /// The tokenizer fails on the text.
  case tokenizer(FileError)
  /// The number of tokens to generate is below what the run allows.
  case tooFewTokens(tokens: Int, least: Int)
  /// The sequence would outgrow the model's positions.
  case tooManySteps(
    tokens: Int, most: Int, contextLength: Int, limit: ContextLimit = .positions)
  /// The text alone outgrows the model's positions.
  case textTooLong(tokens: Int, contextLength: Int, limit: ContextLimit = .positions)
  /// The text alone, with the least that can be written after it, needs more than the `memory` bytes that there are.
  case textBeyondMemory(tokens: Int, MemoryPlan, memory: Int)
  /// So many new tokens need more than the `memory` bytes that there are.
  case tokensBeyondMemory(tokens: Int, most: Int, MemoryPlan, memory: Int)
  /// A sampling option is out of its range.
  case badSampling(option: SamplingOption, value: String, expected: Expectation)

  /// What is chosen about the candidates for the next token.
  public enum SamplingOption: Sendable {
    /// What the logits are divided by.
    case temperature
    /// How many of the most likely tokens are drawn from.
    case topK
    /// How many candidates each step lists.
    case candidates
  }

  /// What an option should have been.
  public enum Expectation: Sendable {
    /// A finite number, 0 or more.
    case finiteFromZero
    /// A whole number, 1 or more.
    case wholeFromOne
  }
}

extension Tokenizer {
  /// The ids of a text that a run begins with.
  public func encodeStart(_ text: String) throws(RunPlanError) -> [Int] {
    let ids: [Int]
    do throws(FileError) {
      ids = try encode(text)
    } catch {
      throw .tokenizer(error)
    }
    guard !ids.isEmpty || text.isEmpty else { throw .noToken }
    return ids
  }
}

/// Which steps a run will have.
///
/// With a prompt of P tokens: N steps, step k of length P + k − 1; the Nth new token is listed, never fed.
/// With a text of T tokens: T + N steps, step k of length k.
public struct RunPlan: Sendable, Equatable {
  /// How the given ids are fed.
  public let start: Feeding
  /// The ids of the prompt or of the text.
  public let ids: [Int]
  /// How many of them are fed at the first step.
  private let first: Int
  /// How many tokens the model writes at most.
  public private(set) var newTokens: Int
  /// Whether the end-of-sequence token is passed over.
  public let ignoresEndOfSequence: Bool
  /// How tokens are chosen.
  public let sampling: SamplingOptions
  /// How many candidates each step lists.
  public let candidates: Int

  /// Checks a run against the model's positions.
  ///
  /// - Parameters:
  ///   - start: how the given ids are fed.
  ///   - ids: of the prompt or of the text.
  ///   - newTokens: how many tokens the model writes at most.
  ///   - contextLength: the model's.
  ///   - limit: why the model has no longer sequences.
  ///   - ignoresEndOfSequence: whether the end-of-sequence token is passed over.
  ///   - sampling: how tokens are chosen.
  ///   - candidates: how many each step lists.
  ///   - first: how many ids of a prompt are fed at the first step, where the others follow one by one; nil for all.
  /// - Throws: why the run cannot be.
  public init(
    start: Feeding, ids: [Int], newTokens: Int, contextLength: Int,
    limit: ContextLimit = .positions, ignoresEndOfSequence: Bool = false,
    sampling: SamplingOptions = .greedy, candidates: Int = 5,
    first: Int? = nil
  ) throws(RunPlanError) {
    guard !ids.isEmpty else { throw .emptyText }
    let least = start == .text ? 0 : 1
    guard newTokens >= least else { throw .tooFewTokens(tokens: newTokens, least: least) }
    guard ids.count <= contextLength else {
      throw .textTooLong(tokens: ids.count, contextLength: contextLength, limit: limit)
    }
    let most = contextLength - ids.count + least
    guard newTokens <= most else {
      throw .tooManySteps(
        tokens: newTokens, most: most, contextLength: contextLength, limit: limit)
    }
    try Self.check(sampling, candidates: candidates)
    self.start = start
    self.ids = ids
    self.first = start == .text ? 1 : max(1, min(first ?? ids.count, ids.count))
    self.newTokens = newTokens
    self.ignoresEndOfSequence = ignoresEndOfSequence
    self.sampling = sampling
    self.candidates = candidates
  }

  private static func check(
    _ sampling: SamplingOptions, candidates: Int
  ) throws(RunPlanError) {
    guard sampling.temperature >= 0, sampling.temperature.isFinite else {
      throw .badSampling(
        option: .temperature, value: "\(sampling.temperature)", expected: .finiteFromZero)
    }
    if let topK = sampling.topK, topK < 1 {
      throw .badSampling(option: .topK, value: "\(topK)", expected: .wholeFromOne)
    }
    guard candidates >= 1 else {
      throw .badSampling(option: .candidates, value: "\(candidates)", expected: .wholeFromOne)
    }
  }

  /// Tokens of a text that a store may calibrate itself over.
  private static let mostCalibration = 8

  /// The given tokens that a store may calibrate itself over: all of a prompt, the first of a text.
  var calibration: Int { start == .prompt ? ids.count : min(ids.count, Self.mostCalibration) }

  /// Steps, if nothing ends the run early.
  public var steps: Int { ids.count - first + newTokens + (start == .text ? 1 : 0) }

  /// Tokens in the sequence at `step`, counted from 1.
  public func length(at step: Int) -> Int { first + step - 1 }

  /// The longest sequence of the run, in tokens.
  public var longest: Int { length(at: steps) }
}

extension RunPlan {
  /// Refuses a run whose caches and buffers do not fit beside the weights, before they are allocated.
  ///
  /// Weights that do not fit themselves are not the run's fault.
  ///
  /// - Parameters:
  ///   - shape: the model's.
  ///   - weights: a plan of the model alone.
  ///   - threads: how many compute.
  ///   - use: how the run is computed.
  ///   - memory: bytes that there are.
  ///   - other: bytes that such a run takes beside that.
  /// - Throws: `textBeyondMemory` or `tokensBeyondMemory`.
  public func requireMemory(
    of shape: ModelConfiguration, beside weights: MemoryPlan, threads: Int,
    use: MemoryPlan.Use = .lockStep, memory: Int = MemoryPlan.available,
    other: (RunPlan) -> Int = { _ in 0 }
  ) throws(RunPlanError) {
    func plan(_ tokens: Int) -> MemoryPlan {
      let run = writing(tokens)
      var whole = weights.adding(run, of: shape, threads: threads, use: use)
      whole.other = (Bytes(whole.other) + Bytes(other(run))).count
      return whole
    }
    let whole = plan(newTokens)
    guard whole.total > memory, weights.total <= memory else { return }
    var (most, beyond) = (start == .text ? 0 : 1, newTokens)
    guard plan(most).total <= memory else {
      throw .textBeyondMemory(tokens: ids.count, plan(most), memory: memory)
    }
    while beyond - most > 1 {
      let middle = most + (beyond - most) / 2
      if plan(middle).total <= memory { most = middle } else { beyond = middle }
    }
    throw .tokensBeyondMemory(tokens: newTokens, most: most, whole, memory: memory)
  }

  /// The same for a model that is read already.
  public func requireMemory(
    of model: Transformer, use: MemoryPlan.Use = .lockStep
  ) throws(RunPlanError) {
    try requireMemory(
      of: model.configuration, beside: model.memoryPlan, threads: model.threads, use: use)
  }

  /// The same run with another number of new tokens.
  private func writing(_ tokens: Int) -> RunPlan {
    var plan = self
    plan.newTokens = tokens
    return plan
  }
}
