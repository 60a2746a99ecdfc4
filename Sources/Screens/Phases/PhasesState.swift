internal import Base
internal import Planner
internal import Trace
internal import Viz

/// Which passes are looked at, of which model, and on which machine.
struct PhasesState: Sendable {
  /// Places in lists of lengths and batches.
  struct Choice: Sendable {
    var prompt: Int
    var context: Int
    var batch = 0
  }

  let start: PhasesStart
  /// Passes that were run.
  private(set) var runs: [PhaseRun] = []
  /// The best that was measured of this machine between the passes; nil before the first.
  private var limits: Phases.Machine?
  /// The model, by its place among those that are computed; nil for the one that is measured.
  private(set) var modelPlace: Int?
  /// The machine, by its place among the others; nil for this one.
  private(set) var machinePlace: Int?
  private var measured: Choice
  private var computed = Choice(prompt: 2, context: 3)
  var help = HelpPage()
  var isLeft = false
  private(set) var hasFailed = false
  var notice: String?
  var look: Look

  init(_ start: PhasesStart, look: Look) {
    (self.start, self.look) = (start, look)
    measured = Choice(
      prompt: max(0, start.prompts.count - 1), context: max(0, start.contexts.count - 1),
      batch: start.batches.firstIndex(of: start.batch) ?? 0)
  }

  /// What is looked at, as options of the command; nil where it is computed, of a model that is not run.
  var place: [String]? {
    guard modelPlace == nil, let prompt, let context else { return nil }
    let machine = otherMachine.map { ["--machine", $0.name] } ?? []
    return [
      "--prompt-tokens", "\(prompt)", "--context", "\(context)", "--batch", "\(batch)",
    ] + machine
  }

  // MARK: What is looked at

  /// The model whose passes are computed; nil where they are run.
  var planned: PlannedModel? { modelPlace.map { start.models[$0] } }
  /// How often the limits were measured, the best of which counts: before each pass.
  var measurements: Int { runs.count }
  /// What this machine can do: no pass goes beyond it in arithmetic; nil before it is measured.
  var here: Phases.Machine? { limits?.raised(by: runs) }
  /// The pass whose arithmetic was faster than what was measured between the passes, if one was: then it is the limit.
  var fastest: PhaseRun? {
    guard let limits, let here, here.flops > limits.flops else { return nil }
    return runs.first { $0.flopsPerSecond == here.flops }
  }
  var otherMachine: PhasesStart.Machine? { machinePlace.map { start.machines[$0] } }
  /// The machine whose roofline is shown.
  var machine: Phases.Machine? { otherMachine?.limits ?? here }
  /// Whether the passes are shown at the speed that they had.
  var isTimed: Bool { modelPlace == nil && machinePlace == nil }

  private var choice: Choice {
    get { modelPlace == nil ? measured : computed }
    set { if modelPlace == nil { measured = newValue } else { computed = newValue } }
  }

  private static let plannedPrompts = [16, 128, 512, 2048, 8192]
  private static let plannedContexts = (7...17).map { 1 << $0 }
  private static let plannedBatches = (0...8).map { 1 << $0 }

  private func fitting(_ lengths: [Int], _ model: PlannedModel) -> [Int] {
    let fitting = lengths.filter { $0 < model.contextLength ?? .max }
    return fitting.isEmpty ? [1] : fitting
  }

  var prompts: [Int] { planned.map { fitting(Self.plannedPrompts, $0) } ?? start.prompts }
  var contexts: [Int] { planned.map { fitting(Self.plannedContexts, $0) } ?? start.contexts }
  var batches: [Int] { planned == nil ? start.batches : Self.plannedBatches }

  private func chosen(_ all: [Int], _ place: Int) -> Int? {
    all.isEmpty ? nil : all[min(place, all.count - 1)]
  }

  var prompt: Int? { chosen(prompts, choice.prompt) }
  var context: Int? { chosen(contexts, choice.context) }
  var batch: Int { chosen(batches, choice.batch) ?? 1 }

  // MARK: Measuring

  /// The batch whose passes are wanted and not yet there.
  var wanted: Int? {
    let first = start.batches.first ?? 1
    if count(first) < start.passes(batch: first) { return first }
    guard modelPlace == nil, count(batch) < start.passes(batch: batch) else { return nil }
    return batch
  }

  /// Passes that were measured with a batch.
  func count(_ batch: Int) -> Int {
    runs.count { $0.batch == batch && ($0.phase == .decode || batch == start.batches.first) }
  }

  mutating func receive(_ phases: Phases) {
    limits = phases.machine?.orBetter(limits) ?? limits
    for run in phases.runs {
      runs.removeAll {
        ($0.phase, $0.batch, $0.rows, $0.past) == (run.phase, run.batch, run.rows, run.past)
      }
      runs.append(run)
    }
  }

  /// The measurement goes no further.
  mutating func fail(_ sentence: String) { (notice, hasFailed) = (sentence, true) }

  // MARK: Keys

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = PhasesKeys.map.action(for: key) else {
      notice = noSuchKey
      return
    }
    switch action {
    case .moreSequences: move(\.batch, 1, batches)
    case .fewerSequences: move(\.batch, -1, batches)
    case .longerContext: move(\.context, 1, contexts)
    case .shorterContext: move(\.context, -1, contexts)
    case .prompt:
      choice.prompt = (min(choice.prompt, prompts.count - 1) + 1) % max(1, prompts.count)
    case .model: modelPlace = next(modelPlace, of: start.models.count)
    case .machine: machinePlace = next(machinePlace, of: start.machines.count)
    case .here: goHere()
    case .again: measureAgain()
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  /// Whether an action leads anywhere from here.
  func isOffered(_ action: PhasesAction) -> Bool {
    func leads(_ place: Int, _ by: Int, _ all: [Int]) -> Bool {
      all.indices.contains(min(place, max(0, all.count - 1)) + by)
    }
    return switch action {
    case .moreSequences: leads(choice.batch, 1, batches)
    case .fewerSequences: leads(choice.batch, -1, batches)
    case .longerContext: leads(choice.context, 1, contexts)
    case .shorterContext: leads(choice.context, -1, contexts)
    case .prompt: prompts.count > 1
    case .model: !start.models.isEmpty
    case .machine: !start.machines.isEmpty
    case .here: !isTimed
    case .again: isTimed && wanted == nil
    case .language: glyphs != .ascii
    case .theme, .help, .leave: true
    }
  }

  private mutating func move(_ knob: WritableKeyPath<Choice, Int>, _ by: Int, _ all: [Int]) {
    let now = min(choice[keyPath: knob], max(0, all.count - 1))
    choice[keyPath: knob] = all.indices.contains(now + by) ? now + by : now
    guard !all.indices.contains(now + by) else { return }
    notice =
      by > 0
      ? language("到头了，最大就到这里", "this is the largest")
      : language("到头了，最小就到这里", "this is the smallest")
  }

  private mutating func next(_ place: Int?, of count: Int) -> Int? {
    let next = place.map { $0 + 1 } ?? 0
    if count == 0 { notice = language("没有别的", "there is no other") }
    return next < count ? next : nil
  }

  /// Forgets what was measured, which is then wanted again.
  private mutating func measureAgain() {
    guard wanted == nil else {
      notice = language("还在测", "it is being measured")
      return
    }
    goHere()
    (runs, limits, notice) = ([], nil, nil)
  }

  private mutating func goHere() {
    if isTimed { notice = language("就是这台机器上跑的", "this is what was run here") }
    (modelPlace, machinePlace) = (nil, nil)
  }
}
