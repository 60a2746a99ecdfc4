internal import Base
internal import Trace

/// Policies that were run already, so that going back to one is at once; those looked at longest ago make way.
struct PolicyRuns: Sendable {
  /// How many are kept.
  static let most = 16
  /// How many floats they may take, about, but for the two on the screen.
  static let mostFloats = 1 << 25

  /// The one that was looked at last is the last.
  private var kept: [(policy: CachePolicy, outcome: PolicyAnswer.Outcome)] = []

  /// Takes what has come of policies.
  mutating func take(_ answer: PolicyAnswer) {
    for (policy, outcome) in answer.outcomes { take(policy, outcome) }
  }

  /// A run that begins anew takes the place of an older one once it has come as far.
  private mutating func take(_ policy: CachePolicy, _ outcome: PolicyAnswer.Outcome) {
    if case .run(let new) = outcome, let old = run(policy), new.steps.count < old.steps.count {
      return
    }
    kept.removeAll { $0.policy == policy }
    kept.append((policy, outcome))
    while kept.count > 2, kept.count > Self.most || floats > Bytes(Self.mostFloats) {
      kept.removeFirst()
    }
  }

  /// Whether nothing has come of any policy yet.
  var isEmpty: Bool { kept.isEmpty }
  /// Tokens of the longest sequence, which all runs have in common; 0 while that is not known.
  var longest: Int {
    for known in kept {
      if case .run(let run) = known.outcome { return run.longest }
    }
    return 0
  }

  private var floats: Bytes {
    kept.reduce(Bytes(0)) { sum, known in
      guard case .run(let run) = known.outcome else { return sum }
      return sum + run.floats
    }
  }

  /// Remembers that some policies were looked at.
  mutating func use(_ policies: [CachePolicy]) {
    for policy in policies {
      guard let index = kept.firstIndex(where: { $0.policy == policy }) else { continue }
      kept.append(kept.remove(at: index))
    }
  }

  /// A policy's run as far as it has come; nil where it has not begun, or was refused.
  func run(_ policy: CachePolicy) -> PolicyRun? {
    for known in kept where known.policy == policy {
      if case .run(let run) = known.outcome { return run }
    }
    return nil
  }

  /// Why a policy cannot be run; nil where nothing is known against it.
  func refusal(_ policy: CachePolicy) -> (any Explained)? {
    for known in kept where known.policy == policy {
      if case .refused(let refusal) = known.outcome { return refusal }
    }
    return nil
  }

  /// Whether nothing more is to be worked out of a policy.
  func isSettled(_ policy: CachePolicy) -> Bool {
    refusal(policy) != nil || (run(policy)?.isComplete ?? false)
  }
}
