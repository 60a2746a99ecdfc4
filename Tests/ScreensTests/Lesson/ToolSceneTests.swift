import Base
import Planner
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A tool in the place of a lesson's run: drawn beside the text, gone into, asked about, and set.
@Suite struct ToolSceneTests {
  static let planner = "memory --model llama-7b --gpu a10 --context 4096 --batch 4"
  static let lab = "lab --policy window:4 --step 13"
  private static let int8 = "\(planner) --dtype int8"

  private static let number = Classroom.quiz(
    "id: fits\nkind: number\nat: \(int8)\nask: INT8 放得下几个请求？\nanswer: tool('requests_fit')\n"
      + "why: 放得下 {{tool('requests_fit')}} 个。")
  private static let free = Classroom.quiz(
    "id: free\nkind: number\nask: 现在放得下几个？\nanswer: tool('requests_fit')\nwhy: 好")
  private static let setting = Classroom.quiz(
    "id: set\nkind: setting\nat: \(int8)\nask: 调到放得下 8 个。\n"
      + "answer: tool('requests_fit') >= 8 and place('context') == 4096\n"
      + "replies:\n  place('context') < 4096: 请求变短了，只有 {{place('context')}} 个词元。\n"
      + "why: 放得下 {{tool('requests_fit')}} 个。")

  // MARK: A lesson with the tools of the program

