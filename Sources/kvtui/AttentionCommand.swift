internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui attention`: MHA, GQA, MQA and MLA side by side on one text.
struct AttentionCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "attention",
    abstract: wording(
      "MHA、GQA、MQA、MLA 并排：同一段文字，各存多少、各算多少",
      "MHA, GQA, MQA and MLA side by side: one text, what each keeps and computes"))

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "一段文字，逐字走（默认 \(Self.standardText)）",
        "a text, token by token (default: \(Self.standardText))"),
      valueName: "TEXT"))
  var text: String?

  @OptionGroup var first: FirstStepOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面上先看哪一种（默认 mha）", "the form that the screen begins with (default: mha)"),
      valueName: "FORM"))
  var form: Choice<AttentionPlace.Form>?

  @Flag(
    help: ArgumentHelp(
      wording("一页纯文本（没有终端时的默认）", "a page of text (the default without a terminal)")))
  var plain = false

  @Flag(
    help: ArgumentHelp(
      wording("每个模型、每步一行 JSON", "a line of JSON for each model and each of its steps")))
  var json = false

  @OptionGroup var pressing: KeysOption
  @OptionGroup var engine: EngineOptions
  @OptionGroup var look: LookOptions

  private static let standardText = "中华人民共和国成立于1949年10月1日"

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    let given = [("--step", first.step != nil), ("--form", form != nil)].first { $0.1 }
    if let (option, _) = given, json || plain {
      throw CommandError.together(json ? "--json" : "--plain", option)
    }
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if keys != nil
      || (!plain && !json && TerminalFacts.current().isInteractive(input: .standardInput))
    {
      return try show(look, size, keys: keys)
    }
    if json { return try lines { try RunOutput.print($0) } }
    try Output.standard.say(try report(look).text())
  }

  func lines(_ line: (JSONText) throws -> Void) throws {
    for text in try report(Look()).json() { try line(text) }
  }

  private func report(_ look: Look) throws -> AttentionReport {
    AttentionReport(forms: try session().work(on: .attention) { _ in true }, look: look)
  }

  static let tool = Tool.attention

  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    OpenTool(try AttentionScreen(at: place(), look), try session().service(isLive: isLive))
  }

  /// Where the screen begins.
  private func place() throws(CommandError) -> AttentionPlace {
    var place = AttentionPlace()
    if let step = try first.checked(steps: nil) { place.step = step }
    if let form { place.form = try form.value(of: "--form") }
    return place
  }

  private func session() throws -> AttentionSession {
    guard text != "" else {
      throw CommandError.badValue(
        option: "--text", value: "", expected: wording("至少一个字", "at least one character"))
    }
    _ = (try engine.givenWeightType(), try engine.pool())
    return AttentionSession(
      text: try ProcessFacts.text(text ?? Self.standardText, of: "--text"), engine: engine)
  }
}
