internal import Base
internal import Lessons
internal import Screens
internal import TinyModel
internal import Viz

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The course with its runs and the learner's progress: what the menu, a lesson and the listing are made from.
final class StoredCourse {
  private let tools = ToolLibrary()
  private lazy var library = RunLibrary(models: ProcessFacts.modelLibrary, tools: tools)
  private lazy var progress = ProgressFile(
    folder: isRehearsal ? nil : StateFolder.path(environment: Environment.value))
  /// Whether a session is kept or performed: nothing has been done before it, and nothing of it is kept as progress.
  private let isRehearsal: Bool
  /// Whether options are mixed where nobody has begun with the lesson: what is scripted finds them in the order of the file.
  private let mixes: Bool
  private var found: Course?
  /// What was last said about the progress file.
  private var saidTrouble: ProgressFile.Trouble?
  /// What is kept of a lesson that is open: the rest is new.
  private var told: [String: (done: LessonProgress, quizzes: [String: QuizState])] = [:]
  /// The time, in seconds since 1970.
  private let clock: () -> Int
  /// Lessons as their files were when they were read: the next part of a lecture is there before its key.
  private var known: [String: (stamp: FileStamp, lesson: Lesson)] = [:]

  init(
    isRehearsal: Bool = false, mixes: Bool = false, clock: @escaping () -> Int = { time(nil) }
  ) {
    (self.isRehearsal, self.clock) = (isRehearsal, clock)
    self.mixes = mixes && !isRehearsal
  }

  // MARK: Lessons

