internal import Kernels
public import Trace

/// Runs single passes of prefill and decode, and counts and times them.
public final class PhaseMeter {
  private let model: Transformer
  private let session: DecodeSession
  private let ids: [Int]
  private let repeats: Int

  /// Makes room for sequences as long as the plan's.
  ///
  /// - Parameters:
  ///   - model: what computes.
  ///   - plan: of a prompt that is the longest sequence, with nothing behind it.
  ///   - repeats: how often each pass is run.
  public init(_ model: Transformer, plan: RunPlan, repeats: Int) {
    (self.model, ids, self.repeats) = (model, plan.ids, repeats)
    session = DecodeSession(model, rows: ids.count, capacity: ids.count)
    // One pass that is not timed: nothing is in the processor's caches yet.
    session.feed(ids[..<1])
  }

  /// The first `tokens` tokens, fed at once.
  public func prefill(tokens: Int) throws(ModelError) -> PhaseRun {
    try measure(.prefill, past: 0, rows: tokens)
  }

  /// One token behind `past` others.
  public func decode(past: Int) throws(ModelError) -> PhaseRun {
    session.removeAll()
    session.feed(ids[..<past])
    return try measure(.decode, past: past, rows: 1)
  }

  private func measure(_ phase: Phase, past: Int, rows: Int) throws(ModelError) -> PhaseRun {
    var seconds: [Double] = []
    for _ in 0..<repeats {
      session.truncate(to: past)
      session.resetCounter()
      let pass = session.feed(ids[past..<past + rows])
      guard pass.logits.isFinite else { throw .notFinite(model: model.name, step: 1) }
      seconds.append(pass.seconds)
    }
    let counter = session.counter
    return PhaseRun(
      phase: phase, rows: rows, past: past, flops: counter.flops, weightBytes: counter.weightBytes,
      keyValueBytes: counter.keyValueBytes, seconds: seconds.sorted()[repeats / 2])
  }
}
