internal import Base
internal import Trace
internal import Viz

/// What the cache holds beside what the full one would: a bar for each policy, on one scale for the whole run.
struct PolicyBars {
  let state: PoliciesState
  let panes: [PolicyPane]
  let columns: Int

  private var language: Language { state.language }
  private var glyphs: GlyphSet { state.glyphs }

  private static let nameColumns = 12

  func draw(at point: Point, lines: Int, on canvas: inout Canvas) {
    for (index, pane) in panes.prefix(lines).enumerated() {
      guard let content = pane.content else { continue }
      draw(content, pane, at: Point(point.x, point.y + index), isAlone: lines == 1, on: &canvas)
    }
  }

  /// A token of the full cache takes so many columns.
  private func scale(_ room: Int) -> Double {
    let most = max(1, state.longest)
    return room >= most ? Double(room / most) : Double(room) / Double(most)
  }

  private func draw(
    _ content: PolicyPane.Content, _ pane: PolicyPane, at point: Point, isAlone: Bool,
    on canvas: inout Canvas
  ) {
    let name = isAlone ? language("缓存", "cache") : pane.policy.text
    let style = Style(pane.policy == state.policy && !isAlone ? .selected : .dim)
    let behind = state.put([name], at: point, style, on: &canvas)
    let x =
      point.x
      + (isAlone
        ? ScalarWidth.of(glyphs.shown(name)) + 1 : max(Self.nameColumns, behind - point.x + 1))
    let words = sentences(content)
    let room = max(4, min(columns / 2, columns - (x - point.x) - 24))
    let step = content.step
    let token = Double(step.fullCacheBytes) / Double(max(1, step.length))
    let scale = scale(room)
    func length(_ bytes: Int) -> Int {
      token > 0 ? (Double(bytes) / token * scale).whole(in: 0...room) ?? 0 : 0
    }
    let (own, full) = (length(step.cacheBytes), length(step.fullCacheBytes))
    canvas.put(
      String(repeating: glyphs.read, count: own), at: Point(x, point.y), Style(.cached))
    if full > own {
      canvas.put(
        String(repeating: "-", count: full - own), at: Point(x + own, point.y), Style(.notNeeded))
    }
    let whole = (Double(max(1, state.longest)) * scale).whole(in: 1...max(1, room)) ?? room
    let textX = x + max(whole, own) + 2
    state.put(words, at: Point(textX, point.y), Style(.text), limit: point.x + columns, on: &canvas)
  }

  /// What the bar is in numbers, the longest wording first.
  private func sentences(_ content: PolicyPane.Content) -> [String] {
    let step = content.step
    let bytes = NumberText.bytes(step.cacheBytes)
    let of = bytes + " / " + NumberText.bytes(step.fullCacheBytes)
    return more(content).map { of + language("，", ", ") + $0 } + [of, bytes]
  }

  private func more(_ content: PolicyPane.Content) -> [String] {
    let step = content.step
    let policy = content.run.trace.lanes[1].cache ?? .full
    switch PolicyKind(policy) {
    case .full: return []
    case .window, .sinks, .h2o:
      let kept = content.pass.lanes[1].cacheTokens
      return [
        language(
          "留 \(kept) 格，丢 \(step.length - kept) 格", "\(kept) kept, \(step.length - kept) dropped")
      ]
    case .int8, .fp8, .kivi:
      guard step.fullCacheBytes > 0 else { return [] }
      return bits(Double(step.cacheBytes) / Double(step.fullCacheBytes) * 32, policy)
    case .paged:
      guard case .paged(let tokens) = policy.layout else { return [] }
      let slots = step.cacheBytes / max(1, step.fullCacheBytes / max(1, step.length))
      let (blocks, empty) = (slots / max(1, tokens), slots - step.length)
      let (block, slot) = (plural(blocks, "block"), plural(empty, "slot"))
      return [
        language("\(blocks) 块，空 \(empty) 格", "\(blocks) \(block), \(empty) \(slot) empty")
      ]
    }
  }

  /// The bits of a number, and what they are more than those of its type.
  private func bits(_ bits: Double, _ policy: CachePolicy) -> [String] {
    let all = language("每数 ", "") + NumberText.fixed(bits, 1) + language(" 位", " bits per number")
    if case .kivi(let own) = policy.format {
      return [
        language(
          "：旧的 \(own) + 缩放，最近 16 个以上原样 32",
          ": old ones \(own) + scales, the newest 16 or more exact, 32"),
        language("：最近 16 个以上原样 32", ": the newest 16 exact, 32"), language("，16 个原样", ", 16 exact"),
        "",
      ].map { all + $0 }
    }
    guard bits - 8 >= 0.05 else { return [all] }
    let scales = NumberText.fixed(bits - 8, 1)
    return [
      language("：8 + 缩放 \(scales)", ": 8 + \(scales) of scales"),
      language("（含缩放）", " (8 + scales)"), "",
    ].map { all + $0 }
  }
}
