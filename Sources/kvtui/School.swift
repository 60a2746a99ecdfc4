internal import Base
internal import Lessons
internal import Viz

/// The course with its runs and the learner's progress: what the menu, a lesson and the listing are made from.
final class School {
  private(set) var look: Look
  let runs = RunLibrary(models: ProcessFacts.modelLibrary)
  let progress = ProgressFile(folder: StateFolder.path(environment: Environment.value))
  /// What was last said about the progress file.
  private var saidTrouble: ProgressFile.Trouble?

  init(look: Look) { self.look = look }

  var style: LessonState.Look {
    LessonState.Look(language: look.language, theme: look.theme, glyphs: look.glyphs)
  }

  /// English and ASCII from here on: the screen knows nothing else.
  func useASCII() {
    look = Look(
      language: .english, theme: look.theme, glyphs: .ascii, frameSize: look.frameSize)
  }

  // MARK: Lessons

  /// The id that a learner means.
  func id(_ name: String) throws(CommandError) -> String {
    do throws(CommandError) {
      let course = try ProcessFacts.course()
      guard let id = course.id(matching: name) else {
        throw .noSuchLesson(name, folder: course.folder)
      }
      return id
    } catch {
      throw ProcessFacts.isSubcommandMissing ? .unknownCommand(name) : error
    }
  }

  /// A lesson of the course, or a file that an author gave.
  func lesson(_ name: String, _ language: Language) throws -> Lesson {
    if name.hasSuffix(".md") {
      return try Course.lesson(path: name, id: LintCommand.id(of: name), language: language)
    }
    return try ProcessFacts.course().lesson(id(name), language)
  }

  /// A lesson at the place where the learner left it.
  func open(
    _ name: String, _ style: LessonState.Look, resumes: Bool = true
  ) throws -> LessonState {
    let lesson = try lesson(name, style.language)
    progress.takeOver()
    var done = progress.progress.lessons[lesson.id]
    if !resumes { done?.current = nil }
    let step = lesson.steps[LessonState.index(of: done?.current, in: lesson)]
    var state = LessonState(
      lesson, progress: done, look: style, traces: try runs.traces(of: step.scene))
    saidTrouble = nil
    sayTrouble(in: &state)
    return state
  }

  /// Says in a lesson what is wrong with the progress file, once: when it is opened, and when it happens.
  private func sayTrouble(in state: inout LessonState) {
    guard progress.trouble != saidTrouble else { return }
    saidTrouble = progress.trouble
    if let trouble = trouble(state.language) { state.note(trouble) }
  }

  /// Puts what the learner did on disk.
  func keep(_ state: inout LessonState) {
    progress.update(state.lesson.id) { done in
      done.steps.formUnion(state.doneSteps)
      done.isDone = done.isDone || state.isDone
      done.current = state.step.id
      // The first result stays: a second visit makes nobody better or worse.
      done.quizzes.merge(state.results) { first, _ in first }
    }
    sayTrouble(in: &state)
  }

  // MARK: Menu

  func home(_ style: LessonState.Look) throws -> HomeState {
    let course = try ProcessFacts.course()
    progress.takeOver()
    let entries = try course.ids.map { id in
      HomeState.Entry(
        try course.lesson(id, style.language), progress.progress.lessons[id])
    }
    return HomeState(entries, look: style, notice: trouble(style.language))
  }

  /// What is wrong with the progress file.
  private func trouble(_ language: Language) -> String? {
    switch progress.trouble {
    case nil: nil
    case .inUse:
      language(
        "另一个 kvtui 正在记进度；它结束后这里接着记",
        "another kvtui keeps the progress; it is kept here once that one ends")
    case .noFolder:
      language(
        "没有地方存进度（没设 HOME）；课照样能学",
        "there is no place to keep progress (HOME is not set); lessons work all the same")
    case .cannotWrite(let failure):
      language(
        "进度存不了（\(failure.reason(.chinese))）；课照样能学",
        "progress cannot be kept (\(failure.reason(.english))); lessons work all the same")
    case .setAside(let path):
      language("进度文件坏了，已移到 \(path)", "the progress file was broken; it was moved to \(path)")
    case .partlySetAside(let path, let values):
      language(
        "进度文件里有 \(values) 处读不懂；原文件留在 \(path)",
        "\(values) value\(values == 1 ? "" : "s") of the progress file made no sense; the old file is \(path)"
      )
    }
  }

