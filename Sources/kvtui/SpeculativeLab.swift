internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// Speculative decoding on the command line: as lines of JSON, or as a page for people.
struct SpeculativeLab {
  static let standardDraft = "tiny-zh-mqa"

  let options: RunOptions
  /// What drafts; nil for the standard one.
  let draft: String?
  /// How many tokens are drafted at most for each pass.
  let drafted: Int

  /// The model, a line for each verifying pass, and what they come to.
  func lines(_ line: (JSONText) throws -> Void) throws {
    let run = try opened()
    try line(StepFields.json(run.model.description))
    while let pass = try run.speculation.computeNextPass() { try line(pass.json) }
    try line(run.total(policy, try PlainDecoding(run.model, plan: run.speculation.plan)))
  }

  /// The same for people.
  func print(_ look: Look) throws {
    let run = try opened()
    let text = SpeculativeText(tokenizer: run.tokenizer, look: look)
    try Output.standard.say(text.head(model: run.model.name, draft: run.draft, drafted))
    while let pass = try run.speculation.computeNextPass() {
      if pass.number == 1 { try Output.standard.say(text.prefill(run.speculation.trace)) }
      try Output.standard.say(text.pass(pass))
    }
    if run.speculation.trace.passes.isEmpty {
      try Output.standard.say(text.prefill(run.speculation.trace))
    }
    let plain = try PlainDecoding(run.model, plan: run.speculation.plan)
    try Output.standard.say(text.total(run.speculation.trace, plain))
  }

  /// What the screen asks, once it is known that both models go together; their weights are not read yet.
  func session() throws -> SpeculativeSession {
    if let option = unfitOption { throw CommandError.together("--policy \(policy)", option) }
    return try SpeculativeSession(options, draft: draft ?? Self.standardDraft, drafted: drafted)
  }

  private var policy: String { LabSubject.speculative(drafted: drafted).text }

  /// Reads both models, once it is known that they go together.
  private func opened() throws -> SpeculativeRun {
    try refuseOtherOptions()
    let name = draft ?? Self.standardDraft
    let source = try ModelSource(
      model: try ProcessFacts.path(name, of: "--draft"), random: nil, seed: 0)
    let session = try options.session(lanes: [.cached])
    let (model, plan) = (session.model, session.plan)
    try SpeculativeDecoding.requireSameTokens(
      (model.name, model.configuration, session.tokenizer),
      (name, source.configuration, try source.tokenizer()))
    try SpeculativeDecoding.requirePositions(for: plan, (name, source.configuration))
    let type = try options.engine.weightType(of: source)
    try plan.requireMemory(
      of: model.configuration, beside: model.memoryPlan, threads: model.threads,
      use: .session(.cached)
    ) { plan in
      SpeculativeDecoding.bytes(
        plan, drafts: drafted, model: model.configuration, draft: source.configuration,
        draftWeights: source.memoryPlan(type)?.total ?? 0, threads: model.threads)
    }
    let small = try source.transformer(type, try options.engine.pool())
    return SpeculativeRun(
      model: model, draft: small.name, tokenizer: session.tokenizer,
      speculation: SpeculativeDecoding(model: model, draft: small, plan: plan, drafts: drafted))
  }

  /// A draft is verified greedily, behind a prompt.
  private func refuseOtherOptions() throws(CommandError) {
    guard options.prompt != nil else {
      if options.text != nil { throw .together("--policy \(policy)", "--text") }
      throw .badValue(
        option: "--policy", value: policy,
        expected: wording("它和 --prompt TEXT 一起给", "it with --prompt TEXT"))
    }
    if let option = unfitOption { throw .together("--policy \(policy)", option) }
  }

  /// An option that was given and means nothing where a prompt is written greedily.
  private var unfitOption: String? {
    let others = [
      ("--text", options.text), ("--temperature", options.temperature), ("--top-k", options.topK),
    ]
    return others.first { $0.1 != nil }?.0
  }
}

/// Two models with a run that is ready.
private struct SpeculativeRun {
  let model: Transformer
  /// What drafts, by its name.
  let draft: String
  let tokenizer: Tokenizer
  let speculation: SpeculativeDecoding

  func total(_ policy: String, _ plain: PlainDecoding) -> JSONText {
    let trace = speculation.trace
    return .object([
      ("type", .string("total")), ("policy", .string(policy)),
      ("tokens", .array(trace.written.map(JSONText.integer))),
      ("passes", .integer(trace.passes.count)),
      ("acceptance", trace.acceptance.map(JSONText.double) ?? .null),
      ("flops", .integer(trace.flops)), ("draft_flops", .integer(trace.draftFLOPs)),
      ("weight_bytes", .integer(trace.modelBytes)),
      ("draft_weight_bytes", .integer(trace.draftBytes)),
      ("agrees", .boolean(trace.written == plain.written)),
      ("plain_passes", .integer(plain.passes)), ("plain_flops", .integer(plain.flops)),
      ("plain_weight_bytes", .integer(plain.weightBytes)),
    ])
  }
}

