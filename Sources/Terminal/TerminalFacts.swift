import Base
import CTerminal

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where keys come from.
public enum TerminalInput: Hashable, Sendable {
  /// Standard input.
  case standardInput
  /// The terminal that the process belongs to; standard input is data.
  case controllingTerminal
}

/// What is known about the terminal before anything is written to it, and what follows from that.
public struct TerminalFacts: Hashable, Sendable {
  /// Standard input is a terminal.
  public var inputIsTerminal = true
  /// Standard output is a terminal.
  public var outputIsTerminal = true
  /// The process belongs to a terminal.
  public var hasControllingTerminal = true
  /// `TERM`.
  public var term: String?
  /// terminfo knows `term`, or the fallback, and that it can place its cursor.
  public var canPlaceCursor = true
  /// The locale's character set, such as `UTF-8`.
  public var codeset = "UTF-8"
  /// The locale `C.UTF-8` exists.
  public var hasUTF8Fallback = true

  /// Creates the facts of an ordinary terminal of type `term`.
  public init(term: String?) {
    self.term = term
  }

  /// Whether a screen can be opened with keys from `input`: else pages of plain text are the way.
  public func isInteractive(input: TerminalInput) -> Bool {
    obstacle(input: input) == nil
  }

  /// Whether the screen can show 汉字; else the caller does as with `--ascii`.
  public var isUTF8: Bool {
    localeName != .unsuitable
  }

  /// Why no screen can be opened with keys from `input`; nil where one can.
  public func obstacle(input: TerminalInput) -> TerminalError? {
    guard outputIsTerminal else { return .outputIsNoTerminal }
    switch input {
    case .standardInput where !inputIsTerminal: return .inputIsNoTerminal
    case .controllingTerminal where !hasControllingTerminal: return .noControllingTerminal
    default: break
    }
    guard let term, !term.isEmpty, term != "dumb", canPlaceCursor else {
      return .unusable(term: term)
    }
    return nil
  }
}

extension TerminalFacts {
  /// The locale that the screen draws in.
  enum LocaleName: Hashable, Sendable {
    case ofEnvironment, utf8Fallback, unsuitable
  }

  /// The terminal's type when terminfo does not know `TERM`: what most terminals of today imitate.
  static let fallbackTerm = "xterm-256color"
  static let utf8FallbackLocale = "C.UTF-8"

  /// C and POSIX say nothing about the terminal, and an uninstalled locale turns into C; any other
  /// character set was chosen, so it is believed.
  var localeName: LocaleName {
    if TerminalFacts.isUTF8(codeset) { return .ofEnvironment }
    let saysNothing = ["ANSI_X3.4-1968", "US-ASCII", ""].contains(codeset)
    return saysNothing && hasUTF8Fallback ? .utf8Fallback : .unsuitable
  }

  private static func isUTF8(_ codeset: String) -> Bool {
    codeset.uppercased().filter { $0 != "-" } == "UTF8"
  }

  /// Looks at the process.
  ///
  /// Nothing is written and no locale is set. Not to be called while a screen is open.
  public static func current() -> TerminalFacts {
    var facts = TerminalFacts(term: Environment.value("TERM"))
    facts.inputIsTerminal = isatty(STDIN_FILENO) == 1
    facts.outputIsTerminal = isatty(STDOUT_FILENO) == 1
    facts.hasControllingTerminal = controllingTerminalExists()
    // Without a free descriptor its description cannot be read: that says nothing about the terminal.
    facts.canPlaceCursor =
      facts.term.flatMap(Capabilities.init(term:)) != nil || ct_lacks_descriptors()
    facts.codeset = CText.string(64) { ct_codeset($0, $1) }
    facts.hasUTF8Fallback = ct_has_locale(utf8FallbackLocale)
    return facts
  }

  private static func controllingTerminalExists() -> Bool {
    let descriptor = ct_open_controlling_terminal()
    guard descriptor >= 0 else { return ct_lacks_descriptors() }
    close(descriptor)
    return true
  }
}
