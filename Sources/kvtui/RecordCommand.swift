internal import ArgumentParser
internal import Base
internal import TinyModel
internal import Trace

/// `kvtui record`: computes a run and keeps it as a file.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: wording("运行模型，把全程存成录像文件", "Run the model and keep the run as a file"))

  @Argument(
    help: ArgumentHelp(wording("写到哪里，如 run.kvtrace", "where to, such as run.kvtrace")),
    completion: .file())
  var file: String

  @OptionGroup var options: RunOptions
  @OptionGroup var language: LanguageOption

  @Flag(help: ArgumentHelp(wording("已有的文件也替换", "replace a file that is there")))
  var force = false

  func run() throws {
    let language = try self.language.value().inLocale
    let file = RecordingFile(try ProcessFacts.path(file, of: "FILE"))
    guard force || !file.isThere else { throw CommandError.exists(file: self.file) }
    let session = try options.session()
    let runner = session.runner()
    let bar = ProgressLine(total: session.plan.steps, of: .steps, language: language)
    do {
      defer { bar.clear() }
      while try runner.computeNextStep() != nil { bar.step() }
    }
    var writing: ProgressLine?
    defer { writing?.clear() }
    try file.write(
      runner.trace, longest: session.plan.longest, plannedSteps: session.plan.steps
    ) { done, all in
      let bar = writing ?? ProgressLine(total: all, of: .recording, language: language)
      bar.advance(to: done)
      writing = bar
    }
  }
}
