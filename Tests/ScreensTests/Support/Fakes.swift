import Base
import Foundation
import TestSupport
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// Runs of the bundled model, computed once, and lessons made from text.
enum Material {
  /// 中华人民共和国, a step a token.
  static func trace() throws -> Trace {
    try BundledRuns().runs(of: lesson("").steps[0].scene).run
  }

  /// A lesson of three screens, the second of which has `body` and a scene of its own.
  static func lesson(
    _ body: String, scene: String = "id: two\nstep: 3", language: Language = .chinese
  ) throws -> Lesson {
    let head = "---\nformat: 1\ntitle: 试课\nsections: [22.1.1]\n---\n"
    let text =
      head + "## 头一屏\n\n```scene\nid: one\nstep: 2\n```\n\n字\n\n"
      + "## 第二屏\n\n```scene\n\(scene)\n```\n\n字\n\n\(body)\n"
      + "## 第三屏\n\n```scene\nid: three\nstep: 4\n```\n\n字\n"
    return try LessonParser(path: "lesson.zh.md", id: "01-test", language: language).lesson(text)
  }
}

/// A course of one lesson, of which nothing is kept.
final class OneLesson: CourseService {
  private let library = BundledRuns()
  private let lesson: Lesson

  init(_ lesson: Lesson) { self.lesson = lesson }

  func home(_ look: Look) throws -> HomeState { HomeState([], look: look) }
  func lesson(_ name: String, _ look: Look) throws -> LessonState {
    LessonState(lesson, progress: nil, look: look, traces: try runs(of: lesson.steps[0].scene))
  }
  func next(after id: String) throws -> String? { nil }
  func translation(of lesson: Lesson, _ language: Language) -> Lesson? { nil }
  func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson { lesson }
  func runs(of scene: SceneSpec) throws -> SceneRuns { try library.runs(of: scene) }
  func keep(_ lesson: LessonState) -> String? { nil }
}

/// A run whose steps are known: each is there as soon as it is wanted, or as soon as a test says so.
final class FakeRun: RunService {
  private let whole: Trace
  private var computed = 0
  var isSlow = false
  var failure: (any Error)?
  private(set) var isCancelled = false
  private(set) var texts: [String] = []
  /// What each other text leads to; nil refuses it.
  var refusal: (any Error)?

  init(_ whole: Trace) { self.whole = whole }

  var start: RunStart { RunStart(trace: trace, longest: whole.steps.count) }
  var wake: Int32? { nil }

  var news: (trace: Trace, progress: StepProgress.Amount?) {
    get throws {
      if let failure { throw failure }
      return (trace, nil)
    }
  }

  private var trace: Trace {
    var trace = whole
    trace.steps = Array(whole.steps.prefix(computed))
    return trace
  }

  func want(_ step: Int) {
    if !isSlow { compute(step) }
  }

  func compute(_ step: Int) { computed = max(computed, min(step, whole.steps.count)) }

  func begin(over text: String) throws -> RunStart {
    if let refusal { throw refusal }
    texts.append(text)
    computed = 0
    return start
  }

  func cancel() { isCancelled = true }
}

/// A course of one lesson, or of none.
final class FakeCourse: CourseService {
  var failure: (any Error)?
  private(set) var kept: [LessonState] = []
  private(set) var opened = 0
  /// Scenes whose runs were asked for.
  private(set) var scenes: [String] = []
  private let library = BundledRuns()

  func home(_ look: Look) throws -> HomeState {
    HomeState([HomeState.Entry(try Material.lesson(""), nil)], look: look)
  }

  func lesson(_ name: String, _ look: Look) throws -> LessonState {
    if let failure { throw failure }
    opened += 1
    let lesson = try Material.lesson("", language: look.language)
    return LessonState(
      lesson, progress: nil, look: look, traces: try runs(of: lesson.steps[0].scene))
  }

  func next(after id: String) throws -> String? { nil }

  func translation(of lesson: Lesson, _ language: Language) -> Lesson? {
    try? Material.lesson("", language: language)
  }

  func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson {
    if let failure { throw failure }
    return try Material.lesson("新写的一句。", language: language)
  }

  func runs(of scene: SceneSpec) throws -> SceneRuns {
    if let failure { throw failure }
    scenes.append(scene.id)
    return try library.runs(of: scene)
  }

  func keep(_ lesson: LessonState) -> String? {
    kept.append(lesson)
    return nil
  }
}

/// Keeps nothing, and says on its way how far it has come.
final class FakeRecorder: RecorderService {
  private(set) var names: [String] = []

  func keep(
    _ start: RunStart, plannedSteps: Int, as name: String, replaces: Bool,
    progress: (Int, Int) -> Void
  ) throws -> Bool {
    guard names.count < 3 else { throw Refusal() }
    names.append(name)
    for part in [25, 50, 100] { progress(part, 100) }
    return true
  }

  func keep(_ marks: [Mark]) {}
  func takeOver(from step: Int) throws -> any RunService { throw Refusal() }
}

/// Work whose findings are known: they are there as soon as they are asked for.
final class FakeWork: WorkService {
  private let findings: (Question) -> Findings
  private var fresh: Findings?
  private(set) var asked: [Question] = []
  private(set) var isCancelled = false
  /// Whether nothing is ever found.
  var isSlow = false

  init(_ findings: @escaping (Question) -> Findings) { self.findings = findings }

  var wake: Int32? { nil }

  var news: Findings? {
    defer { fresh = nil }
    return fresh
  }

  func ask(_ question: Question) {
    asked.append(question)
    fresh = isSlow ? nil : findings(question)
    isCancelled = false
  }

  func cancel() { isCancelled = true }
}

extension Services {
  /// Services that have one tool, without a run above it.
  init(_ tool: OpenTool, course: (any CourseService)? = nil) {
    self.init(course: course, tool: { _, _ in tool }, stamp: { _ in nil }) { throw Refusal() }
  }
}

struct Refusal: Explained {
  var status: Int32 { 65 }
  func message(_ language: Language) -> String? { language("这不行", "that will not do") }
}

/// A display on which something is done before each wait: a message comes, or time goes by.
final class StagedDisplay: Display {
  enum Event {
    case key(String)
    case message(Message)
    /// Something happens elsewhere, and the time that the loop wanted to wait goes by.
    case meanwhile(() -> Void)
  }

  private(set) var size: Size
  private(set) var frames: [Frame] = []
  private(set) var unsettled = 0
  private var events: [Event]

  init(_ events: [Event], size: Size = Size(columns: 80, rows: 24)) {
    self.size = size
    self.events = events.reversed()
  }

  func fitted(_ look: Look) -> Look { look }

  func show(_ frame: Frame, isSettled: Bool) {
    frames.append(frame)
    if !isSettled { unsettled += 1 }
  }

  func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    switch events.popLast() {
    case nil: return nil
    case .key(let name): return Key(tmuxName: name).map { [.key($0)] }
    case .message(let message):
      if case .resized(let new) = message { size = new }
      return [message]
    case .meanwhile(let work):
      work()
      if let end { usleep(UInt32(max(0, (end - .now) / .microseconds(1)) + 1000)) }
      return []
    }
  }

  /// What the last frame reads.
  var text: String { frames.last?.canvas.plainText ?? "" }
}

extension [StagedDisplay.Event] {
  /// Keys by their names as tmux writes them.
  static func keys(_ names: String) -> [StagedDisplay.Event] {
    names.split(separator: " ").map { .key(String($0)) }
  }
}
