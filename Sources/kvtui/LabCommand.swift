internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import Trace
internal import Viz

/// `kvtui lab`: another cache, or another way of decoding, held against the full cache on the real model.
struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: wording(
      "缓存实验：换一种缓存策略，和完整的 KV 缓存逐步对比",
      "Another cache policy on the real model, measured step by step against the full KV cache"))

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "缓存策略：\(LabSubject.wordings.joined(separator: "、"))",
        "the cache policy: \(LabSubject.wordings.joined(separator: ", "))"),
      valueName: "POLICY"))
  var policy: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "投机解码时谁来起草：文件夹或名字（默认 \(SpeculativeLab.standardDraft)）",
        "what drafts in speculative decoding: a folder or a name (default: \(SpeculativeLab.standardDraft))"
      ),
      valueName: "DIR|NAME"))
  var draft: String?

  @OptionGroup var options: RunOptions

  @Flag(help: ArgumentHelp(wording("每步一行 JSON", "a line of JSON per step")))
  var json = false

  @Flag(
    help: ArgumentHelp(
      wording("一页纯文本（没有终端时的默认）", "a page of text (the default without a terminal)")))
  var plain = false

  @OptionGroup var pressing: KeysOption
  @OptionGroup var look: LookOptions
  @OptionGroup var requests: RequestsOptions

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if keys != nil || (!plain && !json && isInteractive),
      let tool = try toolOfRequestsOrDrafts()
    {
      return try open(tool, look, isLive: keys == nil)
        .show(as: tool, look, size, keys: keys, input: input)
    }
    if let lab = try RequestsLab(
      requests, options: options, policy: policy, draft: draft)
    {
      return try json ? lab.printJSON() : lab.print(look)
    }
    switch try subject() {
    case .policy(let policy):
      if let draft {
        throw CommandError.badValue(
          option: "--draft", value: draft,
          expected: wording("和 --policy speculative:G 一起给", "it with --policy speculative:G"))
      }
      let page = PolicyPage(policy, options: options)
      try json ? page.printJSON() : page.print(look)
    case .speculative(let drafted):
      let lab = SpeculativeLab(options: options, draft: draft, drafted: drafted)
      try json ? lab.printJSON() : lab.print(look)
    }
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  private var isInteractive: Bool { TerminalFacts.current().isInteractive(input: input) }

  func subject() throws -> LabSubject {
    guard let policy else { throw CachePolicyError.missing }
    return try LabSubject(ProcessFacts.text(policy, of: "--policy"))
  }
}
