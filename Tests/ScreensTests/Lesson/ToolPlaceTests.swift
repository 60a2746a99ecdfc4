import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// Where tools stand: what they say of it opens the same picture, and is said to a learner in words.
@Suite struct ToolPlaceTests {
  private static let size = Size(columns: 120, rows: 36)

  private static func option(_ name: String, _ place: [String]?) -> String? {
    place.flatMap { ToolLink("tool", $0).option(name) }
  }

  private static func press(_ keys: String, _ screen: inout some Screen) throws {
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
  }

  // MARK: The same picture

  @Test(
    "Growth: the steps, and squares or curves of what",
    arguments: [
      ("", "--step 7 --picture squares --axes"), ("Left Left", "--step 5 --picture squares --axes"),
      ("g", "--step 7 --picture cells --axes"), ("g f", "--step 7 --picture flops --axes"),
      ("g f f f End y", "--step 24 --picture seconds --axes linear"),
    ])
  func growth(keys: String, expected: String) throws {
    let screen = try GrowthScreenTests.screen(size: Self.size, keys: keys)
    let options = try #require(screen.place)
    #expect(options == expected.split(separator: " ").map(String.init))
    var place = GrowthPlace()
    place.step = Self.option("--step", options).flatMap { Int($0) }
    place.picture = try #require(
      Self.option("--picture", options).flatMap { GrowthPlace.Picture(rawValue: $0) })
    place.axes =
      Self.option("--axes", options).flatMap { GrowthPlace.Axes(rawValue: $0) } ?? .logarithmic
    var other = GrowthScreen(GrowthScreenTests.start, at: place, Look())
    _ = other.update(.resized(Self.size))
    _ = other.update(
      .findings(.growth(GrowthScreenTests.growth(steps: 24, until: [32, 100]))))
    #expect(other.view(Self.size, Look()) == screen.view(Self.size, Look()))
  }

  @Test(
    "Prefill and decode: the passes that are looked at, and the machine; a model that is not run has no place",
    arguments: [
      ("", "--prompt-tokens 256 --context 255 --batch 1"),
      ("Right Down p", "--prompt-tokens 16 --context 15 --batch 2"),
      ("g", "--prompt-tokens 256 --context 255 --batch 1 --machine card"),
      ("g h", "--prompt-tokens 256 --context 255 --batch 1"), ("m", nil), ("m g", nil),
    ])
  func phases(keys: String, expected: String?) throws {
    let screen = try PhasesScreenTests.screen(keys: keys)
    #expect(screen.place == expected?.split(separator: " ").map(String.init))
  }

  @Test("Prefill and decode begin at the number of sequences that is given, the others beside it")
  func batch() throws {
    let start = PhasesStart(
      model: "made-up", prompts: [16, 256], contexts: [15, 255], batches: [1, 2], batch: 2,
      machines: [])
    var screen = PhasesScreen(start, Look())
    for batch in 1...2 {
      #expect(screen.question == .phases(batch: batch))
      _ = screen.update(.findings(.phases(PhasesScreenTests.phases(batch: batch))))
    }
    #expect(screen.question == nil && Self.option("--batch", screen.place) == "2")
    try Self.press("Left", &screen)
    #expect(Self.option("--batch", screen.place) == "1")
  }

  @Test(
    "The forms of attention: step and form",
    arguments: [
      ("", "--step 20 --form mha"), ("Left Left Tab", "--step 18 --form gqa"),
      ("Home Up", "--step 1 --form mla"),
    ])
  func attention(keys: String, expected: String) throws {
    let screen = try AttentionScreenTests.screen(keys: keys)
    let options = try #require(screen.place)
    #expect(options == expected.split(separator: " ").map(String.init))
    var place = AttentionPlace()
    place.step = Self.option("--step", options).flatMap { Int($0) }
    place.form = try #require(
      Self.option("--form", options).flatMap { AttentionPlace.Form(rawValue: $0) })
    var other = try AttentionScreen(at: place, Look())
    _ = other.update(.findings(.attention(try AttentionScreenTests.forms.get())))
    #expect(other.place == options)
    // Another step was gone to by a key: only the marks of the ends of the text differ.
    #expect(other.view(Self.size, Look()) == screen.view(Self.size, Look()))
  }

  @Test("The columns of the forms stand in the order of their names")
  func forms() throws {
    let names = try AttentionScreenTests.forms.get().map { $0.name.lowercased() }
    #expect(names == AttentionPlace.Form.allCases.map(\.rawValue))
  }

  @Test("Broken caches: the fault and the step; a round of the game has no place")
  func faults() throws {
    let screen = try FaultsScreenTests.screen(
      Look(), .keysOnly, size: Self.size, keys: "Home Right")
    #expect(screen.place == ["keys-only", "--step", "2"])
    let start = FaultsStart(model: "tiny-zh", fault: .keysOnly, seed: 3, isGame: false, step: 2)
    var other = FaultsScreen(start, Look())
    _ = other.update(.resized(Self.size))
    try FaultsScreenTests.answer(&other)
    #expect(other.place == screen.place)
    #expect(other.view(Self.size, Look()) == screen.view(Self.size, Look()))
    #expect(try FaultsScreenTests.screen(Look(), nil).place?.first == "none")
    #expect(try FaultsScreenTests.screen(isGame: true).place == nil)
  }

  @Test("A conversation: the turns of the script that were asked; what was typed has no place")
  func conversation() throws {
    var talk = try ConversationScreenTests.Talk()
    talk.compares = false
    #expect(talk.screen.place == ["--turns", "0"])
    try talk.press("Enter Enter")
    #expect(talk.screen.place == ["--turns", "2"])
    var other = try ConversationScreenTests.Talk(turns: 2)
    other.compares = false
    try other.settle()
    #expect(other.screen.place == talk.screen.place)
    #expect(other.text() == talk.text())
    try other.press("Enter")
    #expect(other.screen.place == ["--turns", "3"], "the script goes on behind what was played")
    try other.press("p x Enter")
    #expect(other.screen.place == nil)
  }

  @Test("A conversation that plays goes through edits, and is stopped by a key")
  func playing() throws {
    let script: [ConversationEntry] = [
      .question("你好！"), .edit(turn: 1, question: "谢谢！"), .question("再见！"),
    ]
    var talk = try ConversationScreenTests.Talk(script: script, turns: 3)
    talk.compares = false
    try talk.settle()
    #expect(talk.text().contains("再见！") && talk.screen.question.isComparison)
    #expect(talk.screen.place == nil)
    var stopped = try ConversationScreenTests.Talk(turns: 3)
    stopped.compares = false
    try stopped.press("Escape")
    #expect(stopped.screen.place == ["--turns", "0"] && stopped.screen.question == nil)
  }

  // MARK: In words

  private static func words(_ line: String, _ language: Language) throws -> String {
    PlaceWords(language: language).text(try #require(ToolLink(line)))
  }

  @Test("Every option that a lesson may give a tool has a name in both languages")
  func complete() throws {
    for tool in LessonTool.all {
      for option in tool.valued {
        let words = try #require(
          PlaceWords(language: .english).words(of: option, tool.command),
          "\(tool.command) \(option)")
        for language in Language.allCases {
          #expect(!words("3", language).contains("--"), "\(tool.command) \(option)")
        }
      }
      for name in tool.names {
        for language in Language.allCases {
          #expect(try !Self.words("\(tool.command) \(name)", language).contains("-"), "\(name)")
        }
      }
    }
  }

  @Test(
    "A place is said as its screen calls it",
    arguments: [
      ("lab --policy window:4 --step 13", "窗口 4，第 13 步", "window 4, step 13"),
      ("lab --policy sinks:1+5,int8", "开头 1 + 最近 5、int8", "first 1 + newest 5 and int8"),
      ("lab --policy speculative:8", "起草 8 个", "drafts 8"),
      ("lab --policy full --head 4", "全部留着，第 4 个头", "full cache, head 4"),
      (
        "memory --gpu a10 --batch 8 --dtype int8", "机器 A10，请求 8，缓存 INT8",
        "machine A10, requests 8, cache INT8"
      ),
      ("memory --gpu-utilization 0.92", "用 92%", "use 92%"),
      ("growth --step 12 --picture flops", "第 12 步，FLOP 的曲线", "step 12, curves of FLOP"),
      ("phases --batch 8 --context 255", "批 8，前文 255", "batch 8, context 255"),
      ("chat --turns 1", "1 轮", "1 turn"), ("chat --turns 3", "3 轮", "3 turns"),
      ("attention --step 5 --form mla", "第 5 步，MLA", "step 5, MLA"),
      ("fault mask-off --step 2", "没有掩码，第 2 步", "no mask, step 2"),
      ("fault none --prompt \"a b\"", "没有弄坏，提示词「a b」", "not broken, prompt “a b”"),
      ("lab --unknown 3", "--unknown 3", "--unknown 3"),
    ])
  func said(line: String, chinese: String, english: String) throws {
    #expect(try Self.words(line, .chinese) == chinese)
    #expect(try Self.words(line, .english) == english)
  }
}

extension Question? {
  fileprivate var isComparison: Bool {
    guard case .conversation(let question) = self else { return false }
    switch question {
    case .emptied, .uncached: return true
    default: return false
    }
  }
}
