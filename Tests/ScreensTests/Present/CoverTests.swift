import Base
import Classroom
import Lessons
import TestSupport
import Testing
import Viz

@testable import Screens

/// The first and the last screen of a lecture, and a tool over the wall.
@Suite struct CoverTests {
  private static let parts = [
    LectureItem(.lesson("01-test", screens: ["one", "two"]), title: Bilingual("逐字生成", "Tokens")),
    LectureItem(.run([]), title: Bilingual("走一遍", "A run")),
  ]

  private func presented(
    _ classroom: FakeClassroom, _ events: [StagedDisplay.Event], tool: OpenTool? = nil
  ) throws -> StagedDisplay {
    let services = Services(
      course: FakeCourse(), tool: { _, _ in tool }, classroom: classroom, stamp: { _ in nil }
    ) { throw Refusal() }
    var app = try App(opening: .presentation, Look(), services)
    let display = StagedDisplay(events)
    app.run(on: display)
    #expect(app.failure == nil)
    return display
  }

  private func lecture(_ keys: String) throws -> (FakeClassroom, StagedDisplay) {
    let classroom = FakeClassroom(Wall.short, items: Self.parts, title: "一堂课")
    return (classroom, try presented(classroom, .keys(keys)))
  }

  @Test("The title comes first: its parts, and nothing of the first; the clock waits for Enter")
  func first() throws {
    for keys in ["J", "BSpace", "Left", "Tab", "v", "x", "i", "."] {
      let (classroom, display) = try lecture(keys)
      for words in ["一堂课", "1  逐字生成", "2  走一遍"] {
        #expect(display.text.contains(words), "\(keys): \(display.text)")
      }
      let update = try #require(classroom.updates.last)
      #expect(update.document.cover == .first && update.document.sentence == "一堂课")
      #expect(update.document.question == nil && update.poll == nil)
      #expect(update.picture(Size(columns: 44, rows: 22)) == nil)
      #expect(update.place.isOver)
    }
    for keys in ["Enter", "PgDn", "Right", ">"] {
      let (classroom, _) = try lecture(keys)
      let document = try #require(classroom.updates.last?.document)
      #expect(
        document.cover == nil && document.place.source == .lesson(id: "01-test", screen: "one"))
      #expect(classroom.updates.last?.place.isOver == false)
    }
    for (keys, screen) in [("Enter", 1), ("Enter Enter", 2)] {
      let told = try #require(try lecture(keys).0.updates.last).backstage
      #expect(told.screen == screen && told.screens == 2)
    }
    var document = try #require(try lecture("J").0.updates.last).document
    document.backstage = try lecture("Enter").0.updates.last?.backstage
    document.sequence = 1
    #expect(try PresentationDocument(Array(document.json.utf8), from: "test") == document)
    #expect(try lecture("Enter BSpace").0.updates.last?.document.cover == .first)
    #expect(try lecture("Enter < <").0.updates.last?.document.cover == .first)
  }

  @Test("The end says what was done, goes back and not on, and the next start begins anew")
  func last() throws {
    let voted = "Enter Enter Enter v 1 Space 0 Space 4 Space 0 Enter x x Enter"
    let (classroom, display) = try lecture(voted + " End Enter Enter Enter")
    for words in ["讲完了，揭晓 1 道题，共 5 票", "1  逐字生成", "2  走一遍"] {
      #expect(display.text.contains(words), "\(display.text)")
    }
    let update = try #require(classroom.updates.last)
    #expect(update.document.cover == .last && update.document.sentence == "一堂课：讲完了。")
    #expect(update.place.isOver)
    #expect(try lecture("> > > >").1.text.contains("讲完了"))
    #expect(try lecture("> > > > >").1.text.contains("q q 结束演示"))
    #expect(
      try lecture("> > > > BSpace").0.updates.last?.document.place.source == .run(arguments: []))
  }

  @Test("What has no title, and what goes on where it was, has no first screen")
  func without() throws {
    let untitled = FakeClassroom(Wall.short, items: Self.parts)
    _ = try presented(untitled, .keys("Enter"))
    #expect(untitled.updates.allSatisfy { $0.document.cover == nil })
    let resumed = FakeClassroom(Wall.short, items: Self.parts, title: "一堂课")
    resumed.place = PresentPlace(item: 0, screen: "two")
    _ = try presented(resumed, .keys("Right"))
    #expect(resumed.updates.allSatisfy { $0.document.cover == nil })
  }

  @Test(
    "Both are whole at every size; at 40 × 12 eight parts are read, with a QR code where it fits")
  func sizes() throws {
    let items = (1...8).map { LectureItem(.run([]), title: Bilingual("第\($0)段", "part \($0)")) }
    for language in Language.allCases {
      for cover in ShownCover.allCases {
        for invitation in [nil, Wall.invitation] {
          let opening = PresentOpening(
            Lecture(title: Bilingual("一堂课", "A lecture"), items: items), invitation: invitation,
            results: "votes.json")
          var state = PresentState(opening, Look(language: language))
          state.cover = cover
          state.exhibit = .run(
            RunScreen(RunStart(trace: try Material.trace(), longest: 7), state.look))
          for (columns, rows) in [
            (1, 1), (40, 12), (41, 13), (60, 16), (60, 20), (80, 24), (100, 30), (120, 36),
            (300, 100),
          ] {
            let canvas = PresentView(state: state).canvas(Size(columns: columns, rows: rows))
            #expect(canvas.flaw == nil, "\(columns) x \(rows)")
            guard columns >= 40 else { continue }
            for item in items {
              #expect(canvas.plainText.contains(item.title(language)), "\(columns) x \(rows)")
            }
            #expect(canvas.plainText.contains(language("一堂课", "A lecture")))
            let isJoined = invitation != nil && cover == .first && rows >= 16
            if isJoined { #expect(canvas.plainText.contains("192.168.31.208"), "\(columns)") }
          }
        }
      }
    }
  }

  // MARK: A tool

  private static let opens = "id: two\nstep: 3\nopen: growth"

  @Test("o opens the tool that a screen speaks of, once nothing is asked, and q comes back")
  func tool() throws {
    func front(_ keys: String, _ scene: String = Self.opens) throws -> String {
      let classroom = FakeClassroom(Wall.short, scene: scene)
      return try presented(
        classroom, .keys(keys), tool: OpenTool(Board())
      ).text
    }
    #expect(try front("Enter x x o").contains("a board"))
    #expect(try !front("Enter x x o q").contains("a board"))
    #expect(try front("Enter o").contains("先揭晓"))
    #expect(try front("o").contains("没有这个键"))
    #expect(try front("Enter x x o", "id: two\nstep: 3").contains("没有这个键"))
    #expect(try front("Enter x x").contains("工具") && !front("Enter").contains("工具"))
  }

  @Test("Under a tool votes count and hands are taken; what moves the wall brings it back unmoved")
  func beneath() throws {
    let classroom = FakeClassroom(Wall.short, scene: Self.opens)
    let display = try presented(
      classroom,
      .keys("Enter Enter x x o") + [
        .meanwhile {
          classroom.news = AudienceNews(
            phones: 5, votes: ["01-test/short": [VoteCounts([0: 2])]], commands: [.hands("1")])
        }, .meanwhile {},
      ], tool: OpenTool(Board()))
    #expect(display.text.contains("a board"))
    #expect(classroom.updates.last?.document.question?.answered == 3)
    let back = FakeClassroom(Wall.short, scene: Self.opens)
    let wall = try presented(
      back,
      .keys("Enter x x o") + [
        .meanwhile { back.news = AudienceNews(commands: [.goOn]) }, .meanwhile {},
      ], tool: OpenTool(Board()))
    #expect(!wall.text.contains("a board"))
    #expect(back.updates.last?.document.question?.phase == .reveal)
  }
}

/// A tool of one sentence.
private struct Board: Screen {
  var waits: Waits { Waits() }

  mutating func update(_ message: Message) -> [Effect] {
    if case .key(.character("q")) = message { [.back] } else { [] }
  }

  func view(_ size: Size, _ look: Look) -> Canvas {
    var canvas = Canvas(size)
    canvas.put("a board", at: Point(0, 0), Style())
    return canvas
  }
}
