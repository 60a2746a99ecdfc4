internal import Base
package import Trace

/// The kinds of cache policies, in the order in which a key goes through them.
package enum PolicyKind: String, CaseIterable, Hashable, Sendable {
  case full, window, sinks, h2o, int8, fp8, kivi, paged

  /// What can stand beside a policy: the full cache, then what takes as much or is of its kind.
  package static func companions(of policy: CachePolicy) -> [PolicyKind] {
    let own = PolicyKind(policy)
    let others: [PolicyKind] =
      own.isRetention
      ? [.window, .sinks, .h2o] : own.isFormat ? [.int8, .fp8, .kivi, .window] : []
    return [.full] + others.filter { $0 != own }
  }

  init(_ policy: CachePolicy) {
    switch (policy.retention, policy.format, policy.layout) {
    case (.window, _, _): self = .window
    case (.sinks, _, _): self = .sinks
    case (.heavyHitters, _, _): self = .h2o
    case (.full, .int8, _): self = .int8
    case (.full, .fp8, _): self = .fp8
    case (.full, .kivi, _): self = .kivi
    case (.full, .f32, .paged): self = .paged
    case (.full, .f32, .contiguous): self = .full
    }
  }

  /// Whether it keeps fewer tokens.
  var isRetention: Bool { self == .window || self == .sinks || self == .h2o }
  /// Whether it keeps fewer bits.
  var isFormat: Bool { self == .int8 || self == .fp8 || self == .kivi }
}

/// What the kinds are given: they keep it while one goes from kind to kind.
struct PolicyNumbers: Hashable, Sendable {
  /// Tokens that are kept in all.
  var budget = 12
  /// Of these the first, or the heavy ones.
  var first = 4
  /// Bits of a number.
  var bits = 4
  /// Tokens of a block.
  var block = 4

  /// Learns the numbers of a policy.
  mutating func take(_ policy: CachePolicy) {
    switch policy.retention {
    case .full: break
    case .window(let newest): budget = newest
    case .sinks(let first, let newest), .heavyHitters(let first, let newest):
      (budget, self.first) = ((Bytes(first) + Bytes(newest)).count, first)
    }
    if case .kivi(let bits) = policy.format { self.bits = bits }
    if case .paged(let block) = policy.layout { self.block = block }
  }

  /// A policy of a kind with these numbers.
  func policy(_ kind: PolicyKind) -> CachePolicy {
    let first = min(max(1, first), max(1, budget - 1))
    let newest = max(1, budget - first)
    return switch kind {
    case .full: .full
    case .window: CachePolicy(retention: .window(budget))
    case .sinks: CachePolicy(retention: .sinks(first: first, newest: newest))
    case .h2o: CachePolicy(retention: .heavyHitters(first, newest: newest))
    case .int8: CachePolicy(format: .int8)
    case .fp8: CachePolicy(format: .fp8)
    case .kivi: CachePolicy(format: .kivi(bits: bits))
    case .paged: CachePolicy(layout: .paged(block))
    }
  }

  /// Changes what a kind is given by one, where there is anything to change, and further to go.
  ///
  /// - Parameters:
  ///   - kind: whose number.
  ///   - change: 1 or −1.
  ///   - longest: tokens of the longest sequence: a larger budget keeps no more.
  /// - Returns: whether anything was changed.
  mutating func change(_ kind: PolicyKind, by change: Int, longest: Int) -> Bool {
    switch kind {
    case .full, .int8, .fp8: return false
    case .window, .sinks, .h2o:
      return Self.move(&budget, by: change, in: (kind == .window ? 1 : 2)...max(2, longest))
    case .kivi: return Self.move(&bits, by: change, in: 2...8)
    case .paged: return Self.move(&block, by: change, in: 1...max(1, longest))
    }
  }

  /// Gives one more of the budget to the first or heavy ones, or one less.
  mutating func shift(by change: Int) -> Bool {
    Self.move(&first, by: change, in: 1...max(1, min(budget, .max - 1) - 1))
  }

  /// A number beyond its bounds comes back to the nearest.
  private static func move(_ number: inout Int, by change: Int, in range: ClosedRange<Int>) -> Bool
  {
    let bounded = min(max(number, range.lowerBound), range.upperBound)
    let next = bounded != number ? bounded : number + change
    guard range.contains(next) else { return false }
    number = next
    return true
  }
}

