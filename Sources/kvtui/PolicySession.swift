internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// Runs cache policies beside the full cache, with one model and one text, which are read when they are first needed.
final class PolicySession: WorkSession {
  private let options: RunOptions
  private(set) var session: RunSession?
  /// What the screen may have kept of runs that were made, in bytes.
  private var kept: [CachePolicy: Int] = [:]

  /// Nothing is read yet.
  init(_ options: RunOptions) { self.options = options }

  static func asked(_ question: Question) -> PolicyQuestion? {
    guard case .policies(let asked) = question else { return nil }
    return asked
  }

  static func findings(_ answer: PolicyAnswer) -> Findings { .policies(answer) }

  func work(
    on asked: PolicyQuestion, _ goesOn: (PolicyAnswer) -> Bool
  ) throws -> PolicyAnswer {
    var (answer, first): (PolicyAnswer, PolicyRun?) = (PolicyAnswer(), nil)
    if let policy = asked.policy { first = try run(policy, into: &answer, goesOn) }
    switch asked.other {
    case nil: break
    case .policy(let other): _ = try run(other, into: &answer, goesOn)
    case .windowOfEqualBytes:
      guard let window = first?.windowOfEqualBytes else { break }
      _ = try run(window, into: &answer, goesOn)
    }
    return answer
  }

  /// Runs a policy; returns nil where it is refused or was given up.
  private func run(
    _ policy: CachePolicy, into answer: inout PolicyAnswer, _ goesOn: (PolicyAnswer) -> Bool
  ) throws -> PolicyRun? {
    let session = try session ?? load(for: .full)
    do {
      try check(policy, session)
      let lab = try PolicyLab(
        model: session.model, tokenizer: session.tokenizer, plan: session.plan, policy: policy)
      while try lab.computeNextStep() != nil {
        answer.put(policy, .run(lab.run(longest: session.plan.longest)))
        guard goesOn(answer) else { return nil }
      }
      let run = lab.run(longest: session.plan.longest)
      kept[policy] = run.bytes
      return run
    } catch let refusal as PolicyRefusal {
      answer.put(policy, .refused(refusal))
    } catch let refusal as RunPlanError {
      answer.put(policy, .refused(refusal))
    }
    return nil
  }

  /// Refuses what no store does with the model, and what does not fit into memory.
  private func check(_ policy: CachePolicy, _ session: RunSession) throws {
    let lanes = PolicyLab.lanes(policy)
    for lane in lanes { try PolicyRefusal.check(lane, session.model.configuration) }
    let (model, kept) = (session.model, bytesKept(besides: policy))
    try session.plan.requireMemory(
      of: model.configuration, beside: model.memoryPlan, threads: model.threads, use: .lanes(lanes)
    ) { _ in kept }
  }

  /// Bytes of the runs that stay on the screen while another is made: all of them up to a bound, and always the largest.
  private func bytesKept(besides policy: CachePolicy) -> Int {
    let others = kept.filter { $0.key != policy }.values
    let all = others.reduce(Bytes(0)) { $0 + Bytes($1) }.count
    return min(all, max(PolicyRun.mostBytesKept, others.max() ?? 0))
  }

  /// Reads the model and the text, and refuses what cannot be run.
  @discardableResult
  func load(for policy: CachePolicy) throws -> RunSession {
    let session = try options.session(lanes: PolicyLab.lanes(policy), first: 1)
    self.session = session
    return session
  }
}

extension PolicyLab {
  /// The run as far as it has come.
  fileprivate func run(longest: Int) -> PolicyRun {
    PolicyRun(trace: trace, steps: steps, longest: longest)
  }
}
