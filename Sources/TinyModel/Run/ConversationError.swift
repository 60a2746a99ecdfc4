public import Base
public import Trace

extension TurnFormat {
  /// Refuses what is no question: a turn is a line.
  public static func check(_ question: String) throws(ConversationError) {
    guard !question.isEmpty else { throw .emptyQuestion }
    guard !question.unicodeScalars.contains("\n") else { throw .newline }
  }
}

/// Why a question cannot be asked.
public enum ConversationError: Equatable, Sendable {
  /// There is nothing in it.
  case emptyQuestion
  /// It is more than a line.
  case newline
  /// A turn is to be edited that is not there.
  case noSuchTurn(Int, turns: Int)
  /// The conversation has become too long, or cannot be tokenized.
  case plan(turn: Int, RunPlanError)
  /// The model computed what is no number.
  case model(ModelError)
  /// There is no memory for what other conversations leave.
  case blocksBeyondMemory
  /// Who waited for it went away before it was answered.
  case stopped
}

extension ConversationError: Explained {
  /// As the plan's or the model's, else 65.
  public var status: Int32 {
    switch self {
    case .plan(_, let error): error.status
    case .model(let error): error.status
    default: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .emptyQuestion:
      language("问题是空的：请写至少一个字", "the question is empty: give at least one character")
    case .newline:
      language("问题里有换行：请写成一行", "the question has a newline in it: give it on one line")
    case .noSuchTurn(let turn, let turns):
      turns == 0
        ? language(
          "要改第 \(turn) 轮，而还没有一轮：请先提问",
          "turn \(turn) is to be edited, and there is none yet: ask first")
        : language(
          "要改第 \(turn) 轮，而只有 \(turns) 轮：请给 1 到 \(turns)",
          "turn \(turn) is to be edited, and there are \(turns): give one from 1 to \(turns)")
    case .plan(let turn, let error):
      language("第 \(turn) 轮：", "turn \(turn): ") + error.sentence(language)
    case .model(let error): error.message(language)
    case .stopped:
      language("回答没有写完就停下了", "the answer was stopped before it was whole")
    case .blocksBeyondMemory:
      language(
        "内存放不下别的对话留下的块：请换小一些的模型，或只开一个对话",
        "there is no memory for the blocks of other conversations: use a smaller model, or one conversation"
      )
    }
  }
}
