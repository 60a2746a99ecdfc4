public import Trace

/// A request as the serving screen asks for it.
public struct ServingRequest: Hashable, Sendable {
  /// What it begins with.
  public let prompt: String
  /// Tokens that it writes at most.
  public let tokens: Int
  /// The step from which on it waits.
  public let arrives: Int

  /// Names a request.
  public init(prompt: String, tokens: Int, arrives: Int) {
    (self.prompt, self.tokens, self.arrives) = (prompt, tokens, arrives)
  }
}

/// Requests over a pool of blocks, as the serving screen wants them served.
public struct ServingQuestion: Hashable, Sendable {
  /// The requests.
  public var requests: [ServingRequest]
  /// Tokens of a block.
  public var blockSize: Int
  /// Slots of the pool, in whole blocks; nil for as many blocks as all requests take at once.
  public var slots: Int?
  /// Whether requests that begin alike share blocks.
  public var shares: Bool
  /// The most tokens of a step.
  public var budget: Int

  /// A question.
  public init(
    requests: [ServingRequest], blockSize: Int, slots: Int? = nil, shares: Bool = true, budget: Int
  ) {
    (self.requests, self.blockSize, self.slots) = (requests, blockSize, slots)
    (self.shares, self.budget) = (shares, budget)
  }
}

/// What the scheduler did with a question's requests, as far as it has come.
public struct ServingBoard: Sendable {
  /// The question.
  public let question: ServingQuestion
  /// Each prompt, token by token.
  public let prompts: [[TraceToken]]
  /// The steps so far.
  public var trace: ServingTrace
  /// The same requests batch by batch, all steps; nil until that was run.
  public var wholeBatches: ServingTrace?
  /// The same requests with sharing the other way, all steps; nil until that was run.
  public var otherSharing: ServingTrace?

  /// What there is before a step was computed.
  public init(question: ServingQuestion, prompts: [[TraceToken]], trace: ServingTrace) {
    (self.question, self.prompts, self.trace) = (question, prompts, trace)
  }

  /// Whether every request has finished.
  var isServed: Bool { trace.served.count == trace.requests }
  /// Whether all that it is held against was run as well.
  var isComplete: Bool { isServed && wholeBatches != nil && otherSharing != nil }
}

/// The serving screen at its beginning.
public struct ServingStart: Sendable {
  /// The model's name.
  public let model: String
  /// Positions of the model: no block has more tokens.
  public let positions: Int
  /// What is asked first.
  public let question: ServingQuestion
  /// The step that is looked at first, counted from 1; nil for the one in which most blocks are used.
  public var step: Int?

  /// A beginning.
  public init(model: String, positions: Int, question: ServingQuestion, step: Int? = nil) {
    (self.model, self.positions, self.question) = (model, positions, question)
    self.step = step
  }
}
