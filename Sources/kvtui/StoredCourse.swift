internal import Base
internal import Lessons
internal import Screens
internal import TinyModel
internal import Viz

/// The course with its runs and the learner's progress: what the menu, a lesson and the listing are made from.
final class StoredCourse {
  private let tools = ToolLibrary()
  private lazy var library = RunLibrary(models: ProcessFacts.modelLibrary, tools: tools)
  private lazy var progress = ProgressFile(
    folder: isRehearsal ? nil : StateFolder.path(environment: Environment.value))
  /// Whether a session is kept or performed: nothing has been done before it, and nothing of it is kept as progress.
  private let isRehearsal: Bool
  /// What was last said about the progress file.
  private var saidTrouble: ProgressFile.Trouble?
  /// Lessons as their files were when they were read: the next part of a lecture is there before its key.
  private var known: [String: (stamp: FileStamp, lesson: Lesson)] = [:]

  init(isRehearsal: Bool = false) { self.isRehearsal = isRehearsal }

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
  private func read(_ name: String, _ language: Language) throws -> Lesson {
    if name.hasSuffix(".md") {
      return try read(path: name, id: LintCommand.id(of: name), language)
    }
    let id = try id(name)
    return try read(path: ProcessFacts.course().path(id, language), id: id, language)
  }

  private func read(path: String, id: String, _ language: Language) throws -> Lesson {
    // A file that changes while it is read has another stamp the next time.
    let stamp = FileStamp(path)
    if let lesson = known[path], lesson.stamp == stamp, lesson.lesson.language == language {
      return lesson.lesson
    }
    let lesson = try Course.lesson(path: path, id: id, language: language)
    known[path] = stamp.map { ($0, lesson) }
    return lesson
  }

  /// A lesson at the place where the learner left it.
  func open(_ name: String, _ look: Look, resumes: Bool) throws -> LessonState {
    let lesson = try read(name, look.language)
    progress.takeOver()
    var done = progress.progress.lessons[lesson.id]
    if !resumes { done?.current = nil }
    let step = lesson.steps[LessonState.index(of: done?.current, in: lesson)]
    var state = LessonState(
      lesson, progress: done, look: look, traces: try library.runs(of: step.scene))
    saidTrouble = nil
    if let trouble = newTrouble(state.language) { state.note(trouble) }
    return state
  }

  /// A lesson as nobody has done anything in it, at its first screen or another.
  func fresh(_ name: String, _ look: Look, screen: String? = nil) throws -> LessonState {
    let lesson = try read(name, look.language)
    let step = lesson.steps[LessonState.index(of: screen, in: lesson)]
    var progress = LessonProgress()
    progress.current = screen
    return LessonState(
      lesson, progress: progress, look: look, traces: try library.runs(of: step.scene))
  }

  /// A lesson on paper, or screens of it; progress is neither asked nor kept.
  func handout(
    _ name: String, screens: [String] = [], _ look: Look, _ size: Size
  ) throws -> LessonHandout {
    let lesson = try read(name, look.language)
    let tools = Toolbox(isLive: false)
    return try LessonHandout(
      lesson, look, size: size, screens: screens,
      tool: { try tools.open($0, look)?.settled($1) }, runs: { try library.runs(of: $0) })
  }

  /// What is wrong with the progress file, to be said once: when a lesson is opened, and when it happens.
  private func newTrouble(_ language: Language) -> String? {
    guard progress.trouble != saidTrouble else { return nil }
    saidTrouble = progress.trouble
    return trouble(language)
  }

  /// What is wrong with the progress file.
  private func trouble(_ language: Language) -> String? {
    switch progress.trouble {
    case nil: nil
    case .noFolder where isRehearsal: nil
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
        "\(counted(values, "value")) of the progress file made no sense; the old file is \(path)"
      )
    }
  }

  func printList(_ look: Look) throws {
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
}

extension StoredCourse: CourseService {
  func home(_ look: Look) throws -> HomeState {
    let course = try ProcessFacts.course()
    progress.takeOver()
    let entries = try course.ids.map { id in
      HomeState.Entry(try course.lesson(id, look.language), progress.progress.lessons[id])
    }
    return HomeState(entries, look: look, notice: trouble(look.language))
  }

  func lesson(_ name: String, _ look: Look) throws -> LessonState {
    try open(name, look, resumes: true)
  }

  func next(after id: String) throws -> String? {
    let ids = try ProcessFacts.course().ids
    guard let index = ids.firstIndex(of: id), index + 1 < ids.count else { return nil }
    return ids[index + 1]
  }

  func translation(of lesson: Lesson, _ language: Language) -> Lesson? {
    let isOfCourse = (try? ProcessFacts.course())?.ids.contains(lesson.id) == true
    return try? read(isOfCourse ? lesson.id : lesson.path, language)
  }

  func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson {
    try Course.lesson(path: lesson.path, id: lesson.id, language: language)
  }

  func runs(of scene: SceneSpec) throws -> SceneRuns { try library.runs(of: scene) }

  func facts(of link: ToolLink) -> ToolFacts {
    ToolFacts(of: [link]) { link throws(RunFailure) in try tools.facts(of: link) }
  }

  func keep(_ lesson: LessonState) -> String? {
    progress.update(lesson.lesson.id) { done in
      done.steps.formUnion(lesson.doneSteps)
      done.isDone = done.isDone || lesson.isDone
      done.current = lesson.step.id
      // The first result stays: a second visit makes nobody better or worse.
      done.quizzes.merge(lesson.results) { first, _ in first }
    }
    return newTrouble(lesson.language)
  }
}
