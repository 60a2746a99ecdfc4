internal import Base
public import Trace
internal import Viz

/// Where the screen of broken caches begins.
public struct FaultsStart: Sendable {
  /// The model's name.
  public let model: String
  /// The fault that is shown first; nil for none.
  public let fault: Fault?
  /// What the first round is drawn from.
  public let seed: UInt64
  /// Whether it begins with a round of the game.
  public let isGame: Bool
  /// The step that is shown first, counted from 1; nil for the one at which it shows.
  public let step: Int?

  /// Creates a beginning.
  public init(model: String, fault: Fault?, seed: UInt64, isGame: Bool, step: Int? = nil) {
    (self.model, self.fault, self.seed, self.isGame) = (model, fault, seed, isGame)
    self.step = step
  }
}

/// Which run is looked at, at which step; and the rounds of the game.
struct FaultsState: Sendable {
  /// A round of the game.
  struct Round: Sendable {
    let seed: UInt64
    /// What was drawn, once it has been.
    var draw: FaultDraw?
    /// How many of its runs are there.
    var runs = 0
    /// What was guessed, in order.
    var guesses: [Fault] = []
    /// Whether the name is known.
    var isOver = false
  }

  /// A cell whose numbers are shown.
  struct Cell: Hashable, Sendable {
    var part: FaultColumn.Part
    var layer: Int
    var position: Int
    /// The query head that was picked, counted from 0; nil for the one that differs most.
    var head: Int?
  }

  let start: FaultsStart
  /// The runs of the command's text that have been worked out.
  private(set) var runs: [Fault?: FaultRun] = [:]
  private(set) var fault: Fault?
  private(set) var round: Round?
  /// Guesses of this session: right ones, and all.
  private(set) var score = (right: 0, all: 0)
  private var wantedStep: Int?
  private(set) var cell: Cell?
  private var nextSeed: UInt64
  var help = HelpPage()
  var isLeft = false
  var notice: String?
  private(set) var hasFailed = false
  var size = Size(columns: 80, rows: 24)
  var look: Look

  init(_ start: FaultsStart, look: Look) {
    (self.start, fault, nextSeed, self.look) = (start, start.fault, start.seed, look)
    wantedStep = start.step
    if start.isGame { beginRound() }
  }
}

// MARK: What is looked at

extension FaultsState {
  /// The run on the screen, as far as it has come.
  var run: FaultRun? {
    if let round { return round.draw?.drawn }
    return runs[fault].flatMap { $0.steps.isEmpty ? nil : $0 }
  }

  /// What is still to be worked out.
  var question: FaultsQuestion? {
    if let round { return round.draw == nil ? .draw(seed: round.seed) : nil }
    return runs[fault]?.isComplete == true ? nil : .run(fault)
  }

  /// Whether anything was guessed in this round.
  var hasGuessed: Bool { round.map { !$0.guesses.isEmpty } ?? false }

  /// Whether the name is to be guessed.
  var isGuessing: Bool { round.map { !$0.isOver } ?? false }

  /// The step on the screen, counted from 1: at first the one that says something else, or else the last that has the first
  /// wrong cell on the screen.
  var step: Int {
    guard let run else { return 0 }
    let first = isGuessing ? nil : run.textChange?.number
    return min(max(1, wantedStep ?? first ?? lastWithFirstCell(run)), run.steps.count)
  }

  private func lastWithFirstCell(_ run: FaultRun) -> Int {
    guard let parting = run.parting, let cell = parting.cell else { return run.steps.count }
    let columns = FaultsLayout.columns(size, longest: run.longest)
    // A column that is right stands before it, where there is one.
    let length = max(0, cell.position - 1) + columns
    return max(parting.step, length - run.prompt + 1)
  }

  /// What the cache holds at the step.
  var columns: [FaultColumn] { run?.columns(through: step) ?? [] }

  var layers: Int { run?.trace.model.layers ?? 0 }

  /// What is looked at, as the command has it; nil in a round of the game, whose name is to be guessed.
  var place: [String]? {
    guard round == nil else { return nil }
    return [fault?.rawValue ?? "none", "--step", "\(max(1, step))"]
  }
}

// MARK: What happens

extension FaultsState {
  mutating func receive(_ findings: FaultsFindings) {
    switch findings {
    case .run(let run): runs[run.fault] = run
    case .drawing(let count): round?.runs = count
    case .draw(let draw): round?.draw = draw
    }
    hasFailed = false
  }

  /// What was asked for cannot be worked out.
  mutating func fail(_ sentence: String) { (notice, hasFailed) = (sentence, true) }

