internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Viz

/// A command that has the screen of a tool.
protocol ToolCommand: ParsableCommand {
  /// The tool, as the options say it is to be opened; its work is done beside a live screen, or at once.
  func open(_ look: Look, isLive: Bool) throws -> OpenTool
  /// The tool.
  static var tool: Tool { get }
}

extension ToolCommand {
  /// Shows the screen on the terminal; with keys, prints the frames without one.
  func show(_ look: Look, _ size: Size, keys: [Key]?) throws {
    // What is wrong with the options is said before the terminal is taken.
    try open(look, isLive: keys == nil).show(as: Self.tool, look, size, keys: keys)
  }
}

extension OpenTool {
  /// Shows the screen on the terminal; with keys, prints the frames without one.
  func show(
    as tool: Tool, _ look: Look, _ size: Size, keys: [Key]?,
    input: TerminalInput = .standardInput
  ) throws {
    let place = Destination.tool(ToolPlace(tool))
    let isLive = keys == nil
    let services = Services(
      tool: { _, _ in self },
      recording: { try OpenRecording($0, from: nil).service(of: $0, isLive: isLive) { $0 } }
    ) { throw CommandError.recordingOnly }
    guard let keys else { return try App.live(place, look, services, input: input) }
    try App.print(place, look, services, size: size, keys: keys)
  }
}

/// A command whose lines of JSON `--json` prints, and lessons ask for: both call the same function.
protocol PrintingCommand: ParsableCommand {
  /// Hands on the lines, each as soon as it is known.
  func lines(_ line: (JSONText) throws -> Void) throws
}

/// Opens the tools of the menu, and those that a lesson names.
struct Toolbox {
  /// Whether work is done beside a live screen.
  let isLive: Bool

  func open(_ place: ToolPlace, _ look: Look) throws -> OpenTool? {
    switch place.tool {
    case .serving: try LabCommand.parse(place.arguments).openServing(look, isLive: isLive)
    case .speculative: try LabCommand.parse(place.arguments).openSpeculative(look, isLive: isLive)
    default: try command(place)?.open(look, isLive: isLive)
    }
  }

  /// What a tool shows after some keys, all that it wants worked out at once; nil where there is none.
  static func lastFrame(
    _ place: ToolPlace, _ look: Look, size: Size, keys: [Key]
  ) throws -> Frame? {
    try App.lastFrame(
      .tool(place), look,
      Services(tool: Toolbox(isLive: false).open) { throw CommandError.recordingOnly },
      size: size, keys: keys)
  }

  /// The lines of JSON of what a tool shows where it is opened.
  static func lines(of place: ToolPlace, _ line: (JSONText) throws -> Void) throws {
    let arguments = place.arguments
    switch place.tool {
    case .planner: try MemoryCommand.parse(arguments).lines(line)
    case .growth: try GrowthCommand.parse(arguments).lines(line)
    case .phases: try PhasesCommand.parse(arguments).lines(line)
    case .policies: try LabCommand.parse(arguments).lines(line)
    case .serving: try LabCommand.parse(arguments).linesOfRequests(line)
    case .speculative: try LabCommand.parse(arguments).linesOfDrafts(line)
    case .attention: try AttentionCommand.parse(arguments).lines(line)
    case .conversation: try ChatCommand.parse(arguments).lines(line)
    case .faults: try FaultCommand.parse(arguments).lines(line)
    // A lesson cannot name one.
    case .recordings: throw CommandError.recordingOnly
    }
  }

  private func command(_ place: ToolPlace) throws -> (any ToolCommand)? {
    switch place.tool {
    case .planner: try MemoryCommand.parse(place.arguments)
    case .growth: try GrowthCommand.parse(place.arguments)
    case .phases: try PhasesCommand.parse(place.arguments)
    case .policies: try LabCommand.parse(place.arguments)
    case .attention: try AttentionCommand.parse(place.arguments)
    case .recordings: try ReplayCommand.parse(place.arguments)
    case .conversation: try ChatCommand.parse(place.arguments)
    case .serving, .speculative: nil
    case .faults: try FaultCommand.parse(place.arguments)
    }
  }
}
