import Base
import TestSupport
import Testing

@testable import Lessons

/// A tool as a lesson's scene: how it is written, what expressions ask of it, what is wrong with it.
@Suite struct ToolFormatTests {
  private static let planner = "memory --model llama-7b --gpu a10 --context 4096 --batch 4"
  private static let scene = "id: one\nstep: 3\ntool: \(planner)"

  private static func text(scene: String = scene, _ quiz: String = "", prose: String = "") -> String
  {
    Classroom.text(scene: scene, body: prose + "\n\n" + (quiz.isEmpty ? "" : Classroom.quiz(quiz)))
  }

  private static func problem(_ text: String) -> Problem? {
    do throws(Finding) {
      _ = try Classroom.parse(text)
      return nil
    } catch {
      return error.problem
    }
  }

  // MARK: Reading

  @Test("A tool, its keys, a place and a setting are read, and the commands that expressions ask")
  func wholeScene() throws {
    let lesson = try Classroom.parse(
      Self.text(
        scene: Self.scene + "\nknobs: [b, +, Enter]",
        "id: q\nkind: setting\nat: memory --model llama-7b --batch 9\nask: 调\n"
          + "answer: tool('requests_fit') > size('groups', 'memory --model gpt2')\nwhy: 好",
        prose: "有 {{tool('requests_fit')}} 个"))
    let scene = lesson.steps[0].scene
    #expect(scene.tool?.line == Self.planner && scene.knobs == ["b", "+", "Enter"])
    let quiz = try #require(lesson.quizzes.first)
    #expect(quiz.place?.arguments == ["--model", "llama-7b", "--batch", "9"] && quiz.at == nil)
    #expect(
      scene.commands.map(\.line) == [
        Self.planner, "memory --model gpt2", "memory --model llama-7b --batch 9",
      ])
  }

  @Test("A screen without a tool asks for no command")
  func run() throws {
    let scene = try Classroom.parse(Classroom.text(body: "{{length}}")).steps[0].scene
    #expect(scene.tool == nil && scene.knobs.isEmpty && scene.commands.isEmpty)
  }

  private static let unfit: [(scene: String, quiz: String)] = [
    (scene + "\nopen: growth", ""), ("id: one\nknobs: [b]", ""), (scene + "\nknobs: [F1]", ""),
    (scene + "\nknobs: b", ""), ("id: one\ntool: \"\"", ""),
    (
      "id: one\nstep: 3",
      "id: q\nkind: number\nat: memory --batch 2\nask: 几\nanswer: length\nwhy: 好"
    ),
    (scene, "id: q\nkind: setting\nask: 调\nanswer: length > 1\nwhy: 好"),
    (scene, "id: q\nkind: setting\nat: 3\nask: 调\nanswer: length > 1\nwhy: 好"),
    (scene, "id: q\nkind: cells\nmark: new\nask: 标\nwhy: 好"),
    ("id: one\ntool: memory --model " + String(repeating: "x", count: 600), ""),
  ]

  @Test("What cannot stand together is refused", arguments: unfit)
  func refused(scene: String, quiz: String) {
    #expect(Self.problem(Self.text(scene: scene, quiz)) != nil, "\(scene) \(quiz)")
  }

  @Test("A screen asks for a dozen commands and no more")
  func manyCommands() {
    func prose(_ count: Int) -> String {
      (1...count).map { "{{tool('batch', 'memory --batch \($0)')}}" }.joined(separator: " ")
    }
    #expect(Self.problem(Self.text(prose: prose(LessonLimits.commands))) == nil)
    #expect(
      Self.problem(Self.text(prose: prose(LessonLimits.commands + 1)))
        == .tooMany("tool('…')", most: LessonLimits.commands))
  }

  // MARK: Links

  @Test(
    "Options take the place of those that a link has",
    arguments: [
      (["--batch", "9"], "memory --model gpt2 --batch 9"),
      (["--dtype", "fp8"], "memory --model gpt2 --batch 2 --dtype fp8"),
      (["--batch"], "memory --model gpt2"), ([], "memory --model gpt2 --batch 2"),
      (["word", "--batch", "3"], "memory word --model gpt2 --batch 3"),
    ])
  func replacing(options: [String], line: String) throws {
    let link = try #require(ToolLink("memory --model gpt2 --batch 2"))
    #expect(link.with(options).line == line)
    #expect(link.with(link.arguments) == link)
  }

  @Test("What a place has turned is named, and nothing else")
  func unlike() throws {
    let link = try #require(ToolLink("memory --model gpt2 --batch 2"))
    #expect(
      link.with(["--batch", "3", "--dtype", "fp8"]).options(unlike: link) == "--batch 3 --dtype fp8"
    )
    #expect(link.options(unlike: link).isEmpty)
    let fault = try #require(ToolLink("fault none --tokens 4"))
    #expect(fault.with(["mask-off", "--step", "2"]).options(unlike: fault) == "mask-off --step 2")
    #expect(fault.with(["none", "--step", "2"]).options(unlike: fault) == "--step 2")
    let text = fault.with(["--prompt", "两 字"])
    #expect(text.options(unlike: fault) == "--prompt \"两 字\"")
    #expect(text.names == ["none"] && text.given.map(\.name) == ["--tokens", "--prompt"])
  }

  // MARK: Values

  /// Lines as a command prints them.
  private static let lines = """
    {"type":"model","name":"m"}
    {"type":"step","step":1,"kl":null,"agrees":true,"kept":[0],"next":[{"text":"华"}]}
    {"type":"step","step":2,"kl":0.5,"agrees":false,"kept":[0,1],"next":[{"text":"9"}]}
    {"type":"step","step":3,"kl":1.5,"agrees":true,"kept":[1,2],"next":[{"text":"人"}]}
    {"type":"total","policy":"window:2","agreement":0.5,"groups":[{"b":3},{"b":4},{"c":1}]}
    """

  private static func evaluator() throws -> Evaluator {
    let lab = try #require(ToolLink("lab --policy window:2 --step 2"))
    let other = try #require(ToolLink("memory --batch 2"))
    let failing = try #require(ToolLink("memory --batch 0"))
    var facts = ToolFacts()
    facts[lab] = .success(
      .array(try lines.split(separator: "\n").map { try JSON.parse(Array($0.utf8), file: "lab") }))
    facts[other] = .success(try JSON.parse(Array(#"{"fit":7,"vllm":null}"#.utf8), file: "memory"))
    facts[failing] = .failure(.tooMuch(lines: 1))
    let trace = try Classroom.runs().runs(of: Classroom.parse(Classroom.text()).steps[0].scene).run
    return Evaluator(trace, step: 3, tools: facts.at(lab))
  }

  @Test(
    "Paths lead to values",
    arguments: [
      ("tool('policy')", Value.text("window:2")), ("tool('[-1].agreement')", .number(0.5)),
      ("tool('[1].name')", .text("m")), ("tool('[step=2].kl')", .number(0.5)),
      ("tool('[step=3].kept[2]')", .number(2)), ("tool('[step=3].kept[-2]')", .number(1)),
      ("tool('[2].next[1].text')", .text("华")), ("tool('[step=2].agrees')", .truth(false)),
      ("tool('[agrees=true].step')", .number(1)), ("size('')", .number(5)),
      ("size('[]')", .number(5)), ("size('[type=step]')", .number(3)),
      ("size('[step=2].kept')", .number(2)), ("size('[agrees=true]')", .number(2)),
      ("size('[type=nobody]')", .number(0)),
      ("total('[type=step].kl')", .number(2)), ("largest('[].kl')", .number(1.5)),
      ("smallest('[type=step].kl')", .number(0.5)), ("total('groups[].b')", .number(7)),
      ("largest('[type=step].kept[-1]')", .number(2)), ("total('[step=3].kept')", .number(3)),
      ("tool('fit', 'memory --batch 2') + 1", .number(8)),
      ("size('[type=step]') == at(3, length)", .truth(true)),
      ("place('step')", .number(2)), ("place('policy')", .text("window:2")),
      ("place('layer')", .text("")),
    ])
  func values(text: String, value: Value) throws {
    #expect(try Self.evaluator().value(of: Expression(text)) == value, "\(text)")
  }

  @Test(
    "What leads nowhere is said",
    arguments: [
      "tool('polcy')", "tool('[9].name')", "tool('[0]')", "tool('[step=9].kl')", "tool('groups')",
      "tool('[]')", "tool('[step=1].kl')", "tool('policy.x')", "tool('[x')", "tool('a..b')",
      "tool('')", "tool()", "tool('a', 'b', 'c')", "tool(1)", "tool('fit', 'memory --batch 3')",
      "tool('fit', 'memory --batch 0')", "tool('vllm', 'memory --batch 2')", "total('policy')",
      "total('[type=nobody].kl')", "total('[].nothing')", "size('fit[]', 'memory --batch 2')",
      "smallest('[type=step].next')", "place()", "place('step', 'layer')", "place(1 + 1)",
      "tool('policy', text(1))",
    ])
  func nowhere(text: String) throws {
    let evaluator = try Self.evaluator()
    do throws(ExpressionError) {
      let value = try evaluator.value(of: Expression(text))
      Issue.record("\(text) is \(value)")
    } catch {
      for language in Language.allCases { #expect(!error.sentence(language).isEmpty) }
    }
  }

  @Test("A misspelt field is told the one that is near")
  func nearest() throws {
    let evaluator = try Self.evaluator()
    #expect(throws: ExpressionError.noFact("polcy", nearest: "policy")) {
      () throws(ExpressionError) in
      try evaluator.value(of: Expression("tool('polcy')"))
    }
  }

  @Test("Without a tool there is nothing to ask")
  func noTool() throws {
    let evaluator = try Classroom.evaluator(step: 3)
    for text in ["tool('fit')", "place('batch')"] {
      #expect(throws: ExpressionError.noTool) { () throws(ExpressionError) in
        try evaluator.value(of: Expression(text))
      }
    }
  }

  @Test("What is looked at counts as work, list by list")
  func work() throws {
    let link = try #require(ToolLink("lab"))
    var facts = ToolFacts()
    facts[link] = .success(.array((0..<LessonLimits.work).map { .integer($0) }))
    let trace = try Classroom.runs().runs(of: Classroom.parse(Classroom.text()).steps[0].scene).run
    let evaluator = Evaluator(trace, step: 3, tools: facts.at(link))
    #expect(throws: ExpressionError.tooMuchWork(most: LessonLimits.work)) {
      () throws(ExpressionError) in
      try evaluator.value(of: Expression("size('[]') + size('[]')"))
    }
  }

  // MARK: Lint

  private static func findings(
    _ quiz: String, refusing: String? = nil
  ) throws -> [Problem] {
    let lesson = try Classroom.parse(text(quiz))
    let linter = Linter(Classroom.runs()) { link in
      link.line == refusing ? RunFailure.tooMuch(lines: 1) : nil
    }
    return linter.findings(in: lesson).map(\.problem)
  }

  private static func setting(
    at place: String = "memory --model llama-7b --gpu a10 --context 4096 --batch 4 --dtype int8",
    answer: String = "tool('requests_fit') >= 8", replies: String = ""
  ) -> String {
    "id: q\nkind: setting\nat: \(place)\nask: 调\nanswer: \(answer)\nreplies: {\(replies)}\nwhy: "
      + "\"{{tool('requests_fit')}}\""
  }

  @Test("A setting is right at its place, and not before; its replies are to others")
  func settings() throws {
    #expect(try Self.findings(Self.setting(replies: "tool('requests_fit') < 8: 少")) == [])
    #expect(
      try Self.findings(Self.setting(at: Self.planner)) == [
        .wrongSetting(quiz: "q")
      ])
    #expect(
      try Self.findings(Self.setting(answer: "tool('requests_fit') > 0"))
        == [.rightFromTheStart(quiz: "q")])
    #expect(
      try Self.findings(Self.setting(replies: "tool('requests_fit') > 8: 多"))
        == [.replyToRightAnswer(quiz: "q", answer: "tool('requests_fit') > 8")])
  }

  @Test("Each tool is opened, and each command's failure is said where it is asked")
  func refusals() throws {
    let quiz = Self.setting()
    let place = try #require(try Classroom.parse(Self.text(quiz)).quizzes[0].place?.line)
    for (line, field) in [(Self.planner, "tool"), (place, "at")] {
      #expect(
        try Self.findings(quiz, refusing: line)
          == [.cannotOpen(field, .cannotCompute(RunFailure.tooMuch(lines: 1)))])
    }
    let wrong = try Self.findings(
      "id: q\nkind: number\nask: 几\nanswer: \"tool('fit', 'memory --model nobody')\"\nwhy: 好")
    guard case .noValue(_, .noFacts("memory --model nobody", _))? = wrong.first else {
      Issue.record("\(wrong)")
      return
    }
  }

  @Test("Tools, keys and places are the same in both languages")
  func languages() throws {
    let linter = Linter(Classroom.runs())
    let one = try Classroom.parse(Self.text(Self.setting()))
    #expect(linter.differences(one, one) == [])
    for other in [
      Self.text(scene: Self.scene.replacing("--batch 4", with: "--batch 5"), Self.setting()),
      Self.text(scene: Self.scene + "\nknobs: [b]", Self.setting()),
      Self.text(Self.setting(at: "memory --model gpt2")),
    ] {
      #expect(linter.differences(one, try Classroom.parse(other)).count == 1)
    }
  }
}
