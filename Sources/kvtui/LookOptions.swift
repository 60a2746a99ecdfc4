internal import ArgumentParser
internal import Base
internal import Viz

/// How frames look, as it was typed.
struct LookOptions: ParsableArguments {
  @OptionGroup var page: PageOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "配色，默认 dark；present 为 projector", "colours; dark by default, projector for present"),
      valueName: "THEME"))
  var theme: Choice<Theme>?

  var language: LanguageOption { page.language }
  var ascii: Bool { page.ascii }

  /// Whether colours were chosen: a web page follows its reader otherwise.
  var isThemeGiven: Bool { theme != nil }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面大小（没有终端时）", "size of the frame, where no terminal has one"),
      valueName: "COLSxROWS"))
  var size = "80x24"

  /// The checked values.
  ///
  /// - Parameter usual: the colours where none are chosen.
  /// - Returns: how frames look.
  /// - Throws: an option that is no theme or no language.
  func look(usual: Theme = .dark) throws(CommandError) -> Look {
    var look = try page.look()
    look.theme = usual
    if let theme { look.theme = try theme.value(of: "--theme") }
    return look
  }

  /// The frame's size where no terminal has one.
  func frameSize() throws(CommandError) -> Size { try Size(argument: size, of: "--size") }
}

/// How pages of text look, as it was typed.
struct PageOptions: ParsableArguments {
  @OptionGroup var language: LanguageOption

  @Flag(help: ArgumentHelp(wording("只用 ASCII 字符", "ASCII glyphs only")))
  var ascii = false

  /// The checked values.
  func look() throws(CommandError) -> Look {
    Look(language: try language.value(), theme: .dark, glyphs: ascii ? .ascii : .full)
  }
}

/// The language of what a command says.
struct LanguageOption: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("语言", "language"), valueName: "LANG"))
  var lang = Choice(ProcessFacts.language)

  func value() throws(CommandError) -> Language { try lang.value(of: "--lang") }
}
