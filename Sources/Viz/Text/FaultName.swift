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
}
