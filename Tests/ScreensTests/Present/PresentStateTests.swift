import Base
import Classroom
import Lessons
import Testing
import Viz

@testable import Screens

/// What keys, phones and the presenter's other terminals do to a presentation.
@Suite struct PresentStateTests {
  private static let number = """
    ```quiz
    id: cells
    kind: number
    at: 4
    ask: 下一步要算几格？
    answer: uncached.cells
    why: 四行四列。
    ```
    """
  private static let choice = """
    ```quiz
    id: rows
    kind: choice
    at: 4
    ask: 下一步有几行？
    options:
      - {text: 三行, if: uncached.rows == 3}
      - {text: 四行, if: uncached.rows == 4}
    why: 四行。
    ```
    """
  private static let marks = """
    ```quiz
    id: marks
    kind: cells
    mark: new
    at: 4
    ask: 标出新算的 K。
    why: 只有最新的。
    ```
    """

  /// What a class was told after some events; the display shows what the wall shows.
  private func presented(
    _ classroom: FakeClassroom, _ events: [StagedDisplay.Event]
  ) throws -> StagedDisplay {
    let services = Services(course: FakeCourse(), classroom: classroom, stamp: { _ in nil }) {
      throw Refusal()
    }
    var app = try App(opening: .presentation, Look(), services)
    let display = StagedDisplay(events)
    app.run(on: display)
    #expect(app.failure == nil)
    return display
  }

  private func last(_ body: String, _ keys: String) throws -> PresentUpdate {
    let classroom = FakeClassroom(body)
    _ = try presented(classroom, .keys(keys))
    return try #require(classroom.updates.last)
  }