extension SpeculativePass {
  fileprivate var json: JSONText {
    .object([
      ("type", .string("step")), ("step", .integer(number)),
      ("drafted", .array(drafted.map(JSONText.integer))), ("accepted", .integer(accepted)),
      ("written", .array(written.map(JSONText.integer))),
      ("chosen", .array(chosen.map(JSONText.integer))),
      ("probabilities", .array(probabilities.map(JSONText.double))),
      ("rows", .integer(rows)), ("truncated", .integer(truncated)),
      ("flops", .integer(flops)), ("draft_flops", .integer(draftFLOPs)),
      ("weight_bytes", .integer(modelBytes)), ("draft_weight_bytes", .integer(draftBytes)),
    ])
  }
}

/// What speculative decoding says to people: every number of a pass that was made.
private struct SpeculativeText {
  let tokenizer: Tokenizer
  let look: Look

  private var language: Language { look.language }

  func head(model: String, draft: String, _ drafted: Int) -> String {
    let title = language(
      "\(model) 写，\(draft) 起草，每次最多 \(drafted) 个，\(model) 一次全验",
      "\(model) writes, \(draft) drafts at most \(drafted) at once, \(model) verifies them in one pass"
    )
    let legend = language(
      "\(look.glyphs.right) 收下，\(look.glyphs.wrong) 作废：K、V 在两个缓存里都裁掉",
      "\(look.glyphs.right) accepted, \(look.glyphs.wrong) rejected: K and V are cut off in both caches"
    )
    return look.glyphs.shown(title) + "\n" + look.glyphs.adapted(legend) + "\n"
  }

  /// The first token, which nothing was drafted for.
  func prefill(_ run: SpeculativeTrace) -> String {
    let title = language(
      "prefill：提示词 \(run.prompt.count) 个词元", "prefill: a prompt of \(run.prompt.count) tokens")
    return section(
      title,
      [
        row("写下", "written", tokens(run.written.prefix(1))),
        row("FLOP", "FLOP", NumberText.count(run.prefillFLOPs)),
      ])
  }

  func pass(_ pass: SpeculativePass) -> String {
    let title = language(
      "第 \(pass.number) 轮：已有 \(pass.length) 个词元，一次验 \(pass.rows) 行",
      "pass \(pass.number): behind \(pass.length) tokens, \(pass.rows) rows at once")
    let marked = pass.drafted.enumerated().map { index, id in
      token(id) + " " + (index < pass.accepted ? look.glyphs.right : look.glyphs.wrong)
    }
    let drafted = marked.isEmpty ? look.glyphs.dash : marked.joined(separator: "  ")
    let flops = language(
      "\(NumberText.count(pass.modelFLOPs))，起草 \(NumberText.count(pass.draftFLOPs))",
      "\(NumberText.count(pass.modelFLOPs)), draft \(NumberText.count(pass.draftFLOPs))")
    return section(
      title,
      [
        row("起草", "drafted", drafted), row("写下", "written", tokens(pass.written[...])),
        row("裁掉", "cut off", language("\(pass.truncated) 行", "\(pass.truncated) rows")),
        row("FLOP", "FLOP", flops),
      ])
  }

  func total(_ run: SpeculativeTrace, _ plain: PlainDecoding) -> String {
    let text = look.glyphs.shown(tokenizer.decode(run.written))
    let isSame = run.written == plain.written
    let agrees =
      isSame
      ? language("和逐字写的一字不差", "the same that is written token by token")
      : language("和逐字写的不同", "not what is written token by token")
    // The prefill is a pass of both.
    let passes = language(
      "跑了 \(run.passes.count) 遍，逐字写 \(plain.passes - 1) 遍（都不算 prefill）",
      "\(run.passes.count), token by token \(plain.passes - 1) (without the prefill)")
    let flops = language(
      "\(NumberText.count(run.flops))（含起草），逐字写 \(NumberText.count(plain.flops))",
      "\(NumberText.count(run.flops)) (with the draft's), token by token \(NumberText.count(plain.flops))"
    )
    return section(
      language("一共写下 \(run.written.count) 个词元", "\(run.written.count) tokens in all"),
      [
        row("文字", "text", text), row("", "", agrees),
        row("收下", "accepted", accepted(run)), row("大模型", "passes", passes),
        row("FLOP", "FLOP", flops),
      ])
  }

  private func accepted(_ run: SpeculativeTrace) -> String {
    guard run.drafted > 0 else { return look.glyphs.dash }
    let share = NumberText.share(run.accepted, of: run.drafted)
    return "\(run.accepted) / \(run.drafted) (\(share))"
  }

  private func section(_ title: String, _ rows: [String]) -> String {
    "\n" + look.glyphs.adapted(title) + "\n" + rows.joined(separator: "\n") + "\n"
  }

  private func row(_ chinese: String, _ english: String, _ text: String) -> String {
    look.row(chinese, english, look.glyphs.adapted(text))
  }

  private func tokens(_ ids: ArraySlice<Int>) -> String {
    ids.map(token).joined(separator: "  ")
  }

  private func token(_ id: Int) -> String {
    TokenLabel.quoted(tokenizer.text(of: id), look.glyphs)
  }
}
