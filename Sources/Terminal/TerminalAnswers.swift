import CTerminal
import Viz

/// What the terminal itself says when it is asked.
public struct TerminalAnswers: Equatable, Sendable {
  /// Its name and version (XTVERSION), sanitised; nil where it keeps them to itself.
  public var name: String?
  /// The numbers by which it says what it is (primary device attributes); nil where it says nothing.
  public var attributes: String?
  /// How many columns it drew each sample in; nil where it did not say.
  public var widths: [Int?]

  /// Asks the terminal that the process belongs to, which may take a second.
  ///
  /// Nothing stays on it. Not to be called while a screen is open.
  ///
  /// - Parameter samples: what it is to draw; none on one that is not known to read UTF-8.
  /// - Returns: its answers; nil where there is none to be asked.
  public static func ask(widthsOf samples: [String]) -> TerminalAnswers? {
    var count: Int32 = -1
    let capacity = 4096
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
      buffer.withMemoryRebound(to: CChar.self) { buffer in
        count = ct_ask(question(samples), buffer.baseAddress, Int32(capacity), waitMilliseconds)
      }
      filled = max(0, Int(count))
    }
    return count < 0 ? nil : TerminalAnswers(reading: bytes, samples: samples.count)
  }

  private static let waitMilliseconds: Int32 = 1000

  /// Each sample at the begin of the line, and where the cursor is then; at last what every terminal answers.
  private static func question(_ samples: [String]) -> String {
    let widths = samples.map { "\r\($0)\u{1B}[6n" }.joined()
    return widths + "\r\u{1B}[K\u{1B}[>0q\u{1B}[c"
  }

  /// Reads what came, in which keys may stand that somebody pressed.
  init(reading bytes: [UInt8], samples: Int) {
    let text = String(decoding: bytes, as: UTF8.self)
    let columns = text.matches(of: /\u{1B}\[[0-9]+;([0-9]+)R/).map { Int($0.1) }
    // One that is missing could be any of them.
    widths =
      columns.count == samples
      ? columns.map { $0.map { $0 - 1 } } : Array(repeating: nil, count: samples)
    name = text.firstMatch(of: /\u{1B}P>\|([^\u{1B}\u{07}]*)/).map { match in
      Sanitiser.clean(String(match.1.unicodeScalars.prefix(80)))
    }
    attributes = text.firstMatch(of: /\u{1B}\[\?([0-9;]*)c/).map { String($0.1) }
  }
}
