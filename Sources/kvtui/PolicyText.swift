internal import Base
internal import Trace
internal import Viz

/// What a lab with a cache policy says to people: every number of a step that was computed.
struct PolicyText {
  private let policy: CachePolicy
  private let model: ModelDescription
  private let look: Look

  private static let labelColumns = 11
  /// Columns of the page.
  private static let pageColumns = 80
  /// Candidates of a line.
  private static let candidates = 3

  init(policy: CachePolicy, model: ModelDescription, look: Look) {
    self.policy = policy
    self.model = model
    self.look = look
  }

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }

  /// What is compared, and how to read it.
  var head: String {
    let title = language(
      "\(model.name)：\(policy.text) 对比完整缓存（喂入的词元相同；要模型写时，由完整缓存选）",
      "\(model.name): \(policy.text) against the full cache (fed the same tokens; what the model writes is chosen by the full cache)"
    )
    let legend = language(
      "看得见的位置：每个位置一格，\(glyphs.bar) 看得见，\(glyphs.notNeeded) 看不见，数字是看得见它的头占十分之几",
      "seen: a column for each position, \(glyphs.bar) seen, \(glyphs.notNeeded) not, a digit: by so many tenths of the heads"
    )
    let measures = language(
      "字节：这个缓存 / 完整缓存；KL：下一个字的概率离完整缓存多远，单位 nat",
      "bytes: this cache / the full one; KL: how far the next token's probabilities are from the full cache's, in nats"
    )
    let lines = [glyphs.shown(title), glyphs.adapted(legend), glyphs.adapted(measures)]
    return lines.flatMap { $0.wrapped(to: Self.pageColumns) }.joined(separator: "\n") + "\n"
  }

  /// A step: what its query sees, bytes, what comes next, how far apart.
  func step(_ step: LabStep) -> String {
    let title = language(
      "第 \(step.number) 步，长度 \(step.length)，喂入「\(step.token.text)」",
      "step \(step.number), length \(step.length), fed '\(step.token.text)'")
    let verdict = step.agrees ? language("一致", "agree") : language("不一致", "differ")
    let lines =
      [glyphs.shown(title)] + strip(step)
      + [
        row("字节", "bytes", bytes(step.cacheBytes, of: step.fullCacheBytes)),
        row("下一个", "next", candidates(step.next)),
        row("完整缓存", "full", candidates(step.fullNext)),
        row("KL", "KL", digits(step.divergence) + "  " + verdict),
      ]
    return "\n" + lines.joined(separator: "\n") + "\n"
  }

  /// What the steps come to.
  func total(_ total: LabTotal) -> String {
    var lines = [
      language("共 \(total.steps) 步", "\(total.steps) steps in all"),
      row("首选一致", "agreement", NumberText.fixed(total.agreement * 100, 1) + "%"),
      row("平均 KL", "mean KL", digits(total.meanDivergence)),
    ]
    if let surprise = total.surprise {
      lines.append(
        row(
          "平均 NLL", "mean NLL",
          digits(surprise.policy)
            + language("（完整缓存 \(digits(surprise.full))）", " (full \(digits(surprise.full)))")))
    }
    lines.append(row("字节", "bytes", bytes(total.cacheBytes, of: total.fullCacheBytes)))
    return "\n" + lines.map(glyphs.adapted).joined(separator: "\n") + "\n"
  }

  /// A label and what it labels.
  private func row(_ chinese: String, _ english: String, _ text: String) -> String {
    look.row(chinese, english, text, labelColumns: Self.labelColumns)
  }

  /// The positions that the query sees, in lines.
  private func strip(_ step: LabStep) -> [String] {
    let cells = step.kept.shares(length: step.length).map(cell)
    return look.strip("看得见", "seen", cells, labelColumns: Self.labelColumns)
  }

  private func cell(_ share: Double) -> String {
    if share == 1 { return glyphs.bar }
    if share == 0 { return glyphs.notNeeded }
    return String((share * 10).whole(in: 1...9) ?? 1)
  }

  private func bytes(_ bytes: Int, of whole: Int) -> String {
    "\(bytes) / \(whole) (\(NumberText.share(bytes, of: whole)))"
  }

  private func candidates(_ next: [Candidate]) -> String {
    let largest = next.first?.probability ?? 0
    return next.prefix(Self.candidates).map { candidate in
      let text = language("「\(candidate.text)」", "'\(candidate.text)'")
      return glyphs.shown(text) + " "
        + NumberText.percent(candidate.probability, of: largest)
    }.joined(separator: "  ")
  }

  /// A number with as many decimals as tell it from 0.
  private func digits(_ number: Double) -> String {
    if number == 0 { return "0" }
    if abs(number) >= 0.0001 { return NumberText.fixed(number, 4) }
    return language("不到 0.0001", "below 0.0001")
  }
}
