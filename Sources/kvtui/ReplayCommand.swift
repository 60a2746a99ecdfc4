internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui replay`: a run that was kept, with the keys of a live one; without a file the list of those that there are.
struct ReplayCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: wording(
      "重放录像：按键与运行时相同；不给文件则列出录像",
      "Play a recording, with the keys of a run; without a file, list the recordings"))

  @Argument(
    help: ArgumentHelp(
      wording(
        "录像文件；不给则列出当前文件夹和 $KVTUI_HOME 里的",
        "the recording; without it those of the working folder and of $KVTUI_HOME are listed")),
    completion: .file(extensions: ["kvtrace"]))
  var file: String?

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
      valueName: "DIR|NAME"), completion: CompletionKind.models)
  var model: String?

  @OptionGroup var look: LookOptions
  @OptionGroup var output: RunOutputOptions
  @OptionGroup var keeping: KeepKeysOptions

  func run() throws {
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let keys = try output.pressedKeys()
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    try keeping.require(interactive: isInteractive, output)
    guard let file else { return try list(look, size, keys, isInteractive: isInteractive) }
    let path = try ProcessFacts.path(file, of: "FILE")
    let opened = try OpenRecording(path, from: from)
    let (trace, longest) = (opened.recording.trace, opened.recording.longest)
    let recorder = RunRecorder(path, trace, model: model, isLive: keys == nil)
    let services = opened.services(keeping.isGiven ? RehearsalRecorder(recorder) : recorder)
    if output.json {
      try RunOutput.printJSON(trace)
    } else if let keys {
      try App.print(.run, look, services, size: size, keys: keys)
    } else if !output.plain, isInteractive {
      try App.live(.run, look, services, keeper: try keeping.keeper(opening(file)))
    } else {
      for step in trace.steps.dropFirst(opened.first - 1) {
        var state = ViewerState(
          trace: trace, longest: longest, look: look, replay: opened.replay)
        state.show(step: step.number)
        try RunOutput.printPage(state, size, isFirst: step.number == opened.first)
      }
    }
  }

  // MARK: The list

  static let tool = Tool.recordings

  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    let session = RecordingsSession(shelf: .current)
    return OpenTool(RecordingsScreen(look), try session.service(isLive: isLive))
  }

  /// The recordings that there are, on a screen or as a page.
  private func list(
    _ look: Look, _ size: Size, _ keys: [Key]?, isInteractive: Bool
  ) throws {
    let others = [
      ("--from", from != nil), ("--model", model != nil), ("--json", output.json),
      ("--keep-keys", keeping.isGiven),
    ]
    if let other = others.first(where: \.1) {
      throw CommandError.missing(
        "FILE",
        wording("要重放的录像文件（\(other.0) 要用）", "the recording to play, which \(other.0) is about"))
    }
    if keys != nil || (!output.plain && isInteractive) {
      try show(look, size, keys: keys)
    } else {
      try Output.standard.say(RecordingsText(RecordingShelf.current.list(), look).text)
    }
  }

  /// What a session of it opens.
  private func opening(_ file: String) -> KeptOpening {
    let others = [("from", from), ("model", model)].compactMap { name, value in
      value.map { KeptOpening.Option(name, $0) }
    }
    return KeptOpening(.replay, [.init("file", file)] + others)
  }
}

/// A recording with its marks, and the step that it opens at.
struct OpenRecording {
  let recording: Recording
  let first: Int
  let replay: ReplayState

  /// Opens a path at the step that was typed; the first without one.
  init(_ path: String, from: String?) throws {
    recording = try Recording(path)
    let trace = recording.trace
    first =
      try from.map { text throws(CommandError) in
        try NumberArgument.whole(text, of: "--from", in: 1...trace.steps.count)
      } ?? 1
    let marks = try MarksFile(beside: path).marks(
      steps: trace.steps.count, layers: trace.model.layers, heads: trace.model.heads)
    replay = ReplayState(
      name: path.split(separator: "/").last.map(String.init) ?? path, marks: marks)
  }

  /// The recording above another screen, with what keeps its marks and goes on with it.
  func service(
    of path: String, isLive: Bool, _ keeping: (RunRecorder) -> any RecorderService
  ) -> (run: any RunService, recorder: any RecorderService) {
    let recorder = RunRecorder(path, recording.trace, model: nil, isLive: isLive)
    return (RecordedRun(recording, from: first, replay), keeping(recorder))
  }

  /// What stands behind its screen.
  func services(_ recorder: any RecorderService) -> Services {
    Services(recorder: recorder) { RecordedRun(recording, from: first, replay) }
  }
}
