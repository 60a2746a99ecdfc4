internal import ArgumentParser
internal import Viz

/// The root command: parses the arguments and turns every failure into one sentence and an exit code.
@main
struct Kvtui: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kvtui",
    abstract: wording(
      "看懂 KV 缓存：同一个真实的模型跑两遍，一遍不用缓存，一遍用。",
      "See the KV cache: one real model, run twice, without and with it."),
    discussion: ExitStatus.table,
    subcommands: [
      LessonCommand.self, RunCommand.self, ExportCommand.self, ModelsCommand.self,
      LintCommand.self,
    ],
    defaultSubcommand: LessonCommand.self)

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  private static func leave(with error: any Error) -> Never {
    if let report = ErrorReport(error) { report.leave() }
    // Help and version are no failures; what is left is a matter of arguments.
    if exitCode(for: error).isSuccess { exit(withError: error) }
    ErrorReport(usage: message(for: error)).leave()
  }
}

/// The wording in the language of the help texts and of errors: `--lang` if it is given, else the locale's.
func wording(_ chinese: String, _ english: String) -> String {
  ProcessFacts.language(chinese, english)
}
