public import Base
public import Trace

/// What the conversation screen wants to be worked out; everything that is needed for it stands in the question.
public enum ConversationQuestion: Hashable, Sendable {
  /// A question of the conversation, to be answered with the K and V of earlier turns.
  public struct Asked: Hashable, Sendable {
    /// Which conversation it belongs to, counted from 1: the next one begins where a number is higher.
    public let conversation: Int
    /// What turns are written as.
    public let language: Language
    /// The question.
    public let text: String
    /// The turns before it.
    public let earlier: [ConversationTurn]
    /// The turns that it drops, the one in whose place it comes first.
    public let dropped: [ConversationTurn]

    /// Its number among the turns, counted from 1.
    public var number: Int { earlier.count + 1 }
  }

  /// The answer, token by token.
  case answer(Asked)
  /// What a turn's answer takes behind a fresh prefill.
  case emptied(ConversationTurn, Language)
  /// What it takes without any cache.
  case uncached(ConversationTurn, Language)
  /// What another question in the place of a turn's would leave; nothing is run.
  case outlook(String, turn: Int, of: [ConversationTurn], Language)

  /// What turns are written as.
  public var language: Language {
    switch self {
    case .answer(let asked): asked.language
    case .emptied(_, let language), .uncached(_, let language), .outlook(_, _, _, let language):
      language
    }
  }
}

/// What was worked out for a question of the conversation screen, or how far it has come.
public struct ConversationAnswer: Sendable {
  /// What there is.
  public enum Content: Sendable {
    /// Bytes of the model's weights that are read, of all.
    case reading(Int, of: Int)
    /// The answer as far as it is written.
    case progress(AnswerProgress)
    /// The turn, and what each token that is held adds to the text.
    case turn(ConversationTurn, tokens: [String])
    /// Rows that a comparison has fed so far.
    case rows(Int)
    /// What a comparison took.
    case cost(AnswerCost)
    /// What an edit would leave.
    case outlook(TurnEdit)
  }

  /// What was asked.
  public let question: ConversationQuestion
  /// What there is.
  public let content: Content

  /// Creates an answer.
  public init(to question: ConversationQuestion, _ content: Content) {
    (self.question, self.content) = (question, content)
  }
}

/// A conversation at its beginning.
public struct ConversationStart: Sendable {
  /// The model's name.
  public let model: String
  /// Whether a latent is held in the place of K and V.
  public let isLatent: Bool
  /// What turns are written as, from the first to the last.
  public let language: Language
  /// What Enter asks.
  public let script: [ConversationEntry]
  /// How many of these are asked at once.
  public let turns: Int

  /// Whether the model is one of the bundled ones, which were trained on Chinese.
  var hasLearntChinese: Bool { Self.hasLearntChinese(model) }

  /// Whether a model of this name is one of the bundled ones.
  public static func hasLearntChinese(_ model: String) -> Bool {
    model == "tiny-zh" || model.hasPrefix("tiny-zh-")
  }

  /// Creates the beginning of a conversation.
  public init(
    model: String, isLatent: Bool, language: Language, script: [ConversationEntry], turns: Int = 0
  ) {
    (self.model, self.isLatent, self.turns) = (model, isLatent, turns)
    (self.language, self.script) = (language, script)
  }
}

/// What Enter asks, one after the other.
public enum ConversationEntry: Hashable, Sendable {
  /// The next question.
  case question(String)
  /// Another question in the place of a turn's, counted from 1.
  case edit(turn: Int, question: String)
  /// The first question of another conversation.
  case begin(question: String)

  /// The four turns of the chapter.
  public static func chapter(_ language: Language) -> [ConversationEntry] {
    [
      language("你好！", "Hello!"), language("你是谁？", "Who are you?"),
      language("谢谢！", "Thank you!"), language("再见！", "Goodbye!"),
    ].map { .question($0) }
  }

  /// The question.
  public var question: String {
    switch self {
    case .question(let question), .edit(_, let question), .begin(let question): question
    }
  }
}
