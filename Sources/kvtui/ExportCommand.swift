internal import ArgumentParser
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui export`: one step of a run as a file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: wording("把一步导出为文件", "Write a step to a file"))

  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("第几步，从 1 起；默认最后一步", "which step, from 1; the last by default"), valueName: "N"))
  var step: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("第几层，从 1 起；默认最后一层", "which layer, from 1; the last by default"), valueName: "L"))
  var layer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("第几个头，从 1 起", "which head, from 1"), valueName: "H"))
  var head = "1"

  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("格式", "format"), valueName: "FORMAT"))
  var format = Choice(ExportFormat.txt)

  @Option(
    name: [.customShort("o"), .customLong("output")], parsing: .unconditional,
    help: ArgumentHelp(wording("写到哪里；- 为标准输出", "where to; - is standard output"), valueName: "OUT"))
  var output = "-"

  func run() throws {
    let (look, size) = (try look.look(), try look.frameSize())
    let renderer = try format.value(of: "--format").renderer
    let file = try outputFile()
    let session = try options.session()
    let (step, layer, head) = try place(in: session)
    let runner = session.runner()
    let wanted = step ?? session.plan.steps
    while runner.trace.steps.count < wanted, try runner.computeNextStep() != nil {}
    let computed = runner.trace.steps.count
    guard step == nil || computed >= wanted else {
      throw CommandError.noSuchStep(wanted, steps: computed)
    }
    var state = session.state(runner.trace, look, layer: layer.map { $0 - 1 }, head: head - 1)
    state.show(step: min(wanted, computed))
    let frame = Frame(state.view(size), theme: look.theme)
    try file.write(renderer.render(Reel(frame, language: look.language)))
  }

  private func outputFile() throws(CommandError) -> OutputFile {
    guard !output.isEmpty else {
      throw .badValue(
        option: "-o", value: output,
        expected: wording("文件的路径，或 -（标准输出）", "a file's path, or - for standard output"))
    }
    return OutputFile(try ProcessFacts.path(output, of: "-o"))
  }

  /// What to show, each counted from 1 and checked against the run.
  private func place(
    in session: RunSession
  ) throws(CommandError) -> (step: Int?, layer: Int?, head: Int) {
    let shape = session.model.configuration
    return (
      try number(step, of: "--step", most: session.plan.steps),
      try number(layer, of: "--layer", most: shape.layers),
      try NumberArgument.whole(head, of: "--head", in: 1...shape.heads)
    )
  }

  private func number(
    _ text: String?, of option: String, most: Int
  ) throws(CommandError) -> Int? {
    guard let text else { return nil }
    return try NumberArgument.whole(text, of: option, in: 1...most)
  }
}
