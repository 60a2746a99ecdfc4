internal import Base

/// A man page.
///
/// Source: groff_man(7).
struct ManualPage {
  /// `kvtui`, `kvtui-run`.
  let name: String
  let text: String

  /// A page for the program, and one for each of its commands that help shows.
  static func all(_ language: Language) throws(FileError) -> [ManualPage] {
    let program = try CommandTable.program()
    let commands = program.subcommands.filter { $0.isDisplayed && $0.name != "help" }
    let writer = ManualWriter(language: language)
    let pages = commands.map { command in
      ManualPage(name: "kvtui-" + command.name, text: writer.page(of: command))
    }
    return [ManualPage(name: "kvtui", text: writer.page(of: program, commands: commands))] + pages
  }
}

/// Words and marks of man pages in one language.
struct ManualWriter {
  let language: Language

  /// The page of one command.
  func page(of command: CommandTable) -> String {
    let name = "kvtui-" + command.name
    return head(name, command.abstract) + synopsis("kvtui " + command.name, command)
      + description(command.discussion ?? command.abstract) + arguments(command)
      + section("另见", "SEE ALSO") + ".BR kvtui (1)\n"
  }

  /// The page of the program.
  func page(of program: CommandTable, commands: [CommandTable]) -> String {
    let rows = commands.map { item("\\fBkvtui\\-\(Self.escaped($0.name))\\fR(1)", $0.abstract) }
    return head("kvtui", program.abstract)
      + section("概要", "SYNOPSIS")
      + ".B kvtui\n.br\n.B kvtui\n\\fI\(language("命令", "COMMAND"))\\fR [\\fI\(language("选项", "OPTION"))\\fR]...\n"
      + description(
        language(
          "不带命令时打开目录：课程、自由运行和各种工具；没有终端时列出课程。画面上的每个数都是模型刚刚算出来的。",
          "Without a command it opens the menu: lessons, a free run and tools; without a terminal it lists the lessons. Every number on a screen was computed by the model just now."
        ))
      + section("命令", "COMMANDS") + rows.joined() + arguments(program)
      + section("退出码", "EXIT STATUS") + Self.paragraph(program.discussion ?? "")
      + section("环境变量", "ENVIRONMENT")
      + variables.map { item("\\fB\($0.name)\\fR", $0.meaning) }.joined()
      + section("文件", "FILES") + files.map { item("\\fI\($0.name)\\fR", $0.meaning) }.joined()
      + section("另见", "SEE ALSO")
      + commands.map { ".BR kvtui\\-\(Self.escaped($0.name)) (1)" }.joined(separator: ",\n") + "\n"
  }

  private var variables: [(name: String, meaning: String)] {
    [
      (
        "KVTUI_HOME",
        language(
          "一个文件夹，先在其中的 models、lessons、lectures 里找",
          "a folder in whose models, lessons and lectures is looked first")
      ),
      ("KVTUI_LESSONS", language("课程所在的文件夹，用冒号隔开", "folders of lessons, with colons between")),
      (
        "XDG_STATE_HOME",
        language(
          "进度存在它下面的 kvtui 里（默认 ~/.local/state）",
          "progress is kept in kvtui below it (~/.local/state by default)")
      ),
      ("NO_COLOR", language("设了就不用颜色", "no colours where it is set")),
      (
        "KVTUI_NO_PROBE",
        language("为 1 时不问终端字符画多宽", "1: the terminal is not asked how wide it draws characters")
      ),
      ("KVTUI_NO_SYNC", language("为 1 时不成块地送出画面", "1: frames are not sent as one piece")),
      (
        "KVTUI_ESCDELAY",
        language(
          "单独一个 Esc 等多少毫秒（默认 25）", "milliseconds until an Escape counts as the key (25 by default)")
      ),
    ]
  }

  private var files: [(name: String, meaning: String)] {
    [
      (
        "../share/kvtui",
        language("可执行文件旁的模型、课程和讲授", "models, lessons and lectures, beside the program's file")
      ),
      ("~/.local/state/kvtui", language("进度和答案", "progress and answers")),
    ]
  }

  // MARK: Parts

