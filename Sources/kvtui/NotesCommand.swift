internal import ArgumentParser
internal import Base
internal import Screens

/// `kvtui notes`: the presenter's second terminal.
struct NotesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notes",
    abstract: wording(
      "演示者的第二个终端：讲稿、下一步、答案、投票、时间；也能翻页",
      "The presenter's second terminal: notes, what comes next, the answer, votes and the time; it drives as well"
    ))

  @OptionGroup var look: LookOptions
  @OptionGroup var output: FollowOutputOptions

  func run() throws {
    guard let path = ClassroomPaths.owner else { throw NotesError.noFolder }
    try Following(path: path, .notes, named: "notes").run(look, output)
  }
}

/// Why notes cannot be shown.
enum NotesError: Explained {
  /// Nothing names a folder of the user's own.
  case noFolder

  var status: Int32 { ExitStatus.noInput.rawValue }

  func message(_ language: Language) -> String? {
    language(
      "没有地方找演示（没设 XDG_RUNTIME_DIR，也没设 HOME）：请设其中一个",
      "there is no place to look for the presentation (neither XDG_RUNTIME_DIR nor HOME is set): set one of them"
    )
  }
}