  mutating func resize(_ size: Size) { self.size = size }

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = keysNow.action(for: key) else {
      notice = noSuchKey
      return
    }
    perform(action)
  }

  private mutating func perform(_ action: FaultsAction) {
    switch action {
    case .next: cell == nil ? go(to: step + 1) : move(1)
    case .back: cell == nil ? go(to: step - 1) : move(-1)
    case .first: go(to: 1)
    case .last: go(to: run?.steps.count ?? 1)
    case .upper: change(row: -1)
    case .lower: change(row: 1)
    case .previousLayer: change(layer: -1)
    case .nextLayer: change(layer: 1)
    case .previousHead: change(head: -1)
    case .nextHead: change(head: 1)
    case .farthestHead: pickFarthestHead()
    case .other: take(nextFault)
    case .mend: take(nil)
    case .pick(let place): isGuessing ? guess(Fault.allCases[place]) : take(Fault.allCases[place])
    case .hide: round == nil ? beginRound() : endRounds()
    case .draw: beginRound()
    case .giveUp: reveal()
    case .inspect: inspect()
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  private var nextFault: Fault {
    let place = fault.flatMap { Fault.allCases.firstIndex(of: $0) } ?? -1
    return Fault.allCases[(place + 1) % Fault.allCases.count]
  }

  private mutating func go(to step: Int) {
    guard let run else { return }
    guard (1...run.steps.count).contains(step) else {
      notice =
        step < 1
        ? language("这是第一步", "this is the first step")
        : run.isComplete
          ? language("只有 \(run.steps.count) 步", "there are \(run.steps.count) steps")
          : language("第 \(step) 步还没算完", "step \(step) is not computed yet")
      return
    }
    wantedStep = step
  }

  private mutating func take(_ fault: Fault?) {
    if self.fault == fault { notice = language("就是这一种", "this is the one") }
    // The step stays: a key moves one thing.
    if run != nil { wantedStep = step }
    (self.fault, hasFailed) = (fault, false)
  }
}

// MARK: A cell

extension FaultsState {
  private mutating func inspect() {
    guard cell == nil, let run else { return cell = nil }
    let first = run.parting.flatMap { $0.step <= step ? $0.cell : nil }
    cell = Cell(
      part: first?.part ?? .keys, layer: first?.layer ?? 0,
      position: first?.position ?? run.steps[step - 1].length - 1)
  }

  /// The cell, if its token is there at the step.
  var shownCell: Cell? {
    guard let cell, let length = run?.steps[step - 1].length else { return nil }
    return Cell(
      part: cell.part, layer: min(cell.layer, layers - 1), position: min(cell.position, length - 1),
      head: cell.head)
  }

  /// Goes back to the head that differs most, cell by cell.
  private mutating func pickFarthestHead() {
    if cell?.head == nil {
      notice = language("已经是差得最多的头", "this is the head that differs most already")
    }
    cell?.head = nil
  }

  /// Where the row of a cell looked, in the head that is picked or in the one that differs most.
  func look(at cell: Cell) -> RowLook? {
    run?.look(ofRow: cell.position, layer: cell.layer, head: cell.head, most: Self.mostKeys)
  }

  /// Keys of a row that are listed at most.
  private static let mostKeys = 6

  private mutating func move(_ by: Int) {
    guard let now = shownCell, let length = run?.steps[step - 1].length else { return }
    guard (0..<length).contains(now.position + by) else {
      notice = language("没有别的词元了", "there is no other token")
      return
    }
    cell = now
    cell?.position += by
  }

  /// Goes from row to row: K of all layers, then V.
  private mutating func change(row by: Int) {
    guard let now = cellToLeave else { return }
    let row = (now.part == .keys ? 0 : layers) + now.layer + by
    guard (0..<2 * layers).contains(row) else {
      notice = language("没有别的行了", "there is no other row")
      return
    }
    cell = Cell(
      part: row < layers ? .keys : .values, layer: row % max(1, layers), position: now.position,
      head: now.head)
  }

  /// Goes to another layer, and stays with K or V.
  private mutating func change(layer by: Int) {
    guard let now = cellToLeave else { return }
    guard (0..<layers).contains(now.layer + by) else {
      notice = language("没有别的层了", "there is no other layer")
      return
    }
    cell = now
    cell?.layer += by
  }

  /// Goes to another head, from the one that is shown.
  private mutating func change(head by: Int) {
    guard let now = cellToLeave, let run, let look = look(at: now) else { return }
    guard (0..<run.trace.model.heads).contains(look.head + by) else {
      notice = language("没有别的头了", "there is no other head")
      return
    }
    cell = now
    cell?.head = look.head + by
  }

  /// The cell that a key goes on from; who has none is told how to get one.
  private var cellToLeave: Cell? {
    mutating get {
      if cell == nil { notice = language("先按 i 看一格", "i shows a cell first") }
      return shownCell
    }
  }
}

// MARK: The game

extension FaultsState {
  private mutating func beginRound() {
    round = Round(seed: nextSeed)
    nextSeed &+= 1
    (wantedStep, cell, hasFailed) = (nil, nil, false)
  }

  private mutating func endRounds() {
    (round, wantedStep, cell, hasFailed) = (nil, nil, nil, false)
  }

  private mutating func reveal() { round?.isOver = true }

  private mutating func guess(_ fault: Fault) {
    guard let draw = round?.draw else { return }
    guard round?.guesses.contains(fault) == false else {
      notice = language("这个猜过了", "that was guessed already")
      return
    }
    round?.guesses.append(fault)
    score.all += 1
    // A key moves one thing: what the hint names is gone to by hand.
    wantedStep = step
    guard draw.isRight(fault) else { return }
    score.right += 1
    round?.isOver = true
  }
}