  private func head(_ name: String, _ abstract: String) -> String {
    let title = Self.escaped(name.uppercased())
    let day = BuildRecord.current.day.map { $0.replacing("-", with: "\\-") } ?? ""
    return
      ".TH \(title) 1 \"\(day)\" \"kvtui \(BuildRecord.version)\" \"\(language("kvtui 手册", "kvtui manual"))\"\n"
      // Words of the command line are typed as they stand, and Chinese has no blanks that could be widened.
      + ".nh\n.ad l\n"
      + section("名称", "NAME") + "\(Self.escaped(name)) \\- \(Self.escaped(abstract))\n"
  }

  private func section(_ chinese: String, _ english: String) -> String {
    ".SH \"\(language(chinese, english))\"\n"
  }

  /// What can stand behind the command, in the order of `--help`.
  private func synopsis(_ call: String, _ command: CommandTable) -> String {
    let shown = command.arguments.filter(\.isDisplayed)
    let places = shown.filter(\.names.isEmpty).map { argument in
      let name = "\\fI\(Self.escaped(argument.valueName))\\fR" + (argument.isRepeating ? "..." : "")
      return argument.isOptional || argument.isRepeating ? "[\(name)]" : name
    }
    let words = ["[\\fI\(language("选项", "OPTION"))\\fR]..."] + places
    return section("概要", "SYNOPSIS") + ".B \(Self.escaped(call))\n" + words.joined(separator: " ")
      + "\n"
  }

  private func description(_ text: String) -> String {
    section("说明", "DESCRIPTION") + Self.paragraph(text)
  }

  private func arguments(_ command: CommandTable) -> String {
    let shown = command.arguments.filter(\.isDisplayed)
    let places = shown.filter(\.names.isEmpty)
    let options = shown.filter { !$0.names.isEmpty }
    return (places.isEmpty ? "" : section("参数", "ARGUMENTS") + places.map(item).joined())
      + section("选项", "OPTIONS") + options.map(item).joined()
  }

  private func item(_ argument: ArgumentTable) -> String {
    let value = "\\fI\(Self.escaped(argument.valueName))\\fR"
    let names = argument.names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
    let tag = argument.names.isEmpty ? value : argument.isOption ? names + " " + value : names
    return item(tag, words(of: argument))
  }

  /// What an argument means, what it can be, and what it is where it is not given.
  private func words(of argument: ArgumentTable) -> String {
    var notes: [String] = []
    if !argument.values.isEmpty {
      notes.append(language("可为 ", "values: ") + argument.values.joined(separator: ", "))
    }
    if let usual = argument.defaultValue, !usual.isEmpty {
      notes.append(language("默认 ", "default: ") + usual)
    }
    let note = notes.isEmpty ? "" : " (" + notes.joined(separator: language("；", "; ")) + ")"
    return Self.own(argument.abstract, language) + note
  }

  /// ArgumentParser has two sentences of its own, in English.
  private static func own(_ abstract: String, _ language: Language) -> String {
    switch abstract {
    case "Show help information.": language("显示帮助", "show help")
    case "Show the version.": language("显示版本和提交", "show version and commit")
    default: abstract
    }
  }

  private func item(_ tag: String, _ text: String) -> String {
    ".TP\n\(tag)\n" + Self.lines(text)
  }

  /// Paragraphs are parted by blank lines.
  private static func paragraph(_ text: String) -> String {
    text.split(separator: "\n\n").map { lines(String($0)) }.joined(separator: ".PP\n")
  }

  private static func lines(_ text: String) -> String {
    text.split(separator: "\n").map { line in breakable(escaped(String(line))) + "\n" }.joined(
      separator: ".br\n")
  }

  /// Chinese can go on in the next line behind each character, which groff has to be told; not before what closes.
  private static func breakable(_ text: String) -> String {
    var out = ""
    var last: Character?
    for character in text {
      if let last, isChinese(last), isChinese(character) || "、，；：。）".contains(last),
        !"（「『《".contains(last),
        !"，。；：、？！）」』》…".contains(character)
      {
        out += "\\:"
      }
      out.append(character)
      last = character
    }
    return out
  }

  private static func isChinese(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.value >= 0x2E80 && $0.value <= 0xFFEF }
  }

  /// Text as groff prints it: what it would take for its own is marked, and a hyphen is one that can be copied.
  private static func escaped(_ text: String) -> String {
    let marked = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("~", with: "\\(ti").replacing("^", with: "\\(ha")
      .replacing("'", with: "\\(aq").replacing("`", with: "\\(ga")
    return marked.hasPrefix(".") ? "\\&" + marked : marked
  }
}
