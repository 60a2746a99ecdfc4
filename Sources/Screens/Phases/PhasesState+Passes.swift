internal import Planner
internal import Trace

/// The passes that are drawn: run and counted, or computed of a shape.
extension PhasesState {
  /// A decode step of so many sequences, each behind `past` tokens; nil while it is not measured.
  func decode(past: Int, batch: Int) -> PhaseRun? {
    guard let planned else {
      return runs.first { $0.phase == .decode && $0.past == past && $0.batch == batch }
    }
    return pass(planned, .decode, batch: batch, rows: 1, past: past)
  }

  /// A prefill of one sequence; nil while it is not measured.
  func prefill(rows: Int) -> PhaseRun? {
    guard let planned else { return runs.first { $0.phase == .prefill && $0.rows == rows } }
    return pass(planned, .prefill, batch: 1, rows: rows, past: 0)
  }

  private func pass(
    _ model: PlannedModel, _ phase: Phase, batch: Int, rows: Int, past: Int
  ) -> PhaseRun? {
    PassWork(model, batch: batch, rows: rows, past: past).map { work in
      PhaseRun(
        phase: phase, batch: batch, rows: rows, past: past, flops: work.flops,
        weightBytes: work.weightBytes, keyValueBytes: work.keyValueBytes, seconds: nil)
    }
  }

  var chosenDecode: PhaseRun? { context.flatMap { decode(past: $0, batch: batch) } }
  var chosenPrefill: PhaseRun? { prompt.flatMap { prefill(rows: $0) } }

  /// What the chosen step takes without a cache: all tokens anew; one sequence only.
  var withoutCache: PhaseRun? {
    guard batch == 1, let context else { return nil }
    return prefill(rows: context + 1)
  }

  /// The chosen context with every batch, as far as it is known.
  var trail: [PhaseRun] {
    guard let context else { return [] }
    return batches.compactMap { decode(past: context, batch: $0) }
  }

  var allPrefills: [PhaseRun] { prompts.compactMap { prefill(rows: $0) } }

  /// The intensities that the knobs can lead to: the axis reaches them, so that it stands still.
  var reach: [Double] {
    guard planned != nil else { return runs.map(\.intensity) }
    let ends = [batches.first, batches.last].compactMap { $0 }
    let decodes = contexts.flatMap { context in ends.compactMap { decode(past: context, batch: $0) }
    }
    return (decodes + allPrefills).map(\.intensity)
  }

  /// Whether the machine has the memory for a pass; where nobody says, it has.
  func fits(_ run: PhaseRun) -> Bool {
    guard let planned, let memory = otherMachine?.memory,
      let weights = planned.weightBytes(as: .fp16, cache: .fp16)
    else { return true }
    return weights <= memory - run.keyValueBytes
  }

  /// Seconds of a pass: those that it took, or the least that the machine could.
  func seconds(_ run: PhaseRun) -> Double? {
    guard !isTimed else { return run.seconds }
    return machine.map { run.leastSeconds(flops: $0.flops, bandwidth: $0.bandwidth) }
  }
}
