import CTerminal
import Viz

/// What terminfo says about the terminal, as far as ncurses does not see to it itself.
struct Capabilities {
  /// The name that terminfo knows it by; not always what `TERM` says.
  let term: String
  /// It understands ANSI sequences, so unknown ones do no harm.
  let isANSI: Bool
  /// What its keys send, as far as that begins with an Escape.
  let keys: [[UInt8]: Key]
  private let strings: [String: String]

  private static let names = [
    "smcup", "rmcup", "smkx", "rmkx", "civis", "cnorm", "sgr0", "op", "smam",
  ]
  private static let keyNames: [(name: String, key: Key)] = [
    ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
    ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kent", .enter),
  ]

  /// Reads the description of `term`, or of the fallback if there is none; nil if it cannot place
  /// its cursor.
  init?(term: String) {
    let candidates: [String] = [term, TerminalFacts.fallbackTerm]
    guard let known = candidates.first(where: { (name: String) in ct_terminal_load(name) }) else {
      return nil
    }
    defer { ct_terminal_unload() }
    guard let cup = Capabilities.string("cup") else { return nil }
    self.term = known
    isANSI = cup.hasPrefix("\u{1B}[")
    strings = Dictionary(
      uniqueKeysWithValues: Capabilities.names.map { ($0, Capabilities.string($0) ?? "") })
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in Capabilities.keyNames {
      guard let sequence = Capabilities.string(name), sequence.hasPrefix("\u{1B}") else { continue }
      keys[Array(sequence.utf8)] = key
    }
    self.keys = keys
  }

  /// Starts the full screen.
  var enter: String { strings["smcup", default: ""] }

  /// Keys and pastes come in a form that can be told apart; no cursor.
  var modes: String {
    string(of: ["smkx", "civis"]) + (isANSI ? "\u{1B}[?2004h" : "")
  }

  /// Undoes everything that a screen may have set; the cursor is then below the picture.
  var reset: String {
    let ansi = isANSI ? "\u{1B}[?2026l\u{1B}[?2004l" : ""
    // ANSI's way back to normal takes the colours with it, so that NO_COLOR sees no colour sequence.
    let colours = isANSI ? "" : strings["op", default: ""]
    let leave = strings["rmcup", default: ""]
    // Without a second screen the shell's prompt would come up within the picture.
    let below = leave.isEmpty ? (isANSI ? "\u{1B}[999B" : "") + "\r\n" : leave
    return ansi + string(of: ["sgr0", "smam", "rmkx", "cnorm"]) + colours + below
  }

  private func string(of names: [String]) -> String {
    names.map { strings[$0, default: ""] }.joined()
  }

  private static func string(_ name: String) -> String? {
    var length: Int32 = -1
    let text = CText.string(512) { length = ct_capability(name, $0, $1) }
    return length > 0 ? text : nil
  }
}
