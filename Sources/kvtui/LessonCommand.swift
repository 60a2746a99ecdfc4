#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import ArgumentParser
internal import Base
internal import Lessons
internal import Screens
internal import Terminal
internal import Viz

/// `kvtui lesson`: the lessons, beside the live screen.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: wording("课程：先预测，再看运行", "Lessons: predict, then watch the run"))

  @Argument(
    help: ArgumentHelp(
      wording("课的编号、名字或文件；不给则打开目录", "a lesson's number, name or file; the menu without one"),
      valueName: "ID"), completion: CompletionKind.lessons)
  var id: String?

  @Flag(help: ArgumentHelp(wording("列出课程和进度", "list the lessons and what is done")))
  var list = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("忘掉一课的进度", "forget what was done of a lesson"), valueName: "ID"),
    completion: CompletionKind.lessons)
  var reset: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "在这个文件夹里新写一课（中英文），已有的文件不动",
        "write a new lesson there, in both languages; nothing is overwritten"),
      valueName: "FOLDER"), completion: .directory)
  var new: String?

  @OptionGroup var look: LookOptions

  @OptionGroup var pressing: KeysOption

  @OptionGroup var keeping: KeepKeysOptions

  func run() throws {
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    try keeping.require(
      interactive: isInteractive,
      [
        ("--list", list), ("--reset", reset != nil), ("--new", new != nil),
        ("--keys", pressing.isGiven),
      ])
    try requireOne()
    let course = StoredCourse(
      isRehearsal: keeping.isGiven, mixes: isatty(STDIN_FILENO) == 1 && !pressing.isGiven)
    let id = try self.id.map { try ProcessFacts.path($0, of: "ID") }
    if let id, !StoredCourse.isPath(id) { _ = try course.id(id) }
    if let new {
      try NewLesson(folder: try ProcessFacts.path(new, of: "--new")).make(look.language)
    } else if list {
      try course.printList(look)
    } else if let reset {
      try course.reset(reset)
    } else if let keys = try pressing.pressed() {
      try App.print(
        Self.destination(id), look, Self.services(course, isLive: false), size: size,
        keys: keys)
    } else if isInteractive {
      let services = Self.services(
        course, isLive: true,
        keeping: { recorder -> any RecorderService in
          keeping.isGiven ? RehearsalRecorder(recorder) : recorder
        })
      try App.live(
        Self.destination(id), look.onTerminal, services,
        keeper: try keeping.keeper(KeptOpening(.lesson, id.map { [.init("id", $0)] } ?? [])))
    } else {
      try printPages(id, course, look, size)
    }
  }

  /// A lesson is opened, listed, forgotten or made.
  private func requireOne() throws(CommandError) {
    let all: [(String, Bool)] = [
      ("--new", new != nil), ("ID", id != nil), ("--list", list), ("--reset", reset != nil),
      ("--keys", pressing.isGiven),
    ]
    let given = all.filter(\.1).map(\.0)
    if new != nil && given.count > 1 { throw .together(given[0], given[1]) }
  }

  /// The lesson, or the menu without one.
  static func destination(_ id: String?) -> Destination { id.map { .lesson($0) } ?? .home }

  /// The lessons, and the run, the recordings and the tools of the menu, beside the screen or at once; `keeping` makes what keeps a
  /// recording's marks.
  static func services(
    _ course: StoredCourse, recorder: any RecorderService = RunRecorder(), isLive: Bool,
    keeping: @escaping (RunRecorder) -> any RecorderService = { $0 }
  ) -> Services {
    Services(
      course: course, recorder: recorder, tool: Toolbox(isLive: isLive).open,
      pictures: try? HomeSession().service(isLive: isLive),
      recording: { try OpenRecording($0, from: nil).service(of: $0, isLive: isLive, keeping) },
      makeRun: { try RunOptions.parse([]).opened().service(isLive: isLive) })
  }

  /// What cannot be stepped through can still be read and answered line by line, and the menu listed.
  private func printPages(
    _ id: String?, _ course: StoredCourse, _ look: Look, _ size: Size
  ) throws {
    guard let id else { return try course.printList(look) }
    var pages = try LessonPages(course, id, look, size)
    try pages.run()
  }
}

