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
      "Present to a class: a question is thought about and voted on before its answer"))

  @Argument(
    help: ArgumentHelp(
      wording(
        "课的编号、名字或文件，或录像文件；不给则讲一次运行",
        "a lesson's number, name or file, or a recording; a run without one"),
      valueName: "LESSON|FILE"))
  var what: String?

  @OptionGroup var plan: LectureOption
  @OptionGroup var options: RunOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var pressing: KeysOption

  func run() throws {
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let isInteractive = TerminalFacts.current().isInteractive(input: input)
    let keys = try pressing.pressed()
    let isLive = keys == nil && isInteractive
    let course = StoredCourse(isRehearsal: true)
    let exhibits = Exhibits(course, isLive: isLive)
    let presentation = Presentation(try lecture(course), exhibits)
    let services = Services(course: course, classroom: presentation) {
      ImmediateRun(try RunOptions.parse([]).session())
    }
    if let keys {
      try App.print(.presentation, look, services, size: size, keys: keys)
    } else if isLive {
      try App.live(.presentation, look.onTerminal, services, input: input)
    } else {
      throw CommandError.needsTerminal("present")
    }
  }

  private var input: TerminalInput {
    options.readsStandardInput ? .controllingTerminal : .standardInput
  }

  /// What is presented: a course, or one lesson, recording or run.
  private func lecture(_ course: StoredCourse) throws -> Lecture {
    if let lecture = try plan.lecture(beside: what, options) { return lecture }
    guard let what else {
      let opening = try options.opening(of: options.session())
      return Lecture(items: [LectureItem(.run(opening.arguments))])
    }
    let name = try ProcessFacts.path(what, of: "LESSON")
    if name.hasSuffix(".kvtrace") { return Lecture(items: [LectureItem(.recording(name))]) }
    let id = name.hasSuffix(".md") ? name : try course.id(name)
    return Lecture(items: [LectureItem(.lesson(id, screens: []))])
  }
}
