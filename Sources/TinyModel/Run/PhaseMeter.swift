internal import Base
internal import Kernels
public import Trace

/// Runs single passes of prefill and decode, and counts and times them.
public final class PhaseMeter {
  private let model: Transformer
  private let session: DecodeSession
  private let ids: [Int]
  private let repeats: Int
  private var batched: BatchSession?

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

  /// Bytes that passes over several sequences take besides those over one.
  public static func bytes(
    _ shape: ModelConfiguration, batch: Int, longest: Int, threads: Int
  ) -> Int {
    batch > 1
      ? BatchSession.bytes(shape, batch: batch, capacity: longest, threads: threads).count : 0
  }

  /// The first `tokens` tokens, fed at once.
  public func prefill(tokens: Int) throws(ModelError) -> PhaseRun {
    session.removeAll()
    return try measure(.prefill, past: 0, rows: tokens)
  }

  /// One token behind `past` others, of one sequence or of several in a pass.
  ///
  /// - Precondition: the model shares passes, where there are several (`ModelConfiguration.sharesPasses`).
  public func decode(past: Int, batch: Int = 1) throws(ModelError) -> PhaseRun {
    guard batch == 1 else { return try decodeTogether(past: past, batch: batch) }
    session.removeAll()
    session.feed(ids[..<past])
    return try measure(.decode, past: past, rows: 1)
  }

  private func measure(_ phase: Phase, past: Int, rows: Int) throws(ModelError) -> PhaseRun {
    let pass = session.feedAgain(ids[past..<past + rows], behind: past) { $0.count < repeats }
    guard pass.logits.isFinite else { throw .notFinite(model: model.name, step: 1) }
    return run(phase, rows: rows, past: past, session.counter, pass.seconds)
  }

  private func decodeTogether(past: Int, batch: Int) throws(ModelError) -> PhaseRun {
    if batched?.batch != batch {
      batched = nil
      batched = BatchSession(model, batch: batch, capacity: ids.count)
    }
    guard let batched else { preconditionFailure("no room for \(batch) sequences") }
    // Another beginning for each: sequences that share nothing.
    batched.fill((0..<batch).map { first in (0..<past).map { ids[(first + $0) % ids.count] } })
    let next = (0..<batch).map { ids[($0 + past) % ids.count] }
    var seconds: [Double] = []
    for _ in 0..<repeats {
      batched.truncate(to: past)
      let pass = batched.feed(next)
      guard pass.logits.isFinite else { throw .notFinite(model: model.name, step: 1) }
      seconds.append(pass.seconds)
    }
    return run(
      .decode, batch: batch, rows: 1, past: past, batched.counter, seconds.sorted()[repeats / 2])
  }

  private func run(
    _ phase: Phase, batch: Int = 1, rows: Int, past: Int, _ counter: OperationCounter,
    _ seconds: Double
  ) -> PhaseRun {
    PhaseRun(
      phase: phase, batch: batch, rows: rows, past: past, flops: counter.flops,
      weightBytes: counter.weightBytes, keyValueBytes: counter.keyValueBytes,
      seconds: seconds)
  }
}
