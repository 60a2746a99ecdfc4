internal import Base

/// What the menu has besides lessons and runs: a row each, which a letter opens.
struct HomeTool: Sendable {
  /// The letter.
  let key: Character
  /// What it leads to.
  let tool: Tool
  /// What it is called.
  let title: @Sendable (Language) -> String
  /// What one does there.
  let summary: @Sendable (Language) -> String

  /// The tools, in the order of the menu.
  static let all = [
    HomeTool(
      key: "m", tool: .planner, title: { $0("内存规划", "Memory planner") },
      summary: { $0("一张卡装几个请求", "how many requests fit on a card") }),
    HomeTool(
      key: "g", tool: .growth, title: { $0("越写越贵", "Growth") },
      summary: { $0("两种运行随长度怎么涨", "what both runs take as a text grows") }),
    HomeTool(
      key: "p", tool: .phases, title: { $0("两个阶段", "Two phases") },
      summary: { $0("prefill 和 decode 各等什么", "what prefill and decode wait for") }),
    HomeTool(
      key: "c", tool: .conversation, title: { $0("多轮对话", "Conversation") },
      summary: { $0("重用前几轮，改一句看什么作废", "earlier turns reused; what an edit voids") }),
    HomeTool(
      key: "s", tool: .serving, title: { $0("一台服务器", "A server") },
      summary: { $0("几个请求一起服务", "requests that share a pool") }),
    HomeTool(
      key: "d", tool: .speculative, title: { $0("投机解码", "Speculative") },
      summary: { $0("小模型起草，大模型一次验", "one drafts, one verifies") }),
    HomeTool(
      key: "f", tool: .faults, title: { $0("弄坏缓存", "Broken caches") },
      summary: { $0("七种错，从画面里认出来", "seven faults, to be told by their pictures") }),
  ]
}
