internal import Base
internal import Kernels
public import Trace

/// Conversations with a model, a question at a time, each answered twice: with the K and V of earlier turns reused, and by a
/// fresh prefill of the whole conversation.
///
///     let talk = Conversation(model: model, tokenizer: tokenizer, format: .chinese, tokens: 40)
///     let turn = try talk.ask("你好！")          // turn.reused, turn.computed, turn.withReuse, turn.withoutReuse
///     try talk.edit(turn: 1, question: "你是谁？")  // what followed is dropped, the cache cut back to the first other token
///     try talk.begin()                            // another conversation: whole blocks of earlier ones are found again
///
/// A prompt is the text of all turns, tokenized as a whole: its ids need not begin with those of the turn before, since a
/// merge may go over the joint. What can be reused is the longest beginning that the ids have in common with those that are
/// held, and at least the last token is computed, since its logits are wanted.
public final class Conversation {
  /// What turns are written as.
  public let format: TurnFormat
  /// The turns of this conversation.
  public private(set) var turns: [ConversationTurn] = []
  /// Every turn that was answered, of all conversations, those that were edited away among them.
  public private(set) var allTurns: [ConversationTurn] = []
  /// Which conversation this is, counted from 1.
  public private(set) var number = 1
  let model: Transformer
  let tokenizer: Tokenizer
  /// How many tokens an answer has at most.
  let tokens: Int
  /// Keeps K and V from turn to turn.
  private let session: DecodeSession
  /// Computes everything anew at each turn.
  let fresh: DecodeSession
  /// The ids whose K and V are held.
  private var held: [Int] = []
  /// Blocks of conversations that are over; made when the first one is.
  private var earlier: PrefixCache?

  /// Begins a conversation; nothing is computed, and no room is made yet.
  ///
  /// - Parameters:
  ///   - model: what answers.
  ///   - tokenizer: its own.
  ///   - format: what turns are written as.
  ///   - tokens: how many tokens an answer has at most.
  public init(model: Transformer, tokenizer: Tokenizer, format: TurnFormat, tokens: Int) {
    self.model = model
    self.tokenizer = tokenizer
    self.format = format
    self.tokens = tokens
    session = DecodeSession(model, rows: 0, capacity: 0)
    fresh = DecodeSession(model, rows: 0, capacity: 0)
  }

  /// What a trace says of the model that answers.
  public var description: ModelDescription { model.description }

  /// Asks the next question, and answers it a second time behind a fresh prefill.
  ///
  /// - Throws: `ConversationError`: why it cannot be asked; nothing has changed then.
  public func ask(_ question: String) throws(ConversationError) -> ConversationTurn {
    try compared(question, behind: turns)
  }

  /// Puts another question in the place of a turn's, counted from 1, and drops what followed; as `ask` does.
  ///
  /// - Throws: `ConversationError`: why it cannot be asked; nothing has changed then.
  public func edit(turn: Int, question: String) throws(ConversationError) -> ConversationTurn {
    guard turn >= 1, turn <= turns.count else {
      throw .noSuchTurn(turn, turns: turns.count)
    }
    return try compared(
      question, behind: Array(turns[..<(turn - 1)]), replacing: turns[turn - 1])
  }

  /// Answers a question behind some turns of this conversation, with the K and V that they left, and drops what followed.
  ///
  /// - Parameters:
  ///   - question: a line of text.
  ///   - earlier: the turns before it.
  ///   - old: the turn in whose place it comes; nil where there was none.
  ///   - goesOn: told behind each token that is written; false stops the answer, and nothing has changed then.
  /// - Returns: the turn, with reuse alone: `emptied` and `uncached` compare it.
  /// - Throws: `ConversationError`: why it cannot be asked; or `stopped`.
  public func answer(
    _ question: String, behind earlier: [ConversationTurn], replacing old: ConversationTurn? = nil,
    goesOn: (AnswerProgress) -> Bool
  ) throws(ConversationError) -> ConversationTurn {
    let turn = try reply(to: question, behind: earlier, replacing: old, goesOn)
    take(turn, behind: earlier)
    return turn
  }

