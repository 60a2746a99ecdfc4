import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A tool that a lesson's screen offers: what a lesson can ask for, when it is offered, and the way back.
@Suite struct LessonToolTests {
  private static func lesson(_ body: String = "", open: String?) throws -> Lesson {
    try Material.lesson(body, scene: "id: two\nstep: 3" + (open.map { "\nopen: \($0)" } ?? ""))
  }

  private static func screen(_ lesson: Lesson) throws -> LessonScreen {
    var progress = LessonProgress()
    progress.current = "two"
    return LessonScreen(
      LessonState(
        lesson, progress: progress, look: Look(),
        traces: try BundledRuns().runs(of: lesson.steps[1].scene)))
  }

  private static func opened(_ effects: [Effect]) -> ToolPlace? {
    effects.compactMap { effect in
      if case .open(.tool(let place)) = effect { place } else { nil }
    }.first
  }

  private static let size = Size(columns: 80, rows: 24)

  @Test("A link is a command with its options; what is quoted stays together")
  func links() throws {
    let link = try #require(ToolLink("lab  --policy window:4 --text \"a b\""))
    #expect(link.command == "lab" && link.arguments == ["--policy", "window:4", "--text", "a b"])
    #expect(ToolLink(link.line) == link)
    #expect(ToolLink("") == nil && ToolLink("   ") == nil && ToolLink("lab \"a") == nil)
  }

  @Test(
    "Known commands with listed options open, all else is refused",
    arguments: LessonTool.all.map(\.command))
  func known(command: String) throws {
    let tool = try #require(LessonTool.all.first { $0.command == command })
    let arguments = tool.valued.flatMap { [$0, "1"] } + tool.flags
    let link = try #require(ToolLink(([command] + arguments).joined(separator: " ")))
    #expect(try ToolPlace(link).arguments == arguments)
    for option in [
      "--keys", "--json", "--list", "--keep-keys", "-o", "--script", "--requests", "file",
    ] {
      let other = try #require(ToolLink("\(command) \(option) 1"))
      #expect(throws: ToolLinkError.self) { try ToolPlace(other) }
    }
    let missing = try #require(ToolLink("\(command) \(tool.valued[0])"))
    #expect(throws: ToolLinkError.self) { try ToolPlace(missing) }
  }

  @Test(
    "A step belongs to a text's own cache, or beside a pool's options to the requests",
    arguments: [
      ("paged:4", Tool.serving), ("paged:4 --budget 16 --step 3", .serving),
      ("paged:4 --step 3", .policies), ("paged:4 --blocks 9 --layer 1", .policies),
      ("window:4 --step 3", .policies), ("speculative:4", .speculative),
    ])
  func lab(arguments: String, tool: Tool) throws {
    let link = try #require(ToolLink("lab --policy " + arguments))
    #expect(try ToolPlace(link).tool == tool)
  }

  @Test(
    "Other commands and paths are refused",
    arguments: [
      "record --model tiny-zh", "export", "memory --model ../x", "memory --model /etc",
      "growth --model ./m", "rm -rf x",
    ])
  func refused(line: String) throws {
    let link = try #require(ToolLink(line))
    #expect(throws: ToolLinkError.self) { try ToolPlace(link) }
    for language in Language.allCases {
      do throws(ToolLinkError) {
        _ = try ToolPlace(link)
      } catch {
        #expect(!error.sentence(language).isEmpty)
      }
    }
  }

  @Test(
    "The key is named where the screen has a tool, and opens it there; elsewhere it says that there is none"
  )
  func key() throws {
    var screen = try Self.screen(Self.lesson(open: "memory --context 4096"))
    #expect(screen.view(Self.size, Look()).plainText.contains(" o  动手试"))
    #expect(
      Self.opened(screen.update(.key(.character("o"))))
        == ToolPlace(.planner, ["--context", "4096"]))
    #expect(Self.opened(screen.update(.key(.right))) == nil, "it was asked for once")
    var other = try Self.screen(Self.lesson(open: nil))
    #expect(!other.view(Self.size, Look()).plainText.contains("动手试"))
    #expect(Self.opened(other.update(.key(.character("o")))) == nil)
    #expect(other.view(Self.size, Look()).plainText.contains("这一屏没有可以动手的工具"))
  }

  @Test("While a question is open the tool might answer it, and waits")
  func held() throws {
    let quiz = Classroom.quiz(
      "id: q1\nkind: number\nask: 几格？\nanswer: uncached.cells\nhints: [数一数]\nwhy: 好")
    var screen = try Self.screen(Self.lesson(quiz, open: "growth"))
    #expect(!screen.view(Self.size, Look()).plainText.contains("动手试"))
    #expect(Self.opened(screen.update(.key(.character("o")))) == nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("先作答"))
    for key in [Key.character("9"), .enter] { _ = screen.update(.key(key)) }
    #expect(screen.view(Self.size, Look()).plainText.contains("动手试"))
    #expect(Self.opened(screen.update(.key(.character("o")))) == ToolPlace(.growth))
  }

  @Test("A link that opens nothing is said, and the lesson stays")
  func nothing() throws {
    var screen = try Self.screen(Self.lesson(open: "record x"))
    #expect(Self.opened(screen.update(.key(.character("o")))) == nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("打不开"))
  }

  @Test("The tool is opened at its place above the lesson, which is then as it was left")
  func comingBack() throws {
    var places: [ToolPlace] = []
    let services = Services(
      course: OneLesson(try Self.lesson(open: "memory --batch 2")),
      tool: { place, look in
        places.append(place)
        return OpenTool(PlannerScreen(try PlannerState(look)))
      }, stamp: { _ in nil }
    ) { throw Refusal() }
    var app = try App(opening: .lesson("01-test"), Look(), services)
    let display = StagedDisplay(.keys("n Right i o n Up q o"))
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts[3].contains("2/3") && texts[4].contains("内存规划"))
    #expect(texts[7] == texts[3], "the same step, the same cell")
    let place = ToolPlace(.planner, ["--batch", "2"])
    #expect(places == [place, place], "it begins at its place each time")
  }
}
