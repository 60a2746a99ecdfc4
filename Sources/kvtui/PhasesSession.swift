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
  let machines: [PlannedMachine]

  var start: PhasesStart {
    PhasesStart(
      model: model.name, passes: prompts.count + contexts.count,
      machines: machines.compactMap { machine in
        guard let flops = machine.flops.value, let bandwidth = machine.bandwidth.value else {
          return nil
        }
        return Phases.Machine(
          name: machine.title, flops: Double(flops), bandwidth: Double(bandwidth))
      })
  }

  static func asked(_ question: Question) -> Question? { question == .phases ? question : nil }
  static func findings(_ phases: Phases) -> Findings { .phases(phases) }

  func work(on asked: Question, _ goesOn: (Phases) -> Bool) throws -> Phases {
    var measured = Phases()
    _ = try measurePasses { phases in
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
    let (meter, passes) = (
      MachineLimits.Meter(pool), PhaseMeter(model, plan: plan, repeats: repeats)
    )
    var phases = Phases()
    let all = prompts.map { (Phase.prefill, $0) } + contexts.map { (Phase.decode, $0) }
    for (phase, length) in all {
      meter.measure()
      phases.runs.append(
        phase == .prefill
          ? try passes.prefill(tokens: length) : try passes.decode(past: length))
      let limits = meter.limits
      phases.machine = Phases.Machine(
        flops: limits.flopsPerSecond, bandwidth: limits.bytesPerSecond)
      guard goesOn(phases) else { break }
    }
    return (phases.runs, meter.limits)
  }
}
