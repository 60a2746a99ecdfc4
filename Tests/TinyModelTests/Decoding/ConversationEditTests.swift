internal import Base
import Foundation
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// What an edit leaves, voids and moves, against caches that Hugging Face made of both texts; and answers that are stopped.
@Suite struct ConversationEditTests {
  private struct Fixture: Decodable {
    struct Edit: Decodable {
      let room: String
      let model: String
      let tokens: Int
      let language: String
      let questions: [String]
      let turn: Int
      let question: String
      let held: Int
      let prompt: Int
      let kept: Int
      let cuts: [Int]
      let old: Int?
      let new: Int?
      let count: Int
      let ofAnswer: Int
      let before: Int
      let after: Int
      let layers: [[Double]]
      let passes: [Int]
    }
    let edits: [Edit]
  }

  private func talk(
    _ room: String, _ name: String, _ language: Language, tokens: Int
  ) throws -> (talk: Conversation, loaded: LoadedModel) {
    let folder = room == "models" ? Repository.root + "/models/" : Repository.fixtures + "/\(room)/"
    let loaded = try LoadedModel(folder: folder + name)
    let talk = Conversation(
      model: loaded.model, tokenizer: loaded.tokenizer, format: TurnFormat(language),
      tokens: tokens)
    return (talk, loaded)
  }

  @Test func everyEditIsThatOfHuggingFace() throws {
    let fixture = try decode(Fixture.self, from: Repository.fixtures + "/decoding/edits.json")
    #expect(fixture.edits.count == 9)
    for row in fixture.edits {
      let place = "\(row.model), turn \(row.turn): \(row.question)"
      let language = try #require(Language(rawValue: row.language))
      let (talk, loaded) = try talk(row.room, row.model, language, tokens: row.tokens)
      for question in row.questions { _ = try talk.ask(question) }
      let turns = talk.turns
      let outlook = try talk.outlook(row.question, inPlaceOf: row.turn, of: turns)
      let text = { (id: Int?) in id.map { loaded.tokenizer.text(of: $0) } }
      #expect(
        outlook
          == TurnEdit(
            turn: row.turn, question: row.question, held: row.held, prompt: row.prompt,
            kept: row.kept, old: text(row.old), new: text(row.new), blockSize: 16, cuts: row.cuts),
        "\(place)")
      let turn = try talk.edit(turn: row.turn, question: row.question)
      #expect(turn.reused == row.kept, "\(place)")
      expectRows(turn.unchanged, row, place)
      try expectUncached(turn, talk, row, loaded.model.configuration, place)
    }
  }

  private func expectRows(_ rows: UnchangedRows?, _ row: Fixture.Edit, _ place: String) {
    guard !row.layers.isEmpty else {
      #expect(rows == nil, "\(place)")
      return
    }
    #expect(
      [rows?.count, rows?.ofAnswer, rows?.before, rows?.after] == [
        row.count, row.ofAnswer, row.before, row.after,
      ], "\(place)")
    #expect(rows?.layers.count == row.layers.count, "\(place)")
    for (mine, theirs) in zip(rows?.layers ?? [], row.layers) {
      for (mine, theirs) in zip([mine.key, mine.value], theirs) {
        #expect(abs(mine - theirs) < 1e-4, "\(place)")
        // What reads no other token is the same to the bit.
        if theirs == 0 { #expect(mine == 0, "\(place)") }
      }
    }
  }

  private func expectUncached(
    _ turn: ConversationTurn, _ talk: Conversation, _ row: Fixture.Edit,
    _ shape: ModelConfiguration, _ place: String
  ) throws {
    var told: [Int] = []
    let cost = try talk.uncached(turn) {
      told.append($0)
      return true
    }
    #expect(cost.agrees, "\(place)")
    #expect(cost.rows == row.passes.reduce(0, +) && told.last == cost.rows, "\(place)")
    #expect(cost.flops == row.passes.reduce(0) { $0 + shape.flops($1, 0, 1) }, "\(place)")
    let emptied = try talk.emptied(turn)
    #expect(emptied == turn.emptied && emptied.rows == row.prompt + turn.fed, "\(place)")
  }

  @Test func whatIsStoppedChangesNothing() throws {
    for name in ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mla"] {
      for after in [1, 3] {
        let (whole, _) = try talk("models", name, .chinese, tokens: 40)
        let (stopped, _) = try talk("models", name, .chinese, tokens: 40)
        for question in ["你好！", "你是谁？"] {
          #expect(try whole.ask(question) == stopped.ask(question))
        }
        let turns = stopped.turns
        for (behind, old) in [(turns, nil), ([], turns[0])]
          as [([ConversationTurn], ConversationTurn?)]
        {
          #expect(throws: ConversationError.stopped) {
            _ = try stopped.answer("你叫什么？", behind: behind, replacing: old) {
              $0.written < after
            }
          }
          #expect(stopped.turns == turns)
        }
        #expect(throws: ConversationError.stopped) {
          _ = try stopped.uncached(turns[1]) { _ in false }
        }
        #expect(throws: ConversationError.stopped) {
          _ = try stopped.emptied(turns[1]) { _ in false }
        }
        let (one, other) = (try whole.ask("谢谢！"), try stopped.ask("谢谢！"))
        #expect(one == other && other.reused == turns[1].held.count, "\(name), \(after)")
      }
    }
  }

  @Test func progressIsTheAnswerAsItIsWritten() throws {
    let (talk, _) = try talk("models", "tiny-zh", .chinese, tokens: 40)
    var told: [AnswerProgress] = []
    let turn = try talk.answer("你好！", behind: []) {
      told.append($0)
      return true
    }
    #expect(told.map(\.written) == Array(1...turn.written.count))
    #expect(told.allSatisfy { $0.fed == $0.written - 1 && $0.prompt == turn.prompt.count })
    #expect(told.allSatisfy { turn.answer.hasPrefix($0.answer) })
    #expect(told.last?.answer == turn.answer && turn.emptied == nil && turn.agrees)
  }

  @Test func anyEditLeavesWhatItsOutlookSays() throws {
    var random = SplitMix64(seed: 7)
    let words = ["你", "好", "是", "谁", "？", "！", "x", " ", "KV", "缓存", "e\u{301}", "\u{1F600}"]
    func question() -> String {
      (0..<Int.random(in: 1...8, using: &random))
        .map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined()
    }
    for (room, name) in [("models", "tiny-zh"), ("reported", "qwen3")] {
      let (talk, _) = try talk(room, name, .english, tokens: 3)
      for _ in 0..<4 { _ = try talk.answer(question(), behind: talk.turns) { _ in true } }
      for _ in 0..<12 {
        let (turn, other) = (Int.random(in: 1...talk.turns.count, using: &random), question())
        let before = talk.turns
        let outlook = try talk.outlook(other, inPlaceOf: turn, of: before)
        let new = try talk.answer(
          other, behind: Array(before[..<(turn - 1)]), replacing: before[turn - 1]
        ) { _ in true }
        #expect(outlook.kept == new.reused && outlook.prompt == new.prompt.count)
        #expect(outlook.fed == new.prompt.count - new.reused)
        #expect(outlook.held == before.last?.held.count && outlook.void >= 0)
        #expect(outlook.cuts.count == before.count)
      }
    }
  }
}
