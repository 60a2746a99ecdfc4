public import Trace

/// Feeds a text to a model with its full cache, token by token, and writes down what its form of attention keeps and does.
///
///     let run = AttentionFormRun(model: model, tokenizer: tokenizer, plan: plan)
///     while try run.computeNextStep() { print(run.form.steps.count) }
public final class AttentionFormRun {
  /// What was computed so far.
  public private(set) var form: AttentionForm
  private let run: LockStep

  /// Prepares a run; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - model: what computes.
  ///   - tokenizer: tells what tokens add to the text.
  ///   - plan: which steps there are: those of a text.
  public init(model: Transformer, tokenizer: Tokenizer, plan: RunPlan) {
    run = LockStep(model: model, tokenizer: tokenizer, plan: plan, lanes: Self.lanes)
    form = AttentionForm(model: run.trace.model, tokens: run.trace.tokens)
  }

  /// What runs: the full cache alone.
  public static let lanes: [Lane] = [.cached]

  /// Computes the next step; false when the text is over.
  public func computeNextStep() throws(ModelError) -> Bool {
    guard let step = try run.computeNextStep() else { return false }
    let lane = step.lanes[0]
    form.steps.append(
      AttentionFormStep(
        length: step.length, next: lane.next, flops: lane.flops ?? 0,
        attentionFlops: lane.flops(.attention) ?? 0, cacheBytes: lane.cacheBytes ?? 0))
    return true
  }
}
