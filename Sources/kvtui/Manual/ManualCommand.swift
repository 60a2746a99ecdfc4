internal import ArgumentParser
internal import Base

/// `kvtui manual FOLDER`: the man pages, made from the tables that `--help` shows; `script/install` asks for them.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: wording("把手册页写进一个文件夹", "Write the man pages into a folder"),
    discussion: wording(
      "一个命令一页，都由 --help 的那些表生成；--lang 选语言。script/install 用它。",
      "A page a command, all made from the tables that --help shows; --lang chooses the language. script/install uses it."
    ),
    shouldDisplay: false)

  @Argument(
    help: ArgumentHelp(wording("写到哪个文件夹", "the folder, which must be there"), valueName: "FOLDER"),
    completion: .directory)
  var folder: String

  @OptionGroup var language: LanguageOption

  func run() throws {
    let language = try language.value()
    let folder = try ProcessFacts.path(folder, of: "FOLDER")
    for page in try ManualPage.all(language) {
      try OutputFile(folder + "/" + page.name + ".1").write(page.text)
    }
  }
}
