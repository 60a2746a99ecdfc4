package import Planner
package import Trace

/// What the screen of prefill and decode begins with: what can be measured, and what is computed beside it.
public struct PhasesStart: Sendable {
  /// A machine of the planner's table.
  package struct Machine: Sendable {
    /// Its name in the table, as options have it.
    package let name: String
    /// What it can do at most.
    package let limits: Phases.Machine
    /// Bytes of its memory; nil where nobody says it.
    package let memory: Int?

    package init(limits: Phases.Machine, memory: Int?, name: String = "") {
      (self.limits, self.memory, self.name) = (limits, memory, name)
    }
  }

  /// The name of the model that is measured.
  let model: String
  /// Lengths of prefill that are measured.
  let prompts: [Int]
  /// Tokens in front of the decode steps that are measured.
  let contexts: [Int]
  /// How many sequences decode together.
  let batches: [Int]
  /// Of these the number that is looked at first.
  let batch: Int
  /// Models whose passes are computed.
  let models: [PlannedModel]
  /// Machines on which passes are computed.
  let machines: [Machine]

  /// Creates the beginning of a measurement.
  package init(
    model: String, prompts: [Int], contexts: [Int], batches: [Int] = [1], batch: Int? = nil,
    models: [PlannedModel] = [], machines: [Machine]
  ) {
    (self.model, self.prompts, self.contexts, self.batches) = (model, prompts, contexts, batches)
    self.batch = batch ?? batches.first ?? 1
    (self.models, self.machines) = (models, machines)
  }

  /// How many passes there are with a batch: prefill is measured with the first.
  func passes(batch: Int) -> Int {
    contexts.count + (batch == batches.first ? prompts.count : 0)
  }
}