  /// Begins another conversation; the full blocks of what this one holds can be found again.
  ///
  /// - Throws: `ConversationError`, where there is no memory for them.
  public func begin() throws(ConversationError) {
    let cache = try prefixCache()
    cache.keep(held, of: session)
    forget(from: 0)
    turns = []
    number += 1
  }
}

extension Conversation {
  /// Answers a question behind some turns, with reuse and without.
  private func compared(
    _ question: String, behind earlier: [ConversationTurn], replacing old: ConversationTurn? = nil
  ) throws(ConversationError) -> ConversationTurn {
    var turn = try reply(to: question, behind: earlier, replacing: old) { _ in true }
    do throws(ConversationError) {
      turn.emptied = try emptied(turn)
    } catch {
      // What is held is of a turn that was not taken.
      forget(from: 0)
      throw error
    }
    take(turn, behind: earlier)
    return turn
  }

  private func take(_ turn: ConversationTurn, behind earlier: [ConversationTurn]) {
    turns = earlier + [turn]
    allTurns.append(turn)
  }

  /// Answers a question behind some turns, with reuse; what was held before is there again if that is stopped.
  private func reply(
    to question: String, behind earlier: [ConversationTurn], replacing old: ConversationTurn?,
    _ goesOn: (AnswerProgress) -> Bool
  ) throws(ConversationError) -> ConversationTurn {
    try TurnFormat.check(question)
    let number = earlier.count + 1
    let ids = try prompt(format.prompt(earlier, question), turn: number)
    let (before, common) = (held, common(ids))
    let void = HeldRows(session, from: common, model.configuration)
    let reused = reuse(ids, common)
    let answer: (written: [Int], flops: Int)
    do throws(ConversationError) {
      answer = try write(behind: ids, reused: reused, in: session) { written in
        goesOn(
          AnswerProgress(
            number: number, question: question, answer: text(of: written, behind: ids),
            prompt: ids.count, reused: reused, written: written.count, fed: written.count - 1))
      }
    } catch {
      forget(from: error == .stopped ? common : 0)
      if error == .stopped {
        void?.restore(in: session, model.kernels)
        held = before
      }
      throw error
    }
    held = Array((ids + answer.written).prefix(session.tokens))
    var turn = ConversationTurn(
      number: number, question: question, answer: text(of: answer.written, behind: ids),
      prompt: ids, written: answer.written, reused: reused, fed: session.tokens - ids.count,
      withReuse: answer.flops, cacheBytes: session.usedBytes)
    if let old, let void, before.starts(with: old.held) {
      turn.unchanged = unchanged(turn, old, void)
    }
    return turn
  }

  /// What of a turn is the same as in the one whose place it took, behind the first token that is not, and how far its K and V
  /// moved; nil where nothing is.
  ///
  /// The ends of both prompts are the same tokens, and so are the beginnings of both answers behind them.
  private func unchanged(
    _ turn: ConversationTurn, _ old: ConversationTurn, _ void: HeldRows
  ) -> UnchangedRows? {
    let ends = zip(turn.prompt.reversed(), old.prompt.reversed()).prefix { $0 == $1 }.count
    let end = min(ends, min(turn.prompt.count, old.prompt.count) - void.first)
    let ofAnswer = zip(turn.written.prefix(turn.fed), old.written.prefix(old.fed))
      .prefix { $0 == $1 }.count
    let (before, after) = (old.prompt.count - end, turn.prompt.count - end)
    guard end + ofAnswer > 0 else { return nil }
    return UnchangedRows(
      count: end + ofAnswer, ofAnswer: ofAnswer, before: before, after: after,
      layers: void.differences(at: before, from: session, at: after, count: end + ofAnswer))
  }

