internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui lab`: another cache, or another way of decoding, held against the full cache on the real model.
struct LabCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: wording(
      "缓存实验：换一种缓存策略，和完整的 KV 缓存逐步对比",
      "Another cache policy on the real model, measured step by step against the full KV cache"))

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "缓存策略：\(LabSubject.wordings.joined(separator: "、"))（默认 \(Self.standard.text)）",
        "the cache policy: \(LabSubject.wordings.joined(separator: ", ")) (default: \(Self.standard.text))"
      ),
      valueName: "POLICY"))
  var policy: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "投机解码时谁来起草：文件夹或名字（默认 \(SpeculativeLab.standardDraft)）",
        "what drafts in speculative decoding: a folder or a name (default: \(SpeculativeLab.standardDraft))"
      ),
      valueName: "DIR|NAME"), completion: CompletionKind.models)
  var draft: String?

  @OptionGroup var options: RunOptions

  @Flag(help: ArgumentHelp(wording("每步一行 JSON", "a line of JSON per step")))
  var json = false

  @Flag(
    help: ArgumentHelp(
      wording("一页纯文本（没有终端时的默认）", "a page of text (the default without a terminal)")))
  var plain = false

  @Flag(
    help: ArgumentHelp(
      wording(
        "--json 的每步再写各层各头：权重、丢掉的注意力、误差、权重之和",
        "with --json, of each step every head too: weights, attention lost, errors, sums of weights"
      )))
  var byHead = false

  @OptionGroup var pressing: KeysOption
  @OptionGroup var look: LookOptions
  @OptionGroup var place: PoliciesPlaceOptions
  @OptionGroup var requests: RequestsOptions

  /// What is looked at where nothing is said.
  private static let standard = CachePolicy(retention: .sinks(first: 4, newest: 8))
  /// Tokens that the model writes behind the bundled text then: enough for twelve places not to do.
  private static let standardTokens = "13"

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    if byHead && !json {
      throw CommandError.badValue(
        option: "--by-head", value: "", expected: wording("和 --json 一起给", "it with --json"))
    }
    if let option = place.firstOption, json || plain {
      throw CommandError.together(json ? "--json" : "--plain", option)
    }
    let isShown = keys != nil || (!plain && !json && isInteractive)
    if !isShown { try requireNoPlace() }
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if isShown,
      let tool = try toolOfRequestsOrDrafts()
    {
      return try open(tool, look, isLive: keys == nil)
        .show(as: tool, look, size, keys: keys, input: input)
    }
    if json { return try lines { try RunOutput.print($0) } }
    if let lab = try requestsOfFile() { return try lab.print(look) }
    switch try subject() {
    case .policy(let policy):
      try requireNoDraft()
      if isShown { return try show(policy, look, size, keys: keys) }
      try PolicyPage(policy, options: textOptions).print(look)
    case .speculative(let drafted):
      try SpeculativeLab(options: options, draft: draft, drafted: drafted).print(look)
    }
  }

  /// Where a screen begins changes nothing of them.
  func lines(_ line: (JSONText) throws -> Void) throws {
    if let lab = try requestsOfFile() { return try lab.lines(line) }
    switch try subject() {
    case .policy(let policy):
      try requireNoDraft()
      try PolicyPage(policy, options: textOptions).lines(byHead: byHead, line)
    case .speculative(let drafted):
      try SpeculativeLab(options: options, draft: draft, drafted: drafted).lines(line)
    }
  }

  private func requestsOfFile() throws -> RequestsLab? {
    try RequestsLab(requests, options: options, policy: policy, draft: draft)
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  private var isInteractive: Bool { TerminalFacts.current().isInteractive(input: input) }

  /// A page and lines of JSON begin nowhere.
  private func requireNoPlace() throws(CommandError) {
    guard let (option, value) = place.given else { return }
    throw .badValue(
      option: option, value: value,
      expected: wording("在画面上用：终端里，或和 --keys 一起给", "it on a screen: in a terminal, or with --keys"))
  }

  private func requireNoDraft() throws(CommandError) {
    guard let draft else { return }
    throw .badValue(
      option: "--draft", value: draft,
      expected: wording("和 --policy speculative:G 一起给", "it with --policy speculative:G"))
  }

  func subject() throws -> LabSubject {
    guard let policy else { return .policy(Self.standard) }
    return try LabSubject(ProcessFacts.text(policy, of: "--policy"))
  }

  /// The options of the run; where neither a policy nor a text is given, the bundled text long enough for something to be
  /// dropped.
  private var textOptions: RunOptions {
    var options = options
    let isGiven = [policy, options.text, options.prompt, options.tokens].contains { $0 != nil }
    if !isGiven { options.tokens = Self.standardTokens }
    return options
  }

  // MARK: The screen

  static let tool = Tool.policies

  /// A policy beside the full cache; the model is read when it is first asked for.
  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    guard case .policy(let policy) = try subject() else { throw CommandError.recordingOnly }
    return try opened(policy, PolicySession(textOptions), look, isLive: isLive)
  }

  private func opened(
    _ policy: CachePolicy, _ session: PolicySession, _ look: Look, isLive: Bool
  ) throws -> OpenTool {
    OpenTool(
      PoliciesScreen(policy, at: try place.checked(policy, session), look),
      try session.service(isLive: isLive))
  }

  /// What was typed is checked, and the model read, before the terminal is taken.
  private func show(_ policy: CachePolicy, _ look: Look, _ size: Size, keys: [Key]?) throws {
    let session = PolicySession(textOptions)
    try session.load(for: policy)
    try opened(policy, session, look, isLive: keys == nil).show(
      as: .policies, look, size, keys: keys, input: input)
  }
}
