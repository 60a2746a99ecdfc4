internal import ArgumentParser
internal import Base
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

  @OptionGroup var options: RunOptions

  @Flag(help: ArgumentHelp(wording("每步一行 JSON", "a line of JSON per step")))
  var json = false

  @Flag(help: ArgumentHelp(wording("只用 ASCII 字符", "ASCII glyphs only")))
  var ascii = false

  @OptionGroup var language: LanguageOption

  func run() throws {
    let look = Look(
      language: try language.value(), theme: .dark, glyphs: ascii ? .ascii : .full
    ).inLocale
    switch try subject() {
    case .policy(let policy):
      let page = PolicyPage(policy, options: options)
      try json ? page.printJSON() : page.print(look)
    case .speculative:
      throw CommandError.badValue(
        option: "--policy", value: policy ?? "",
        expected: wording("一种缓存策略", "a cache policy"))
    }
  }

  private func subject() throws -> LabSubject {
    guard let policy else { throw CachePolicyError.missing }
    return try LabSubject(ProcessFacts.text(policy, of: "--policy"))
  }
}
