internal import Kernels
public import Trace

/// Speculative decoding, greedily: a small model drafts some tokens, the model verifies them all in one pass.
///
///     let run = SpeculativeDecoding(model: model, draft: small, plan: plan, drafts: 4)
///     while let pass = try run.computeNextPass() { print(pass.accepted) }
///     run.trace.written   // the tokens that the model writes alone
///
/// A verifying pass feeds the last token and those that were drafted behind it, and asks for the logits of every row: row r is
/// what the model writes behind the first r drafted tokens. Those of the draft that it would have written itself are accepted,
/// and behind them comes one of its own; K and V of the others are cut off in both caches. Rows that are fed together are those
/// that are fed one by one, bit for bit, so the text is the plain greedy text.
/// Source: Leviathan et al. 2022 (arXiv:2211.17192); as in Hugging Face's `assisted_decoding` no more is drafted than is still
/// wanted, less the one that the model adds, and nothing behind an end-of-sequence token.
public final class SpeculativeDecoding {
  /// What was written so far, and in which passes.
  public private(set) var trace: SpeculativeTrace
  /// What runs.
  public let plan: RunPlan
  private let model: DecodeSession
  private let draft: DecodeSession
  private let drafts: Int
  private let recorder: WeightRecorder?
  private let ends: Set<Int>

  /// Makes room for a run; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: what verifies.
  ///   - draft: what drafts: a model of the same tokens, with positions for the whole text.
  ///   - plan: of a prompt.
  ///   - drafts: how many tokens are drafted at most for each pass.
  ///   - recordsWeights: whether passes have their attention weights.
  public init(
    model: Transformer, draft: Transformer, plan: RunPlan, drafts: Int,
    recordsWeights: Bool = false
  ) {
    precondition(drafts > 0, "\(drafts) drafted tokens")
    precondition(draft.configuration.vocabulary == model.configuration.vocabulary)
    precondition(plan.longest <= draft.configuration.contextLength)
    self.plan = plan
    self.drafts = drafts
    recorder = recordsWeights ? WeightRecorder(model.configuration) : nil
    trace = SpeculativeTrace(prompt: plan.ids)
    let room = Self.room(plan, drafts: drafts)
    self.model = DecodeSession(
      model, rows: room.rows, capacity: plan.longest, logitRows: room.logitRows)
    self.draft = DecodeSession(draft, rows: room.draftRows, capacity: plan.longest)
    ends = plan.ignoresEndOfSequence ? [] : Set(model.configuration.endOfSequence)
  }

  /// The most rows of a pass of the model, of its logits, and of a pass of the draft.
  static func room(
    _ plan: RunPlan, drafts: Int
  ) -> (rows: Int, logitRows: Int, draftRows: Int) {
    // The first token is the prefill's, the last the model's own: no more is ever drafted.
    let logitRows = 1 + min(drafts, max(0, plan.newTokens - 2))
    return (
      max(plan.ids.count, logitRows), logitRows, min(plan.longest, max(2, plan.ids.count + 1))
    )
  }

  /// Whether nothing more will be written.
  public var isOver: Bool {
    trace.written.count >= plan.newTokens || trace.written.last.map(ends.contains) ?? false
  }

  /// Drafts and verifies once, after the prefill where that has not been made; nil when the text is complete.
  ///
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func computeNextPass() throws(ModelError) -> SpeculativePass? {
    if trace.written.isEmpty { try prefill() }
    guard !isOver else { return nil }
    draft.resetCounter()
    let drafted = try draftTokens()
    model.resetCounter()
    let (chosen, probabilities) = try verify(drafted)
    let accepted = zip(drafted, chosen).prefix { $0 == $1 }.count
    let added = Self.untilEnd(chosen[...accepted], ends)
    let length = trace.text.count
    trace.written += added
    let fed = model.tokens
    // The last token is fed in the next pass.
    model.truncate(to: trace.text.count - 1)
    draft.truncate(to: trace.text.count - 1)
    let pass = SpeculativePass(
      number: trace.passes.count + 1, length: length, drafted: drafted, accepted: accepted,
      written: Array(added), chosen: chosen, probabilities: probabilities,
      rows: drafted.count + 1, truncated: fed - model.tokens,
      modelFLOPs: model.counter.flops, draftFLOPs: draft.counter.flops,
      modelBytes: model.counter.weightBytes, draftBytes: draft.counter.weightBytes,
      weights: recorder?.take())
    trace.passes.append(pass)
    return pass
  }

  private func prefill() throws(ModelError) {
    trace.written = try model.write(behind: plan.ids[...], most: 1) { _ in false }
    (trace.prefillFLOPs, trace.prefillBytes) = (model.counter.flops, model.counter.weightBytes)
  }

  private func draftTokens() throws(ModelError) -> [Int] {
    let most = min(drafts, plan.newTokens - trace.written.count - 1)
    return try draft.write(behind: trace.text[draft.tokens...], most: most, isEnd: ends.contains)
  }

  /// What the model writes behind the text, and behind each drafted token, with its probabilities.
  private func verify(
    _ drafted: [Int]
  ) throws(ModelError) -> (ids: [Int], probabilities: [Double]) {
    let fed = trace.text.suffix(1) + drafted
    let logits = model.feed(fed, logitRows: fed.count, observer: recorder).logits
    guard logits.isFinite else {
      throw .notFinite(model: model.model.name, step: trace.passes.count + 1)
    }
    let width = model.model.configuration.vocabulary
    let rows = (0..<fed.count).map { $0 * width..<($0 + 1) * width }
    let ids = rows.map { logits.largestIndex(in: $0) }
    let probabilities = zip(rows, ids).map { row, id in
      Sampler.probabilities(logits.floats(in: row), of: [id])[0]
    }
    return (ids, probabilities)
  }

  /// Tokens up to and including the first that ends a text.
  private static func untilEnd(_ ids: ArraySlice<Int>, _ ends: Set<Int>) -> ArraySlice<Int> {
    ids.firstIndex(where: ends.contains).map { ids[...$0] } ?? ids
  }
}

extension PlainDecoding {
  /// Runs.
  ///
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public init(_ model: Transformer, plan: RunPlan) throws(ModelError) {
    let session = DecodeSession(model, rows: plan.ids.count, capacity: plan.longest)
    let ends = plan.ignoresEndOfSequence ? [] : Set(model.configuration.endOfSequence)
    let written = try session.write(
      behind: plan.ids[...], most: plan.newTokens, isEnd: ends.contains)
    self.init(
      written: written, flops: session.counter.flops, weightBytes: session.counter.weightBytes)
  }
}
