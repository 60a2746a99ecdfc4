internal import Kernels
internal import Screens
internal import TinyModel
internal import Trace

/// Answers the conversation screen: the model, read when it is first needed, and the K and V that are held from turn to turn.
final class ConversationSession: WorkSession {
  private let source: ModelSource
  private let tokenizer: Tokenizer
  private let type: WeightType
  private let pool: ThreadPool
  /// How many tokens an answer has at most.
  private let tokens: Int
  private var conversation: Conversation?

  init(
    source: ModelSource, tokenizer: Tokenizer, type: WeightType, pool: ThreadPool, tokens: Int
  ) {
    (self.source, self.tokenizer, self.type) = (source, tokenizer, type)
    (self.pool, self.tokens) = (pool, tokens)
  }

  static func asked(_ question: Question) -> ConversationQuestion? {
    if case .conversation(let question) = question { question } else { nil }
  }

  static func findings(_ answer: ConversationAnswer) -> Findings { .conversation(answer) }

  func work(
    on asked: ConversationQuestion, _ goesOn: (ConversationAnswer) -> Bool
  ) throws -> ConversationAnswer {
    let talk = try opened(for: asked, goesOn)
    return ConversationAnswer(to: asked, try content(asked, talk, goesOn))
  }

  private func content(
    _ asked: ConversationQuestion, _ talk: Conversation, _ goesOn: (ConversationAnswer) -> Bool
  ) throws -> ConversationAnswer.Content {
    func tell(_ content: ConversationAnswer.Content) -> Bool {
      goesOn(ConversationAnswer(to: asked, content))
    }
    switch asked {
    case .answer(let question):
      while talk.number < question.conversation { try talk.begin() }
      let turn = try talk.answer(
        question.text, behind: question.earlier, replacing: question.dropped.first
      ) { tell(.progress($0)) }
      return .turn(turn, tokens: turn.held.map(tokenizer.text(of:)))
    case .emptied(let turn, _): return .cost(try talk.emptied(turn) { tell(.rows($0)) })
    case .uncached(let turn, _): return .cost(try talk.uncached(turn) { tell(.rows($0)) })
    case .outlook(let text, let turn, let turns, _):
      return .outlook(try talk.outlook(text, inPlaceOf: turn, of: turns))
    }
  }

  /// The conversation, with its model.
  private func opened(
    for asked: ConversationQuestion, _ goesOn: (ConversationAnswer) -> Bool
  ) throws -> Conversation {
    if let conversation { return conversation }
    _ = goesOn(ConversationAnswer(to: asked, .reading(0, of: 1)))
    let model = try withoutActuallyEscaping(goesOn) { goesOn in
      try source.transformer(type, pool) { done, all in
        _ = goesOn(ConversationAnswer(to: asked, .reading(done, of: all)))
      }
    }
    let conversation = Conversation(
      model: model, tokenizer: tokenizer, format: TurnFormat(asked.language), tokens: tokens)
    self.conversation = conversation
    return conversation
  }
}

extension ConversationEntry {
  /// What a line of a script asks for.
  init(_ entry: ChatScript.Entry) {
    switch entry {
    case .question(let question): self = .question(question)
    case .edit(let turn, let question): self = .edit(turn: turn, question: question)
    case .begin(let question): self = .begin(question: question)
    }
  }
}
