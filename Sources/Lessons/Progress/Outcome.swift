public import Base

/// What one can do after a lesson, by the name that lessons call it.
public enum Outcome {
  private static let known: [String: (chinese: String, english: String)] = [
    "see-what-a-cache-saves": ("看出缓存省了什么", "see what a cache saves"),
    "explain-token-by-token": ("解释为什么一个一个词元地写", "explain why text is written token by token"),
    "name-q-k-v": ("认出 Q、K、V", "name Q, K and V"),
    "read-the-score-table": ("读懂 QKᵀ 这张表", "read the table of scores"),
    "explain-repeated-work": ("解释为什么会重复计算", "explain why things are computed again"),
    "explain-recomputing": ("解释为什么会重复计算（结业）", "explain why things are computed again (final)"),
    "count-by-hand": ("手算省下多少", "count by hand what a cache saves"),
    "explain-why-k-and-v": ("解释为什么只存 K 和 V", "explain why K and V are cached and Q is not"),
    "explain-why-old-rows-stay": ("解释旧的行为什么不变", "explain why old rows stay"),
    "step-with-cache": ("走完用缓存的一步", "go through a step with the cache"),
    "step-or-run": ("分清一步和一次运行", "tell a step from a run"),
    "which-cost": ("说清是哪一种代价", "say which cost is meant"),
    "growth": ("看出随长度怎样增长", "see how costs grow with length"),
    "cache-formula": ("写出缓存大小的公式", "write down the cache's size"),
    "plan-memory": ("规划显存", "plan a card's memory"),
    "estimate-memory": ("估算一个模型的缓存（结业）", "estimate a model's cache (final)"),
    "conversation-cost": ("算多轮对话的代价", "work out what a conversation costs"),
    "prefix-reuse": ("说出前缀何时能重用", "say when a prefix is reused"),
    "use-cache": ("用上 use_cache", "use use_cache"),
    "use-use-cache": ("用上 use_cache（结业）", "use use_cache (final)"),
    "read-cache-code": ("读懂缓存的代码", "read a cache's code"),
    "judge-difference": ("判断差多少算正常", "judge which differences are sound"),
    "tell-prefill-from-decode": ("分清 prefill 和 decode", "tell prefill from decode"),
    "find-the-bottleneck": ("找出瓶颈", "find the bottleneck"),
    "know-when-a-cache-helps": ("知道缓存何时有用", "know when a cache helps"),
    "know-what-limits-it": ("知道什么限制它", "know what limits it"),
    "serve-many-requests": ("说清服务器怎样服务很多人", "say how a server serves many"),
    "compare-cheaper-caches": ("比较更省的缓存", "compare cheaper caches"),
  ]

  /// What it is in words; nil for a name that no lesson of the course has.
  public static func words(_ name: String, _ language: Language) -> String? {
    known[name].map { language($0.chinese, $0.english) }
  }
}
