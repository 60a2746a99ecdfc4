import Base
import CTerminal
public import Viz

/// The live screen: draws canvases, reads keys, and always gives the terminal back.
///
///     let screen = try NcursesScreen(input: .standardInput)
///     defer { screen.close() }
///     screen.show(canvas, theme: .dark)
///     let inputs = screen.waitForInput()
///
/// At most one is open at a time, and one thread uses it.
public final class NcursesScreen {
  /// How many colours are used: 256, 16, 8, or 0.
  public let colours: Int
  /// Whether it shows more than ASCII; if not, draw as with `--ascii`.
  public let isUTF8: Bool

  let options: ScreenOptions
  let capabilities: Capabilities
  let inputDescriptor: Int32
  var isOpen = true

  var pens: Pens
  var shown: Shown?
  var needsRepaint = true

  var decoder: InputDecoder
  var lastByte: ContinuousClock.Instant?
  var isGone = false
  /// Descriptors that nobody writes to any more.
  var closedWakes: Set<Int32> = []
  var probe = WidthProbe.notAsked
  /// Whether the terminal may be asked something; who leaves soon after waits for the answer.
  public var mayAsk = true

  /// What the terminal shows.
  struct Shown {
    var canvas: Canvas
    var theme: Theme
    var cursor: Point?
  }

  /// Opens the screen.
  ///
  /// From here on a signal that ends or stops the process gives the terminal back first.
  ///
  /// - Parameter input: where keys come from.
  /// - Throws: why there is no interactive screen; nothing was changed then.
  public init(input: TerminalInput = .standardInput) throws(TerminalError) {
    ct_fill_standard_descriptors()
    let facts = TerminalFacts.current()
    if let obstacle = facts.obstacle(input: input) { throw obstacle }
    guard let capabilities = facts.term.flatMap(Capabilities.init(term:)) else {
      throw ct_lacks_descriptors() ? .tooFewDescriptors : .unusable(term: facts.term)
    }
    self.capabilities = capabilities
    options = ScreenOptions(environment: Environment.value)
    isUTF8 = NcursesScreen.useLocale(facts.localeName)
    inputDescriptor = try NcursesScreen.open(input, capabilities)
    let reported = options.hasColour ? Int(ct_screen_start_colours()) : 0
    colours = Ink.colours(reported: reported)
    pens = Pens(colours: colours, theme: .dark)
    decoder = InputDecoder(known: capabilities.keys)
  }

  deinit {
    close()
  }

  /// Whether the terminal is taken: what is written past the screen would spoil it.
  public static var isTaken: Bool { ct_guard_event_descriptor() >= 0 }

  /// Columns and rows that `show` draws.
  public var size: Size {
    Size(columns: Int(ct_screen_columns()), rows: Int(ct_screen_rows()))
  }

  /// Gives the terminal back; more calls do nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    ct_guard_release()
    ct_screen_close()
  }

  private static func useLocale(_ name: TerminalFacts.LocaleName) -> Bool {
    switch name {
    case .ofEnvironment: return ct_use_locale(nil)
    case .utf8Fallback: return ct_use_locale(TerminalFacts.utf8FallbackLocale)
    case .unsuitable:
      // ncurses has to know the character set even so.
      _ = ct_use_locale(nil)
      return false
    }
  }

  private static func open(
    _ input: TerminalInput, _ capabilities: Capabilities
  ) throws(TerminalError) -> Int32 {
    let descriptor = input == .standardInput ? 0 : ct_open_controlling_terminal()
    guard descriptor >= 0 else {
      throw ct_lacks_descriptors() ? .tooFewDescriptors : .noControllingTerminal
    }
    let output: Int32 = 1
    ct_await_foreground(output)
    ct_guard_install(output)
    guard ct_guard_event_descriptor() >= 0 else {
      ct_guard_release()
      throw .tooFewDescriptors
    }
    arm(capabilities)
    guard ct_screen_open(capabilities.term, descriptor) else {
      // Nothing was begun that would have to be undone.
      ct_guard_arm("", "", "")
      ct_guard_release()
      throw ct_lacks_descriptors() ? .tooFewDescriptors : .unusable(term: capabilities.term)
    }
    // Once more: the settings that the program works with are known only now.
    arm(capabilities)
    Output.write(capabilities.modes)
    return descriptor
  }

  private static func arm(_ capabilities: Capabilities) {
    ct_guard_arm(capabilities.enter, capabilities.modes, capabilities.reset)
  }
}

/// Bytes past ncurses, which writes to the descriptor itself and keeps none back.
enum Output {
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { ct_write_all(1, $0.baseAddress, $0.count) }
    }
  }
}
