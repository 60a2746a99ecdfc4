#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import Screens
internal import TinyModel
internal import Viz

/// A lesson as text, a page a screen, answered by lines of standard input: for pipes and for terminals that cannot place a cursor.
struct LessonPages {
  private let course: StoredCourse
  private let frameSize: Size
  private var state: LessonState
  private var lines = InputLines()

  init(_ course: StoredCourse, _ name: String, _ look: Look, _ size: Size) throws {
    self.course = course
    frameSize = size
    // Who sits at a terminal goes on where he was; a file or a script begins at the beginning.
    state = try course.open(name, look, resumes: isatty(STDIN_FILENO) == 1)
    try bringTool()
  }

  /// Prints the first page and, line by line, what the answers lead to; at the end of the input, the rest.
  mutating func run() throws {
    try Output.standard.say(guide + "\n\n")
    try printPage()
    try printNotice()
    while let line = try lines.next() {
      let old = state
      state.answer(line: line)
      try settle(old)
      if let sentence = course.keep(state) { state.note(sentence) }
      guard try goOn(old) else { return }
    }
    try printRest()
  }

  private var guide: String {
    state.look.glyphs.shown(
      state.language(
        "一行一个回答；空行往下走，h 线索，s 看答案，n 下一屏，b 上一屏，q 离开",
        "A line answers; empty: on, h: a hint, s: the answer, n: next, b: back, q: leave"
      ))
  }

  /// Takes over the runs of a step that was just opened.
  private mutating func settle(_ old: LessonState) throws {
    if state.index != old.index { state.show(try course.runs(of: state.step.scene)) }
    if case .facts(let link) = state.request {
      state.clearRequest()
      state.receive(course.facts(of: link))
    }
    try bringTool()
  }

  /// Opens the tool of the screen where it is to be shown, all that it wants worked out.
  private mutating func bringTool() throws {
    guard let place = state.missingTool,
      let screen = try Toolbox(isLive: false).open(place, state.look)?
        .settled(Size(columns: columns, rows: rows))
    else { return }
    state.showTool(screen)
  }

  /// Prints what a line led to; false at the end of the lesson.
  private func goOn(_ old: LessonState) throws -> Bool {
    guard state.request == nil else { return false }
    if state.index == old.index { try printNews(since: old) } else { try printPage() }
    try printNotice()
    return true
  }

  private func printNotice() throws {
    guard let notice = state.notice else { return }
    try Output.standard.say(state.look.glyphs.shown(notice) + "\n")
  }

  /// Everything that is left, each question with its answer; what nobody answered is not kept as progress.
  private mutating func printRest() throws {
    while state.request == nil {
      let old = state
      state.goOnWithoutAnswer()
      try settle(old)
      _ = try goOn(old)
    }
  }

  // MARK: Pages

  private var columns: Int { max(20, frameSize.columns - 2) }
  private var rows: Int { max(12, frameSize.rows - 4) }

  private func printPage() throws {
    let picture = figure(state)
    let text = state.pageText(columns: columns)
    try Output.standard.say(
      ([state.pageTitle, ""] + picture + (picture.isEmpty ? [] : [""]) + text + [""])
        .joined(separator: "\n") + "\n")
  }

  /// The picture if it is another, and the text from where it changed.
  private func printNews(since old: LessonState) throws {
    let picture = figure(state)
    var news = picture == figure(old) || picture.isEmpty ? [] : picture + [""]
    let (text, known) = (state.pageText(columns: columns), old.pageText(columns: columns))
    let same = zip(text, known).prefix { $0 == $1 }.count
    news += text.dropFirst(same)
    guard !news.isEmpty else { return }
    try Output.standard.say((news + [""]).joined(separator: "\n") + "\n")
  }

  private func figure(_ state: LessonState) -> [String] {
    let frame = Frame(
      state.pageFigure(Size(columns: columns, rows: rows)), theme: state.look.theme)
    let lines = TextRenderer().render(Reel(frame, language: state.language)).split(
      separator: "\n", omittingEmptySubsequences: false)
    let filled = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
    return filled.map(String.init)
  }
}
