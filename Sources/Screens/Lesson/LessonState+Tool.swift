internal import Base
public import Lessons
internal import Viz

/// The screen of a tool in the run's place.
struct ToolScene: Sendable {
  let shown: ShownTool
  var screen: any Screen
  /// Where it stands before anything is turned.
  var beginning: ToolLink?
  /// Whether somebody pressed a key in it.
  var isTouched = false
}

/// A setting whose facts are asked for.
struct AskedSetting: Hashable, Sendable {
  let quiz: String
  let place: ToolLink
}

/// A screen whose picture is a tool: what is shown of it, when one may go into it, and the questions of its place.
extension LessonState {
  /// The place of the tool that is shown; nil where a run is.
  var toolPlace: ToolLink? { answeredPlace ?? step.scene.tool }

  /// The tool in the run's place, to be opened.
  var shownTool: ShownTool? {
    guard let link = toolPlace, let place = try? ToolPlace(link) else { return nil }
    return ShownTool(place: place, owner: "\(step.id) \(visit)", knobs: step.scene.knobs)
  }

  /// The tool as it is shown; nil until it is there.
  var toolScreen: (any Screen)? {
    guard let tool, tool.shown == shownTool else { return nil }
    return tool.screen
  }

  /// What the tool wants to have worked out.
  var toolQuestion: Question? { toolScreen?.question }

  /// Takes over a tool that was opened.
  mutating func take(_ shown: ShownTool, _ screen: any Screen) {
    tool = ToolScene(shown: shown, screen: screen)
    let keys = shown.knobs.compactMap { Key(tmuxName: $0) }
    hand(.look(look))
    hand(.given(keys.isEmpty ? nil : Set(keys)))
    fitTool()
  }

  /// Hands a message to the tool.
  mutating func hand(_ message: Message) {
    guard var screen = toolScreen else { return }
    // The tool's key for the look is the lesson's; what else it asks for a lesson does not give.
    for effect in screen.update(message) {
      switch effect {
      case .setLook(let new): look = new
      case .back: isInTool = false
      default: break
      }
    }
    tool?.screen = screen
    if case .key = message { return }
    // What it works out by itself, before anybody pressed a key, is still its beginning.
    if tool?.isTouched == false {
      let beginning = standing
      tool?.beginning = beginning
    }
  }

  /// A tool could not be opened, or goes no further.
  mutating func failTool(_ failure: any Explained) {
    if toolQuestion != nil {
      hand(.failed(failure))
    } else if shownTool != nil, toolScreen == nil {
      toolFailure = failure.sentence(language)
    }
  }

  /// The frame that the tool is drawn in, with its title and its keys.
  private func toolSize(_ size: Size) -> Size {
    if isToolAlone(size) {
      return Size(columns: size.columns, rows: size.rows + 1 - toolHead(size.columns).count)
    }
    let area = layout(size).figure
    return Size(columns: area.columns, rows: area.rows + 2)
  }

  /// Tells the tool its size.
  mutating func fitTool() {
    guard let size, toolScreen != nil, size.columns >= LessonLayout.smallest.columns,
      size.rows >= LessonLayout.smallest.rows
    else { return }
    hand(.resized(toolSize(size)))
  }

  // MARK: Going in

  /// The columns from which on the text stays beside a tool that one is in.
  static let besideTool = 100

  /// Whether the tool has the screen for itself.
  func isToolAlone(_ size: Size) -> Bool { isInTool && size.columns < Self.besideTool }

  /// Why one cannot go in; nil where one can.
  var reasonToStay: String? {
    if toolScreen == nil {
      return toolFailure ?? language("图还没有好", "the picture is not there yet")
    }
    guard let quiz = openQuiz, quiz.place != nil, !quiz.isSetting, !quiz.isProgram else {
      return nil
    }
    return language("先作答，图就到那里；s 看答案", "answer first, the picture then goes there; s shows it")
  }

  /// Whether the key that goes in leads there.
  var offersTool: Bool { step.scene.tool != nil && reasonToStay == nil }

  mutating func enterTool() {
    if let reasonToStay {
      notice = viewer.glyphs.shown(reasonToStay)
      return
    }
    isInTool = true
    fitTool()
  }

  mutating func leaveTool() {
    isInTool = false
    fitTool()
  }

  /// A key while one is in the tool; Enter answers with what is set, where that is asked.
  mutating func pressTool(_ key: Key) {
    if key == .enter, let quiz = activeQuiz, quiz.isSetting, toolScreen?.isTyping != true {
      return askSetting(quiz)
    }
    fitTool()
    tool?.isTouched = true
    hand(.key(key))
    if !isInTool { fitTool() }
  }

  // MARK: Settings

  /// Where the tool stands, as a command; nil where it cannot say.
  var standing: ToolLink? {
    guard let base = toolPlace else { return nil }
    guard let screen = toolScreen else { return base }
    return screen.place.map(base.with)
  }

  /// Asks what the command prints that the tool stands for.
  mutating func askSetting(_ quiz: Quiz) {
    guard let place = standing else {
      notice = language(
        "这样的设定没有命令说得出，换一样再试", "no command says what is set here; set something else")
      return
    }
    guard isTurned(place, quiz) else {
      notice =
        isInTool
        ? language("先转旋钮再作答；不算一次", "turn a knob first; no try lost")
        : language("先按 o 进图里转旋钮；不算一次", "o first, then turn a knob; no try lost")
      return
    }
    ask(quiz, at: place)
  }

