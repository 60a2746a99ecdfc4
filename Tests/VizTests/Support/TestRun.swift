internal import TestSupport
internal import TinyModel
internal import Trace

@testable import Viz

/// A run of the bundled model, computed once for the whole test process.
struct TestRun: Sendable {
  let name: String
  /// The whole run.
  let trace: Trace
  /// The run as it was after each of its steps, which is what a viewer has who is not ahead of it.
  let prefixes: [Trace]
  /// The run before its first step.
  let unbegun: Trace
  /// The longest sequence of the run as planned.
  let longest: Int
  /// The run as planned, before anything ended it early.
  let plannedSteps: Int

  var layers: Int { trace.model.layers }
  var heads: Int { trace.model.heads }

  /// The run as far as `steps` of it are computed.
  func computed(_ steps: Int) -> Trace { prefixes[min(max(1, steps), prefixes.count) - 1] }
}

/// The runs that the tests look at.
enum Runs {
  /// The one of the documentation: a text of seven tokens, then nine that the model writes.
  static func china() throws -> TestRun { try chinaRun.get() }
  /// The text of seven tokens alone.
  static func chinaAlone() throws -> TestRun { try chinaAloneRun.get() }
  /// A prompt, so that the first step is a prefill of more than one token.
  static func prompt() throws -> TestRun { try promptRun.get() }
  /// Sixty tokens of text: more than any pane shows at once.
  static func long() throws -> TestRun { try longRun.get() }
  /// What a screen must not take literally: emoji, control characters, marks, English.
  static func odd() throws -> TestRun { try oddRun.get() }
  /// A run that the end-of-sequence token ends before its plan does.
  static func early() throws -> TestRun { try earlyRun.get() }
  /// A single token: one step.
  static func single() throws -> TestRun { try singleRun.get() }

  /// A Llama of random weights, 4 heads on 2 heads of K and V.
  static func shared() throws -> TestRun { try sharedRun.get() }
  /// The bundled models whose heads share: 4 query heads on 2 KV heads, and on one.
  static func gqa() throws -> TestRun { try gqaRun.get() }
  static func mqa() throws -> TestRun { try mqaRun.get() }
  static func absorbed() throws -> TestRun { try absorbedRun.get() }
  static func expanded() throws -> TestRun { try expandedRun.get() }
  /// A Mistral of random weights whose window is shorter than the text.
  static func window() throws -> TestRun { try windowRun.get() }
  /// A SmolLM3 of random weights: every other layer has a window of three and no rotary positions.
  static func layers() throws -> TestRun { try layersRun.get() }

  /// A run whose cached lane keeps the newest three tokens.
  static func evicting() throws -> TestRun { try evictingRun.get() }

  static func all() throws -> [TestRun] {
    try [china(), chinaAlone(), prompt(), long(), odd(), early(), single()]
  }

  private static let chinaRun = Result {
    try make("china", .text, "中华人民共和国", newTokens: 9)
  }
  private static let chinaAloneRun = Result {
    try make("chinaAlone", .text, "中华人民共和国", newTokens: 0)
  }
  private static let promptRun = Result { try make("prompt", .prompt, "床前", newTokens: 12) }
  private static let longRun = Result {
    try make(
      "long", .text, String(repeating: "春眠不觉晓，处处闻啼鸟。", count: 6), newTokens: 0, tokens: 60)
  }
  private static let oddRun = Result {
    try make(
      "odd", .text, "中👨‍👩‍👧🇨🇳\u{1B}[31m e\u{301} \u{200B}\u{202E}<&>\"' Hello", newTokens: 3)
  }
  private static let earlyRun = Result {
    try make("early", .prompt, "中华人民共和国", newTokens: 60)
  }
  private static let singleRun = Result { try make("single", .text, "中", newTokens: 0) }

  private static let sharedRun = Result {
    try make(
      "shared", .text, "中华人民共和国", newTokens: 0, loaded: load("Tests/Fixtures/llama/gqa"))
  }
  private static let gqaRun = Result {
    try make("gqa", .text, "中华人民共和国", newTokens: 9, loaded: load("models/tiny-zh-gqa"))
  }
  private static let mqaRun = Result {
    try make("mqa", .text, "中华人民共和国", newTokens: 0, loaded: load("models/tiny-zh-mqa"))
  }
  private static let absorbedRun = Result {
    try make(
      "absorbed", .text, "中华人民共和国", newTokens: 0, loaded: load("models/tiny-zh-mla"))
  }
  private static let expandedRun = Result {
    try make(
      "expanded", .text, "中华人民共和国", newTokens: 0, loaded: load("models/tiny-zh-mla", .expanded))
  }
  private static let windowRun = Result {
    try make(
      "window", .text, "中华人民共和国", newTokens: 0, loaded: load("Tests/Fixtures/llama/mistral"))
  }

  private static let layersRun = Result {
    try make(
      "layers", .text, "中华人民共和国", newTokens: 0,
      loaded: load("Tests/Fixtures/llama/smollm3-windows"))
  }

  private static let evictingRun = Result {
    try make(
      "evicting", .text, "中华人民共和国", newTokens: 0,
      lanes: [.uncached, Lane(name: "cached", cache: CachePolicy("window:3"))])
  }

  private static let model = Result { try load("models/tiny-zh") }

  static func load(
    _ path: String, _ form: LatentForm = .absorbed
  ) throws -> (Transformer, Tokenizer) {
    let checkpoint = try Checkpoint(folder: Checkout.root + "/" + path, form: form)
    return (try Transformer(checkpoint), try checkpoint.tokenizer())
  }

  private static func make(
    _ name: String, _ start: Feeding, _ text: String, newTokens: Int, tokens: Int? = nil,
    loaded: (Transformer, Tokenizer)? = nil, lanes: [Lane] = [.uncached, .cached]
  ) throws -> TestRun {
    let (model, tokenizer) = try loaded ?? model.get()
    let ids = try tokenizer.encode(text)
    let plan = try RunPlan(
      start: start, ids: Array(ids.prefix(tokens ?? ids.count)), newTokens: newTokens,
      contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan, lanes: lanes)
    let unbegun = runner.trace
    var prefixes: [Trace] = []
    while try runner.computeNextStep() != nil { prefixes.append(runner.trace) }
    return TestRun(
      name: name, trace: runner.trace, prefixes: prefixes, unbegun: unbegun, longest: plan.longest,
      plannedSteps: plan.steps)
  }
}
