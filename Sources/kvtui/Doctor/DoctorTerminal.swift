internal import Base
internal import Terminal
internal import Viz

/// What the program is shown on, and in which characters.
struct DoctorTerminal {
  private let facts = TerminalFacts.current()
  private let samples = DoctorTerminal.samples
  /// What the terminal itself said; nil where it was not asked.
  private let answers: TerminalAnswers?

  /// What screens are made of, and some terminals draw in another width than is said.
  private static let samples = [
    "中", "，", "·", "×", "│", "─", "→", "…", "█", "▸", "✓", "√", "ᵀ", "Δ",
  ]

  /// Variables that say or change something about the terminal.
  private static let variables = [
    "TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "VTE_VERSION", "WT_SESSION",
    "TMUX", "STY", "SSH_TTY", "NO_COLOR", "KVTUI_ESCDELAY", "KVTUI_NO_SYNC", "KVTUI_NO_PROBE",
  ]

  init() {
    // One that is not known to understand the question would print it.
    let mayAsk = TerminalFacts.mayBeAsked && facts.isANSI
    let isUTF8 = facts.codeset.uppercased().filter { $0 != "-" } == "UTF8"
    answers = mayAsk ? TerminalAnswers.ask(widthsOf: isUTF8 ? Self.samples : []) : nil
  }

  /// Locale and language.
  static func language(_ language: Language) -> DoctorSection {
    let facts = TerminalFacts.current()
    let variables = ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG"].compactMap(setting)
    return DoctorSection(
      name: "locale", title: ("语言环境", "Locale"),
      facts: [
        DoctorFact("language", "语言", "language", .text(language.rawValue)),
        DoctorFact("charset", "字符集", "character set", .text(facts.codeset)),
        DoctorFact("variables", "变量", "variables", .list(variables)),
        DoctorFact(
          "shows_utf8", "画面用 UTF-8", "screens are UTF-8", .flag(facts.isUTF8)),
      ])
  }

  func section(_ language: Language) -> DoctorSection {
    let size = TerminalFacts.size
    let obstacle = facts.obstacle(input: .standardInput)
    let isKnown = facts.term.map { !$0.isEmpty } ?? false
    return DoctorSection(
      name: "terminal", title: ("终端", "Terminal"),
      facts: [
        DoctorFact("variables", "变量", "variables", .list(Self.variables.compactMap(Self.setting))),
        DoctorFact(
          "input_is_terminal", "标准输入是终端", "standard input is one", .flag(facts.inputIsTerminal)),
        DoctorFact(
          "output_is_terminal", "标准输出是终端", "standard output is one", .flag(facts.outputIsTerminal)),
        DoctorFact("columns", "列", "columns", .number(size?.columns)),
        DoctorFact("rows", "行", "rows", .number(size?.rows)),
        DoctorFact("opens_screen", "能开画面", "a screen can be opened", .flag(obstacle == nil)),
        DoctorFact(
          "obstacle", "为什么不能", "why not", .reason(obstacle.map { $0.sentence(language) })),
        DoctorFact("terminfo", "terminfo 的描述", "terminfo's description", .text(facts.description)),
        DoctorFact(
          "terminfo_colours", "它说的颜色数", "its colours",
          .number(isKnown ? facts.reportedColours : nil)),
        DoctorFact("colours", "用的颜色数", "colours in use", .number(facts.usedColours)),
        DoctorFact("asked", "问过终端", "the terminal was asked", .flag(answers != nil)),
        DoctorFact("name", "它说自己是", "it says that it is", .text(answers?.name)),
        DoctorFact("attributes", "它的属性（DA1）", "its attributes (DA1)", .text(answers?.attributes)),
      ])
  }

  /// How wide the samples are to the program, to the C library, and to the terminal.
  var widths: DoctorSection {
    let drawn = answers?.widths ?? []
    let rows = samples.enumerated().map { index, sample in
      DoctorWidth(
        text: sample, table: ScalarWidth.of(sample),
        library: TerminalFacts.libraryWidth(of: sample),
        terminal: index < drawn.count ? drawn[index] : nil)
    }
    return DoctorSection(
      name: "widths", title: ("字符宽度", "Widths"),
      facts: [
        DoctorFact("agree", "都一致", "all agree", .flag(rows.allSatisfy(\.agrees))),
        DoctorFact("samples", "列数", "columns", .widths(rows)),
      ])
  }

  /// `NAME=value` of a variable that is set.
  private static func setting(_ name: String) -> String? {
    Environment.value(name).map { "\(name)=\($0)" }
  }
}

/// A character, and how many columns each takes it to be; nil where nobody says.
struct DoctorWidth: Equatable {
  let text: String
  /// The program's own table.
  let table: Int
  /// The C library's `wcwidth`.
  let library: Int?
  /// Where the terminal's cursor was behind it.
  let terminal: Int?

  /// Whether whoever says something says the same.
  var agrees: Bool { (library ?? table) == table && (terminal ?? table) == table }

  var json: JSONText {
    .object([
      ("text", .string(text)), ("table", .integer(table)),
      ("library", library.map { .integer($0) } ?? .null),
      ("terminal", terminal.map { .integer($0) } ?? .null),
    ])
  }

  func text(_ language: Language) -> String {
    let unknown = language("不知道", "unknown")
    let words = [
      language("本程序 \(table)", "own table \(table)"),
      language("C 库 ", "C library ") + (library.map(String.init) ?? unknown),
      language("终端 ", "terminal ") + (terminal.map(String.init) ?? unknown),
    ]
    let name = text.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
      .joined()
    let differs = agrees ? "" : language("  不一致", "  not the same")
    return name + "  " + text + "  " + words.joined(separator: language("，", ", ")) + differs
  }
}
