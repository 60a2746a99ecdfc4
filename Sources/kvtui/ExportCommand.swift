internal import ArgumentParser
internal import TinyModel
internal import Viz

/// `kvtui export`: one step of a run as a file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: wording("把一步导出为文件", "Write a step to a file"))

  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("第几步，从 1 起；默认最后一步", "which step, from 1; the last by default")))
  var step: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("第几层，从 1 起", "which layer, from 1")))
  var layer: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp(wording("第几个头，从 1 起", "which head, from 1")))
  var head = 1

  @Option(help: ArgumentHelp(wording("格式", "format")))
  var format = ExportFormat.txt

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(wording("写到哪里；- 为标准输出", "where to; - is standard output"), valueName: "OUT"))
  var output = "-"

  func run() throws {
    let session = try options.session()
    try check(session)
    let runner = session.runner()
    let wanted = step ?? session.plan.steps
    while runner.trace.steps.count < wanted, try runner.computeNextStep() != nil {}
    let computed = runner.trace.steps.count
    guard step == nil || computed >= wanted else {
      throw CommandError.noSuchStep(wanted, steps: computed)
    }
    var state = session.state(runner.trace, look, layer: layer.map { $0 - 1 }, head: head - 1)
    state.show(step: min(wanted, computed))
    let frame = Frame(state.view(look.frameSize), theme: look.theme)
    try Output.write(format.renderer.render([frame]), to: output)
  }

  private func check(_ session: RunSession) throws(CommandError) {
    let shape = session.model.configuration
    try check("--step", step ?? 1, most: session.plan.steps)
    try check("--layer", layer ?? 1, most: shape.layers)
    try check("--head", head, most: shape.heads)
  }

  private func check(_ option: String, _ value: Int, most: Int) throws(CommandError) {
    guard (1...most).contains(value) else {
      throw .badValue(
        option: option, value: "\(value)", expected: wording("1 到 \(most)", "1 to \(most)"))
    }
  }
}
