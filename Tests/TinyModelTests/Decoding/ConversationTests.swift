internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Conversations against Hugging Face's answers and an independent reckoning of what need not be computed.
@Suite struct ConversationTests {
  private struct Fixture: Decodable {
    struct Turn: Decodable {
      let line: Line
      let turn: Int
      let question: String
      let answer: String
      let promptIds: [Int]
      let written: [Int]
      let reusedTokens: Int
      let computedTokens: Int
    }

    /// A line of a script: a question, or an object.
    enum Line: Decodable {
      case text(String)
      case object([String: Value])

      enum Value: Codable {
        case number(Int)
        case text(String)

        init(from decoder: any Swift.Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let number = try? container.decode(Int.self) {
            self = .number(number)
          } else {
            self = .text(try container.decode(String.self))
          }
        }

        func encode(to encoder: any Swift.Encoder) throws {
          var container = encoder.singleValueContainer()
          switch self {
          case .number(let number): try container.encode(number)
          case .text(let text): try container.encode(text)
          }
        }
      }

      init(from decoder: any Swift.Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .object(try container.decode([String: Value].self))
        }
      }

      var written: String {
        get throws {
          switch self {
          case .text(let text): text
          case .object(let object):
            String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
          }
        }
      }
    }

    struct Conversation: Decodable {
      let room: String
      let model: String
      let tokens: Int
      let language: String
      let turns: [Turn]
    }

    let conversations: [Conversation]
  }

  private func loaded(_ room: String, _ name: String) throws -> LoadedModel {
    let folder = room == "models" ? Repository.root + "/models/" : Repository.fixtures + "/\(room)/"
    return try LoadedModel(folder: folder + name)
  }

  private func talk(_ loaded: LoadedModel, _ language: Language, tokens: Int) -> Conversation {
    Conversation(
      model: loaded.model, tokenizer: loaded.tokenizer, format: TurnFormat(language),
      tokens: tokens)
  }

  private func say(
    _ entry: ChatScript.Entry, to talk: Conversation
  ) throws(ConversationError) -> ConversationTurn {
    switch entry {
    case .question(let question): return try talk.ask(question)
    case .edit(let turn, let question): return try talk.edit(turn: turn, question: question)
    case .begin(let question):
      try talk.begin()
      return try talk.ask(question)
    }
  }

  @Test func everyTurnIsThatOfHuggingFace() throws {
    let fixture = try decode(
      Fixture.self, from: Repository.fixtures + "/decoding/conversations.json")
    #expect(fixture.conversations.count == 10)
    for row in fixture.conversations {
      let loaded = try loaded(row.room, row.model)
      let language = try #require(Language(rawValue: row.language))
      let talk = talk(loaded, language, tokens: row.tokens)
      let text = try row.turns.map { try $0.line.written }.joined(separator: "\n")
      let script = try ChatScript(Array(text.utf8), file: "talk")
      #expect(script.lines.count == row.turns.count)
      for (line, expected) in zip(script.lines, row.turns) {
        let place = "\(row.model), \(row.tokens), line \(line.number)"
        let turn = try say(line.entry, to: talk)
        #expect(turn.number == expected.turn && turn.question == expected.question, "\(place)")
        #expect(turn.prompt == expected.promptIds, "\(place)")
        #expect(turn.written == expected.written, "\(place)")
        #expect(turn.answer == expected.answer, "\(place)")
        #expect(turn.reused == expected.reusedTokens, "\(place)")
        #expect(turn.computed == expected.computedTokens, "\(place)")
        expectCounts(turn, loaded.model.configuration, place)
        #expect(talk.turns.last == turn && talk.turns.count == turn.number, "\(place)")
      }
      #expect(talk.allTurns.count == row.turns.count)
    }
  }

  /// facts.md, section 2: a pass over what is new, then one for each token that is fed; each makes one row of logits.
  private func expectCounts(
    _ turn: ConversationTurn, _ shape: ModelConfiguration, _ place: String
  ) {
    let prompt = turn.prompt.count
    let decoding = (0..<turn.fed).reduce(0) { $0 + shape.flops(1, prompt + $1, 1) }
    #expect(
      turn.withReuse == shape.flops(prompt - turn.reused, turn.reused, 1) + decoding, "\(place)")
    #expect(turn.withoutReuse == shape.flops(prompt, 0, 1) + decoding, "\(place)")
    #expect(
      turn.cacheBytes == 2 * shape.layers * shape.keyWidth * (prompt + turn.fed) * 4,
      "\(place)")
    #expect(turn.agrees && turn.fed == turn.written.count - 1, "\(place)")
  }

  @Test func whatCannotBeAskedChangesNothing() throws {
    let loaded = try loaded("models", "tiny-zh")
    let talk = talk(loaded, .chinese, tokens: 40)
    #expect(throws: ConversationError.noSuchTurn(1, turns: 0)) {
      _ = try talk.edit(turn: 1, question: "你好")
    }
    let first = try talk.ask("你好！")
    #expect(throws: ConversationError.emptyQuestion) { _ = try talk.ask("") }
    #expect(throws: ConversationError.newline) { _ = try talk.ask("你\n好") }
    for turn in [0, -1, 2, Int.max, Int.min] {
      #expect(throws: ConversationError.noSuchTurn(turn, turns: 1)) {
        _ = try talk.edit(turn: turn, question: "你好")
      }
    }
    let long = String(repeating: "长", count: 440)
    #expect(
      throws: ConversationError.plan(
        turn: 2, .tooManySteps(tokens: 40, most: 512 - 28 - 1 - 5 - 440 + 1, contextLength: 512))
    ) { _ = try talk.ask(long) }
    #expect(throws: ConversationError.plan(turn: 2, .textTooLong(tokens: 634, contextLength: 512)))
    {
      _ = try talk.ask(String(repeating: "长", count: 600))
    }
    #expect(talk.turns == [first])
    #expect(try talk.ask("你是谁？").reused == 28)
    let endless = self.talk(loaded, .chinese, tokens: .max)
    #expect(
      throws: ConversationError.plan(
        turn: 1, .tooManySteps(tokens: .max, most: 505, contextLength: 512))
    ) { _ = try endless.ask("你好！") }
  }

  @Test func aConversationUpToTheLastPosition() throws {
    let loaded = try loaded("models", "tiny-zh-gqa")
    let talk = talk(loaded, .chinese, tokens: 2)
    let question = String(repeating: "长", count: 512 - 5 - 1)
    let turn = try talk.ask(question)
    #expect(turn.prompt.count == 511 && turn.computed == 512)
    expectCounts(turn, loaded.model.configuration, "the last position")
  }

  @Test func anEndOfSequenceEndsAnAnswerAndStandsNotInIt() throws {
    let loaded = try loaded("models", "tiny-zh")
    let ends = loaded.model.configuration.endOfSequence
    var ended = 0
    for start in ["春天来了", "世界最高峰是", "床前明月光", "长江", "中华人民共和国"] {
      let talk = Conversation(
        model: loaded.model, tokenizer: loaded.tokenizer,
        format: TurnFormat(question: "", answer: start), tokens: 60)
      let turn = try talk.ask("。")
      guard let last = turn.written.last, ends.contains(last) else { continue }
      ended += 1
      #expect(turn.answer == loaded.tokenizer.decode(turn.written.dropLast()), "\(start)")
      #expect(turn.fed == turn.written.count - 1 && turn.agrees)
    }
    #expect(ended > 0)
  }
}
