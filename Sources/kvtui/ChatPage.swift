internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// What a conversation prints: a line of JSON or a page for each turn, every number counted in the passes just made.
struct ChatPage {
  let tokenizer: Tokenizer
  let look: Look
  /// Whether there are several conversations, so that each turn says of which it is.
  let hasSeveral: Bool

  private var language: Language { look.language }

  /// A turn as programs read it.
  func json(_ turn: ConversationTurn, conversation: Int) -> JSONText {
    let flops: [(String, JSONText)] = [
      ("with_reuse", .integer(turn.withReuse)),
      ("without_reuse", turn.withoutReuse.map { .integer($0) } ?? .null),
    ]
    return .object(
      [("type", .string("turn")), ("turn", .integer(turn.number))]
        + (hasSeveral ? [("conversation", .integer(conversation))] : []) + [
          ("question", .string(turn.question)), ("answer", .string(turn.answer)),
          ("prompt_tokens", .integer(turn.prompt.count)), ("reused_tokens", .integer(turn.reused)),
          ("computed_tokens", .integer(turn.computed)), ("flops", .object(flops)),
          ("cache_bytes", .integer(turn.cacheBytes)),
        ])
  }

  /// A turn as people read it.
  func text(_ turn: ConversationTurn, conversation: Int) -> String {
    let place = language("第 \(turn.number) 轮", "turn \(turn.number)")
    let title =
      hasSeveral ? language("对话 \(conversation)，", "conversation \(conversation), ") + place : place
    let counts = language(
      "\(look.glyphs.read) 重用 \(turn.reused)   \(look.glyphs.computed) 新算 \(turn.computed)（问 \(turn.prompt.count - turn.reused)，答 \(turn.fed)）",
      "\(look.glyphs.read) reused \(turn.reused)   \(look.glyphs.computed) computed \(turn.computed) (asked \(turn.prompt.count - turn.reused), answered \(turn.fed))"
    )
    let lines =
      [
        look.row("问", "asked", look.glyphs.shown(turn.question)),
        look.row("答", "answered", look.glyphs.shown(turn.answer)),
      ] + strip(turn)
      + [
        look.row("", "", look.glyphs.adapted(counts)),
        look.row("FLOP", "FLOP", flops(turn.withReuse, turn.withoutReuse)),
        look.row("KV 缓存", "KV cache", NumberText.bytes(turn.cacheBytes)),
      ]
    return look.glyphs.adapted(title) + "\n" + lines.joined(separator: "\n") + "\n\n"
  }

  /// What all turns come to.
  func total(_ turns: [ConversationTurn]) -> String {
    let with = turns.reduce(0) { $0 + $1.withReuse }
    let counted = turns.compactMap(\.withoutReuse)
    let without = counted.count == turns.count ? counted.reduce(0, +) : nil
    let agrees =
      turns.allSatisfy(\.agrees)
      ? language("重用与否，回答一字不差", "the same answers with reuse and without")
      : language("重用与否，回答不同", "other answers with reuse than without")
    let title = language("共 \(turns.count) 轮", "\(turns.count) turns in all")
    let computed = turns.reduce(0) { $0 + $1.computed }
    let all = turns.reduce(0) { $0 + $1.prompt.count + $1.fed }
    let tokens = language(
      "\(computed)，不重用 \(all)", "\(computed), \(all) without reuse")
    return look.glyphs.adapted(title) + "\n"
      + [
        look.row("新算", "computed", look.glyphs.adapted(tokens)),
        look.row("FLOP", "FLOP", flops(with, without)),
        look.row("", "", look.glyphs.adapted(agrees)),
      ].joined(separator: "\n") + "\n"
  }

  /// The tokens that the cache holds after a turn: what was there, and what was computed.
  private func strip(_ turn: ConversationTurn) -> [String] {
    let cells =
      Array(repeating: look.glyphs.read, count: turn.reused)
      + Array(repeating: look.glyphs.computed, count: turn.computed)
    return look.strip("词元", "tokens", cells)
  }

  private func flops(_ with: Int, _ without: Int?) -> String {
    guard let without else { return NumberText.count(with) }
    let saved = NumberText.saved(with, of: without)
    return look.glyphs.adapted(
      language(
        "\(NumberText.count(with))，不重用 \(NumberText.count(without))，省下 \(saved)",
        "\(NumberText.count(with)), \(NumberText.count(without)) without reuse, \(saved) saved"))
  }
}
