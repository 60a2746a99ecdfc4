/// What a lab holds against the full cache: a cache policy, or a way of decoding.
///
///     try LabSubject("sinks:4+16")
public enum LabSubject: Hashable, Sendable {
  /// Another cache.
  case policy(CachePolicy)
  /// A smaller model drafts so many tokens, which the model verifies in one pass.
  ///
  /// Source: Leviathan et al. 2023 (arXiv:2211.17192).
  case speculative(drafted: Int)

  private static let speculative = PolicyForm("speculative", "G")

  /// Reads a cache policy, or `speculative:G`.
  public init(_ text: String) throws(CachePolicyError) {
    if let numbers = try Self.speculative.numbers(of: text) {
      self = .speculative(drafted: numbers[0])
    } else {
      self = .policy(try CachePolicy(text))
    }
  }

  /// How everything that can be chosen is written.
  public static var wordings: [String] { CachePolicy.wordings + [speculative.wording] }

  /// The subject as it is written.
  public var text: String {
    switch self {
    case .policy(let policy): policy.text
    case .speculative(let drafted): "speculative:\(drafted)"
    }
  }
}
