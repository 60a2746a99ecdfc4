internal import ArgumentParser
internal import Base
internal import Trace
internal import Viz

/// `kvtui export`: a run, a recording or a lesson as a file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: wording(
      "把一次运行、一段录像或一课导出为文件", "Write a run, a recording or a lesson to a file"))

  @Argument(
    help: ArgumentHelp(
      wording("录像文件；不给则运行模型", "a recording; without one the model runs"), valueName: "FILE"))
  var file: String?

  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var places: ExportPlaces

  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("格式", "format"), valueName: "FORMAT"))
  var format = Choice(ExportFormat.txt)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("asciicast 的版本", "asciicast's version"), valueName: "V"))
  var castVersion = Choice(CastRenderer.Version.v2)

  @Option(
    name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
    help: ArgumentHelp(wording("写到哪里；- 为标准输出", "where to; - is standard output"), valueName: "OUT"))
  var output = "-"

  func run() throws {
    let format = try self.format.value(of: "--format")
    let version = try castVersion.value(of: "--cast-version")
    let (look, size) = (try look.look(), try look.frameSize())
    let out = try outputFile()
    let source = try source()
    let chosen = try places.chosen(format, steps: source.mostSteps, source.shape)
    let frames = try ExportFrames(
      source.state(format == .cast ? look.narrowed : look, upTo: chosen.lastStep), chosen, size)
    try out.write(try text(of: frames, format, version))
  }

  private func text(
    of frames: ExportFrames, _ format: ExportFormat, _ version: CastRenderer.Version
  ) throws(CommandError) -> String {
    switch format {
    case .html: try frames.page(look.isThemeGiven)
    case .cast: CastRenderer(version).render(frames.reel())
    default: format.renderer.render(frames.reel())
    }
  }

  private func source() throws -> ExportSource {
    guard let file else { return .run(try options.session()) }
    if let option = options.firstOption { throw CommandError.together(option, "FILE") }
    return .recording(try Recording(try ProcessFacts.path(file, of: "FILE")))
  }

  private func outputFile() throws(CommandError) -> OutputFile {
    guard !output.isEmpty else {
      throw .badValue(
        option: "-o", value: output,
        expected: wording("文件的路径，或 -（标准输出）", "a file's path, or - for standard output"))
    }
    return OutputFile(try ProcessFacts.path(output, of: "-o"))
  }
}
