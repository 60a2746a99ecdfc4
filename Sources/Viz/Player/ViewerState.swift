public import Base
public import Trace

/// What the keys mean at the moment.
public enum Mode: Hashable, Sendable {
  /// Stepping through the run.
  case browse
  /// A cell is selected: positions of its query and its key.
  case cell(query: Int, key: Int)
  /// A step's number is being typed.
  case jump(String)
  /// A prompt is being typed.
  case prompt(TextField)
  /// The next step is being predicted.
  case predict(Prediction)
  /// A prediction stands beside what the run did.
  case verdict(Prediction)
  /// The help page.
  case help(HelpPage)
  /// The note of a mark is being typed.
  case note(TextField)
  /// The marks are listed, one of them chosen.
  case marks(Int)
  /// A token's text is being typed, to be searched for.
  case search(TextField)
  /// The name of a recording is being typed.
  case name(TextField)
}

/// What the table below the panes shows.
public enum Panel: Int, CaseIterable, Sendable {
  /// FLOPs, cells, K,V and bytes of both runs.
  case totals
  /// FLOPs of this step by part.
  case partsOfStep
  /// FLOPs so far by part.
  case partsSoFar
  /// The whole triangle.
  case overview
  /// The pseudo-code, its lines lit as the operations run.
  case code
}

/// What the viewer asks of the program around it.
public enum Request: Hashable, Sendable {
  /// Leave.
  case quit
  /// Run another prompt in the same way as the run on screen.
  case run(String)
  /// Keep the marks of the recording.
  case keepMarks([Mark])
  /// Keep the run as a file of this name, in the place of another or not.
  case record(String, replaces: Bool)
  /// Go on with the model itself from a step of the recording.
  case takeOver(Int)
}

/// Everything that a frame depends on besides its size; changed by events only.
///
///     var state = ViewerState(trace: trace, longest: 7)
///     state.update(.key(.right))
///     let canvas = state.view(Size(columns: 80, rows: 24))
public struct ViewerState: Sendable {
  /// The run so far.
  public internal(set) var trace: Trace
  /// The longest sequence of the run as planned, in tokens: it fixes the layout.
  public internal(set) var longest: Int
  /// The steps of the run as planned; the end-of-sequence token may end it earlier.
  private(set) var plannedSteps: Int
  /// Where in the run we are.
  public internal(set) var moment: Moment
  /// How far a step goes.
  public internal(set) var depth = Depth.token
  /// The block that is shown, counted from 0.
  public internal(set) var layer: Int
  /// The head that is shown, counted from 0.
  public internal(set) var head: Int
  /// What the keys mean.
  public internal(set) var mode = Mode.browse
  /// What the table shows.
  public internal(set) var panel = Panel.totals
  /// Whether a beat of the play clock moves on.
  public internal(set) var isPlaying = false
  /// Index into `beats`.
  public internal(set) var speed = 2
  /// Whether each step is predicted first.
  public internal(set) var isPredicting = false
  /// How many tokens the window over a long sequence stands back from the newest.
  public internal(set) var scrollBack = 0
  /// How everything looks.
  public var look: Look
  /// A sentence for the viewer, until the next key.
  public internal(set) var notice: String?
  /// The moment that waits for its step to be computed.
  public internal(set) var awaited: Moment?
  /// Whether `awaited` was reached step by step: one step more counts from there.
  var awaitsSteps = false
  /// How far the step has come that is being computed, while one is awaited.
  public internal(set) var computing: StepProgress.Amount?
  /// What the program around the viewer should do.
  public internal(set) var request: Request?
  /// What a recording has besides its run; nil for a run that is computed.
  public internal(set) var replay: ReplayState?
  /// The step from which on a recording that was taken over is computed here.
  public internal(set) var liveFrom: Int?
  /// The screen's: help pages scroll by it, nothing else goes by it.
  var size = Size(columns: 80, rows: 24)
  /// A name that was typed and is another file's already.
  var replaced: String?

  /// Milliseconds between two beats while playing, by speed.
  public static let beats = [4000, 2000, 1000, 500, 250, 125]

  /// Creates the state at the end of the first step, or waiting for it.
  ///
  /// - Parameters:
  ///   - trace: a run.
  ///   - longest: the longest sequence of the run as planned, in tokens.
  ///   - look: how everything looks.
  ///   - layer: the block to show at first, counted from 0.
  ///   - head: the head to show at first, counted from 0.
  ///   - replay: what a recording has besides its run.
  public init(
    trace: Trace, longest: Int, look: Look = Look(), layer: Int? = nil, head: Int = 0,
    replay: ReplayState? = nil
  ) {
    self.replay = replay
    self.trace = trace
    self.longest = longest
    plannedSteps = trace.plannedSteps
    self.look = look
    moment = Moment(endOf: 1, layers: trace.model.layers)
    self.layer = min(layer ?? 0, trace.model.layers - 1)
    self.head = min(head, trace.model.heads - 1)
    // Where not all was recorded, the first that was.
    if !trace.has(layer: self.layer) {
      self.layer = (0..<layers).first { trace.has(layer: $0) } ?? 0
    }
    if !trace.has(head: self.head) {
      self.head = (0..<trace.model.heads).first { trace.has(head: $0) } ?? 0
    }
    awaitFirstStep()
  }

