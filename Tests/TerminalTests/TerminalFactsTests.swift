internal import Base
import Testing

@testable import Terminal

@Suite("What the terminal allows")
struct TerminalFactsTests {
  private static func facts(_ change: (inout TerminalFacts) -> Void) -> TerminalFacts {
    var facts = TerminalFacts(term: "xterm-256color")
    change(&facts)
    return facts
  }

  @Test("An ordinary terminal is interactive")
  func ordinary() {
    let facts = TerminalFacts(term: "xterm")
    #expect(facts.isInteractive(input: .standardInput))
    #expect(facts.isInteractive(input: .controllingTerminal))
    #expect(facts.isUTF8)
  }

  @Test("No type, no screen", arguments: [nil, "", "dumb"])
  func types(term: String?) {
    let facts = TerminalFacts(term: term)
    #expect(facts.obstacle(input: .standardInput) == .unusable(term: term))
    #expect(!facts.isInteractive(input: .standardInput))
  }

  @Test("A terminal that cannot place its cursor shows pages")
  func cursor() {
    let facts = Self.facts { $0.canPlaceCursor = false }
    #expect(facts.obstacle(input: .standardInput) == .unusable(term: "xterm-256color"))
  }

  @Test("Output to a file is no screen, wherever keys come from")
  func output() {
    let facts = Self.facts { $0.outputIsTerminal = false }
    #expect(facts.obstacle(input: .standardInput) == .outputIsNoTerminal)
    #expect(facts.obstacle(input: .controllingTerminal) == .outputIsNoTerminal)
  }

  @Test("Data on standard input leaves the controlling terminal for keys")
  func data() {
    let facts = Self.facts { $0.inputIsTerminal = false }
    #expect(facts.obstacle(input: .standardInput) == .inputIsNoTerminal)
    #expect(facts.isInteractive(input: .controllingTerminal))
    let daemon = Self.facts { $0.hasControllingTerminal = false }
    #expect(daemon.obstacle(input: .controllingTerminal) == .noControllingTerminal)
    #expect(daemon.isInteractive(input: .standardInput))
  }

  @Test(
    "The locale decides what can be drawn",
    arguments: [
      ("UTF-8", true, TerminalFacts.LocaleName.ofEnvironment), ("utf8", true, .ofEnvironment),
      ("UTF-8", false, .ofEnvironment), ("ANSI_X3.4-1968", true, .utf8Fallback),
      ("US-ASCII", true, .utf8Fallback), ("", true, .utf8Fallback),
      ("ANSI_X3.4-1968", false, .unsuitable), ("ISO-8859-1", true, .unsuitable),
      ("GB18030", true, .unsuitable),
    ])
  func locale(codeset: String, hasFallback: Bool, expected: TerminalFacts.LocaleName) {
    let facts = Self.facts {
      $0.codeset = codeset
      $0.hasUTF8Fallback = hasFallback
    }
    #expect(facts.localeName == expected)
    #expect(facts.isUTF8 == (expected != .unsuitable))
  }

  @Test("Messages are one line and show nothing unsafe")
  func messages() {
    let errors: [TerminalError] = [
      .outputIsNoTerminal, .inputIsNoTerminal, .noControllingTerminal, .unusable(term: nil),
      .unusable(term: "x\u{1B}[2J\n" + String(repeating: "x", count: 5000)),
    ]
    for message in errors.flatMap({ [$0.sentence(.chinese), $0.sentence(.english)] }) {
      #expect(!message.isEmpty && message.count < 200)
      #expect(!message.unicodeScalars.contains { $0.value < 0x20 })
    }
  }
}

@Suite("What the environment changes")
struct ScreenOptionsTests {
  private static func options(_ environment: [String: String]) -> ScreenOptions {
    ScreenOptions(environment: { environment[$0] })
  }

  @Test("An empty environment changes nothing")
  func empty() {
    #expect(Self.options([:]) == ScreenOptions())
  }

  @Test(
    "The patience after an Escape has bounds",
    arguments: [("100", 100), ("0", 1), ("-5", 1), ("999999", 5000), ("", 25), ("soon", 25)])
  func escapeDelay(text: String, expected: Int) {
    #expect(Self.options(["KVTUI_ESCDELAY": text]).escapeDelay == expected)
  }

  @Test("Switches")
  func switches() {
    #expect(!Self.options(["KVTUI_NO_SYNC": "1"]).isSynchronised)
    #expect(!Self.options(["KVTUI_NO_PROBE": "1"]).asksForWidths)
    #expect(!Self.options(["NO_COLOR": "1"]).hasColour)
    #expect(Self.options(["NO_COLOR": ""]).hasColour)
  }
}
