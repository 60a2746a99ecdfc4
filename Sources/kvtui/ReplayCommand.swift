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

  @OptionGroup var look: LookOptions
  @OptionGroup var output: RunOutputOptions
  @OptionGroup var keeping: KeepKeysOptions

  func run() throws {
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let keys = try output.pressedKeys()
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    try keeping.require(interactive: isInteractive, output)
    let recording = try Recording(try ProcessFacts.path(file, of: "FILE"))
    let first = try Self.first(from, in: recording)
    let services = Services { RecordedRun(recording, from: first ?? 1) }
    if output.json {
      try RunOutput.printJSON(recording.trace)
    } else if let keys {
      try App.print(.run, look, services, size: size, keys: keys)
    } else if !output.plain, isInteractive {
      try App.live(.run, look, services, keeper: try keeping.keeper(opening))
    } else {
      for step in recording.trace.steps.dropFirst((first ?? 1) - 1) {
        var state = ViewerState(trace: recording.trace, longest: recording.longest, look: look)
        state.show(step: step.number)
        try RunOutput.printPage(state, size, isFirst: step.number == first ?? 1)
      }
    }
  }

  /// The step to begin at, as it was typed.
  static func first(_ from: String?, in recording: Recording) throws(CommandError) -> Int? {
    guard let from else { return nil }
    return try NumberArgument.whole(from, of: "--from", in: 1...recording.trace.steps.count)
  }

  /// What a session of it opens.
  private var opening: KeptOpening {
    KeptOpening(.replay, [.init("file", file)] + (from.map { [.init("from", $0)] } ?? []))
  }
}
