import Base
import Testing
import Lessons
import Trace
import Viz

@testable import Screens

/// The loop: what opens, what comes back, what survives, and what is said when something fails.
@Suite struct AppTests {
  private let run: FakeRun
  private let course = FakeCourse()
  private let services: Services

  init() throws {
    let run = FakeRun(try Material.trace())
    self.run = run
    services = Services(course: course, stamp: { _ in nil }) { run }
  }

  private func app(_ destination: Destination = .run, _ look: Look = Look()) throws -> App {
    try App(opening: destination, look, services)
  }

  /// What an app shows after some events.
  private func display(
    _ destination: Destination, _ events: [StagedDisplay.Event]
  ) throws -> (StagedDisplay, App) {
    var app = try app(destination)
    let display = StagedDisplay(events)
    app.run(on: display)
    return (display, app)
  }

  @Test("A script has a frame for the beginning and one for each key until a screen is left")
  func script() throws {
    var app = try app()
    let display = ScriptDisplay(
      size: Size(columns: 80, rows: 24), keys: [.right, .right, .character("q"), .right])
    app.run(on: display)
    #expect(display.frames.count == 3)
    for (index, frame) in display.frames.enumerated() {
      #expect(frame.canvas.plainText.contains("第 \(index + 1)/7 步"))
    }
  }