  @Test("A question goes through its phases, and only then the run goes to the answer")
  func phases() throws {
    let classroom = FakeClassroom(Self.choice)
    _ = try presented(classroom, .keys("Enter PgDn Enter Enter PgDn Enter"))
    #expect(classroom.phases == [nil, .think, .vote, .discuss, .voteAgain, .reveal, nil])
    let held = classroom.updates.filter { $0.document.question != nil }
    #expect(held.dropLast().allSatisfy { $0.document.place.step == 3 })
    #expect(held.last?.document.place.step == 4)
    #expect(
      classroom.updates.last?.document.place.source == .lesson(id: "01-test", screen: "three"))
  }

  @Test("Nothing of the votes or the answer is told before the reveal")
  func secret() throws {
    for keys in ["Enter", "Enter Enter", "Enter Enter Enter", "Enter Enter Enter Enter"] {
      let update = try last(Self.choice, keys)
      #expect(update.document.question?.reveal == nil)
      #expect(!update.document.json.contains("\"answer\""))
      #expect(!update.document.json.contains("counts"))
    }
    let reveal = try #require(try last(Self.choice, "Enter x x").document.question?.reveal)
    #expect(reveal == QuestionReveal(counts: [[0, 0], [0, 0]], answer: 1))
  }

  @Test("Votes are open in their rounds alone")
  func polls() throws {
    let open = try ["Enter", "Enter Enter", "Enter Enter Enter", "Enter Enter Enter Enter"].map {
      try last(Self.number, $0).poll
    }
    #expect(open.map { $0?.isOpen } == [false, true, false, true])
    #expect(open.map { $0?.round } == [1, 1, 1, 2])
    #expect(open.allSatisfy { $0?.options == nil && $0?.question == "01-test/cells" })
  }

  @Test("What is said aloud is thought about, talked about and revealed; nothing is voted on")
  func aloud() throws {
    let classroom = FakeClassroom(Self.marks)
    _ = try presented(classroom, .keys("Enter Enter Enter"))
    #expect(classroom.phases == [nil, .think, .discuss, .reveal])
    #expect(classroom.updates.allSatisfy { $0.poll == nil })
  }

  @Test("x reveals at its second press in a row, and q ends at its second")
  func twice() throws {
    #expect(try last(Self.choice, "Enter x Right x").document.question?.phase == .think)
    #expect(try last(Self.choice, "Enter x x").document.question?.phase == .reveal)
    let classroom = FakeClassroom(Self.choice)
    let display = try presented(classroom, .keys("q Enter q q Enter Enter"))
    #expect(classroom.updates.last?.document.question?.phase == .think)
    #expect(display.frames.count == 4)
  }

  @Test("An arrow goes no further than the question lets, and no digit answers it")
  func holding() throws {
    for keys in ["Enter Right Right Right", "Enter End", "Enter g 7 Enter", "Enter 1 2 s n Tab"] {
      let document = try last(Self.choice, keys).document
      #expect(document.place.step == 3)
      #expect(document.question?.phase == .think)
    }
  }

  @Test("Back goes the same way: the reveal is taken back, and then the screen")
  func back() throws {
    let revealed = "Enter x x"
    #expect(try last(Self.choice, revealed + " BSpace").document.question?.phase == .voteAgain)
    #expect(try last(Self.choice, revealed + " BSpace").document.place.step == 3)
    let start = try last(Self.choice, "Enter BSpace").document
    #expect(start.place.source == .lesson(id: "01-test", screen: "one"))
    let first = FakeClassroom()
    #expect(try presented(first, .keys("BSpace")).text.contains("这里是开头"))
  }

  @Test("Counts of phones are seen by nobody but the presenter, until they are revealed")
  func votes() throws {
    let classroom = FakeClassroom(Self.choice)
    let display = try presented(
      classroom,
      .keys("Enter Enter") + [
        .meanwhile {
          classroom.news = AudienceNews(
            phones: 5, votes: ["01-test/rows": [VoteCounts([0: 2, 1: 3])]])
        }
      ] + .keys("Right"))
    let update = try #require(classroom.updates.last)
    #expect(update.document.question?.answered == 5)
    #expect(update.backstage.counts == [[2, 3], [0, 0]])
    #expect(update.backstage.answer == 1)
    #expect(update.backstage.phones == 5)
    #expect(update.document.question?.reveal == nil)
    #expect(!display.text.isEmpty)
  }

  @Test("Hands that are counted come on top of phones; what is not understood is said")
  func hands() throws {
    let counted = try last(Self.choice, "Enter Enter v 4 Space 9 Enter x x").document.question
    #expect(counted?.reveal?.counts == [[4, 9], [0, 0]] && counted?.answered == 13)
    let numbers = try last(Self.number, "Enter Enter v 1 6 : 7 Space 9 : 2 Enter x x")
    #expect(numbers.document.question?.reveal?.values == [9, 16])
    #expect(numbers.document.question?.reveal?.counts == [[2, 7], [0, 0]])
    #expect(numbers.document.question?.reveal?.answer == 1)
    for (keys, word) in [("x", "看不懂 x"), ("1 Space 2 Space 3", "只有 2 项"), ("1 : 2", "看不懂 1:2")] {
      let display = try presented(FakeClassroom(Self.choice), .keys("Enter Enter v \(keys) Enter"))
      #expect(display.text.contains(word) && display.text.contains("依次填 A B"), "\(display.text)")
    }
  }

  @Test("Typed anew hands replace hands, empty they are none, and phones go on to count")
  func handsBesidePhones() throws {
    let classroom = FakeClassroom(Self.choice)
    func phones(_ votes: [Double: Int]) -> StagedDisplay.Event {
      .meanwhile {
        classroom.news = AudienceNews(phones: 9, votes: ["01-test/rows": [VoteCounts(votes)]])
      }
    }
    var answered: [Int?] = []
    let look = StagedDisplay.Event.meanwhile {
      answered.append(classroom.updates.last?.document.question?.answered)
    }
    _ = try presented(
      classroom,
      .keys("Enter Enter") + [phones([0: 2, 1: 3])] + .keys("v 1 Space 2 Enter") + [look]
        + [phones([0: 2, 1: 4])] + .keys("Right") + [look] + .keys("v 1 Enter") + [look]
        + .keys("v Enter") + [look] + .keys("v 0 Space 3 Enter x x"))
    #expect(answered == [8, 9, 7, 6])
    let update = try #require(classroom.updates.last)
    #expect(update.document.question?.reveal?.counts == [[2, 7], [0, 0]])
    #expect(update.backstage.hands == [3, 0])
    #expect(
      update.place.questions.map(\.hands) == [[VoteCounts([1: 3]), VoteCounts()]]
        && update.place.questions.map(\.counts) == [[VoteCounts([0: 2, 1: 4]), VoteCounts()]])
  }

  @Test(
    "Hands that are counted late belong to the vote that was: the first, where there was no second")
  func lateHands() throws {
    let once = try last(Self.choice, "Enter Enter x x v 2 Enter").document.question
    #expect(once?.reveal?.counts == [[2, 0], [0, 0]] && once?.answered == 2)
    let twice = try last(Self.choice, "Enter Enter Enter Enter Enter v 2 Enter").document.question
    #expect(twice?.reveal?.counts == [[0, 0], [2, 0]])
  }

  @Test("Another terminal of the presenter does what the keys do")
  func commands() throws {
    let classroom = FakeClassroom(Self.choice)
    _ = try presented(
      classroom,
      [
        .meanwhile { classroom.news = AudienceNews(commands: [.goOn, .goOn, .moreTime, .blank]) },
        .meanwhile {},
      ])
    let update = try #require(classroom.updates.last)
    #expect(update.document.question?.phase == .vote)
    #expect(update.document.isBlank)
  }

  @Test("A blank screen shows nothing, and the key that ends it moves nothing")
  func blank() throws {
    let classroom = FakeClassroom(Self.choice)
    let display = try presented(classroom, .keys("Enter b"))
    #expect(display.frames.last?.canvas.plainText.allSatisfy(\.isWhitespace) ?? false)
    let after = FakeClassroom(Self.choice)
    _ = try presented(after, .keys("Enter b PgDn"))
    #expect(after.updates.last?.document.question?.phase == .think)
    #expect(after.updates.last?.document.isBlank == false)
  }

  @Test("Who follows is told what the spotlight falls on, and when it goes out")
  func spotlight() throws {
    for (keys, light) in [(". ", ShownLight.cell), (". . ", .row), (". . . ", .strip)] {
      let classroom = FakeClassroom("")
      _ = try presented(classroom, .keys(keys))
      #expect(classroom.updates.last?.document.spotlight == light)
      let after = FakeClassroom("")
      _ = try presented(after, .keys(". . . ."))
      #expect(after.updates.count > 3 && after.updates.last?.document.spotlight == nil)
    }
  }

  @Test(
    "Another terminal brings a blank screen back before it moves anything, and its hands are counted unseen"
  )
  func blankCommands() throws {
    for (commands, phase, isBlank) in [
      ([PresentCommand.goOn], QuestionPhase.think, false), ([.goOn, .goOn], .vote, false),
      ([.moreTime], .think, true), ([.blank], .think, false),
    ] {
      let classroom = FakeClassroom(Self.choice)
      _ = try presented(
        classroom,
        .keys("Enter b") + [
          .meanwhile { classroom.news = AudienceNews(commands: commands) }, .meanwhile {},
        ])
      #expect(classroom.updates.last?.document.question?.phase == phase)
      #expect(classroom.updates.last?.document.isBlank == isBlank)
    }
    let classroom = FakeClassroom(Self.choice)
    _ = try presented(
      classroom,
      .keys("Enter Enter") + [
        .meanwhile { classroom.news = AudienceNews(commands: [.hands("3 4"), .hands("x")]) },
        .meanwhile {},
      ])
    #expect(classroom.updates.last?.backstage.counts == [[3, 4], [0, 0]])
  }

  @Test("A key that is held comes to rest at a question; who presses it again goes on")
  func heldKey() throws {
    var wall = try Wall.asked(Wall.short)
    let start = ContinuousClock.now
    func press(_ milliseconds: Int, _ keys: String = "Enter") throws {
      _ = wall.update(.pressed(start + .milliseconds(milliseconds)))
      try wall.press(keys)
    }
    try press(0, "Enter Enter Enter Enter Enter")
    #expect(wall.screen.state.held?.phase == .vote)
    for time in stride(from: 40, to: 400, by: 40) { try press(time) }
    #expect(wall.screen.state.held?.phase == .vote)
    try press(700)
    #expect(wall.screen.state.held?.phase == .discuss)
    try press(720, "x x")
    #expect(wall.screen.state.held?.phase == .reveal)
    // Where nothing is asked a held key goes on.
    try press(900)
    #expect(wall.screen.state.held == nil)
  }

  @Test("Keys of a learner are none of a presentation's")
  func otherKeys() throws {
    var wall = try Wall.asked(Wall.short)
    for key in ["s", "n", "w", "/", "Space", "1", "p", "o"] {
      try wall.press(key)
      #expect(wall.text(80, 24).contains("没有这个键"), "\(key)")
    }
  }

  @Test("The clock of a lecture begins with its first key, goes on where it was, and is kept")
  func clock() throws {
    var wall = try Wall.asked(Wall.short)
    let start = ContinuousClock.now
    func seconds() -> Int { Int(wall.screen.state.clock.items[0] / .seconds(1)) }
    for time in 0..<5 { _ = wall.update(.time(start + .seconds(60 * time))) }
    try wall.press("J t L L b")
    _ = wall.update(.time(start + .seconds(300)))
    #expect(seconds() == 0 && wall.screen.state.summary?.place.isOver == true)
    try wall.press("Enter Enter")
    _ = wall.update(.time(start + .seconds(377)))
    #expect(seconds() == 77)
    let place = try #require(wall.screen.state.summary?.place)
    #expect(place.seconds == [70, 0] && !place.isOver)
    let opening = PresentOpening(wall.screen.state.lecture, place: place)
    #expect(PresentState(opening, Look()).clock.items == [.seconds(70), .zero])
  }

  @Test("A lecture goes from part to part, by its end and by keys")
  func parts() throws {
    let items = [LectureItem(.lesson("01-test", screens: ["one"])), LectureItem(.run([]))]
    for keys in ["Enter", ">"] {
      let classroom = FakeClassroom(items: items)
      _ = try presented(classroom, .keys(keys))
      #expect(classroom.updates.last?.document.place.source == .run(arguments: []))
      #expect(classroom.updates.last?.backstage.item == 1)
    }
    let classroom = FakeClassroom(items: items)
    _ = try presented(classroom, .keys("> Enter Enter BSpace <"))
    #expect(classroom.updates.last?.backstage.item == 0)
  }

  @Test(
    "Back from a part leads to the screen that one came from, or the last; > and < turn screens")
  func backToPart() throws {
    let items = [LectureItem(.lesson("01-test", screens: [])), LectureItem(.run([]))]
    func screen(_ keys: String) throws -> ShownPlace.Source? {
      let classroom = FakeClassroom(Self.choice, items: items)
      _ = try presented(classroom, .keys(keys))
      return classroom.updates.last?.document.place.source
    }
    func lesson(_ screen: String) -> ShownPlace.Source { .lesson(id: "01-test", screen: screen) }
    #expect(try screen("> >") == lesson("three") && screen("> > >") == .run(arguments: []))
    #expect(try screen("Enter x x Enter Enter BSpace") == lesson("three"))
    #expect(try screen("> > > <") == lesson("three") && screen("> > > < <") == lesson("two"))
    let classroom = FakeClassroom(Self.choice, items: items)
    classroom.place = PresentPlace(item: 1)
    _ = try presented(classroom, .keys("BSpace"))
    #expect(classroom.updates.last?.document.place.source == lesson("three"))
  }

  @Test("A lecture is over on its last screen, and in its last run; not in the middle")
  func over() throws {
    for (keys, isOver) in [
      ("Enter", false), ("Enter x x Enter", true), ("Enter x x", false), ("L", true),
    ] {
      #expect(try last(Self.choice, keys).place.isOver == isOver, "\(keys)")
    }
  }

  @Test("A presentation goes on where it was, with its questions as far as they had come")
  func resumed() throws {
    let classroom = FakeClassroom(Self.choice)
    classroom.place = PresentPlace(
      screen: "two",
      questions: [
        PresentPlace.Question(
          id: "01-test/rows", phase: .discuss, counts: [VoteCounts([1: 7]), VoteCounts()],
          hands: [VoteCounts([0: 2])])
      ])
    _ = try presented(classroom, .keys("Right"))
    let update = try #require(classroom.updates.last)
    #expect(update.document.question?.phase == .discuss)
    #expect(update.backstage.counts == [[2, 7], [0, 0]] && update.backstage.hands == [2, 0])
    #expect(update.place.screen == "two")
  }

  @Test("The document is read as it was written")
  func document() throws {
    for keys in ["", "Enter", "Enter x x"] {
      var document = try last(Self.number, keys + " Right").document
      document.backstage = try last(Self.number, keys + " Right").backstage
      document.sequence = 1
      #expect(try PresentationDocument(Array(document.json.utf8), from: "test") == document)
    }
  }

  @Test("What the next key leads to is computed before it is pressed")
  func coming() throws {
    let (course, classroom) = (FakeCourse(), FakeClassroom())
    let services = Services(course: course, classroom: classroom, stamp: { _ in nil }) {
      throw Refusal()
    }
    var app = try App(opening: .presentation, Look(), services)
    app.run(on: StagedDisplay([]))
    #expect(course.scenes == ["two"])
    let parts = FakeClassroom(items: [
      LectureItem(.lesson("01-test", screens: ["one"])),
      LectureItem(.lesson("01-test", screens: [])),
    ])
    var lecture = try App(
      opening: .presentation, Look(), Services(classroom: parts) { throw Refusal() })
    lecture.run(on: StagedDisplay([]))
    #expect(parts.opened == 2)
  }
}
