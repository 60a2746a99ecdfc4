package import Base
package import Trace

extension Fault {
  /// What is wrong, in a few words.
  package func title(_ language: Language) -> String {
    switch self {
    case .stalePrefix: language("开头是别的字", "another first token")
    case .appendedTwice: language("新字存了两遍", "stored twice")
    case .keysOnly: language("只留下了 K", "keys only")
    case .positionNotAdvanced: language("位置没有前进", "position not advanced")
    case .positionRestarted: language("位置从头数起", "position restarted")
    case .maskTopLeft: language("掩码对齐左上角", "mask at the top left")
    case .maskOff: language("没有掩码", "no mask")
    }
  }

  /// That it is in the cached run alone where a broken cache stands beside a sound run, though the screen of a run breaks both: from the longest
  /// wording to the shortest; nil where both break the same.
  package func scope(_ language: Language) -> [String]? {
    guard isInEveryLane else { return nil }
    return [
      language(
        "这里只有用缓存的那遍没有掩码；kvtui run --fault mask-off 里两遍都没有。",
        "Here only the cached run lacks the mask; in kvtui run --fault mask-off both."),
      language(
        "这里只坏用缓存的那遍；kvtui run 里两遍都坏。",
        "Only the cached run is broken; in kvtui run, both."),
    ]
  }
}
