internal import ArgumentParser
internal import Base
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Viz

/// The root command: parses the arguments and turns every failure into one sentence and an exit code.
@main
struct Kvtui: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kvtui",
    abstract: wording(
      "看懂 KV 缓存：同一个真实的模型跑两遍，一遍不用缓存，一遍用。",
      "See the KV cache: one real model, run twice, without and with it."),
    discussion: ExitStatus.table(ProcessFacts.language),
    version: BuildRecord.current.text(ProcessFacts.language),
    subcommands: [
      LessonCommand.self, ProgressCommand.self, RunCommand.self, RecordCommand.self,
      ReplayCommand.self,
      PlayCommand.self, PresentCommand.self, FollowCommand.self, NotesCommand.self,
      ExportCommand.self, MemoryCommand.self,
      LabCommand.self,
      AttentionCommand.self, ChatCommand.self,
      GrowthCommand.self, PhasesCommand.self, FaultCommand.self,
      ModelsCommand.self, DoctorCommand.self, BenchCommand.self, LintCommand.self,
      ManualCommand.self,
    ],
    defaultSubcommand: LessonCommand.self)

  static func main() {
    Descriptors.guardStandardStreams()
    // A file that may not grow is a failed write, not a death that leaves half a file.
    signal(SIGXFSZ, SIG_IGN)
    // Swift's runtime takes a quit for a crash: it prints its trace, and the program goes on.
    Signals.handle(SIGQUIT, with: nil)
    do {
      // The menu has no options to tell of: who asks for help and names no command wants all of them.
      var command = try parseAsRoot(ProcessFacts.asksForHelpAlone ? ["help"] : nil)
      try command.run()
    } catch {
      report(error)
    }
  }

  /// Ends the process if the error is one; prints the help and returns if it was asked for.
  private static func report(_ error: any Error) {
    if let error = error as? any Explained { error.leave() }
    // What is left is a matter of arguments; help and version are no failures.
    guard exitCode(for: error).isSuccess else { UsageError(error).leave() }
    do {
      try Output.standard.say(fullMessage(for: error) + "\n")
    } catch {
      report(error)
    }
  }
}

/// The wording in the language of the help texts and of errors: `--lang` if it is given, else the locale's.
func wording(_ chinese: String, _ english: String) -> String {
  ProcessFacts.language(chinese, english)
}
