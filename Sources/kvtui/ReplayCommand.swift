internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui replay`: a run that was kept, with the keys of a live one.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: wording("重放录像：按键与运行时相同", "Play a recording, with the keys of a run"))

  @Argument(help: ArgumentHelp(wording("录像文件", "the recording")))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("从第几步开始，从 1 起", "which step to begin at, from 1"), valueName: "N"))
  var from: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "接着真跑用的模型（默认按录像里的名字找）",
        "the model to go on with live (default: by the recording's name for it)"),
      valueName: "DIR|NAME"))
  var model: String?

  @OptionGroup var look: LookOptions
  @OptionGroup var output: RunOutputOptions

  func run() throws {
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let keys = try output.pressedKeys()
    let path = try ProcessFacts.path(file, of: "FILE")
    let recording = try Recording(path)
    let first = try from.map { text throws(CommandError) in
      try NumberArgument.whole(text, of: "--from", in: 1...recording.trace.steps.count)
    }
    let (trace, marks) = (recording.trace, MarksFile(beside: path))
    let replay = ReplayState(
      name: path.split(separator: "/").last.map(String.init) ?? path,
      marks: try marks.marks(
        steps: trace.steps.count, layers: trace.model.layers, heads: trace.model.heads))
    let services = Services(recorder: RunRecorder(path, trace, model: model)) {
      RecordedRun(recording, from: first ?? 1, replay)
    }
    if output.json {
      try RunOutput.printJSON(recording.trace)
    } else if let keys {
      try App.print(.run, look, services, size: size, keys: keys)
    } else if !output.plain, TerminalFacts.current().isInteractive(input: .standardInput) {
      try App.live(.run, look, services)
    } else {
      for step in recording.trace.steps.dropFirst((first ?? 1) - 1) {
        var state = ViewerState(
          trace: trace, longest: recording.longest, look: look, replay: replay)
        state.show(step: step.number)
        try RunOutput.printPage(state, size, isFirst: step.number == first ?? 1)
      }
    }
  }
}
