internal import Base
internal import Kernels
internal import Planner
internal import Screens
internal import TinyModel
internal import Trace

/// A measurement of prefill and decode that is ready to begin.
struct PhasesSession: WorkSession {
  let model: Transformer
  let plan: RunPlan
  let pool: ThreadPool
  let repeats: Int
  let prompts: [Int]
  let contexts: [Int]
  /// How many sequences decode together.
  let batches: [Int]
  /// Of these the number that a screen begins with.
  var batch: Int?
  let machines: [PlannedMachine]

  /// What the screen begins with: what can be measured, and what is computed beside it.
  func start() throws -> PhasesStart {
    PhasesStart(
      model: model.name, prompts: prompts, contexts: contexts, batches: batches, batch: batch,
      models: try Self.models(),
      machines: machines.compactMap { machine in
        guard let flops = machine.flops.value, let bandwidth = machine.bandwidth.value else {
          return nil
        }
        return PhasesStart.Machine(
          limits: Phases.Machine(
            name: machine.title, flops: Double(flops), bandwidth: Double(bandwidth)),
          memory: machine.memory.value, name: machine.name)
      })
  }

  /// The textbook's model, and all others of the table whose passes can be computed.
  private static func models() throws -> [PlannedModel] {
    let known = try Catalogue.models().map { try $0.model() }.filter { $0.products != nil }
    let isFirst = { (model: PlannedModel) in model.name == "llama-2-7b" }
    return known.filter(isFirst) + known.filter { !isFirst($0) }
  }

  static func asked(_ question: Question) -> Int? {
    if case .phases(let batch) = question { batch } else { nil }
  }

  static func findings(_ phases: Phases) -> Findings { .phases(phases) }

  /// Prefill is measured with the first batch.
  func work(on batch: Int, _ goesOn: (Phases) -> Bool) throws -> Phases {
    // All processors measure, and the screen needs one of them.
    pool.giveWay()
    var measured = Phases()
    _ = try measurePasses(
      prompts: batch == batches.first ? prompts : [], batches: [batch]
    ) { phases in
      measured = phases
      return goesOn(phases)
    }
    return measured
  }

  /// All passes, and between them the machine's limits: its speed drifts.
  ///
  /// - Parameter goesOn: gets what is measured after each pass; false ends the measurement.
  /// - Returns: the passes, and the limits.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  func measurePasses(
    _ goesOn: (Phases) -> Bool
  ) throws(ModelError) -> (runs: [PhaseRun], limits: MachineLimits) {
    try measurePasses(prompts: prompts, batches: batches, goesOn)
  }

  private func measurePasses(
    prompts: [Int], batches: [Int], _ goesOn: (Phases) -> Bool
  ) throws(ModelError) -> (runs: [PhaseRun], limits: MachineLimits) {
    let (meter, passes) = (
      MachineLimits.Meter(pool, .best), PhaseMeter(model, plan: plan, repeats: repeats)
    )
    var phases = Phases()
    let all =
      prompts.map { (batch: 0, length: $0) }
      + batches.flatMap { batch in contexts.map { (batch: batch, length: $0) } }
    for (batch, length) in all {
      meter.measure()
      phases.runs.append(
        batch == 0
          ? try passes.prefill(tokens: length)
          : try passes.decode(past: length, batch: batch))
      let limits = meter.limits
      phases.machine = Phases.Machine(
        flops: limits.flopsPerSecond, bandwidth: limits.bytesPerSecond)
      guard goesOn(phases) else { break }
    }
    return (phases.runs, meter.limits)
  }
}
