internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// A cache policy beside the full cache, as lines of JSON and as a page for people.
struct PolicyPage {
  private let policy: CachePolicy
  private let options: RunOptions

  /// Nothing is read yet.
  init(_ policy: CachePolicy, options: RunOptions) {
    self.policy = policy
    self.options = options
  }

  private func lab() throws -> PolicyLab {
    let session = try options.session(lanes: PolicyLab.lanes(policy), first: 1)
    return try PolicyLab(
      model: session.model, tokenizer: session.tokenizer, plan: session.plan, policy: policy)
  }

  /// The model, a line for each step, and what they come to; of each step what every head did, where that is asked for.
  func lines(byHead: Bool, _ line: (JSONText) throws -> Void) throws {
    let lab = try lab()
    try line(StepFields.json(lab.trace.model))
    while let step = try lab.computeNextStep() {
      try line(LabFields.json(step, heads: byHead ? lab.trace : nil))
    }
    guard let total = LabTotal(lab.steps) else { return }
    try line(LabFields.json(total, .policy(policy)))
  }

  /// The same for people.
  func print(_ look: Look) throws {
    let lab = try lab()
    let text = PolicyText(policy: policy, model: lab.trace.model, look: look)
    try Output.standard.say(text.head)
    while let step = try lab.computeNextStep() { try Output.standard.say(text.step(step)) }
    guard let total = LabTotal(lab.steps) else { return }
    try Output.standard.say(text.total(total))
  }
}