  /// The id that a learner means.
  func id(_ name: String) throws(CommandError) -> String {
    do throws(CommandError) {
      let course = try self.course()
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
    if let path = Self.file(inFolder: name, language) { return try read(path, language) }
    let id = try id(name)
    return try read(path: course().path(id, language), id: id, language)
  }

  /// The lessons as they were found first: a folder that goes away meanwhile stops no lecture.
  private func course() throws(CommandError) -> Course {
    if let found { return found }
    let course = try ProcessFacts.course()
    found = course
    return course
  }

  /// Reads all that a lecture shows, in both languages, so that nothing is missed in the middle of a class.
  func hold(_ lecture: Lecture) {
    for case .lesson(let name, _) in lecture.items.map(\.source) {
      for language in Language.allCases {
        guard let lesson = try? read(name, language) else { continue }
        for step in lesson.steps { try? library.hold(step.scene.model) }
      }
    }
  }

  private func read(path: String, id: String, _ language: Language) throws -> Lesson {
    // A file that changes while it is read has another stamp the next time.
    let stamp = FileStamp(path)
    if let lesson = known[path], stamp == nil || lesson.stamp == stamp,
      lesson.lesson.language == language
    {
      return lesson.lesson
    }
    let lesson = try Course.lesson(path: path, id: id, language: language)
    known[path] = stamp.map { ($0, lesson) }
    return lesson
  }

  /// The file of a lesson whose folder was named, in a language or, where it has it in the other alone, in that.
  private static func file(inFolder name: String, _ language: Language) -> String? {
    guard name.contains("/") else { return nil }
    let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
    let languages = [language] + Language.allCases
    return languages.map { "\(folder)/lesson.\($0.rawValue).md" }
      .first { access($0, R_OK) == 0 }
  }

  /// The file of a lesson that is named by its number, its name, its file or its folder.
  func file(of name: String, _ language: Language) throws -> String {
    if name.hasSuffix(".md") { return name }
    if let path = Self.file(inFolder: name, language) { return path }
    return try course().path(id(name), language)
  }

  /// Whether a name is a file's or a lesson's folder's, and no lesson of the course is looked for.
  static func isPath(_ name: String) -> Bool {
    name.hasSuffix(".md") || file(inFolder: name, .chinese) != nil
  }

  /// A lesson at the place where the learner left it.
  func open(_ name: String, _ look: Look, resumes: Bool) throws -> LessonState {
    let lesson = try read(name, look.language)
    progress.refresh()
    var done = progress.progress.lessons[lesson.id]
    if !resumes { done?.current = nil }
    if mixes, done?.seed == nil {
      done = done ?? LessonProgress()
      done?.seed = .random(in: 1...Int(Int32.max))
    }
    return try open(lesson, done, look)
  }

  private func open(
    _ lesson: Lesson, _ done: LessonProgress?, _ look: Look
  ) throws -> LessonState {
    let step = lesson.steps[LessonState.index(of: done?.current, in: lesson)]
    var state = LessonState(
      lesson, progress: done, look: look, traces: try library.runs(of: step.scene))
    if lesson.steps.contains(where: \.scene.review) { state.missed = missed(look) }
    state.terms = terms(of: lesson)
    saidTrouble = nil
    if let trouble = newTrouble(state.language) { state.note(trouble) }
    var kept = done ?? LessonProgress()
    // A seed that was drawn just now is new, and is kept with the first thing that is done.
    kept.seed = progress.progress.lessons[lesson.id]?.seed
    told[lesson.id] = (kept, state.quizzes)
    return state
  }

  /// The terms in the folder above a lesson's own.
  private func terms(of lesson: Lesson) -> TermList? {
    let folders = lesson.path.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return try? TermList(path: TermList.path(in: folders.joined(separator: "/")))
  }

  /// A question's lesson at that question, which is asked anew.
  private func openAnew(_ place: QuestionPlace, _ look: Look) throws -> LessonState {
    let lesson = try read(place.id.lesson, look.language)
    var done = progress.progress.lessons[lesson.id] ?? LessonProgress()
    done.current = place.step
    var state = try open(lesson, done, look)
    state.askAnew(place.id.question)
    told[lesson.id] = (done, state.quizzes)
    return state
  }

  /// The record held against the course as it is now.
  func record(_ language: Language) throws -> CourseRecord {
    let course = try ProcessFacts.course()
    progress.refresh()
    return CourseRecord(
      progress.record, try course.ids.map { try course.lesson($0, language) })
  }

  /// What was done of the lessons.
  var done: Progress { progress.progress }

  /// The time by which things are due, in seconds since 1970.
  var now: Int { clock() }

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
      tool: { try? tools.open($0, look)?.settled($1) }, runs: { try library.runs(of: $0) })
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
    progress.refresh()
    let lessons = try course.ids.map { try course.lesson($0, look.language) }
    let entries = lessons.map { lesson in
      HomeState.Entry(lesson, progress.progress.lessons[lesson.id], progress.record)
    }
    return HomeState(
      entries, due: CourseRecord(progress.record, lessons).due(at: clock()), look: look,
      notice: trouble(look.language))
  }

  func lesson(_ name: String, _ look: Look) throws -> LessonState {
    try open(name, look, resumes: true)
  }

  func next(after id: String) throws -> String? {
    let ids = try course().ids
    guard let index = ids.firstIndex(of: id), index + 1 < ids.count else { return nil }
    return ids[index + 1]
  }

  func translation(of lesson: Lesson, _ language: Language) -> Lesson? {
    let course = try? self.course()
    let isOfCourse = course?.path(lesson.id, lesson.language) == lesson.path
    return try? read(isOfCourse ? lesson.id : Self.path(of: lesson, in: language), language)
  }

  /// The file beside a lesson's in another language, where there is one.
  private static func path(of lesson: Lesson, in language: Language) -> String {
    let name = "lesson.\(lesson.language.rawValue).md"
    guard lesson.path.hasSuffix(name) else { return lesson.path }
    let other = String(lesson.path.dropLast(name.count)) + "lesson.\(language.rawValue).md"
    return access(other, R_OK) == 0 ? other : lesson.path
  }

  func reread(_ lesson: Lesson, _ language: Language) throws -> Lesson {
    try Course.lesson(path: lesson.path, id: lesson.id, language: language)
  }

  func runs(of scene: SceneSpec) throws -> SceneRuns { try library.runs(of: scene) }

  func facts(of link: ToolLink) -> ToolFacts {
    ToolFacts(of: [link]) { link throws(RunFailure) in try tools.facts(of: link) }
  }

  func keep(_ lesson: LessonState) -> String? {
    let id = lesson.lesson.id
    guard let old = told[id] else { return nil }
    var done = LessonProgress()
    (done.steps, done.isDone, done.quizzes) = (lesson.doneSteps, lesson.isDone, lesson.results)
    (done.seed, done.tries) = (lesson.seed, lesson.tries.isEmpty ? nil : lesson.tries)
    done.current = lesson.isReview ? old.done.current : lesson.step.id
    var news = done.news(since: old.done)
    // Who tried in vain before a break was not right at once.
    for (quiz, result) in news.quizzes where result == .right {
      let known = progress.record.questions[QuestionID(id, quiz)]
      if known?.first == nil && known?.isDoubtful == true { news.quizzes[quiz] = .helped }
    }
    progress.add(news, to: id, events: lesson.events(since: old.quizzes, at: clock()))
    told[id] = (done, lesson.quizzes)
    return newTrouble(lesson.language)
  }

  func due(_ look: Look) throws -> LessonState? {
    guard let place = try record(look.language).due(at: clock()).first else { return nil }
    return try openAnew(place, look)
  }

  func asking(_ question: QuestionID, _ look: Look) throws -> LessonState? {
    let rows = try record(look.language).rows
    guard let place = rows.first(where: { $0.place.id == question })?.place else { return nil }
    return try openAnew(place, look)
  }

  func missed(_ look: Look) -> [QuestionPlace] { (try? record(look.language).missed) ?? [] }

  func flaw(in lesson: Lesson, _ language: Language) -> String? {
    let linter = Linter(library, refusal: LintCommand.refusal)
    guard let finding = linter.findings(in: lesson).first else { return nil }
    return Sanitiser.clean(finding.sentence(language))
  }
}
