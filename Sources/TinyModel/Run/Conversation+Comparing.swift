internal import Base
internal import Kernels
public import Trace

/// The same answers in other ways, really run, and what an edit would leave, by the ids alone.
extension Conversation {
  /// Answers a turn behind a fresh prefill of all turns, with a cache from there on.
  ///
  /// - Parameters:
  ///   - turn: one that was answered.
  ///   - goesOn: told the rows so far behind each pass; false stops it.
  /// - Returns: what that took.
  /// - Throws: `ConversationError`: why it cannot be computed; or `stopped`.
  public func emptied(
    _ turn: ConversationTurn, goesOn: (Int) -> Bool = { _ in true }
  ) throws(ConversationError) -> AnswerCost {
    fresh.truncate(to: 0)
    fresh.makeRoom(
      rows: turn.prompt.count, tokens: turn.prompt.count + tokens - 1,
      longest: model.configuration.contextLength)
    let answer = try write(behind: turn.prompt, reused: 0, in: fresh) { _ in goesOn(fresh.tokens) }
    return AnswerCost(
      rows: fresh.tokens, flops: answer.flops, agrees: answer.written == turn.written)
  }

  /// Answers a turn without any cache: all turns and what is written so far are fed anew for each token.
  ///
  /// - Parameters:
  ///   - turn: one that was answered.
  ///   - goesOn: told the rows so far behind each pass; false stops it.
  /// - Returns: what that took.
  /// - Throws: `ConversationError`: why it cannot be computed, as where there is no memory for so many rows at once; or
  ///   `stopped`.
  public func uncached(
    _ turn: ConversationTurn, goesOn: (Int) -> Bool = { _ in true }
  ) throws(ConversationError) -> AnswerCost {
    try makeRoomForAllRows(turn)
    fresh.resetCounter()
    var (written, rows): ([Int], Int) = ([], 0)
    while written.count < tokens {
      let ids = turn.prompt + written
      fresh.truncate(to: 0)
      let logits = fresh.feed(ids[...]).logits
      guard logits.isFinite else {
        throw .model(.notFinite(model: model.name, step: written.count + 1))
      }
      rows += ids.count
      written.append(logits.largestIndex(in: 0..<model.configuration.vocabulary))
      guard goesOn(rows) else { throw .stopped }
      if written.last.map(isEnd) == true { break }
    }
    return AnswerCost(rows: rows, flops: fresh.counter.flops, agrees: written == turn.written)
  }

  private func makeRoomForAllRows(_ turn: ConversationTurn) throws(ConversationError) {
    let shape = model.configuration
    do throws(RunPlanError) {
      let plan = try RunPlan(
        start: .prompt, ids: turn.prompt, newTokens: tokens, contextLength: shape.contextLength)
      try plan.requireMemory(
        of: shape, beside: model.memoryPlan, threads: model.threads, use: .session(.uncached),
        other: { (room($0) * 2).count })
      fresh.makeRoom(rows: plan.longest, tokens: plan.longest, longest: shape.contextLength)
    } catch {
      throw .plan(turn: turn.number, error)
    }
  }

  /// What another question in the place of a turn's would leave of what these turns hold; nothing is run, and what this
  /// conversation holds stays.
  ///
  /// - Parameters:
  ///   - question: the other question, perhaps not yet whole.
  ///   - turn: the turn, counted from 1.
  ///   - turns: those of the conversation, all held.
  /// - Returns: what is left and what is void.
  /// - Throws: `ConversationError`: there is no such turn, or the text cannot be tokenized.
  public func outlook(
    _ question: String, inPlaceOf turn: Int, of turns: [ConversationTurn]
  ) throws(ConversationError) -> TurnEdit {
    guard turn >= 1, turn <= turns.count, let held = turns.last?.held else {
      throw .noSuchTurn(turn, turns: turns.count)
    }
    do throws(RunPlanError) {
      let prompt = try tokenizer.encodeStart(
        format.prompt(Array(turns[..<(turn - 1)]), question))
      let kept = Self.common(held, prompt.dropLast())
      let differs = kept < held.count && kept < prompt.count && held[kept] != prompt[kept]
      var cuts: [Int] = []
      for index in turns.indices {
        let beginning = format.beginning(Array(turns[..<index]))
        cuts.append(Self.common(held, try tokenizer.encodeStart(beginning)[...]))
      }
      return TurnEdit(
        turn: turn, question: question, held: held.count, prompt: prompt.count, kept: kept,
        old: kept < held.count ? tokenizer.text(of: held[kept]) : nil,
        new: differs ? tokenizer.text(of: prompt[kept]) : nil,
        blockSize: PrefixCache.standardBlockSize, cuts: cuts)
    } catch {
      throw .plan(turn: turn, error)
    }
  }

  private static func common(_ held: [Int], _ ids: ArraySlice<Int>) -> Int {
    zip(held, ids).prefix { $0 == $1 }.count
  }
}
