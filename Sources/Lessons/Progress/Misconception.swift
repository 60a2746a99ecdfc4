public import Base

/// What learners believe that is not so, by its number in `lessons/README.md`.
public enum Misconception {
  private static let beliefs: [(chinese: String, english: String)] = [
    (
      "缓存里还得存旧词元的 Q，或者 QKᵀ",
      "The cache must hold Q, or QKᵀ, of old tokens too"
    ),
    (
      "每步只喂一个词元，一定算错",
      "Feeding one token a step must be wrong"
    ),
    (
      "文本变长，旧的 K、V 会跟着变",
      "Old K and V change as the text grows"
    ),
    (
      "只有第 1 层能缓存，后面各层的输入都变了",
      "Only layer 1 can be cached, since later inputs have changed"
    ),
    (
      "K 只由这个词元自己决定，改前面的字不影响后面的 K、V",
      "A token alone decides its K, so an early edit spares later K and V"
    ),
    (
      "有了缓存，一步的时间与长度无关",
      "With a cache, a step takes the same time at any length"
    ),
    (
      "只有一个查询也要因果掩码，或者掩码对齐左上角",
      "A single query still needs the causal mask, or one aligned top left"
    ),
    (
      "新词元的位置又从 0 数起，或者跳过几个",
      "The new token’s position starts again at 0, or leaps"
    ),
    (
      "有无缓存必须逐位相同，或者差多少都不要紧",
      "With and without must match bit for bit, or any gap will do"
    ),
    (
      "有缓存就行，每步照样送整段文字",
      "A cache is there, so the whole text may still be sent each step"
    ),
    (
      "训练时也能加速",
      "It helps in training too"
    ),
    (
      "只输出一个词元，缓存有什么用",
      "What is it for when only one token comes out?"
    ),
    (
      "小模型上不见快，说明没起作用",
      "No gain on a tiny model, so it does not work"
    ),
    (
      "缓存就是对前几轮对话的记忆",
      "The cache is the memory of earlier turns"
    ),
    (
      "缓存大小看参数量，或者看查询头数",
      "Its size follows the parameter count, or the query heads"
    ),
    (
      "注意力两边都看时，缓存照样能用（或一律不能用）",
      "It holds (or never holds) when attention looks both ways"
    ),
    (
      "改一个词元，整个缓存作废",
      "One changed token voids the whole cache"
    ),
    (
      "提示词缓存就是 KV 缓存",
      "A prompt cache is the KV cache"
    ),
    (
      "平方级说的都是同一件事",
      "“Quadratic” always means the same cost"
    ),
  ]

  /// The belief in words; nil where there is none of this number.
  public static func belief(_ number: Int, _ language: Language) -> String? {
    guard beliefs.indices.contains(number - 1) else { return nil }
    let belief = beliefs[number - 1]
    return language(belief.chinese, belief.english)
  }

  /// How many there are.
  static let count = beliefs.count
}
