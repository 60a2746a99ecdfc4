internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui play`: performs a session that `--keep-keys` kept.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: wording(
      "重演 --keep-keys 存下的按键；Enter 接手", "Perform the keys that --keep-keys kept; Enter takes over"),
    discussion: wording(
      "重演时：Space 暂停或继续，+ - 快慢（0.25 到 8 倍），Enter 接手，q 或 Esc 停止。演完后画面留下，键盘接手。",
      "While it plays: Space pauses and goes on, + - change the speed (0.25 to 8 times), Enter takes over, q or Esc stops. "
        + "At the end the screen stays, and the keyboard has it."))

  @Argument(help: ArgumentHelp(wording("按键文件", "the file of keys")), completion: .file())
  var file: String

  @Flag(
    help: ArgumentHelp(
      wording("不要终端：每个键之后打印一帧", "no terminal: print the frame after each key")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("演完就退出", "leave at the end")))
  var quitAtEnd = false

  @OptionGroup var look: LookOverrides

  func run() throws {
    var session = try KeptSession(reading: try ProcessFacts.path(file, of: "FILE"))
    try look.apply(to: &session)
    let isLive = !plain && TerminalFacts.current().isInteractive(input: .standardInput)
    let opened = try opened(session.opening, isLive: isLive)
    if isLive {
      try App.live(opened.destination, session.look.onTerminal, opened.services) {
        PlayingDisplay($0, playing: session, quitsAtEnd: quitAtEnd)
      }
    } else {
      var app = try App(opening: opened.destination, session.look, opened.services)
      let events = session.events(includingLast: quitAtEnd)
      let display = ScriptDisplay(size: session.size, playing: events)
      app.run(on: display)
      try App.print(display.frames, session.look.language)
      if let failure = app.failure { throw failure }
    }
  }

  /// What a file asks for is refused as the file's fault, which stands in its first line.
  private func opened(
    _ opening: KeptOpening, isLive: Bool
  ) throws -> (destination: Destination, services: Services) {
    do {
      return try opening.opened(isLive: isLive)
    } catch let error as any Explained where error.status == ExitStatus.usage.rawValue {
      throw PlayError(file: file, reason: error)
    }
  }
}

/// A session whose command cannot be opened as its file says.
struct PlayError: Explained {
  let file: String
  let reason: any Explained
  var status: Int32 { ExitStatus.badData.rawValue }

  func message(_ language: Language) -> String? {
    language("\(file) 的第一行：", "\(file), first line: ") + reason.sentence(language)
  }
}

extension KeptOpening {
  /// The screen that it opens, and what stands behind it: nothing that writes a file.
  fileprivate func opened(isLive: Bool) throws -> (destination: Destination, services: Services) {
    switch command {
    case .lesson:
      let course = StoredCourse(isRehearsal: true)
      let recorder = RehearsalRecorder(RunRecorder(), writes: false)
      let services = LessonCommand.services(
        course, recorder: recorder, isLive: isLive,
        keeping: { RehearsalRecorder($0, writes: false) })
      return (LessonCommand.destination(value("id")), services)
    case .run:
      let run = try RunOptions.parse(arguments).opened()
      let recorder = RehearsalRecorder(RunRecorder(), writes: false)
      return (.run, Services(recorder: recorder) { try run.service(isLive: isLive) })
    case .replay:
      let path = value("file") ?? ""
      let opened = try OpenRecording(path, from: value("from"))
      let recorder = RunRecorder(
        path, opened.recording.trace, model: value("model"), isLive: isLive)
      return (.run, opened.services(RehearsalRecorder(recorder, writes: false)))
    }
  }
}

/// How frames look, where it is not as the file says.
struct LookOverrides: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("语言", "language"), valueName: "LANG"))
  var lang: Choice<Language>?

  @Flag(help: ArgumentHelp(wording("只用 ASCII 字符", "ASCII glyphs only")))
  var ascii = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("配色", "colours"), valueName: "THEME"))
  var theme: Choice<Theme>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面大小（没有终端时）", "size of the frame, where no terminal has one"),
      valueName: "COLSxROWS"))
  var size: String?

  /// Puts what was given in the place of what the file says.
  func apply(to session: inout KeptSession) throws(CommandError) {
    if let lang { session.look.language = try lang.value(of: "--lang") }
    if let theme { session.look.theme = try theme.value(of: "--theme") }
    if ascii { session.look.glyphs = .ascii }
    if let size { session.size = try Size(argument: size, of: "--size") }
    session.look = session.look.inLocale
  }
}