extension Look {
  /// As the terminal can show it: a lesson is read in the language in which it can be shown.
  var onTerminal: Look { TerminalFacts.current().isUTF8 ? self : inASCII }
}

/// `kvtui lint`: what is wrong with lesson files.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: wording("检查课文", "Check lesson files"))

  @Argument(
    help: ArgumentHelp(
      wording(
        "课文或课堂文件；不给则检查全部（或 KVTUI_LESSONS 里的课）",
        "lesson and lecture files; without any all that are bundled, or those of KVTUI_LESSONS"),
      valueName: "FILE"), completion: .file())
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "课文的 tool('…') 在一条命令里能问到的 JSON，如 \"memory --model llama-7b\"",
        "the JSON of a command that tool('…') of a lesson asks, such as \"memory --model llama-7b\""
      ),
      valueName: "COMMAND"))
  var facts: String?

  @Flag(help: ArgumentHelp(wording("有提醒也算失败", "warnings fail, too")))
  var strict = false

  @OptionGroup var language: LanguageOption

  func run() throws {
    if let facts { return try printFacts(facts) }
    let lang = try language.value().inLocale
    for file in files { _ = try ProcessFacts.path(file, of: "FILE") }
    let linter = Linter(
      RunLibrary(models: ProcessFacts.modelLibrary, tools: ToolLibrary()), refusal: Self.refusal)
    let findings =
      files.isEmpty
      ? linter.findings(in: try ProcessFacts.course())
        + linter.warnings(in: try ProcessFacts.course())
        // Lectures are of the lessons that they come with.
        + (ProcessFacts.ownLessons == nil
          ? try ProcessFacts.lectures.paths.flatMap(Self.findings(lecture:)) : [])
      : try files.flatMap { try Self.findings($0, linter) }
    for finding in findings {
      try Output.standard.say(Sanitiser.clean(finding.sentence(lang)) + "\n")
    }
    let count = strict ? findings.count : findings.count { !$0.isWarning }
    if count > 0 { throw CommandError.lint(count) }
  }

  private static func findings(_ path: String, _ linter: Linter) throws(CommandError) -> [Finding] {
    if isLecture(path) { return try findings(lecture: path) }
    let language: Language = path.hasSuffix(".en.md") ? .english : .chinese
    return linter.findings(path: path, id: id(of: path), language: language)
      + linter.warnings(
        path: path, id: id(of: path), language: language, in: try? ProcessFacts.course())
  }

  private func printFacts(_ line: String) throws {
    guard files.isEmpty else { throw CommandError.together("--facts", "FILE") }
    guard let link = ToolLink(try ProcessFacts.text(line, of: "--facts")) else {
      throw CommandError.badValue(
        option: "--facts", value: line, expected: "\"memory --model llama-7b\"")
    }
    try Toolbox.lines(of: try ToolPlace(link)) { try RunOutput.print($0) }
  }

  private static func isLecture(_ path: String) -> Bool {
    path.hasSuffix(".yaml") || path.hasSuffix(".yml")
  }

  private static func findings(lecture path: String) throws(CommandError) -> [Finding] {
    let course = try ProcessFacts.course()
    do throws(Finding) {
      return try LectureFile(path: path).findings(course, refusal: LectureOption.refusal)
    } catch {
      return [error]
    }
  }

  /// Why a tool that a lesson links to cannot be opened: it is, at once.
  static func refusal(_ link: ToolLink) -> (any Explained)? {
    do {
      _ = try Toolbox(isLive: false).open(try ToolPlace(link), Look())
      return nil
    } catch {
      return error as? any Explained ?? UsageError(error)
    }
  }

  /// The name of the folder in which a lesson file lies.
  static func id(of path: String) -> String {
    path.split(separator: "/").dropLast().last.map(String.init) ?? "lesson"
  }
}