  /// Whether knobs stand otherwise than at the beginning, and than when they were judged last; where one looks is none, unless that is
  /// what is asked.
  private func isTurned(_ place: ToolLink, _ quiz: Quiz) -> Bool {
    let known = [tool?.beginning ?? step.scene.tool, quizzes[quiz.id]?.place].compactMap { $0 }
    return known.allSatisfy { known in
      known.names != place.names
        || place.changes(from: known).contains { option in
          !PlaceWords.looks.contains(option) || quiz.asks(for: option)
        }
    }
  }

  mutating func ask(_ quiz: Quiz, at place: ToolLink) {
    asked = AskedSetting(quiz: quiz.id, place: place)
    request = .facts(place)
  }

  /// Judges a setting once what its command prints is there.
  public mutating func receive(_ facts: ToolFacts) {
    tools.add(facts)
    guard let asked, let quiz = activeQuiz, quiz.id == asked.quiz else { return }
    self.asked = nil
    let before = quizzes[quiz.id]?.place
    quizzes[quiz.id]?.place = asked.place
    do throws(ExpressionError) {
      _ = try grader(quiz).judge(.setting)
    } catch {
      quizzes[quiz.id]?.place = before
      notice = viewer.glyphs.shown(error.sentence(language))
      return
    }
    let beginning = tool?.beginning ?? step.scene.tool
    quizzes[quiz.id]?.entry = beginning.map(asked.place.options) ?? ""
    judge(quiz, .setting)
    // Who sees the text beside the tool may go on turning; others have to read first.
    let isRead = size.map { !isToolAlone($0) } ?? false
    if !isRead || quizzes[quiz.id]?.outcome != .open { leaveTool() }
  }

  /// The right answer in words: of a setting what is to be turned.
  func rightAnswer(to quiz: Quiz) -> String {
    if quiz.isSetting, let place = quiz.place, let tool = step.scene.tool {
      return said(place.options(unlike: tool), to: quiz)
    }
    if case .lines(let gaps) = quiz.kind {
      return letters((try? grader(quiz).rightLines(gaps)) ?? [], quiz)
    }
    return (try? grader(quiz).answer()) ?? ""
  }

  // MARK: Drawing

  /// The open question or the step's title above a tool that has the screen for itself, at most two lines.
  func toolHead(_ columns: Int) -> [String] {
    let quiz = activeQuiz
    var text = quiz.map { "? " + plain($0.ask, of: $0) } ?? step.title
    if quiz?.isSetting == true { text += language("（Enter 作答）", " (Enter answers)") }
    let lines = viewer.glyphs.shown(text).wrapped(to: columns - 2)
    guard lines.count > Self.mostHead else { return lines }
    let last = lines[Self.mostHead - 1]
    let room = columns - 2 - ScalarWidth.of(viewer.glyphs.ellipsis)
    return lines.prefix(Self.mostHead - 1) + [last.fitted(to: room) + viewer.glyphs.ellipsis]
  }

  private static let mostHead = 2

  /// The tool alone, under the question that is open.
  func drawToolAlone(on canvas: inout Canvas) {
    let head = toolHead(canvas.size.columns)
    for (y, line) in head.enumerated() {
      canvas.fill(Point(0, y), columns: canvas.size.columns, Style(.titleBar))
      canvas.put(line, at: Point(1, y), Style(.titleBar))
    }
    guard let screen = toolScreen else { return }
    put(
      screen.view(toolSize(canvas.size), look), at: Point(0, head.count),
      rows: canvas.size.rows - head.count, on: &canvas)
    if notice != nil { canvas.putFooter([], notice: notice, look) }
  }

  /// The tool's frame without its title; without its keys too, unless one is in it.
  func drawTool(in area: Area, on canvas: inout Canvas) {
    guard var screen = toolScreen else {
      drawToolFailure(in: area, on: &canvas)
      return
    }
    // From the text none of its keys works, and none is drawn as one.
    if !isInTool { _ = screen.update(.given([])) }
    let frame = screen.view(Size(columns: area.columns, rows: area.rows + 2), look)
    put(frame, at: Point(area.x, area.y), rows: area.rows + (isInTool ? 1 : 0), on: &canvas)
    guard !isInTool else { return }
    // A letter that does nothing before one has gone in is no key.
    canvas.restyle(area) { _, style in style.role == .key ? Style(.dim) : nil }
  }

  private func drawToolFailure(in area: Area, on canvas: inout Canvas) {
    guard let toolFailure else { return }
    let lines = viewer.glyphs.shown(toolFailure).wrapped(to: area.columns)
    for (row, line) in lines.prefix(area.rows).enumerated() {
      canvas.put(line, at: Point(area.x, area.y + row), Style(.wrong))
    }
  }

  /// The rows of a frame behind its first.
  private func put(_ frame: Canvas, at point: Point, rows: Int, on canvas: inout Canvas) {
    let shown = min(rows, frame.size.rows - 1)
    for y in 0..<max(0, shown) {
      for (x, cell) in frame.row(y + 1).enumerated() where cell.width > 0 && cell != .blank {
        canvas.put(cell.text, at: Point(point.x + x, point.y + y), cell.style)
      }
    }
    if isInTool, let caret = frame.caret, caret.y >= 1, caret.y <= shown {
      canvas.caret = Point(point.x + caret.x, point.y + caret.y - 1)
    }
  }
}

extension Quiz {
  /// Whether knobs of the screen's tool are its answer.
  var isSetting: Bool { if case .setting = kind { true } else { false } }

  /// Whether an option of the tool's place is what a setting is judged by.
  func asks(for option: String) -> Bool {
    guard case .setting(let truth) = kind else { return false }
    return truth.text.contains("place('\(option.dropFirst(2))')")
  }
}