  /// The prompt's ids, once it is known that there are positions and memory for them and an answer.
  private func prompt(_ text: String, turn: Int) throws(ConversationError) -> [Int] {
    do throws(RunPlanError) {
      let plan = try RunPlan(
        start: .prompt, ids: tokenizer.encodeStart(text), newTokens: tokens,
        contextLength: model.configuration.contextLength, limit: model.configuration.contextLimit)
      try plan.requireMemory(
        of: model.configuration, beside: model.memoryPlan, threads: model.threads,
        use: .session(.cached), other: { (room($0) * 2).count })
      for session in [session, fresh] {
        session.makeRoom(
          rows: plan.ids.count, tokens: plan.longest, longest: model.configuration.contextLength)
      }
      return plan.ids
    } catch {
      throw .plan(turn: turn, error)
    }
  }

  /// Bytes of a session for a plan that has doubled its room; there may be two more while the text is moved.
  func room(_ plan: RunPlan) -> Bytes {
    let most = model.configuration.contextLength
    func room(_ tokens: Int) -> Int { min(most, (Bytes(tokens) * 2).count) }
    let bytes = DecodeSession.bytes(
      .cached, model.configuration, rows: room(plan.ids.count), capacity: room(plan.longest),
      threads: model.threads)
    return bytes.store + bytes.buffers + HeldRows.bytes(model.configuration, count: held.count)
  }

  /// The longest beginning that a prompt has in common with what is held, less its last token.
  private func common(_ ids: [Int]) -> Int {
    zip(held, ids.dropLast()).prefix { $0 == $1 }.count
  }

  /// Cuts the cache back to what the prompt has in common with it, or fills it with blocks of earlier conversations.
  ///
  /// - Returns: the tokens of the prompt whose K and V are there.
  private func reuse(_ ids: [Int], _ common: Int) -> Int {
    forget(from: common)
    guard common == 0, let earlier else { return common }
    let restored = earlier.restore(ids, into: session)
    held = Array(ids[..<restored])
    return restored
  }

  private func forget(from position: Int) {
    session.truncate(to: position)
    held = Array(held.prefix(position))
  }

  /// Writes an answer behind a prompt of which a beginning is held; `goesOn` gets what is written so far, and false from it
  /// stops it.
  func write(
    behind ids: [Int], reused: Int, in session: DecodeSession,
    goesOn: ([Int]) -> Bool = { _ in true }
  ) throws(ConversationError) -> (written: [Int], flops: Int) {
    session.resetCounter()
    var isStopped = false
    do throws(ModelError) {
      let written = try session.write(behind: ids[reused...], most: tokens, isEnd: isEnd) {
        isStopped = !goesOn($0)
        return !isStopped
      }
      if !isStopped { return (written, session.counter.flops) }
    } catch {
      session.truncate(to: 0)
      throw .model(error)
    }
    throw .stopped
  }

  /// Whether a token ends an answer: a newline, or the end of the sequence.
  func isEnd(_ id: Int) -> Bool {
    model.configuration.endOfSequence.contains(id)
      || tokenizer.text(of: id).unicodeScalars.contains("\n")
  }

  /// What was written behind a prompt, up to a newline or the end of the sequence.
  private func text(of written: [Int], behind ids: [Int]) -> String {
    let isOver = written.last.map(model.configuration.endOfSequence.contains) ?? false
    let all = tokenizer.decode(ids + (isOver ? written.dropLast() : written[...])).unicodeScalars
    let before = tokenizer.decode(ids).unicodeScalars.count
    return String(String.UnicodeScalarView(all.dropFirst(before).prefix { $0 != "\n" }))
  }

  private func prefixCache() throws(ConversationError) -> PrefixCache {
    if let earlier { return earlier }
    let size = PrefixCache.standardBlockSize
    let blocks = min(model.configuration.contextLength, Self.longestKept) / size * Self.kept
    let bytes = PrefixCache.bytes(model.configuration, blocks: max(1, blocks))
    guard bytes.count <= MemoryPlan.available else { throw .blocksBeyondMemory }
    let cache = PrefixCache(model, blocks: max(1, blocks))
    earlier = cache
    return cache
  }

  /// Conversations that can be found again, where they are as long as can be; of longer ones there are fewer.
  private static let kept = 4
  private static let longestKept = 4096
}
