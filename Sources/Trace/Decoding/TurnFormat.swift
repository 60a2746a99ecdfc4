public import Base

/// What turns are written as: the model's own way of asking and answering.
public struct TurnFormat: Hashable, Sendable {
  private let question: String
  private let answer: String

  /// A format by what stands before a question and before an answer.
  public init(question: String, answer: String) {
    self.question = question
    self.answer = answer
  }

  /// The format of a language.
  public init(_ language: Language) {
    self.init(question: language("问：", "Q: "), answer: language("答：", "A: "))
  }

  /// The text of some turns and a question behind them, one a line.
  public func prompt(_ turns: [ConversationTurn], _ question: String) -> String {
    beginning(turns) + question + "\n" + answer
  }

  /// The text of some turns, up to where the next question begins.
  public func beginning(_ turns: [ConversationTurn]) -> String {
    turns.map { question + $0.question + "\n" + answer + $0.answer + "\n" }.joined() + question
  }
}
