public import Trace

/// A text that one model drafts and another verifies, as the speculative screen wants it written.
public struct SpeculativeQuestion: Hashable, Sendable {
  /// The prompt.
  public var text: String
  /// Tokens that are drafted at most for each pass.
  public var drafts: Int
  /// The name of the model that drafts.
  public var draft: String

  /// A question.
  public init(text: String, drafts: Int, draft: String) {
    (self.text, self.drafts, self.draft) = (text, drafts, draft)
  }
}

/// What was written of a question's text, as far as it has come.
public struct SpeculativeBoard: Sendable {
  /// The question.
  public let question: SpeculativeQuestion
  /// The model that verifies.
  public let model: ModelDescription
  /// The models that could draft, by their names: others of the same tokens.
  public let drafters: [String]
  /// Numbers that the drafting model's weights are.
  public let draftParameters: Int?
  /// The passes so far.
  public var trace: SpeculativeTrace
  /// The text of each id that occurs.
  public var texts: [Int: String] = [:]
  /// The same text token by token; nil until that was run.
  public var plain: PlainDecoding?

  /// What there is before a pass was made.
  public init(
    question: SpeculativeQuestion, model: ModelDescription, drafters: [String],
    draftParameters: Int?, trace: SpeculativeTrace
  ) {
    (self.question, self.model, self.drafters) = (question, model, drafters)
    (self.draftParameters, self.trace) = (draftParameters, trace)
  }

  /// Whether all is there that is shown.
  var isComplete: Bool { plain != nil }
  /// Whether the text is the one that is written token by token; nil until that was run.
  var agrees: Bool? { plain.map { $0.written == trace.written } }

  /// The text of an id.
  func text(_ id: Int) -> String { texts[id] ?? "#\(id)" }
}

/// The speculative screen at its beginning.
public struct SpeculativeStart: Sendable {
  /// The name of the model that verifies.
  public let model: String
  /// What is asked first.
  public let question: SpeculativeQuestion

  /// A beginning.
  public init(model: String, question: SpeculativeQuestion) {
    (self.model, self.question) = (model, question)
  }
}