/// What is said of a policy.
struct PolicyWords {
  let policy: CachePolicy
  let language: Language
  /// The first rows, which read what was computed as there was no scale yet, and whether these are all so far; nil where
  /// there are none.
  var unscaled: (count: Int, isAll: Bool)?

  /// What it keeps, the longest wording first.
  var explanations: [String] {
    switch PolicyKind(policy) {
    case .full: [language("全部留着", "keeps everything")]
    case .window: [newest(policy), language("只留最近的", "the newest")]
    case .sinks: [sinks(policy), language("开头的不丢", "the first stay")]
    case .h2o: [heavy(policy), language("留最受注意的", "the most looked at")]
    case .int8:
      [
        language("8 位整数，每个词元、每个头一个缩放", "8-bit integers, one scale per token and head"),
        language("每个数 8 位整数，带缩放", "whole numbers of 8 bits, with scales"),
        language("8 位", "8 bits"),
      ]
    case .fp8: floats
    case .kivi: bits(policy)
    case .paged: [block(policy)]
    }
  }

  private func newest(_ policy: CachePolicy) -> String {
    guard case .window(let newest) = policy.retention else { return "" }
    return language("只留最近 \(newest) 个", "only the newest \(newest)")
  }

  private func sinks(_ policy: CachePolicy) -> String {
    guard case .sinks(let first, let newest) = policy.retention else { return "" }
    return language(
      "开头 \(first) 个不丢，再留最近 \(newest) 个", "the first \(first), and the newest \(newest)")
  }

  private func heavy(_ policy: CachePolicy) -> String {
    guard case .heavyHitters(let heavy, let newest) = policy.retention else { return "" }
    return language(
      "最受注意的 \(heavy) 个，和最近 \(newest) 个", "the \(heavy) most looked at, and the newest \(newest)")
  }

  /// The scale is made of the first tokens: until then queries read what was computed.
  private var floats: [String] {
    let exact: String? = unscaled.map { rows in
      rows.isAll
        ? language("还没有缩放，读的是原数", "exact: no scale yet")
        : language(
          "前 \(rows.count) 行读的是原数：那时还没有缩放", "rows 1-\(rows.count) were exact: no scale then")
    }
    let format = language("8 位浮点（E4M3）", "8-bit floats (E4M3)")
    let names = [format, "E4M3"].map { $0 + language("；", "; ") }
    return (exact.map { exact in names.map { $0 + exact } + [exact] } ?? [])
      + [format, language("8 位", "8 bits")]
  }

  private func bits(_ policy: CachePolicy) -> [String] {
    guard case .kivi(let bits) = policy.format else { return [] }
    return [
      language(
        "\(bits) 位，最近 16 个原样；K 满 16 个才压",
        "\(bits) bits, newest 16 exact; K rounds 16 at a time"),
      language(
        "\(bits) 位，最近 16 个原样；K 十六个一压", "\(bits) bits, newest 16 exact; K 16 at a time"),
      language(
        "每个数 \(bits) 位，最近 16 个以上不动", "\(bits) bits, but for the newest 16 or more"),
      language("\(bits) 位，最近 16 个不动", "\(bits) bits, newest 16 exact"),
      language("\(bits) 位", "\(bits) bits"),
    ]
  }

  private func block(_ policy: CachePolicy) -> String {
    guard case .paged(let tokens) = policy.layout else { return "" }
    return language("每 \(tokens) 个一块", "blocks of \(tokens)")
  }

  /// The question of the screen, the longest wording first.
  func titles(budget: Int) -> [String] {
    let kind = PolicyKind(policy)
    let short = language("缓存实验室", "cache lab")
    if kind.isRetention {
      return [
        language(
          "实验室：只留 \(budget) 格，留哪 \(budget) 格？",
          budget == 1
            ? "lab: room for 1. Which one stays?" : "lab: room for \(budget). Which \(budget) stay?"
        ),
        short,
      ]
    }
    if kind.isFormat {
      return [language("实验室：每个数少几位，差多少？", "lab: fewer bits. How far off?"), short]
    }
    if kind == .paged { return [language("实验室：一块一块地存", "lab: in blocks"), short] }
    return [language("实验室：全部留着，比较的基准", "lab: everything is kept, the yardstick"), short]
  }
}
