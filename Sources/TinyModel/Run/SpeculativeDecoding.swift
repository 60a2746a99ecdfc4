internal import Kernels
internal import Trace

/// Speculative decoding, greedily: a small model drafts some tokens, the model verifies them all in one pass.
///
///     let run = try SpeculativeDecoding(model: model, draft: small, plan: plan, drafts: 4)
///     while let pass = try run.computeNextPass() { print(pass.accepted) }
///     run.written   // the tokens that the model writes alone
///
/// A verifying pass feeds the last token and those that were drafted behind it, and asks for the logits of every row: row r is
/// what the model writes behind the first r drafted tokens. Those of the draft that it would have written itself are accepted,
/// and behind them comes one of its own; K and V of the others are cut off in both caches. Rows that are fed together are those
/// that are fed one by one, bit for bit, so the text is the plain greedy text.
/// Source: Leviathan et al. 2022 (arXiv:2211.17192); as in Hugging Face's `assisted_decoding` no more is drafted than is still
/// wanted, less the one that the model adds, and nothing behind an end-of-sequence token.
public final class SpeculativeDecoding {
  /// The ids that were written so far: the end-of-sequence token among them, where one ended the text.
  public private(set) var written: [Int] = []
  /// FLOP of the model's prefill, which writes the first token; 0 before it.
  public private(set) var prefillFLOPs = 0
  /// The verifying passes so far.
  public private(set) var passes: [Pass] = []
  /// What runs.
  public let plan: RunPlan
  private let model: DecodeSession
  private let draft: DecodeSession
  private let drafts: Int
  private let ends: Set<Int>

  /// A verifying pass, and what was drafted for it.
  public struct Pass: Equatable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// Tokens of the text before the pass; the last of them is fed in it.
    public let length: Int
    /// What the small model drafted behind them.
    public let drafted: [Int]
    /// How many of these stand in the text, from the first on.
    public let accepted: Int
    /// What the pass added to the text: the accepted tokens and, unless one of them ends it, one of the model's own.
    public let written: [Int]
    /// Rows of the pass, all of which have their logits computed.
    public let rows: Int
    /// Rows that the model's cache gave up again.
    public let truncated: Int
    /// FLOP of the model's pass.
    public let modelFLOPs: Int
    /// FLOP of the small model's passes before it.
    public let draftFLOPs: Int

    /// FLOP of both.
    public var flops: Int { modelFLOPs + draftFLOPs }
  }

  /// Makes room for a run; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: what verifies.
  ///   - draft: what drafts: a model of the same tokens, with positions for the whole text.
  ///   - plan: of a prompt.
  ///   - drafts: how many tokens are drafted at most for each pass.
  public init(model: Transformer, draft: Transformer, plan: RunPlan, drafts: Int) {
    precondition(drafts > 0, "\(drafts) drafted tokens")
    precondition(draft.configuration.vocabulary == model.configuration.vocabulary)
    precondition(plan.longest <= draft.configuration.contextLength)
    self.plan = plan
    self.drafts = drafts
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
    written.count >= plan.newTokens || written.last.map(ends.contains) ?? false
  }

  /// FLOP of everything so far, the prefill and the draft among it.
  public var flops: Int { passes.reduce(prefillFLOPs) { $0 + $1.flops } }

  /// The share of what was drafted that was accepted; nil where nothing was drafted.
  public var acceptance: Double? {
    let drafted = passes.reduce(0) { $0 + $1.drafted.count }
    guard drafted > 0 else { return nil }
    return Double(passes.reduce(0) { $0 + $1.accepted }) / Double(drafted)
  }

  /// Drafts and verifies once, after the prefill where that has not been made; nil when the text is complete.
  ///
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func computeNextPass() throws(ModelError) -> Pass? {
    if written.isEmpty { try prefill() }
    guard !isOver else { return nil }
    draft.resetCounter()
    let drafted = try draftTokens()
    model.resetCounter()
    let chosen = try verify(drafted)
    let accepted = zip(drafted, chosen).prefix { $0 == $1 }.count
    let added = Self.untilEnd(chosen[...accepted], ends)
    let length = text.count
    written += added
    let fed = model.tokens
    // The last token is fed in the next pass.
    model.truncate(to: text.count - 1)
    draft.truncate(to: text.count - 1)
    let pass = Pass(
      number: passes.count + 1, length: length, drafted: drafted, accepted: accepted,
      written: Array(added), rows: drafted.count + 1, truncated: fed - model.tokens,
      modelFLOPs: model.counter.flops, draftFLOPs: draft.counter.flops)
    passes.append(pass)
    return pass
  }

  private var text: [Int] { plan.ids + written }

  private func prefill() throws(ModelError) {
    written = try model.write(behind: plan.ids[...], most: 1) { _ in false }
    prefillFLOPs = model.counter.flops
  }

  private func draftTokens() throws(ModelError) -> [Int] {
    let most = min(drafts, plan.newTokens - written.count - 1)
    return try draft.write(behind: text[draft.tokens...], most: most, isEnd: ends.contains)
  }

  /// What the model writes behind the text, and behind each drafted token.
  private func verify(_ drafted: [Int]) throws(ModelError) -> [Int] {
    let fed = text.suffix(1) + drafted
    let logits = model.feed(fed, logitRows: fed.count).logits
    guard logits.isFinite else {
      throw .notFinite(model: model.model.name, step: passes.count + 1)
    }
    let width = model.model.configuration.vocabulary
    return (0..<fed.count).map { logits.largestIndex(in: $0 * width..<($0 + 1) * width) }
  }

  /// Tokens up to and including the first that ends a text.
  private static func untilEnd(_ ids: ArraySlice<Int>, _ ends: Set<Int>) -> ArraySlice<Int> {
    ids.firstIndex(where: ends.contains).map { ids[...$0] } ?? ids
  }
}

/// What the model writes alone, greedily with a cache: what speculative decoding is held against.
public struct PlainDecoding: Equatable, Sendable {
  /// The ids that were written: the end-of-sequence token among them, where one ended the text.
  public let written: [Int]
  /// FLOP counted in all passes.
  public let flops: Int

  /// Passes of the model, the prefill among them.
  public var passes: Int { written.count }

  /// Runs.
  ///
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public init(_ model: Transformer, plan: RunPlan) throws(ModelError) {
    let session = DecodeSession(model, rows: plan.ids.count, capacity: plan.longest)
    let ends = plan.ignoresEndOfSequence ? [] : Set(model.configuration.endOfSequence)
    written = try session.write(
      behind: plan.ids[...], most: plan.newTokens, isEnd: ends.contains)
    flops = session.counter.flops
  }
}
