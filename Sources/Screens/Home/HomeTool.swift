internal import Base

/// What the menu has besides lessons: a row each, which a letter opens.
struct HomeTool: Sendable {
  /// Words in a language.
  typealias Words = @Sendable (Language) -> String

  /// The letter.
  let key: Character
  /// What it leads to; nil for a run.
  let tool: Tool?
  /// What it is called.
  let title: Words
  /// What one does there.
  let summary: Words
  /// What one turns there and what one sees, in a sentence or two.
  var story: Words?
  /// What its picture is worked out from; nil where it has none.
  var picture: HomeQuestion?

  var destination: Destination { tool.map { .tool(ToolPlace($0)) } ?? .run }

  /// The tools, in the order of the menu.
  static let all = [
    HomeTool(
      key: "r", tool: nil, title: { $0("自由运行", "Free run") },
      summary: { $0("换成自己的一句话", "your own text") },
      story: {
        $0(
          "→ 走一步，两边各算一遍：左边每步从头算，右边只算新来的。/ 换成自己的话，i 看一格的算式，p 先猜下一步。",
          "Each step is computed twice: anew, and with the cache. / runs a text of your own, i opens a cell, p lets you guess first."
        )
      }, picture: .freeRun),
    HomeTool(
      key: "v", tool: .recordings, title: { $0("录像", "Recordings") },
      summary: { $0("存下的运行，原样重放", "your kept runs") },
      story: {
        $0(
          "运行时按 w 存成 .kvtrace 文件；在这里列出，Enter 原样重放，按键与运行时相同。",
          "w in a run keeps it as a .kvtrace file; they are listed here, and Enter plays one with the keys of a run."
        )
      }, picture: .recordings),
    HomeTool(
      key: "m", tool: .planner, title: { $0("内存规划", "Memory planner") },
      summary: { $0("一张卡装几个请求", "requests per card") },
      story: {
        $0(
          "换模型、显卡、长度、精度，看一张卡先装权重，再一个一个装请求的缓存，装到放不下为止。",
          "Change model, card, length and type, and see a card fill with weights, then with the cache of one request after the other."
        )
      }, picture: .planner),
    HomeTool(
      key: "c", tool: .conversation, title: { $0("多轮对话", "Conversation") },
      summary: { $0("每轮重用多少", "what turns reuse") },
      story: {
        $0(
          "写一轮，或放四轮写好的；看每轮重用多少、新算多少。改一句，看哪些缓存作废。",
          "Type a turn, or play the four that are written; see what each reuses and computes. Edit one, and see what is void."
        )
      }),
    HomeTool(
      key: "g", tool: .growth, title: { $0("越写越贵", "Growth") },
      summary: { $0("140 对 28，长了以后呢", "140 against 28") },
      story: {
        $0(
          "两种运行一步一步地数：格子堆成两堆，再长就画成曲线，斜率读得出来。",
          "Both runs, counted step by step: cells in two piles, then curves whose slopes can be read."
        )
      }, picture: .growth),
    HomeTool(
      key: "p", tool: .phases, title: { $0("两个阶段", "Two phases") },
      summary: { $0("慢在算，还是慢在搬", "what each waits for") },
      story: {
        $0(
          "先量这台机器每秒能算多少、搬多少，再看 prefill 和 decode 落在屋顶的哪一段；改长度、批和模型，看点怎么走。",
          "What this machine computes and moves in a second is measured; then see where prefill and decode stand under that roof, and move them by length, batch and model."
        )
      }),
    HomeTool(
      key: "s", tool: .serving, title: { $0("一台服务器", "A server") },
      summary: { $0("几个请求一起服务", "a shared pool") },
      story: {
        $0(
          "几个请求合用一池块：一步一列，看谁在 prefill、谁在 decode，哪些块共用，哪里空着。",
          "Requests over one pool of blocks: a step a column. See who prefills, who decodes, which blocks are shared and what stays empty."
        )
      }),
    HomeTool(
      key: "d", tool: .speculative, title: { $0("投机解码", "Speculative") },
      summary: { $0("小模型起草，大模型验", "draft, then verify") },
      story: {
        $0(
          "小模型先写几个字，大模型一遍验完：看哪些被接受，哪些从缓存里裁掉，省下几步、多算多少。",
          "A small model drafts, the large one verifies in one pass: see what is accepted, what is cropped from the cache, and what that saves and costs."
        )
      }),
  ]
}
