internal import ArgumentParser
internal import Base
internal import Lessons
internal import Screens
internal import TinyModel
internal import Trace
internal import Viz

/// What is handed out on paper, as it was typed: a lesson, or a lecture.
struct ExportHandout: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "一课的讲义：编号、名字或文件（md 或 html；py 是课里带的脚本）",
        "a lesson's handout: its number, name or file (md or html; py: the script that it has)"),
      valueName: "ID"), completion: CompletionKind.lessons)
  var lesson: String?

  @OptionGroup var plan: LectureOption

  /// The option that was given; nil where nothing is handed out.
  var option: String? { lesson != nil ? "--lesson" : plan.course != nil ? "--course" : nil }

  /// The handout; nil where there is nothing in it.
  ///
  /// - Throws: what there is not, or cannot be computed.
  func handout(_ options: RunOptions, _ look: Look, _ size: Size) throws -> Handout? {
    if lesson != nil, plan.course != nil { throw CommandError.together("--lesson", "--course") }
    let course = StoredCourse(isRehearsal: true)
    if let lesson {
      return try course.handout(ProcessFacts.path(lesson, of: "--lesson"), look, size).handout
    }
    guard let lecture = try plan.lecture(beside: nil, options) else { return nil }
    let parts = try lecture.items.map { try part($0, course, look, size) }
    return LectureHandout(lecture.title(look.language), parts, look, size: size).handout
  }

  private func part(
    _ item: LectureItem, _ course: StoredCourse, _ look: Look, _ size: Size
  ) throws -> LectureHandout.Part {
    let source: ExportSource
    let link: ToolLink
    switch item.source {
    case .lesson(let name, let screens):
      return .lesson(try course.handout(name, screens: screens, look, size))
    case .run(let arguments):
      source = .run(try RunOptions.parse(arguments).session())
      link = ToolLink("run", arguments)
    case .recording(let path):
      source = .recording(try Recording(path))
      // Where it lies on this machine concerns nobody else.
      link = ToolLink("replay", path.split(separator: "/").last.map { [String($0)] } ?? [])
    }
    var state = try source.state(look, upTo: nil)
    let (layer, head) = source.first
    state.show(step: state.trace.steps.count, layer: layer, head: head)
    let title = item.title(look.language)
    return .run(
      title: title.isEmpty ? link.line : title, command: "kvtui " + link.line, state)
  }
}
