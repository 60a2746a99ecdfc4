internal import Base
internal import Viz

/// A report in sections, each of facts.
struct DoctorReport {
  let sections: [DoctorSection]

  /// Of this program on this machine.
  ///
  /// - Parameter language: that of sentences that stand in it, such as why there is no screen.
  /// - Returns: what was answered just now.
  static func current(_ language: Language) -> DoctorReport {
    let terminal = DoctorTerminal()
    return DoctorReport(sections: [
      DoctorProgram.section, DoctorMachine.system, DoctorMachine.processor,
      DoctorTerminal.language(language), terminal.section(language), terminal.widths,
      DoctorFolders.section(language),
    ])
  }

  /// All of it as an object.
  var json: JSONText {
    .object([("type", .string("doctor"))] + sections.map { ($0.name, $0.json) })
  }

  /// A page that people read.
  func text(_ look: Look) -> String {
    sections.map { $0.text(look) }.joined(separator: "\n")
  }
}

/// Facts under one heading.
struct DoctorSection {
  /// Its name in JSON.
  let name: String
  let title: (chinese: String, english: String)
  let facts: [DoctorFact]

  var json: JSONText { .object(facts.map { ($0.name, $0.value.json) }) }

  /// Title and facts, their values in one column.
  func text(_ look: Look) -> String {
    let labels = facts.map { look.glyphs.shown(look.language($0.label.chinese, $0.label.english)) }
    let width = labels.map { ScalarWidth.of($0) }.max() ?? 0
    let lines = zip(labels, facts).flatMap { label, fact in
      fact.value.lines(look).enumerated().map { index, line in
        let shown = index == 0 ? label : ""
        return "  " + shown + String(repeating: " ", count: width - ScalarWidth.of(shown) + 2)
          + line + "\n"
      }
    }
    return look.glyphs.shown(look.language(title.chinese, title.english)) + "\n" + lines.joined()
  }
}

/// One thing that was asked.
struct DoctorFact {
  /// Its name in JSON.
  let name: String
  let label: (chinese: String, english: String)
  let value: DoctorValue

  /// Creates a fact.
  init(_ name: String, _ chinese: String, _ english: String, _ value: DoctorValue) {
    (self.name, label, self.value) = (name, (chinese, english), value)
  }
}

/// What was answered; nil where nothing was.
enum DoctorValue {
  case text(String?)
  /// Why something is not so; nil where it is.
  case reason(String?)
  case number(Int?)
  case bytes(Int?)
  case flag(Bool?)
  /// A line each.
  case list([String])
  /// Characters, and how wide whoever was asked takes each to be.
  case widths([DoctorWidth])

  var json: JSONText {
    switch self {
    case .text(let text), .reason(let text): text.map { .string(Self.cut($0)) } ?? .null
    case .number(let number), .bytes(let number): number.map { .integer($0) } ?? .null
    case .flag(let flag): flag.map { .boolean($0) } ?? .null
    case .list(let lines): .array(lines.map { .string(Self.cut($0)) })
    case .widths(let widths): .array(widths.map(\.json))
    }
  }

  /// The answer in words, at least one line: whatever stands in it has passed the sanitiser.
  func lines(_ look: Look) -> [String] {
    let unknown = look.language("不知道", "unknown")
    let none = look.language("没有", "none")
    let lines: [String] =
      switch self {
      case .text(let text): [text.map(Self.cut) ?? unknown]
      case .reason(let text): [text.map(Self.cut) ?? none]
      case .number(let number): [number.map(String.init) ?? unknown]
      case .bytes(let bytes): [bytes.map(Self.mebibytes) ?? unknown]
      case .flag(let flag):
        [flag.map { $0 ? look.language("是", "yes") : look.language("否", "no") } ?? unknown]
      case .list(let lines): lines.isEmpty ? [none] : lines.map(Self.cut)
      case .widths(let widths): widths.map { $0.text(look.language) }
      }
    return lines.map { look.glyphs.shown($0) }
  }

  private static func mebibytes(_ bytes: Int) -> String {
    bytes >= 10 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
  }

  /// Whatever stands in a variable or a file is a line here, not a page.
  private static func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(400)) }
}
