internal import Base
internal import Trace

extension ViewerState {
  /// Applies an event; pure but for the state itself.
  public mutating func update(_ event: Event) {
    switch event {
    case .key(let key):
      notice = nil
      press(key)
    case .tick:
      if isPlaying && awaited == nil && !isTyping { forward() }
    case .resize(let size): self.size = size
    }
  }

  /// Puts pasted text where text is being typed; elsewhere it is no key.
  public mutating func paste(_ text: String) {
    switch mode {
    case .prompt(var field):
      field.insert(text)
      mode = .prompt(field)
    case .note(var field):
      field.insert(text)
      mode = .note(field)
    case .search(var field):
      field.insert(text)
      mode = .search(field)
    case .name(var field):
      field.insert(text)
      mode = .name(field)
    default: break
    }
  }

  /// Whether something stands in front of the run that a beat must not pull away.
  private var isTyping: Bool {
    switch mode {
    case .browse, .verdict: false
    case .cell, .jump, .prompt, .predict, .help, .note, .marks, .search, .name: true
    }
  }

  private mutating func press(_ key: Key) {
    switch mode {
    case .browse where !hasStep: pressWaiting(key)
    case .browse, .verdict: browse(key, browseKeys)
    case .cell: browse(key, cellKeys)
    case .jump(let digits): jump(key, digits)
    case .prompt(let field): edit(key, field)
    case .predict(let prediction): predict(key, prediction)
    case .help(let page): help(key, page)
    case .note(let field): editNote(key, field)
    case .marks(let index): choose(key, index)
    case .search(let field): editSearch(key, field)
    case .name(let field): editName(key, field)
    }
  }

  /// Keys while the first step is computed.
  private mutating func pressWaiting(_ key: Key) {
    if let action = ViewerKeys.waiting.action(for: key) {
      perform(action)
    } else {
      say("第 1 步还在计算；q 退出", "step 1 is still being computed; q quits")
    }
  }

  private mutating func browse(_ key: Key, _ keys: KeyMap<ViewerAction>) {
    if let action = keys.action(for: key) {
      perform(action)
    } else {
      say("没有这个键；? 看帮助", "no such key; ? for help")
    }
  }

  private mutating func perform(_ action: ViewerAction) {
    if case .verdict = mode, action != .help, action != .quit { mode = .browse }
    switch action {
    case .next: forward()
    case .back: backward()
    case .first: go(to: Moment(endOf: 1, layers: layers))
    case .last: go(to: Moment(endOf: trace.plannedSteps, layers: layers))
    case .jump: mode = .jump("")
    case .previousLayer: show(layer: (0..<layer).reversed())
    case .nextLayer: show(layer: Array(layer + 1..<max(layer + 1, layers)))
    case .previousHead: show(head: (0..<head).reversed())
    case .nextHead: show(head: Array(head + 1..<max(head + 1, trace.model.heads)))
    case .depth: changeDepth()
    case .play: isPlaying.toggle()
    case .faster: changeSpeed(by: 1)
    case .slower: changeSpeed(by: -1)
    case .cell:
      // The newest in view, whatever the size: the windows end there.
      let newest = max(0, step.length - 1 - scrollBack)
      mode = .cell(query: newest, key: newest)
    case .parts:
      panel = panel == .partsSoFar ? .totals : panel == .partsOfStep ? .partsSoFar : .partsOfStep
    case .overview: panel = panel == .overview ? .totals : .overview
    case .code: panel = panel == .code ? .totals : .code
    case .predict: togglePredicting()
    case .prompt: mode = .prompt(TextField())
    case .scrollUp: scrollBack = min(step.length - 1, scrollBack + 1)
    case .scrollDown:
      if scrollBack == 0 { say("最新的字就在眼前", "the newest are in view") }
      scrollBack = max(0, scrollBack - 1)
    case .theme: changeTheme()
    case .language: language = language == .chinese ? .english : .chinese
    case .help: mode = .help(HelpPage())
    case .redraw: break
    case .quit: request = .quit
    case .stop: stop()
    case .cursorLeft, .cursorRight, .cursorUp, .cursorDown, .rowStart, .rowEnd: moveCursor(action)
    case .leaveCell: mode = .browse
    case .record: mode = .name(TextField(recordingName))
    case .mark, .nextMark, .previousMark, .marks, .search, .searchNext, .takeOver:
      performReplay(action)
    }
  }

