public import ArgumentParser
internal import TinyModel
public import Viz

extension Language: ExpressibleByArgument {}
extension Theme: ExpressibleByArgument {}
extension ExportFormat: ExpressibleByArgument {}

/// A size on the command line, such as `80x24`.
struct SizeArgument: ExpressibleByArgument {
  let size: Size

  private static let largest = 1000

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1],
      (1...Self.largest).contains(columns), (1...Self.largest).contains(rows)
    else { return nil }
    size = Size(columns: columns, rows: rows)
  }
}

/// What a run is of: the model, the text, how tokens are chosen.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      wording("模型：文件夹或名字", "the model: a folder or a name"), valueName: "DIR|NAME"))
  var model = "tiny-zh"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "提示词，一次喂入（prefill）；- 读标准输入", "a prompt, fed at once (prefill); - reads standard input"),
      valueName: "TEXT"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("一段文字，从第一个字起逐字走", "a text, stepped over token by token from the first"),
      valueName: "TEXT"))
  var text: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "生成几个（--prompt 后默认 12，--text 后默认 0）",
        "how many to generate (12 after --prompt, 0 after --text)"),
      valueName: "N"))
  var tokens: Int?

  @Flag(help: ArgumentHelp(wording("遇到结束符也不停", "go on after the end-of-sequence token")))
  var ignoreEos = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("采样的种子", "seeds the sampling"), valueName: "N"))
  var seed: Int = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("采样温度；0 为贪心（默认）", "sampling temperature; 0 is greedy (the default)"), valueName: "T"))
  var temperature: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("只从最可能的 K 个里采样", "sample from the K most likely only"), valueName: "K"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("每步列出几个候选", "how many candidates each step lists"), valueName: "K"))
  var top = 5
}

/// How frames look.
struct LookOptions: ParsableArguments {
  @Option(help: ArgumentHelp(wording("语言", "language")))
  var lang = ProcessFacts.language

  @Flag(help: ArgumentHelp(wording("只用 ASCII 字符", "ASCII glyphs only")))
  var ascii = false

  @Option(help: ArgumentHelp(wording("配色", "colours")))
  var theme = Theme.dark

  @Option(
    help: ArgumentHelp(
      wording("画面大小，如 80x24", "size of the frame, such as 80x24"), valueName: "COLSxROWS"))
  var size: SizeArgument?

  /// The frame's size where no terminal has one.
  var frameSize: Size { size?.size ?? Size(columns: 80, rows: 24) }

  var glyphs: GlyphSet { ascii ? .ascii : .full }
}

extension RunOptions {
  private static let demonstration = (text: "中华人民共和国", tokens: 9)
  private static let defaultNewTokens = 12

  /// Reads the model and prepares the run; nothing is computed.
  func session() throws -> RunSession {
    guard text == nil || prompt == nil else { throw CommandError.textAndPrompt }
    let sampling = try samplingOptions()
    let folder = try ProcessFacts.modelLibrary.folder(of: model)
    let checkpoint = try Checkpoint(folder: folder)
    let tokenizer = try checkpoint.tokenizer()
    let (start, content, newTokens) = try material()
    let plan = try RunPlan(
      start: start, ids: tokenizer.encode(content), newTokens: newTokens,
      positions: checkpoint.configuration.positions, ignoresEndOfSequence: ignoreEos,
      sampling: sampling, candidates: top)
    return RunSession(
      model: try Transformer(checkpoint), tokenizer: tokenizer, plan: plan)
  }

  private func material() throws -> (RunPlan.Start, String, Int) {
    if let text { return (.text, text, tokens ?? 0) }
    if let prompt {
      let content = prompt == "-" ? try StandardInput.prompt() : prompt
      return (.prompt, content, tokens ?? Self.defaultNewTokens)
    }
    return (.text, Self.demonstration.text, tokens ?? Self.demonstration.tokens)
  }

  private func samplingOptions() throws(CommandError) -> SamplingOptions {
    guard top >= 1 else {
      throw .badValue(
        option: "--top", value: "\(top)", expected: wording("1 或更大", "1 or more"))
    }
    if let topK, topK < 1 {
      throw .badValue(
        option: "--top-k", value: "\(topK)", expected: wording("1 或更大", "1 or more"))
    }
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw .badValue(
        option: "--temperature", value: "\(temperature)",
        expected: wording("0 或更大的数", "a number from 0"))
    }
    return SamplingOptions(
      temperature: temperature ?? (topK == nil ? 0 : 1), topK: topK,
      seed: UInt64(bitPattern: Int64(seed)))
  }

  /// Whether the prompt is what standard input holds, so that keys must come from the terminal itself.
  var readsStandardInput: Bool { prompt == "-" }
}

/// A model with a run that is ready to be computed, and what another prompt needs.
struct RunSession {
  let model: Transformer
  let tokenizer: Tokenizer
  let plan: RunPlan

  /// A runner at the beginning of the run.
  func runner() -> Runner { Runner(model: model, tokenizer: tokenizer, plan: plan) }

  /// The same kind of run over another text.
  func session(over text: String) throws(RunPlanError) -> RunSession {
    let plan = try RunPlan(
      start: plan.start, ids: tokenizer.encode(text), newTokens: plan.newTokens,
      positions: model.configuration.positions,
      ignoresEndOfSequence: plan.ignoresEndOfSequence, sampling: plan.sampling,
      candidates: plan.candidates)
    return RunSession(model: model, tokenizer: tokenizer, plan: plan)
  }
}