  /// The language of everything on the screen.
  public internal(set) var language: Language {
    get { look.language }
    set { look.language = newValue }
  }

  /// The colours.
  public internal(set) var theme: Theme {
    get { look.theme }
    set { look.theme = newValue }
  }

  /// The glyphs.
  public internal(set) var glyphs: GlyphSet {
    get { look.glyphs }
    set { look.glyphs = newValue }
  }

  /// Whether there is a step to show: before the first is computed there is none.
  public var hasStep: Bool { !trace.steps.isEmpty }

  /// The step that is shown.
  public var step: Step { trace.step(moment.step) }

  /// The steps of the run as far as a viewer can know them here: that it ends early shows at its end.
  public var knownSteps: Int {
    trace.isComplete && moment.step == trace.plannedSteps ? trace.plannedSteps : plannedSteps
  }

  /// The last step that is wanted for what is shown or awaited.
  public var wantedStep: Int { max(moment.step, awaited?.step ?? 0) }

  /// Takes over a trace of the same run that has grown.
  ///
  /// - Parameters:
  ///   - trace: the run.
  ///   - progress: how far its next step has come.
  public mutating func receive(_ trace: Trace, progress: StepProgress.Amount? = nil) {
    self.trace = trace
    computing = awaited == nil ? nil : progress
    guard let awaited else { return }
    if awaited.step <= trace.steps.count {
      self.awaited = nil
      arrive(at: awaited)
    } else if trace.isComplete {
      self.awaited = nil
      arrive(at: Moment(endOf: trace.plannedSteps, layers: trace.model.layers))
    }
  }

  /// Goes to the end of a step that has been computed.
  public mutating func show(step: Int) {
    arrive(at: Moment(endOf: step, layers: trace.model.layers))
  }

  /// Goes to the end of a step of the plan as soon as that is computed; what is beyond the plan is cut.
  public mutating func goOn(at step: Int) {
    go(to: Moment(endOf: max(1, min(step, plannedSteps)), layers: trace.model.layers))
  }

  /// Goes to the end of a step that has been computed, in a layer and a head that the model has, each counted from 1.
  public mutating func show(step: Int, layer: Int, head: Int) {
    show(step: step)
    (self.layer, self.head) = (layer - 1, head - 1)
  }

  /// Goes to a step, layer, head and depth that a page asks for; what is beyond the run is cut.
  package mutating func open(
    step: Int, layer: Int, head: Int, depth: Depth, cell: (query: Int, key: Int)?,
    isAtEnd: Bool = false
  ) {
    self.depth = depth
    self.layer = max(0, min(layer, trace.model.layers - 1))
    self.head = max(0, min(head, trace.model.heads - 1))
    let chosen = self.layer
    mode = .browse
    show(step: max(1, min(step, trace.steps.count)))
    self.layer = chosen
    if depth == .operation && !isAtEnd {
      moment = Moment(step: moment.step, layer: 0, operation: .embed)
      self.layer = 0
    }
    let newest = self.step.length - 1
    if let cell { mode = .cell(query: min(cell.query, newest), key: min(cell.key, newest)) }
  }

  /// Stands in the middle of the step that is shown, where a page around it goes operation by operation.
  package mutating func stand(at operation: Operation, layer: Int) {
    moment = Moment(step: moment.step, layer: layer, operation: operation)
    self.layer = layer
  }

  /// Shows the totals again: the table of another page was not asked for here.
  package mutating func closePanel() { panel = .totals }

  /// Forgets what the viewer asked for: a page around it decides for itself.
  package mutating func clearRequest() { request = nil }

  /// Drops a step's number that is being typed.
  package mutating func leaveJump() {
    if case .jump = mode { mode = .browse }
  }

  /// Goes on with the model itself: the run that was recorded, computed anew, from the step that was shown.
  public mutating func goLive(_ trace: Trace, longest: Int, from step: Int) {
    let (layer, head) = (layer, head)
    restart(trace, longest: longest)
    replay = nil
    liveFrom = step
    (self.layer, self.head) = (layer, head)
    awaited = nil
    go(to: Moment(endOf: step, layers: layers))
    awaitsSteps = awaited != nil
    say("从第 \(step) 步起由模型现算", "from step \(step) on the model computes")
  }

  /// Begins again with another run of the same model, at the end of its first step.
  public mutating func restart(_ trace: Trace, longest: Int) {
    liveFrom = nil
    self.trace = trace
    self.longest = longest
    plannedSteps = trace.plannedSteps
    request = nil
    awaited = nil
    mode = .browse
    isPlaying = false
    computing = nil
    moment = Moment(endOf: 1, layers: trace.model.layers)
    arrive(at: moment)
    awaitFirstStep()
  }

  private mutating func awaitFirstStep() {
    if !hasStep { awaited = moment }
    awaitsSteps = !hasStep
  }

  /// Says that a requested run could not begin.
  public mutating func refuse(_ sentence: String) {
    request = nil
    notice = sentence
  }

  /// Says something until the next key.
  public mutating func note(_ sentence: String) {
    notice = sentence
  }
}