  /// What a recording of this run is called if nobody says otherwise.
  private var recordingName: String { "run.kvtrace" }

  /// Shows the first of some layers that there is.
  private mutating func show(layer candidates: [Int]) {
    guard let nearest = candidates.first else { return }
    guard let next = candidates.first(where: { trace.has(layer: $0) }) else {
      return say("层 \(nearest + 1) 没有录", "layer \(nearest + 1) was not recorded")
    }
    if next != nearest { say("层 \(nearest + 1) 没有录", "layer \(nearest + 1) was not recorded") }
    layer = next
  }

  /// Shows the first of some heads that there is.
  private mutating func show(head candidates: [Int]) {
    guard let nearest = candidates.first else { return }
    guard let next = candidates.first(where: { trace.has(head: $0) }) else {
      return say("头 \(nearest + 1) 没有录", "head \(nearest + 1) was not recorded")
    }
    if next != nearest { say("头 \(nearest + 1) 没有录", "head \(nearest + 1) was not recorded") }
    head = next
  }

  private mutating func stop() {
    awaited = nil
    isPlaying = false
    mode = .browse
  }

  var layers: Int { trace.model.layers }

  /// Says something until the next key, in the glyphs that the terminal has.
  mutating func say(_ chinese: String, _ english: String) {
    notice = glyphs.adapted(language(chinese, english))
  }

  /// Changes the colours, and says which they are now: two sets may look alike.
  private mutating func changeTheme() {
    theme = theme.next
    say(theme.sentence(.chinese), theme.sentence(.english))
  }

  private mutating func changeDepth() {
    guard trace.hasDetail else {
      return say("录像没有各层、各运算的计数", "the recording has no counts of layers and operations")
    }
    depth = depth.next
    say(depth.sentence(.chinese), depth.sentence(.english))
    if depth == .token && !moment.isEndOfStep {
      moment = Moment(endOf: moment.step, layers: layers)
    } else if depth != .token {
      layer = moment.layer
    }
  }

  private mutating func changeSpeed(by change: Int) {
    speed = max(0, min(Self.beats.count - 1, speed + change))
    let seconds = NumberText.fixed(Double(Self.beats[speed]) / 1000, 2)
    say("播放：每步 \(seconds) 秒", "play: \(seconds) s per step")
  }

  private mutating func togglePredicting() {
    guard trace.steps.allSatisfy({ $0.uncached.cells() != nil && $0.cached.cells() != nil }) else {
      return say("录像没有格数，无从核对", "the recording has no counts of cells to check against")
    }
    isPredicting.toggle()
    isPlaying = false
    if isPredicting {
      say("先预测，再前进：按 → 出题", "predict first: press → for the question")
    } else {
      say("不再出题", "no more questions")
    }
  }

  // MARK: Moving

  private mutating func forward() {
    // The step that was predicted comes before the next question.
    if isPredicting, awaited != nil, awaitsSteps { return }
    let next = goal.next(depth, layers: layers)
    if next.step > trace.plannedSteps {
      isPlaying = false
      sayEnd()
    } else {
      go(to: next, predicting: isPredicting && next.step > moment.step)
      awaitsSteps = awaited != nil
    }
  }

  /// That there is no step behind this one, and why: it was planned so, or the model ended its text.
  private mutating func sayEnd() {
    let steps = trace.plannedSteps
    guard trace.isRecording || steps == plannedSteps else {
      return say(
        "到头了：第 \(steps) 步模型写了结束符；← 回看，/ 换一句",
        "the end: the model ended its text in step \(steps); ← looks back, / takes another prompt")
    }
    guard !trace.isRecording else { return say("到头了；← 回看", "the end; ← to look back") }
    say(
      "到头了：这次只要 \(steps) 步（run --tokens 可多要）；← 回看，/ 换一句",
      "the end: \(steps) steps were asked for (run --tokens asks for more); ← looks back, / another prompt"
    )
  }

