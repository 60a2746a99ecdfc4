#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import ArgumentParser
internal import Base
internal import Classroom
internal import Lessons
internal import Screens
internal import Terminal
internal import TinyModel
internal import Viz

/// `kvtui present`: a lesson, a run or a recording before a class.
struct PresentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "present",
    abstract: wording(
      "在课堂上讲：问题先想、先投，再揭晓",
      "Present to a class: a question is thought about and voted on before its answer"),
    discussion: wording(
      "一整堂课：kvtui present --course 45；旁边开 kvtui notes 看讲稿。全部说明在 docs/classroom.zh.md。",
      "A whole lecture: kvtui present --course 45, with kvtui notes beside it. docs/classroom.md says all of it."
    ))

  @Argument(
    help: ArgumentHelp(
      wording(
        "课的编号、名字或文件，或录像文件；不给则讲一次运行",
        "a lesson's number, name or file, or a recording; a run without one"),
      valueName: "LESSON|FILE"), completion: CompletionKind.lessons)
  var what: String?

  @OptionGroup var plan: LectureOption
  @OptionGroup var options: RunOptions
  @OptionGroup var sharing: PresentOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var pressing: KeysOption

  func run() throws {
    let (look, size) = (try look.look(usual: .projector).inLocale, try look.frameSize())
    let isInteractive = TerminalFacts.current().isInteractive(input: input)
    let keys = try pressing.pressed()
    if keys != nil, let option = sharing.sharing { throw CommandError.together("--keys", option) }
    if let address = sharing.check {
      return try PresentCheck(sharing.server(at: address, look.language, kept: nil), look).run()
    }
    let course = StoredCourse(isRehearsal: true)
    let lecture = try lecture(course)
    if let keys {
      let presentation = Presentation(lecture, Exhibits(course, isLive: false))
      try App.print(.presentation, look, services(course, presentation), size: size, keys: keys)
    } else if isInteractive {
      try present(lecture, course, look)
    } else {
      throw CommandError.needsTerminal("present")
    }
  }

  private func present(_ lecture: Lecture, _ course: StoredCourse, _ look: Look) throws {
    let beginning = PresentBeginning(of: lecture, isAnew: sharing.fromStart)
    let outlets = try PresentOutlets(sharing.wishes(lecture, beginning, look.language))
    defer { outlets.end(isOver: false) }
    try EndingSignals.before { outlets.end(isOver: false) }
    let presentation = Presentation(lecture, Exhibits(course, isLive: true), outlets, beginning)
    for note in outlets.notes(look.language) { Self.say(note) }
    for notice in [outlets.resultsNotice(look.language), beginning.notice(look.language)] {
      if let notice { Self.say(notice) }
    }
    course.hold(lecture)
    try App.live(.presentation, look.onTerminal, services(course, presentation), input: input)
    outlets.end(isOver: presentation.isOver)
    for line in outlets.farewell(isOver: presentation.isOver, look.language) { Self.say(line) }
    if let results = outlets.results, let failure = results.failure {
      throw CommandError.cannotWrite(file: results.path, failure)
    }
  }

  /// The wall after some keys, with nobody who follows.
  ///
  /// - Throws: what cannot be presented, or is for a presentation that others see.
  func lastFrame(_ look: Look, _ size: Size, after keys: [Key]) throws -> Frame? {
    if let option = sharing.sharing { throw CommandError.together("--tool", option) }
    let course = StoredCourse(isRehearsal: true)
    let presentation = Presentation(try lecture(course), Exhibits(course, isLive: false))
    return try App.lastFrame(
      .presentation, look, services(course, presentation), size: size, keys: keys)
  }

  private func services(_ course: StoredCourse, _ presentation: Presentation) -> Services {
    Services(course: course, classroom: presentation) {
      try ImmediateRun(RunOptions.parse([]).opened())
    }
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  /// What is presented: a course, or one lesson, recording or run.
  private func lecture(_ course: StoredCourse) throws -> Lecture {
    if let lecture = try plan.lecture(beside: what, options) { return lecture }
    guard let what else {
      let opening = try options.opening(of: options.opened())
      return Lecture(items: [LectureItem(.run(opening.arguments))])
    }
    let name = try ProcessFacts.path(what, of: "LESSON")
    if name.hasSuffix(".kvtrace") { return Lecture(items: [LectureItem(.recording(name))]) }
    let id = name.hasSuffix(".md") ? name : try Self.id(name, course)
    return Lecture(items: [LectureItem(.lesson(id, screens: []))])
  }

  /// The id of a lesson; who names a lecture is told how it is presented.
  private static func id(_ name: String, _ course: StoredCourse) throws(CommandError) -> String {
    do throws(CommandError) {
      return try course.id(name)
    } catch {
      if ProcessFacts.lectures.path(matching: name) != nil { throw .lectureNotLesson(name) }
      throw error
    }
  }

  /// Says something before the screen opens, where it is found again after it.
  private static func say(_ line: String) {
    try? Output(descriptor: STDERR_FILENO, file: nil).say("kvtui: \(Sanitiser.clean(line))\n")
  }
}
