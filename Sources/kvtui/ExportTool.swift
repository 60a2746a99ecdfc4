internal import ArgumentParser
internal import Base
internal import Lessons
internal import Screens
internal import Viz

/// A tool's screen as a picture, as it was typed.
struct ExportTool: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "一个工具的画面，或 present 的，写成命令：\"lab --policy sinks:4+8\"（txt 或 svg）",
        "a tool's screen, or that of present, by its command: \"lab --policy sinks:4+8\" (txt or svg)"
      ),
      valueName: "COMMAND"))
  var tool: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "先按这些键，再取最后一帧（和 --tool 一起给）", "the keys to press before the frame is taken (with --tool)"),
      valueName: "NAMES"))
  var press: String?

  /// An option that goes with another export, if one was given.
  var firstOption: String? { press == nil ? nil : "--press" }

  /// The last frame after the keys; nil where no tool is wanted.
  ///
  /// - Throws: what no lesson could open either, or why it cannot be opened.
  func frame(_ look: Look, _ size: Size) throws -> Frame? {
    guard let tool else { return nil }
    guard let link = ToolLink(try ProcessFacts.text(tool, of: "--tool")) else {
      throw CommandError.badValue(
        option: "--tool", value: tool,
        expected: wording("一条命令，如 growth", "a command such as growth"))
    }
    let keys = try press.map { names throws(CommandError) in try Key.list(tmuxNames: names) } ?? []
    if link.command == PresentCommand.configuration.commandName {
      return try PresentCommand.parse(link.arguments).lastFrame(look, size, after: keys)
    }
    return try Toolbox.lastFrame(try ToolPlace(link), look, size: size, keys: keys)
  }
}
