public import Base
public import Trace

/// Why a model cannot be run with a cache policy.
public enum PolicyRefusal: Explained, Equatable {
  /// No store keeps K and V so.
  case noStore(CachePolicy)
  /// Positions in the cache would reach beyond the model's own window, which then hides the sinks.
  case beyondWindow(CachePolicy, window: Int)
  /// A block would be longer than any text of the model.
  case blockTooLong(CachePolicy, positions: Int)
  /// All heads of latent attention share what is kept: none can choose its own.
  case sharedLatent(CachePolicy)
  /// A fault of the store needs a store whose slots stay where they are.
  case faulty(CachePolicy)

  /// Refuses what no store of a lane can do with a model of this shape.
  public static func check(_ lane: Lane, _ shape: ModelConfiguration) throws(PolicyRefusal) {
    if let refusal = Stores.refusal(lane, shape) { throw refusal }
  }

  /// 64: an option was misused.
  public var status: Int32 { ExitStatus.usage.rawValue }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .noStore(let policy):
      language(
        "还没有按“\(policy.text)”保存的缓存：请只选其中一项",
        "no cache keeps K and V as \"\(policy.text)\" says: give one of its choices alone")
    case .beyondWindow(let policy, let window):
      language(
        "“\(policy.text)”超出了模型自己的滑动窗口 \(window)，窗口会遮住开头的词元：请让 S + W 不大于 \(window)",
        "\"\(policy.text)\" reaches beyond the model's own sliding window of \(window), which would hide the sinks: give S + W of at most \(window)"
      )
    case .blockTooLong(let policy, let positions):
      language(
        "“\(policy.text)”的一块比模型的 \(positions) 个位置还长：请让 B 不大于 \(positions)",
        "a block of \"\(policy.text)\" is longer than the model's \(positions) positions: give a B of at most \(positions)"
      )
    case .sharedLatent(let policy):
      language(
        "潜在注意力的各个头共用一份缓存，不能像“\(policy.text)”那样各留各的：请用 window 或 sinks",
        "all heads of latent attention share one cache, and cannot each keep its own as \"\(policy.text)\" says: give window or sinks"
      )
    case .faulty(let policy):
      language(
        "故障只能放进完整缓存，不能放进“\(policy.text)”：请用 full",
        "a fault is put into a full cache only, not into \"\(policy.text)\": give full")
    }
  }
}