  @Test("A run is kept once, however often it is said how far that has come")
  func keeping() throws {
    let (recorder, run) = (FakeRecorder(), run)
    var app = try App(
      opening: .run, Look(), Services(recorder: recorder, stamp: { _ in nil }) { run })
    let display = StagedDisplay(.keys("w Enter Right"))
    app.run(on: display)
    #expect(recorder.names == ["run.kvtrace"])
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts.contains { $0.contains("run.kvtrace 50 %") })
    #expect(texts.contains { $0.contains("已存为 run.kvtrace") })
    #expect(texts.last?.contains("第 2/7 步") ?? false)
  }

  @Test("A lesson and a run are opened from the menu and lead back to it; the menu leads out")
  func way() throws {
    let (display, _) = try display(.home, .keys("Enter q End Up r Right q q Enter Enter"))
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts.count == 8)
    #expect([0, 2, 3, 4, 7].allSatisfy { texts[$0].contains("自由运行") })
    #expect(texts[1].contains("第 1 课") && texts[1].contains("头一屏"))
    #expect(texts[6].contains("第 2/7 步"))
    #expect(course.opened == 1)
  }

  @Test("The free run is found again over the text that was typed, in the step where it was left")
  func again() throws {
    let (display, _) = try display(
      .home, .keys("End Up r / x Enter Right Right q r Left q r"))
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts[8].contains("第 3/7 步"), "\(texts[8])")
    #expect(texts[10].contains("第 3/7 步"), "\(texts[10])")
    #expect(texts[11].contains("第 2/7 步"))
    #expect(texts.last?.contains("第 2/7 步") ?? false)
    // Typed once, begun again each time that it was opened anew.
    #expect(run.texts == ["x", "x", "x"])
  }

  @Test("The key of the colours says which they are, on the menu and in a run")
  func themeNamed() throws {
    let (display, _) = try display(.home, .keys("t t End Up r t t"))
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts[1].contains("配色：浅") && texts[2].contains("配色：投影"))
    #expect(texts[6].contains("配色：深") && texts[7].contains("配色：浅"))
  }

  @Test("One look goes from the menu through a lesson and a run back to the menu")
  func look() throws {
    let (display, app) = try display(.home, .keys("t Enter t L q End Up r t q"))
    #expect(app.look == Look(language: .english, theme: .dark, glyphs: .full))
    #expect(display.frames[1].theme == .light && display.frames[3].theme == .projector)
    #expect(display.frames[5].canvas.plainText.contains("Free run"))
    #expect(display.frames[8].canvas.plainText.contains("step 1/7"))
    #expect(display.text.contains("Free run"))
  }

  @Test("A display that draws wide glyphs has said so once, for all screens")
  func wideGlyphs() throws {
    let (display, app) = try display(
      .home, [.message(.glyphsAreWide)] + .keys("Enter q End Up r"))
    #expect(app.look.glyphs == .narrow)
    #expect(display.frames.dropFirst().allSatisfy { !$0.canvas.plainText.contains("→") })
  }

  @Test("A run that cannot be prepared is a sentence on the menu")
  func noRun() throws {
    let services = Services(course: course) { throw Refusal() }
    var app = try App(opening: .home, Look(), services)
    let display = StagedDisplay(.keys("End Up r"))
    app.run(on: display)
    #expect(display.text.contains("自由运行") && display.text.contains("这不行"))
    #expect(app.failure is Refusal)
  }

  @Test("A run that fails is a sentence on its screen, which stays", arguments: [true, false])
  func failingRun(isBegun: Bool) throws {
    run.isSlow = true
    if isBegun { run.compute(1) }
    let fail = StagedDisplay.Event.meanwhile { [run] in run.failure = Refusal() }
    let (display, app) = try display(.run, [fail, .meanwhile {}])
    #expect(display.text.contains("这不行"))
    #expect(display.text.contains(isBegun ? "第 1/7 步" : "正在计算第 1 步"))
    #expect(app.failure is Refusal)
  }

  @Test(
    "A lesson that cannot be opened is a sentence on the menu, and one that is given on the command line an error"
  )
  func noLesson() throws {
    course.failure = Refusal()
    let (display, _) = try display(.home, .keys("Enter"))
    #expect(display.text.contains("自由运行") && display.text.contains("这不行"))
    #expect(throws: Refusal.self) { try self.app(.lesson("01-test")) }
  }

  @Test("A step whose scene cannot run is not opened")
  func noScene() throws {
    let fail = StagedDisplay.Event.meanwhile { [course] in course.failure = Refusal() }
    let (display, _) = try display(.lesson("01-test"), [fail] + .keys("n"))
    #expect(display.text.contains("1/3") && display.text.contains("这不行"))
    #expect(course.kept.isEmpty, "the next time begins where the learner is")
  }

  @Test("What is computed while nobody presses a key is shown")
  func messagesWhileWaiting() throws {
    run.isSlow = true
    let step = { (number: Int) in
      StagedDisplay.Event.meanwhile { [run] in run.compute(number) }
    }
    let (display, _) = try display(.run, [.meanwhile {}, step(1), .key("Right"), step(2)])
    #expect(display.frames[0].canvas.plainText.contains("正在计算第 1 步"))
    #expect(display.unsettled == 2, "each step is waited for")
    #expect(display.text.contains("第 2/7 步"))
  }

  @Test("A first step that comes at once is the first frame")
  func patience() throws {
    run.isSlow = true
    let (display, _) = try display(.run, [.meanwhile { [run] in run.compute(1) }])
    #expect(display.frames.count == 1 && display.unsettled == 0)
  }

  @Test("Whoever leaves a run stops it, to the menu and out of the program")
  func cancel() throws {
    _ = try display(.home, .keys("End Up r q"))
    #expect(run.isCancelled)
    let other = FakeRun(try Material.trace())
    var app = try App(opening: .run, Look(), Services { other })
    app.run(on: StagedDisplay([]))
    #expect(other.isCancelled, "the display has no more")
  }

  @Test("Every screen has the size that the display has by now")
  func resize() throws {
    let size = Size(columns: 120, rows: 36)
    let (display, _) = try display(.home, .keys("Enter") + [.message(.resized(size))] + .keys("q"))
    #expect(display.frames.map(\.canvas.size.columns) == [80, 80, 120, 120])
  }

  @Test("What is pasted is in the prompt, and Enter runs it in the same way")
  func paste() throws {
    let (display, _) = try display(
      .run, .keys("/") + [.message(.paste("床前明月"))] + .keys("Enter"))
    #expect(display.frames[2].canvas.plainText.contains("床前明月"))
    #expect(run.texts == ["床前明月"])
    #expect(display.text.contains("第 1/7 步"))
  }

  @Test("A text that cannot be run is said, and the program goes on without a failure")
  func refusedText() throws {
    run.refusal = Refusal()
    let (display, app) = try display(.run, .keys("/ x Enter"))
    #expect(display.text.contains("这不行") && display.text.contains("> x"))
    #expect(app.failure == nil)
  }

  @Test("A run that plays goes on with each beat")
  func beats() throws {
    let (display, _) = try display(
      .run, .keys("+ + + Space") + [.meanwhile {}, .meanwhile {}])
    #expect(display.text.contains("第 3/7 步"))
  }

  @Test(
    "A lesson whose file was edited is shown anew; while it is broken the last good version stays")
  func edited() throws {
    var stamp = 0
    let services = Services(course: course, stamp: { _ in stamp }) { throw Refusal() }
    var app = try App(opening: .lesson("01-test"), Look(), services)
    let edit = StagedDisplay.Event.meanwhile { stamp += 1 }
    let spoil = StagedDisplay.Event.meanwhile { [course] in
      stamp += 1
      course.failure = Refusal()
    }
    let display = StagedDisplay(.keys("n") + [edit, spoil])
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    #expect(!texts[1].contains("新写的一句"))
    #expect(texts[2].contains("新写的一句") && texts[2].contains("课文已更新"))
    #expect(texts[3].contains("新写的一句") && texts[3].contains("这不行"))
  }

  @Test("What is done in a lesson is kept at every key")
  func kept() throws {
    _ = try display(.lesson("01-test"), .keys("n n"))
    #expect(course.kept.map(\.step.id) == ["two", "three"])
  }

  @Test("The last screen of the last lesson leads to the menu")
  func end() throws {
    let (display, _) = try display(.lesson("01-test"), .keys("n n n"))
    #expect(display.text.contains("自由运行"))
  }

  // MARK: Questions

  /// A screen that asks again after each key until it has an answer; it counts what it got.
  private struct Asking: Screen {
    var question: Question? = .growth
    var isKept: Bool { true }
    var waits: Waits { Waits() }
    var got = 0

    mutating func update(_ message: Message) -> [Effect] {
      switch message {
      case .findings:
        got += 1
        question = nil
      case .key(.character("q")): return [.back]
      case .key(.character("p")): question = .phases(batch: 1)
      case .key(.character("n")): question = nil
      default: break
      }
      return []
    }

    func view(_ size: Size, _ look: Look) -> Canvas {
      var canvas = Canvas(size)
      canvas.put("got \(got)", at: Point(0, 0))
      return canvas
    }
  }

  @Test("A question is asked once, another anew; what nobody wants any more is given up")
  func questions() throws {
    let work = FakeWork { _ in .growth(Growth()) }
    var app = try App(
      opening: .home, Look(), Services(OpenTool(Asking(), work), course: course))
    let display = StagedDisplay(.keys("m x p x q"))
    app.run(on: display)
    #expect(work.asked == [.growth, .phases(batch: 1)])
    #expect(
      display.frames.map { String($0.canvas.plainText.prefix(5)) }[1...4] == [
        "got 1", "got 1", "got 2", "got 2",
      ])
  }

  @Test("What is under way when a tool is left is given up, and asked again when it is back")
  func leavingWork() throws {
    let work = FakeWork { _ in .growth(Growth()) }
    work.isSlow = true
    var app = try App(
      opening: .home, Look(), Services(OpenTool(Asking(), work), course: course))
    app.run(on: StagedDisplay(.keys("m q")))
    #expect(work.asked == [.growth] && work.isCancelled)
    app = try App(opening: .home, Look(), Services(OpenTool(Asking(), work), course: course))
    app.run(on: StagedDisplay(.keys("m q m n")))
    #expect(work.asked == [.growth, .growth, .growth] && work.isCancelled)
  }
}
