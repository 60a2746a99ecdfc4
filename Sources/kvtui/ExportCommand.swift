internal import ArgumentParser
internal import Base
internal import Trace
internal import Viz

/// `kvtui export`: a run, a recording, a lesson or a lecture as a file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: wording(
      "把一次运行、一段录像、一课或一堂课导出为文件",
      "Write a run, a recording, a lesson or a lecture to a file"))

  @Argument(
    help: ArgumentHelp(
      wording("录像文件；不给则运行模型", "a recording; without one the model runs"), valueName: "FILE"),
    completion: .file())
  var file: String?

  @OptionGroup var paper: ExportHandout
  @OptionGroup var tool: ExportTool
  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var places: ExportPlaces

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("格式；默认 txt，讲义为 md", "format; txt by default, of a handout md"), valueName: "FORMAT"))
  var format: Choice<ExportKind>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("asciicast 的版本", "asciicast's version"), valueName: "V"))
  var castVersion = Choice(CastRenderer.Version.v2)

  @Option(
    name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
    help: ArgumentHelp(wording("写到哪里；- 为标准输出", "where to; - is standard output"), valueName: "OUT"),
    completion: .file())
  var output = "-"

  func run() throws {
    let kind = try self.format?.value(of: "--format")
    let format = kind.flatMap { ExportFormat(rawValue: $0.rawValue) }
    let version = try castVersion.value(of: "--cast-version")
    let (look, size) = (try look.look(), try look.frameSize())
    let out = try outputFile()
    if kind == .py {
      try out.write(try script(look))
      return
    }
    if let option = paper.option {
      try out.write(try handout(option, format ?? .md, look, size))
      return
    }
    if let frame = try toolFrame(format ?? .txt, look, size) {
      let renderer = (format ?? .txt).renderer
      try out.write(
        renderer.render([Reel.Shot(frame, at: 0)], title: tool.tool ?? "", look.language))
      return
    }
    let source = try source()
    let chosen = try places.chosen(
      format ?? .txt, steps: source.mostSteps, source.shape, first: source.first)
    let frames = try ExportFrames(
      source.state(format == .cast ? look.narrowed : look, upTo: chosen.lastStep), chosen, size,
      isPage: format == .html)
    try out.write(try text(of: frames, format ?? .txt, version))
  }

  /// The frame of a tool; nil where none is wanted.
  private func toolFrame(_ format: ExportFormat, _ look: Look, _ size: Size) throws -> Frame? {
    guard tool.tool != nil else {
      if let option = tool.firstOption {
        throw CommandError.missing("--tool", wording("和 \(option) 一起给", "it with \(option)"))
      }
      return nil
    }
    if file != nil { throw CommandError.together("--tool", "FILE") }
    if let option = options.firstOption ?? places.firstOption {
      throw CommandError.together("--tool", option)
    }
    guard format == .txt || format == .svg else {
      throw CommandError.badValue(
        option: "--format", value: format.rawValue,
        expected: wording("txt 或 svg：一个工具的画面只有这两种", "txt or svg, which a tool's screen can be"))
    }
    return try tool.frame(look, size)
  }

  /// The script of a lesson.
  private func script(_ look: Look) throws -> String {
    guard let lesson = paper.lesson else {
      throw CommandError.missing(
        "--lesson", wording("和 --format py 一起给", "it with --format py: a lesson's script"))
    }
    for (option, isGiven) in [("FILE", file != nil), ("--tool", tool.tool != nil)] where isGiven {
      throw CommandError.together("--lesson", option)
    }
    if let other = options.firstOption ?? places.firstOption ?? tool.firstOption {
      throw CommandError.together("--lesson", other)
    }
    let path = try ProcessFacts.path(lesson, of: "--lesson")
    return try ExportScript(
      lesson: try StoredCourse(isRehearsal: true).file(of: path, look.language)
    ).text()
  }

  /// A lesson or a lecture on paper, which an option asks for.
  private func handout(
    _ option: String, _ format: ExportFormat, _ look: Look, _ size: Size
  ) throws -> String {
    if file != nil { throw CommandError.together(option, "FILE") }
    if tool.tool != nil { throw CommandError.together(option, "--tool") }
    if let other = options.firstOption ?? places.firstOption ?? tool.firstOption {
      throw CommandError.together(option, other)
    }
    guard format == .md || format == .html else {
      throw CommandError.badValue(
        option: "--format", value: format.rawValue,
        expected: wording("md 或 html：讲义只有这两种", "md or html, which a handout can be"))
    }
    guard let handout = try paper.handout(options, look, size) else { return "" }
    let theme = self.look.isThemeGiven ? look.theme : nil
    return format == .html ? handout.html(theme: theme) : handout.markdown
  }

  private func text(
    of frames: ExportFrames, _ format: ExportFormat, _ version: CastRenderer.Version
  ) throws(CommandError) -> String {
    guard format != .html || frames.count <= Self.mostPictures else {
      throw .tooManyPictures(frames.count, most: Self.mostPictures)
    }
    let renderer: any Renderer =
      switch format {
      case .cast: CastRenderer(version)
      case .html: HTMLRenderer(followsReader: !self.look.isThemeGiven)
      default: format.renderer
      }
    return renderer.render(frames.shots, title: frames.title, try look.look().language)
  }

  /// More than these on a page no browser reads with ease.
  private static let mostPictures = 5000

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
