internal import Base

extension Depth {
  /// How far a press of a key goes, as a sentence.
  func sentence(_ language: Language) -> String {
    switch self {
    case .token: language("一步走一个字", "a step is now one token")
    case .layer: language("一步走一层", "a step is now one layer")
    case .operation: language("一步走一个运算", "a step is now one operation")
    }
  }

  /// The same in a word, where a step is not what the program counts as one.
  func name(_ language: Language) -> String? {
    switch self {
    case .token: nil
    case .layer: language("逐层", "by layer")
    case .operation: language("逐运算", "by operation")
    }
  }
}
