internal import Base
internal import Viz

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
  /// What is pressed before its own screen is shown small; nil where it is not.
  var keys: [Key]?

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
      }, keys: [.enter, .enter, .enter, .enter]),
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
      summary: { $0("慢在算，还是慢在搬", "what limits each") },
      story: {
        $0(
          "先量这台机器每秒能算多少、搬多少，再看 prefill 和 decode 落在屋顶的哪一段；改长度、批和模型，看点怎么走。",
          "What this machine computes and moves in a second is measured; then see where prefill and decode stand under that roof, and move them by length, batch and model."
        )
      }),
    HomeTool(
      key: "x", tool: .policies, title: { $0("实验室", "Lab") },
      summary: { $0("少留些，还答得对吗", "keeping less") },
      story: {
        $0(
          "换一种缓存：只留最近的、留开头几个、留最常看的、用更少的位数；旁边是完整缓存，看丢了什么、下一个字变没变。",
          "Another cache: the newest tokens, the first and the newest, those looked at most, or fewer bits; beside the full one, see what is lost and whether the next token changes."
        )
      }, keys: []),
    HomeTool(
      key: "a", tool: .attention, title: { $0("注意力四式", "Attention") },
      summary: { $0("MHA 到 MLA，各存多少", "MHA to MLA") },
      story: {
        $0(
          "同一段文字，四个模型各跑一遍：几个头共用一份 K、V，每个词元存多少字节。",
          "One text, four models: how many heads share K and V, and how many bytes a token takes."
        )
      }, keys: []),
    HomeTool(
      key: "s", tool: .serving, title: { $0("一台服务器", "A server") },
      summary: { $0("几个请求一起服务", "a shared pool") },
      story: {
        $0(
          "几个请求随到随排，缓存切成块，开头相同的共用；换块大小、每步的预算，看谁等谁、空了多少。",
          "Requests are served as they come, their caches in blocks, equal beginnings shared; change block size and budget, and see who waits and what lies empty."
        )
      }, keys: []),
    HomeTool(
      key: "d", tool: .speculative, title: { $0("投机解码", "Speculative") },
      summary: { $0("小模型起草，大模型验", "draft, verify") },
      story: {
        $0(
          "小模型先写几个字，大模型一遍全验；收下几个、裁掉几个、少走几步，文字一字不差。",
          "A small model drafts, the large one verifies all in a pass; see what is kept, what is cropped, and how many passes it saves. The text is the same."
        )
      }, keys: []),
    HomeTool(
      key: "f", tool: .faults, title: { $0("弄坏缓存", "Broken caches") },
      summary: { $0("从画面里找出错", "find the fault") },
      story: {
        $0(
          "故意弄坏缓存，七种坏法选一种，或者抽一种来猜：从哪一步、哪一层起不同，文字又在什么时候才变。",
          "Break the cache on purpose, one of seven ways, or have one drawn and find it: where the runs part, by layer and step, and when the text changes."
        )
      }, keys: []),
  ]
}
