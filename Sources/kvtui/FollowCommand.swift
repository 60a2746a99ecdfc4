internal import ArgumentParser
internal import Base
internal import Classroom
internal import Screens
internal import Terminal
internal import Viz

/// `kvtui follow`: a presentation on another terminal of the same machine.
struct FollowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow",
    abstract: wording(
      "跟着别人的演示走：同一次运行由自己的 kvtui 算，随便看，一个键回到老师那里",
      "Follow a presentation: compute the same run, look around, and be back with one key"))

  @Argument(
    help: ArgumentHelp(
      wording(
        "老师用 present --share 给的路径", "the path that the presenter shares with present --share"),
      valueName: "PATH"), completion: .file())
  var path: String

  @OptionGroup var look: LookOptions
  @OptionGroup var output: FollowOutputOptions

  func run() throws {
    let path = try ProcessFacts.path(path, of: "PATH")
    try Following(path: path, .following, named: "follow").run(look, output)
  }
}

/// What a command says that follows a presentation.
struct FollowOutputOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      wording("不要画面：每次变化打印一行 JSON", "no screen: print a line of JSON at each change")))
  var json = false

  @OptionGroup var pressing: KeysOption
}

/// A command that follows a presentation: the screen, its frames, or what it hears.
struct Following {
  let path: String
  let destination: Destination
  let name: String
  private let tellsTime: Bool

  /// How long frames without a terminal wait for the first state.
  private static let patience: Int32 = 2000

  init(path: String, _ destination: Destination, named name: String) throws(ClassroomError) {
    // A path that can never be one is no matter of waiting.
    guard path.utf8.count <= Sockets.longestPath else {
      throw ClassroomError.pathTooLong(path: path, limit: Sockets.longestPath)
    }
    (self.path, self.destination, self.name) = (path, destination, name)
    tellsTime = destination == .notes
  }

  func run(_ options: LookOptions, _ output: FollowOutputOptions) throws {
    let (look, size) = (try options.look().inLocale, try options.frameSize())
    let keys = try output.pressing.pressed(json: output.json, plain: false)
    if output.json { return try printDocuments() }
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    guard keys != nil || isInteractive else { throw CommandError.needsTerminal(name) }
    let line = try PresentationLine(path: path)
    let course = StoredCourse(isRehearsal: true)
    let feed = PresentationFeed(
      line, Exhibits(course, isLive: keys == nil), tellsTime: tellsTime)
    let services = Services(course: course, follow: feed) { throw CommandError.recordingOnly }
    if let keys {
      line.wait(Self.patience)
      try App.print(destination, look, services, size: size, keys: keys)
    } else {
      try App.live(destination, look.onTerminal, services)
    }
  }

  /// Prints states as they come, until nobody reads them; that there is none is said on standard error.
  private func printDocuments() throws {
    let line = try PresentationLine(path: path)
    while true {
      line.wait()
      switch line.news {
      case .document(let document): try Output.standard.write(document.json + "\n")
      case .absent(let reason): reason.say()
      case nil: break
      }
    }
  }
}