  private mutating func backward() {
    if let previous = goal.previous(depth, layers: layers) {
      go(to: previous)
      awaitsSteps = awaited != nil
    } else {
      if hasStep { awaited = nil }
      say("这里是开头", "this is the beginning")
    }
  }

  /// Where one step more or less counts from: every press counts, also those before the step is computed.
  private var goal: Moment {
    if awaitsSteps, let awaited { return awaited }
    return moment
  }

  /// Goes to a moment, at once if its step is computed, else as soon as it is.
  mutating func go(to moment: Moment, predicting: Bool = false) {
    // Whoever goes elsewhere waits no longer.
    awaited = nil
    awaitsSteps = false
    if predicting, moment.step <= trace.plannedSteps {
      let length = step.length + 1
      mode = .predict(Prediction(step: moment.step, length: length))
      isPlaying = false
    } else if moment.step <= trace.steps.count {
      arrive(at: moment)
    } else {
      awaited = moment
    }
  }

  mutating func arrive(at moment: Moment) {
    self.moment = moment
    scrollBack = 0
    if depth != .token { layer = moment.layer }
    if case .cell(let query, let key) = mode {
      let newest = step.length - 1
      mode = .cell(query: min(query, newest), key: min(key, newest))
    }
  }

  // MARK: Modes

  private mutating func moveCursor(_ action: ViewerAction) {
    guard case .cell(var query, var column) = mode else { return }
    let newest = step.length - 1
    switch action {
    case .cursorLeft: column = max(0, column - 1)
    case .cursorRight: column = min(newest, column + 1)
    case .cursorUp: query = max(0, query - 1)
    case .cursorDown: query = min(newest, query + 1)
    case .rowStart: column = 0
    case .rowEnd: column = newest
    default: break
    }
    mode = .cell(query: query, key: column)
  }

  private mutating func jump(_ key: Key, _ digits: String) {
    switch ViewerKeys.jump.action(for: key) {
    case .digit:
      guard case .character(let digit) = key.folded, digits.count < 6 else { return }
      mode = .jump(digits + String(digit))
    case .erase: mode = .jump(String(digits.dropLast()))
    case .go:
      mode = .browse
      guard let number = Int(digits) else { return }
      if !(1...trace.plannedSteps).contains(number) {
        say("只有第 1 到 \(trace.plannedSteps) 步", "there are steps 1 to \(trace.plannedSteps)")
      }
      go(to: Moment(endOf: min(max(1, number), trace.plannedSteps), layers: layers))
    case .leave, nil: mode = .browse
    }
  }

  private mutating func edit(_ key: Key, _ field: TextField) {
    var field = field
    switch ViewerKeys.prompt.action(for: key) {
    case .leave: mode = .browse
    case .run: request = .run(field.text)
    case nil:
      if field.edit(key) { mode = .prompt(field) }
    }
  }

  private mutating func predict(_ key: Key, _ prediction: Prediction) {
    var prediction = prediction
    switch prediction.keys.action(for: key) {
    case nil: break
    case .skip:  // on without an answer
      mode = .browse
      go(to: momentAfterPrediction)
    case .stop:
      isPredicting = false
      mode = .browse
    case .quit: request = .quit
    case let action?:
      if prediction.answer(action, key.folded) {
        mode = .verdict(prediction)
        go(to: momentAfterPrediction)
      } else {
        mode = .predict(prediction)
      }
    }
  }

  private var momentAfterPrediction: Moment { moment.next(depth, layers: layers) }

  private mutating func help(_ key: Key, _ page: HelpPage) {
    var page = page
    switch ViewerKeys.help.action(for: key) {
    case .quit: request = .quit
    case .theme: changeTheme()
    case .language: language = language == .chinese ? .english : .chinese
    case let action:
      let sheet = HelpView(state: self).sheet(columns: size.columns - 4)
      guard let hasMoved = page.scroll(action, sheet, rows: HelpPage.rows(size)) else {
        return mode = .browse
      }
      mode = .help(page)
      if !hasMoved { say("没有更多了", "there is no more") }
    }
  }
}
