internal import Base
internal import Trace
internal import Viz

/// The two rows that say what went wrong: what should have been, and what the broken cache had.
struct FaultsCause {
  private let fault: Fault?
  private let language: Language

  init(_ fault: Fault?, _ language: Language) { (self.fault, self.language) = (fault, language) }

  /// What the row of what should have been is called, from the longest to the shortest.
  var dueNames: [String] {
    switch fault {
    case .positionNotAdvanced, .positionRestarted, nil:
      [language("应在的位置", "position due"), language("该在", "pos. due")]
    case .maskTopLeft, .maskOff: [language("该看见几个键", "keys to see"), language("该见几键", "keys due")]
    case .appendedTwice: [language("该存几份", "copies due")]
    case .stalePrefix: [language("K、V 该是谁的", "K, V due of"), language("该是谁的", "KV due of")]
    case .keysOnly: [language("该读到", "to be read")]
    }
  }

  /// What the row of what was there is called.
  var foundNames: [String] {
    switch fault {
    case .positionNotAdvanced, .positionRestarted:
      [language("坏缓存给的", "position given"), language("坏缓存给的", "pos. given")]
    case nil: [language("缓存给的", "position given"), language("缓存给的", "pos. given")]
    case .maskTopLeft, .maskOff: [language("看见了几个", "keys seen")]
    case .appendedTwice: [language("存了几份", "copies kept"), language("存了几份", "copies")]
    case .stalePrefix: [language("其实是谁的", "K, V are of"), language("其实是谁的", "KV are of")]
    case .keysOnly: [language("读到的", "was read")]
    }
  }

  /// What should have been of a token, and what was.
  func texts(_ column: FaultColumn, _ token: TraceToken) -> (due: String, found: String) {
    switch fault {
    case .positionNotAdvanced, .positionRestarted, nil: ("\(column.position)", "\(column.given)")
    case .maskTopLeft, .maskOff: ("\(column.toSee)", "\(column.seen)")
    case .appendedTwice: ("1", "\(column.copies)")
    case .stalePrefix: (token.text, column.owner?.text ?? token.text)
    case .keysOnly: ("V", column.readsZero ? "0" : "V")
    }
  }
}
