package import Base
internal import TinyModel
package import Trace

/// A conversation with a bundled model, as the conversation screen has it worked out.
package final class BundledTalk {
  private let conversation: Conversation
  private let tokenizer: Tokenizer
  /// What the model is called.
  package let model: String
  /// Whether it holds a latent in the place of K and V.
  package let isLatent: Bool

  /// Reads the model.
  package init(_ name: String = "tiny-zh", _ language: Language, tokens: Int = 40) throws {
    let checkpoint = try Checkpoint(folder: Checkout.root + "/models/" + name)
    tokenizer = try checkpoint.tokenizer()
    let model = try Transformer(checkpoint)
    (self.model, isLatent) = (model.name, model.configuration.latent != nil)
    conversation = Conversation(
      model: model, tokenizer: tokenizer, format: TurnFormat(language), tokens: tokens)
  }

  /// Answers a question; another conversation begins where its number is higher.
  package func answer(
    _ question: String, conversation number: Int, behind earlier: [ConversationTurn],
    replacing old: ConversationTurn?, _ goesOn: (AnswerProgress) -> Bool = { _ in true }
  ) throws -> ConversationTurn {
    while conversation.number < number { try conversation.begin() }
    return try conversation.answer(question, behind: earlier, replacing: old, goesOn: goesOn)
  }

  /// What each token that is held after a turn adds to the text.
  package func tokens(_ turn: ConversationTurn) -> [String] {
    turn.held.map(tokenizer.text(of:))
  }

  /// What a turn's answer takes behind a fresh prefill.
  package func emptied(_ turn: ConversationTurn) throws -> AnswerCost {
    try conversation.emptied(turn)
  }

  /// What it takes without a cache.
  package func uncached(_ turn: ConversationTurn) throws -> AnswerCost {
    try conversation.uncached(turn)
  }

  /// What another question would leave.
  package func outlook(
    _ question: String, turn: Int, of turns: [ConversationTurn]
  ) throws -> TurnEdit {
    try conversation.outlook(question, inPlaceOf: turn, of: turns)
  }
}
