package import Trace
public import Viz

/// Where the screen of cache policies begins.
package struct PoliciesPlace: Hashable, Sendable {
  /// Counted from 1; nil for the last.
  package var step: Int?
  /// Counted from 0, at most the model's last.
  package var layer = 0
  /// Counted from 0, at most the model's last.
  package var head = 0
  /// What stands beside the policy.
  package var companion = PolicyKind.full

  /// The last step of the first head, beside the full cache.
  package init() {}
}

/// A cache policy beside the full cache, or beside another as large.
public struct PoliciesScreen: Screen {
  private var state: PoliciesState

  /// Begins with a policy, at a place.
  package init(_ policy: CachePolicy, at place: PoliciesPlace = PoliciesPlace(), _ look: Look) {
    state = PoliciesState(policy, at: place, look: look)
  }

  /// What it wants to be worked out.
  public var question: Question? { state.question.map { .policies($0) } }
  /// Who comes back finds it as it was left.
  public var isKept: Bool { true }

  /// It waits while something is computed, and for beats while it plays.
  public var waits: Waits {
    var waits = Waits()
    waits.beat = state.isPlaying ? .milliseconds(700) : nil
    waits.refresh = state.question == nil ? nil : .milliseconds(100)
    waits.isEmpty = state.question != nil && state.step == 0 && !state.hasFailed
    return waits
  }

  /// The policy, what stands beside it, and where one looks.
  public var place: [String]? {
    [
      "--policy", state.policy.text, "--step", "\(max(1, state.step))",
      "--layer", "\(state.layer + 1)", "--head", "\(state.head + 1)",
      "--beside", state.companion.rawValue,
    ]
  }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
