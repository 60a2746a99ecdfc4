internal import ArgumentParser
internal import Base
internal import Screens
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
    let place = Destination.tool(ToolPlace(Self.tool))
    let isLive = keys == nil
    // What is wrong with the options is said before the terminal is taken.
    let opened = try open(look, isLive: isLive)
    let services = Services(tool: { _, _ in opened }) { throw CommandError.recordingOnly }
    guard let keys else { return try App.live(place, look, services) }
    try App.print(place, look, services, size: size, keys: keys)
  }
}

/// Opens the tools of the menu, and those that a lesson names.
struct Toolbox {
  /// Whether work is done beside a live screen.
  let isLive: Bool

  func open(_ place: ToolPlace, _ look: Look) throws -> OpenTool? {
    try command(place)?.open(look, isLive: isLive)
  }

  private func command(_ place: ToolPlace) throws -> (any ToolCommand)? {
    switch place.tool {
    case .planner: try MemoryCommand.parse(place.arguments)
    case .growth: try GrowthCommand.parse(place.arguments)
    case .phases: try PhasesCommand.parse(place.arguments)
    case .conversation: try ChatCommand.parse(place.arguments)
    case .faults: try FaultCommand.parse(place.arguments)
    }
  }
}
