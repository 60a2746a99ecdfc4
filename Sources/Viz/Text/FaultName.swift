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

  /// What a broken cache beside a sound run lacks of a mask, though the screen of a run breaks both: from the longest wording to the shortest;
  /// nil where both break the same.
  package func scope(_ language: Language) -> [String]? {
    guard isInEveryLane else { return nil }
    return [
      // Behind the prompt a step is one row, the newest, from which there is nothing to hide.
      language(
        "用缓存的那遍，提示词里前后互看，像 prefix LM；kvtui run --fault mask-off 里两遍都没有掩码。",
        "The cached run's prompt looks both ways, as in a prefix LM; kvtui run --fault mask-off has no mask in either run."
      ),
      language(
        "用缓存的那遍，提示词里前后互看，像 prefix LM。",
        "The cached run's prompt looks both ways (prefix LM)."),
    ]
  }
}