  func printList() throws {
    let course = try ProcessFacts.course()
    for id in course.ids {
      let lesson = try course.lesson(id, look.language)
      let entry = HomeState.Entry(lesson, progress.progress.lessons[id])
      let line = "\(id)  \(lesson.title)  \(entry.summary(look.language))"
      try Output.standard.say(look.glyphs.shown(line) + "\n")
    }
  }

  func reset(_ name: String) throws {
    let id = try id(name)
    progress.reset(id)
    if !progress.isKept, let trouble = trouble(ProcessFacts.language) {
      throw CommandError.progress(trouble: trouble)
    }
    try Output.standard.say(wording("已忘掉 \(id) 的进度\n", "forgot what was done of \(id)\n"))
  }

  // MARK: Frames without a terminal

  func printFrames(_ name: String?, keys: [Key]) throws {
    var page = try name.map { Page.lesson(try open($0, style)) } ?? .home(try home(style))
    var frames = [page.frame(look.frameSize)]
    for key in keys {
      page.resize(look.frameSize)
      guard let next = try page.pressed(key, self) else { break }
      page = next
      frames.append(page.frame(look.frameSize))
    }
    let reel = Reel(frames, every: 1, language: look.language)
    try Output.standard.say(TextRenderer().render(reel))
  }
}

/// The menu or a lesson.
enum Page {
  case home(HomeState)
  case lesson(LessonState)

  func frame(_ size: Size) -> Frame {
    switch self {
    case .home(let state): Frame(state.view(size), theme: state.theme)
    case .lesson(let state): Frame(state.view(size), theme: state.viewer.theme)
    }
  }

  /// How the page looks; the page after it looks the same.
  var look: LessonState.Look {
    switch self {
    case .home(let state): state.look
    case .lesson(let state): state.look
    }
  }

  /// The page after a key; nil to leave.
  func pressed(_ key: Key, _ school: School) throws -> Page? {
    switch self {
    case .home(var state):
      state.update(key)
      switch state.choice {
      case nil: return .home(state)
      case .quit, .freeRun: return nil
      case .lesson(let id):
        return .lesson(try school.open(id, state.look))
      }
    case .lesson(let state): return try Self.pressed(key, state, school)
    }
  }

  private static func pressed(_ key: Key, _ old: LessonState, _ school: School) throws -> Page? {
    var state = old
    state.update(.key(key))
    if state.index != old.index { state.show(try school.runs.traces(of: state.step.scene)) }
    if state.language != old.language, let lesson = try? school.lesson(state.source, state.language)
    {
      state.replace(lesson, traces: try school.runs.traces(of: state.step.scene))
    }
    school.keep(&state)
    switch state.request {
    case nil: return .lesson(state)
    case .quit: return nil
    case .leave: return .home(try school.home(state.look))
    case .nextLesson:
      guard let next = try school.lesson(after: state.lesson.id) else {
        return .home(try school.home(state.look))
      }
      return .lesson(try school.open(next, state.look))
    }
  }
}

extension School {
  /// The lesson behind another; nil after the last and for files that lie elsewhere.
  func lesson(after id: String) throws -> String? {
    let ids = try ProcessFacts.course().ids
    guard let index = ids.firstIndex(of: id), index + 1 < ids.count else { return nil }
    return ids[index + 1]
  }
}

extension LessonState {
  /// What the lesson was opened by: its id, or its file if it is none of the course's.
  var source: String {
    (try? ProcessFacts.course())?.ids.contains(lesson.id) == true ? lesson.id : lesson.path
  }
}