  /// A tool opened as its command says.
  static func screen(_ place: ToolPlace, _ look: Look) throws -> any Screen {
    func option(_ name: String) -> String? {
      place.arguments.firstIndex(of: name).map { place.arguments[$0 + 1] }
    }
    if place.tool == .faults {
      let fault = place.arguments.first.flatMap(Fault.init(rawValue:))
      return try FaultsScreenTests.screen(look, fault)
    }
    guard place.tool == .planner else {
      return try PoliciesScreenTests.screen(look, policy: option("--policy") ?? "window:4")
    }
    var question = MemoryQuestion(
      try #require(try Catalogue.model(option("--model") ?? "llama-7b")))
    question.context = option("--context").flatMap { Int($0) }
    question.batch = option("--batch").flatMap { Int($0) } ?? 1
    question.cacheType = option("--dtype").flatMap { Precision(rawValue: $0) } ?? .fp16
    return PlannerScreen(
      try PlannerState(question, machine: try Catalogue.machine(option("--gpu") ?? "a10"), look))
  }

  static func lesson(
    _ body: String = "", tool: String = planner, knobs: String = "", language: Language = .chinese
  ) throws -> Lesson {
    try Material.lesson(
      "四个请求的缓存是 {{tool('\(tool == lab ? "[step=13].cache_bytes" : "cache_bytes")')}} 字节。\n\n"
        + body,
      scene: "id: two\nstep: 3\ntool: \(tool)" + (knobs.isEmpty ? "" : "\nknobs: [\(knobs)]"),
      language: language)
  }

  /// The lesson at its second screen with its tool, and the loop around it.
  struct Loop: Screen {
    private(set) var screen: LessonScreen
    private(set) var shown: ShownTool?
    private(set) var look: Look
    private(set) var kept: [LessonState] = []

    init(_ lesson: Lesson, _ look: Look = Look(), size: Size = Size(columns: 80, rows: 24)) throws {
      var progress = LessonProgress()
      progress.current = "two"
      self.look = look
      screen = LessonScreen(
        LessonState(
          lesson, progress: progress, look: look,
          traces: try BundledRuns().runs(of: lesson.steps[1].scene)))
      _ = update(.resized(size))
    }

    mutating func update(_ message: Message) -> [Effect] {
      let effects = screen.update(message)
      for effect in effects {
        switch effect {
        case .askTool(let link):
          let facts = ToolFacts(of: [link], BuiltProgram.facts)
          _ = update(.toolFacts(facts))
        case .setLook(let look): self.look = look
        case .keep(let state): kept.append(state)
        default: break
        }
      }
      let wanted = screen.shownTool
      guard wanted != shown else { return effects }
      shown = wanted
      if let wanted, let tool = try? ToolSceneTests.screen(wanted.place, look) {
        _ = update(.shownTool(wanted, tool))
      }
      return effects
    }

    mutating func press(_ keys: String) throws {
      for name in keys.split(separator: " ") {
        _ = update(.key(try #require(Key(tmuxName: String(name)))))
      }
    }

    var waits: Waits { screen.waits }
    var question: Question? { screen.question }
    func view(_ size: Size, _ look: Look) -> Canvas { screen.view(size, look) }

    func text(_ columns: Int = 80, _ rows: Int = 24) -> String {
      view(Size(columns: columns, rows: rows), look).plainText
    }

    /// The planner's knobs as they stand.
    var knobs: [String]? { screen.state.toolScreen?.place }
    func knob(_ name: String) -> String? {
      knobs.flatMap { knobs in knobs.firstIndex(of: "--" + name).map { knobs[$0 + 1] } }
    }
  }

  // MARK: Beside the text

  @Test("The tool stands beside the text without its title and its keys, and prose has its facts")
  func beside() throws {
    let text = try Loop(Self.lesson()).text()
    #expect(text.contains("8589934592") && text.contains("权重 13.48 GB"))
    #expect(!text.contains("内存规划") && !text.contains("Tab  下一项"))
    #expect(text.contains(" o  动手试"))
  }

  @Test("Keys of the run and of the tool are refused until one goes in")
  func outside() throws {
    for key in ["Right", "]", "i", "g", "k"] {
      var loop = try Loop(Self.lesson())
      let before = loop.knobs
      try loop.press(key)
      #expect(loop.text().contains("先按 o"), "\(key)")
      #expect(loop.knobs == before)
    }
  }

  // MARK: Inside

  @Test("o goes in, keys turn knobs, q comes back, and the tool stays as it was left")
  func inside() throws {
    var loop = try Loop(Self.lesson())
    try loop.press("o Up Up")
    let inside = loop.text()
    #expect(inside.hasPrefix(" 第二屏") && inside.contains(" q  返回") && loop.knob("batch") == "6")
    try loop.press("q")
    let outside = loop.text()
    #expect(outside.contains("第 1 课") && outside.squeezed.contains("b 请求 6"))
    try loop.press("o Up")
    #expect(loop.knob("batch") == "7")
  }

  @Test("From 100 columns on the text stays beside the tool, below them the tool has the screen")
  func widths() throws {
    var loop = try Loop(Self.lesson(), size: Size(columns: 100, rows: 30))
    try loop.press("o")
    #expect(loop.text(100, 30).contains("四个请求的缓存"))
    #expect(!loop.text(99, 30).contains("四个请求的缓存"))
  }

  @Test("Keys that the lesson does not give are refused by a word that names the others")
  func knobs() throws {
    var loop = try Loop(Self.lesson(knobs: "b, n"))
    try loop.press("o m")
    #expect(loop.text().contains("只用这些键：b n"))
    #expect(loop.text().contains("Llama-7B"))
    try loop.press("Up")
    #expect(loop.knob("batch") == "5", "arrows always work")
    try loop.press("Tab Up Tab Up Tab Up Tab Up")
    #expect(loop.knob("model") == "llama-7b" && loop.knob("gpu") == "a10", "among what is given")
    try loop.press("?")
    let help = loop.text()
    #expect(help.contains("同时几个请求") && !help.contains("K、V 用什么类型存"))
    let before = loop.knobs
    try loop.press("q 8 1 9 2 Enter")
    #expect(loop.knobs == before, "a digit was not given")
  }

  @Test("Theme and language reach the lesson and the tool, from the text and from the tool")
  func look() throws {
    var loop = try Loop(Self.lesson())
    try loop.press("t")
    #expect(loop.look.theme == .light)
    try loop.press("o t")
    #expect(loop.look.theme == .projector)
    try loop.press("L")
    #expect(loop.look.language == .english && loop.text().contains("weights 13.48 GB"))
  }

  @Test("What the tool asks is the lesson's question, and what was worked out is the tool's")
  func work() throws {
    let lesson = try Self.lesson(tool: Self.lab)
    var screen = try Loop(lesson).screen
    let shown = try #require(screen.shownTool)
    #expect(shown.place == ToolPlace(.policies, ["--policy", "window:4", "--step", "13"]))
    var place = PoliciesPlace()
    place.step = 13
    _ = screen.update(
      .shownTool(shown, PoliciesScreen(try CachePolicy("window:4"), at: place, Look())))
    #expect(screen.question == .policies(PolicyQuestion(try CachePolicy("window:4"), nil)))
    #expect(screen.waits.refresh != nil)
    var answer = PolicyAnswer()
    let policy = try CachePolicy("window:4")
    answer.put(policy, .run(try PoliciesScreenTests.run(policy, "tiny-zh", .shared)))
    _ = screen.update(.findings(.policies(answer)))
    #expect(screen.question == nil && screen.waits.refresh == nil)
    // What it works out by itself turns nothing; a key does.
    let beginning = screen.state.tool?.beginning
    #expect(beginning == screen.state.standing && beginning?.option("--step") == "13")
    _ = screen.update(.key(.character("o")))
    _ = screen.update(.key(.left))
    #expect(screen.state.standing?.option("--step") == "12")
    #expect(screen.state.tool?.beginning == beginning)
    #expect(screen.view(Size(columns: 80, rows: 24), Look()).plainText.contains("window:4"))
  }

  @Test("A tool that cannot be opened says why in its place, and the lesson goes on")
  func refusal() throws {
    let lesson = try Self.lesson()
    var progress = LessonProgress()
    progress.current = "two"
    var other = LessonScreen(
      LessonState(
        lesson, progress: progress, look: Look(),
        traces: try BundledRuns().runs(of: lesson.steps[1].scene)))
    _ = other.update(.failed(Refusal()))
    #expect(other.view(Size(columns: 80, rows: 24), Look()).plainText.contains("这不行"))
    _ = other.update(.key(.character("o")))
    #expect(!other.view(Size(columns: 80, rows: 24), Look()).plainText.contains("返回"))
  }

  // MARK: Questions

  @Test("A question of the place where the tool stands can be answered with the tool")
  func free() throws {
    var loop = try Loop(Self.lesson(Self.free))
    try loop.press("o")
    #expect(loop.text().hasPrefix(" ? 现在放得下几个？"))
    try loop.press("q 4 Enter")
    #expect(loop.text().contains("✓ 对"))
  }

  @Test("A question of another place keeps one out until it is answered; then the picture is there")
  func place() throws {
    var loop = try Loop(Self.lesson(Self.number))
    #expect(!loop.text().contains(" o  动手试"))
    try loop.press("o")
    #expect(loop.text().contains("先作答"))
    #expect(loop.text().squeezed.contains("k 缓存 FP16"))
    try loop.press("9 Enter")
    #expect(loop.text().contains("放得下 9 个") && loop.text().squeezed.contains("k 缓存 INT8"))
    try loop.press("o")
    #expect(loop.text().contains(" q  返回"))
  }

  @Test("A setting is judged where the tool stands, with a reply to what is known to be wrong")
  func setting() throws {
    var loop = try Loop(Self.lesson(Self.setting))
    try loop.press("o n Down Down Enter")
    let wrong = loop.text(100, 30)
    #expect(wrong.contains("✗ 长度 1024") && wrong.contains("请求变短了，只有 1024"))
    #expect(loop.kept.last?.quizzes["set"]?.outcome == .open)
    try loop.press("o Up Up k Down Down Enter")
    let right = loop.text(100, 30)
    #expect(loop.knob("dtype") == "int8" && right.contains("✓ 对") && right.contains("放得下 9 个"))
    #expect(loop.kept.last?.results["set"] == .helped)
  }

  @Test("Enter before anything was turned, or was turned anew, costs no try")
  func untouched() throws {
    var loop = try Loop(Self.lesson(Self.setting))
    func mistakes() -> Int { loop.screen.state.quizzes["set"]?.mistakes ?? 0 }
    for keys in ["Enter", "o Enter", "Up Down Enter"] {
      try loop.press(keys)
      let words = keys == "Enter" ? "先按 o 进图里" : "先转旋钮"
      #expect(mistakes() == 0 && loop.text().contains(words), "\(keys)")
    }
    try loop.press("n Down Down Enter")
    #expect(mistakes() == 1)
    #expect(loop.text().contains("按 o 接着调"))
    try loop.press("Enter o Enter")
    #expect(mistakes() == 1 && loop.text().contains("先转旋钮"))
    try loop.press("Down Enter")
    #expect(loop.screen.state.quizzes["set"]?.outcome == .shown, "another setting is another try")
  }

  @Test("What is said to a setting has its numbers, wherever the picture goes then")
  func numbersOfReply() throws {
    var loop = try Loop(Self.lesson(Self.setting))
    try loop.press("o n Down Down Enter o Down Enter")
    #expect(loop.screen.state.quizzes["set"]?.outcome == .shown)
    let text = loop.text(120, 36)
    #expect(text.contains("✗ 长度 512：请求变短了，只有 512 个词元"), "\(text)")
    #expect(loop.knob("dtype") == "int8" && loop.knob("context") == "4096")
  }

  @Test("Whoever comes back to a setting that was right finds it, in words and in the picture")
  func comingBack() throws {
    let body = Self.setting.replacing("why: 放得下", with: "why: \"{{place('dtype')}} 放得下")
      .replacing("个。\n```", with: "个。\"\n```")
    var loop = try Loop(Self.lesson(body))
    try loop.press("o k Down Down Down Enter")
    let type = try #require(loop.knob("dtype"))
    #expect(loop.screen.state.quizzes["set"]?.outcome == .right && type != "int8")
    try loop.press("q n")
    let lesson = loop.screen.state.lesson
    _ = loop.update(.scene(try BundledRuns().runs(of: lesson.steps[2].scene)))
    try loop.press("b")
    _ = loop.update(.scene(try BundledRuns().runs(of: lesson.steps[1].scene)))
    #expect(loop.knob("dtype") == type)
    #expect(loop.text(120, 36).contains("\(type) 放得下"), "\(loop.text(120, 36))")
  }

  @Test("Who only looks around in a tool has turned nothing, unless where one looks is asked")
  func looking() throws {
    for (answer, isAsked) in [("place('policy') == 'int8'", false), ("place('step') == 1", true)] {
      let setting = Classroom.quiz(
        "id: set\nkind: setting\nat: lab --policy int8 --step 1\nask: 调\nanswer: \(answer)\n"
          + "replies:\n  place('policy') != 'int8': 不是\nwhy: 好")
      var loop = try Loop(Self.lesson(setting, tool: Self.lab))
      let before = loop.knob("step")
      try loop.press("o Left Enter")
      #expect(loop.knob("step") != before)
      #expect(loop.screen.state.quizzes["set"]?.mistakes == (isAsked ? 1 : 0), "\(answer)")
    }
  }

  @Test("Who gives up a setting sees one that is right, turned in the picture")
  func givingUp() throws {
    var loop = try Loop(Self.lesson(Self.setting))
    try loop.press("s")
    let text = loop.text(100, 30)
    #expect(text.contains("答案 缓存 INT8") && loop.knob("dtype") == "int8")
    #expect(loop.kept.last?.results["set"] == .shown)
  }

  @Test("Enter belongs to a number that is typed before it answers")
  func typing() throws {
    var loop = try Loop(Self.lesson(Self.setting))
    try loop.press("o n 9 9 Enter")
    #expect(loop.knob("context") == "99" && loop.kept.last?.quizzes["set"]?.outcome == .open)
    try loop.press("Enter")
    #expect(loop.text(140, 36).contains("只有 99 个词元"))
  }

  @Test("A line of options answers a setting where there are no keys")
  func lines() throws {
    var state = try Loop(Self.lesson(Self.setting)).screen.state
    state.answer(line: "batch 8")
    #expect(state.request == nil && state.notice != nil)
    state.answer(line: "--model ../x")
    #expect(state.request == nil)
    state.answer(line: "--dtype fp8")
    guard case .facts(let link)? = state.request else {
      Issue.record("nothing is asked")
      return
    }
    #expect(link.line == Self.planner + " --dtype fp8")
    state.receive(ToolFacts(of: [link], BuiltProgram.facts))
    #expect(state.results["set"] == .right)
  }

  // MARK: Coming and going

  @Test("An edited file and another language keep the tool as it is; another screen begins anew")
  func staying() throws {
    var loop = try Loop(Self.lesson())
    try loop.press("o Up")
    let lesson = try Self.lesson(language: .english)
    let runs = try BundledRuns().runs(of: lesson.steps[1].scene)
    _ = loop.update(.lesson(lesson, runs, isEdited: true))
    #expect(loop.knob("batch") == "5" && loop.screen.state.isInTool)
    try loop.press("q n")
    _ = loop.update(.scene(try BundledRuns().runs(of: lesson.steps[2].scene)))
    #expect(loop.screen.shownTool == nil)
    try loop.press("b")
    _ = loop.update(.scene(runs))
    #expect(loop.knob("batch") == "4")
  }

  @Test("The loop opens the tool with its work, and lets go of it on another screen")
  func loop() throws {
    let work = FakeWork { _ in .growth(Growth()) }
    var places: [ToolPlace] = []
    let lesson = try Material.lesson(
      "", scene: "id: two\nstep: 3\ntool: memory --model llama-7b --gpu a10")
    let services = Services(
      course: OneLesson(lesson),
      tool: { place, look in
        places.append(place)
        return OpenTool(PlannerScreen(try PlannerState(look)), work)
      }, stamp: { _ in nil }
    ) { throw Refusal() }
    var app = try App(opening: .lesson("01-test"), Look(), services)
    let display = StagedDisplay(.keys("n o Up q n b"))
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    let place = ToolPlace(.planner, ["--model", "llama-7b", "--gpu", "a10"])
    #expect(places == [place, place])
    #expect(texts[1].contains("权重") && texts[4].squeezed.contains("b 请求 5"))
    #expect(!texts[5].contains("权重") && texts[6].squeezed.contains("b 请求 4"))
  }

  // MARK: On a wall, on paper

  @Test("On a wall and for who follows the tool stands at its place, and goes where the answer is")
  func wall() throws {
    let lesson = try Self.lesson(Self.number)
    var wall = try Wall(lesson, step: "two")
    func bring() throws {
      let shown = try #require(wall.screen.shownTool)
      _ = wall.update(.shownTool(shown, try Self.screen(shown.place, Look())))
    }
    try bring()
    #expect(wall.text(120, 36).contains("权重 13.48 GB"))
    try wall.press("x x")
    #expect(wall.screen.shownTool?.place.arguments.suffix(2) == ["--dtype", "int8"])
    try bring()
    #expect(wall.text(160, 50).contains("INT8"))
    for size in [Size(columns: 20, rows: 6), Size(columns: 60, rows: 16)] {
      #expect(wall.view(size).flaw == nil)
    }
  }

  @Test("On paper the tool is a picture among the text")
  func handout() throws {
    let lesson = try Self.lesson(Self.setting)
    let runs = BundledRuns()
    let handout = try LessonHandout(
      lesson, Look(), size: Size(columns: 80, rows: 24),
      tool: { place, _ in try? Self.screen(place, Look()) }, runs: { try runs.runs(of: $0) })
    let text = try #require(handout.handout).markdown
    #expect(text.contains("权重 13.48 GB") && text.contains("缓存 INT8"))
  }

  // MARK: Frames

  @Test("Nothing is cut in half at any size, outside, inside, on the help page and while typing")
  func sizes() throws {
    for (tool, keys) in [
      (Self.planner, ["", "o", "o ?", "o n 9"]), (Self.lab, ["", "o", "o i Left"]),
    ] {
      for keys in keys {
        var loop = try Loop(Self.lesson(tool == Self.planner ? Self.setting : "", tool: tool))
        try loop.press(keys)
        for columns in stride(from: 1, through: 300, by: 13) {
          for rows in stride(from: 1, through: 100, by: 7) {
            let size = Size(columns: columns, rows: rows)
            let canvas = loop.view(size, loop.look)
            #expect(canvas.size == size && canvas.flaw == nil, "\(tool) \(keys) \(size)")
          }
        }
      }
    }
  }

  struct Kept: Sendable {
    let name: String
    let size: Size
    let language: Language
    let tool: String
    let keys: String
  }

  static let kept: [Kept] = [
    Size(columns: 60, rows: 16), Size(columns: 60, rows: 20), Size(columns: 80, rows: 24),
    Size(columns: 120, rows: 36),
  ].flatMap { size in
    Language.allCases.flatMap { language in
      [
        ("planner", planner, ""), ("planner-in", planner, "o b Up"),
        ("planner-shown", planner, "s"), ("lab", lab, ""), ("lab-in", lab, "o Left"),
      ].map { name, tool, keys in
        Kept(
          name: "\(name)-\(size.columns)x\(size.rows)-\(language.rawValue)", size: size,
          language: language, tool: tool, keys: keys)
      }
    }
  }

  private static let folder = KeptFolder("Tests/ScreensTests/Snapshots/ToolScenes")

  @Test("The frame is the one that was kept", arguments: kept)
  func frame(kept: Kept) throws {
    let body = kept.tool == Self.planner ? Self.setting : ""
    var loop = try Loop(
      Self.lesson(body, tool: kept.tool, language: kept.language),
      Look(language: kept.language), size: kept.size)
    try loop.press(kept.keys)
    try Self.folder.check(kept.name, loop.view(kept.size, loop.look).snapshot)
  }

  @Test("No file of the folder is unused")
  func unused() throws { #expect(try Self.folder.unused(Self.kept.map(\.name)).isEmpty) }
}

extension String {
  /// With one blank in the place of several: a field of the planner stands still, whatever its value.
  fileprivate var squeezed: String {
    split(whereSeparator: { $0 == " " }).joined(separator: " ")
  }
}
