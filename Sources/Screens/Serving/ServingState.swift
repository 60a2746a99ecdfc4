internal import Base
internal import Trace
internal import Viz

/// The serving screen: knobs, what the scheduler did with each of their settings, and where one looks.
struct ServingState: Sendable {
  let start: ServingStart
  var look: Look
  /// What the knobs say.
  private(set) var wanted: ServingQuestion
  /// What was run, so that going back is at once.
  private var boards: [ServingQuestion: ServingBoard] = [:]
  /// The settings that were run, the last one behind the others.
  private var order: [ServingQuestion] = []
  /// What is on the screen.
  private(set) var board: ServingBoard?
  /// The step that was chosen, from 0; nil for the one in which most blocks are used, until a key says otherwise.
  private(set) var chosenStep: Int?
  /// The requests before each time that one was added or removed, the newest last.
  private var earlier: [[ServingRequest]] = []
  /// The chosen request, from 1.
  private var chosenRequest = 1
  /// The chosen block, from 1; nil where none is.
  private(set) var block: Int?
  /// The request that is being typed.
  private(set) var field: TextField?
  var help = HelpPage()
  var notice: String?
  private(set) var hasFailed = false
  var isLeft = false

  /// The most settings that are kept.
  private static let mostBoards = 24
  /// The largest budget that keys set.
  private static let mostBudget = 4096
  /// Tokens that a typed request writes at most.
  static let typedTokens = 16

  init(_ start: ServingStart, look: Look) {
    (self.start, self.look, wanted) = (start, look, start.question)
    chosenStep = start.step.map { max(1, $0) - 1 }
  }

  /// What is to be run: the setting of the knobs, where it was not.
  var question: ServingQuestion? {
    hasFailed || boards[wanted]?.isComplete == true ? nil : wanted
  }

  /// Whether the picture is that of the knobs.
  var isUpToDate: Bool { board?.question == wanted }

  // MARK: Where one looks

  var steps: [ServingStep] { board?.trace.steps ?? [] }

  /// The place of the step that is shown among the steps, from 0.
  var step: Int {
    let last = max(0, steps.count - 1)
    if let chosenStep { return min(chosenStep, last) }
    guard board?.isServed == true else { return last }
    return steps.indices.max { (steps[$0].pool.used, -$0) < (steps[$1].pool.used, -$1) } ?? 0
  }

  var request: Int { min(chosenRequest, max(1, board?.trace.requests ?? 1)) }

  // MARK: What was run

  mutating func receive(_ board: ServingBoard) {
    boards[board.question] = board
    order.removeAll { $0 == board.question }
    order.append(board.question)
    if order.count > Self.mostBoards { boards[order.removeFirst()] = nil }
    if board.question == wanted, !board.trace.steps.isEmpty { self.board = board }
  }

  /// A setting that cannot be run makes way for the one on the screen.
  mutating func fail(_ sentence: String) {
    notice = sentence
    guard let board else { return hasFailed = true }
    wanted = board.question
  }

  /// Changes the knobs, and stays in the step that is looked at; what was run before is there at once.
  private mutating func ask(_ change: (inout ServingQuestion) -> Void) {
    if board?.isServed == true { chosenStep = chosenStep ?? step }
    change(&wanted)
    if let known = boards[wanted], !known.trace.steps.isEmpty { board = known }
  }

  // MARK: Keys

  mutating func press(_ key: Key) {
    notice = nil
    if field != nil { return type(key) }
    guard let action = keys.action(for: key) else {
      notice = noSuchKey
      return
    }
    block == nil ? perform(action) : performOnBlocks(action)
  }

  mutating func paste(_ text: String) {
    field?.insert(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  /// The keys as they are just now.
  var keys: KeyMap<ServingAction> { block == nil ? ServingKeys.map : ServingKeys.blocks }

  private mutating func perform(_ action: ServingAction) {
    switch action {
    case .next: go(to: step + 1)
    case .back: go(to: step - 1)
    case .first: chosenStep = 0
    case .last: chosenStep = max(0, steps.count - 1)
    case .nextRequest: choose(request: request + 1)
    case .previousRequest: choose(request: request - 1)
    case .blocks: chooseBlock()
    default: turn(action)
    }
  }

  private mutating func go(to place: Int) {
    guard steps.indices.contains(place) else {
      return notice =
        place < 0
        ? language("这是第一步", "this is the first step")
        : isUpToDate && board?.isServed == true
          ? language("这是最后一步", "this is the last step")
          : language("下一步还没算完", "the next step is not computed yet")
    }
    chosenStep = place
  }

  private mutating func choose(request: Int) {
    guard (1...max(1, board?.trace.requests ?? 1)).contains(request) else {
      return notice = language("没有别的请求了", "there is no other request")
    }
    chosenRequest = request
  }

  private mutating func turn(_ action: ServingAction) {
    switch action {
    case .blockSize: change(\.blockSize, 1, start.positions)
    case .smallerBlocks: change(\.blockSize, -1, start.positions)
    case .sharing: ask { $0.shares.toggle() }
    case .budget: change(\.budget, 1, Self.mostBudget)
    case .smallerBudget: change(\.budget, -1, Self.mostBudget)
    case .add: field = TextField(limit: 500)
    case .remove: remove()
    case .undo: undo()
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    default: notice = noSuchKey
    }
  }

  private mutating func change(
    _ knob: WritableKeyPath<ServingQuestion, Int>, _ direction: Int, _ most: Int
  ) {
    let next = Self.after(wanted[keyPath: knob], direction, most)
    guard next != wanted[keyPath: knob] else {
      return notice =
        direction > 0
        ? language("不能再大了", "it is as large as it gets")
        : language("不能再小了", "it is as small as it gets")
    }
    ask { $0[keyPath: knob] = next }
    if let slots = wanted.slots, slots < wanted.blockSize, knob == \.blockSize {
      notice = language(
        "一块比 \(slots) 个位子的池还大：池就是一块，\(wanted.blockSize) 个位子",
        "a block is larger than the pool of \(slots) slots: the pool is one block of \(wanted.blockSize)"
      )
    }
  }

  /// The next power of two above or below, within bounds.
  private static func after(_ value: Int, _ direction: Int, _ most: Int) -> Int {
    let powers = (0..<62).map { 1 << $0 }.filter { $0 <= most }
    let next = direction > 0 ? powers.first { $0 > value } : powers.last { $0 < value }
    return next ?? value
  }

  private mutating func remove() {
    guard wanted.requests.count > 1, wanted.requests.indices.contains(request - 1) else {
      notice = language("只剩这一个请求了", "it is the only request")
      return
    }
    let index = request - 1
    notice = removed(index)
    earlier.append(wanted.requests)
    ask { $0.requests.remove(at: index) }
  }

  /// The requests as they were before the last was added or removed.
  private mutating func undo() {
    guard let requests = earlier.popLast() else {
      return notice = language("没有加过，也没有去掉过", "none was added or removed")
    }
    ask { $0.requests = requests }
    notice =
      earlier.isEmpty
      ? language("请求和开始时一样了", "the requests are those of the beginning")
      : language("退回了一步", "one change is taken back")
  }

  /// That a request is gone, and what those behind it are called now.
  private func removed(_ index: Int) -> String {
    let labels = ServingLabels(glyphs: glyphs)
    let (name, next) = (labels.name(index + 1), labels.name(index + 2))
    guard index + 1 < wanted.requests.count else {
      return language("去掉了 \(name)，z 放回来", "\(name) was removed, z brings it back")
    }
    return language(
      "去掉了 \(name)，z 放回来；后面的往前改名：\(next) 现在叫 \(name)",
      "\(name) was removed, z brings it back; those after it move up: \(next) is now \(name)")
  }

  // MARK: Blocks

  /// Begins with the first block of the chosen request.
  private mutating func chooseBlock() {
    guard block == nil else { return block = nil }
    guard steps.indices.contains(step) else { return }
    let row = steps[step].requests.first { $0.request == request }
    block = row?.blocks.first ?? 1
  }

  private mutating func performOnBlocks(_ action: ServingAction) {
    let count = board?.trace.blocks ?? 1
    switch action {
    case .next, .nextRequest, .back, .previousRequest:
      let next = (block ?? 1) + (action == .next || action == .nextRequest ? 1 : -1)
      guard (1...count).contains(next) else {
        return notice = language("没有别的块了", "there is no other block")
      }
      block = next
    case .first: block = 1
    case .last: block = count
    default: perform(action)
    }
  }

  // MARK: Typing

  private mutating func type(_ key: Key) {
    switch ServingKeys.typing.action(for: key) {
    case .add: add()
    case .leave: field = nil
    case nil: _ = field?.edit(key)
    }
  }

  private mutating func add() {
    guard let text = field?.text, !text.isEmpty else {
      notice = language("先打一句话", "type a text first")
      return
    }
    field = nil
    let arrives = (steps.indices.contains(step) ? steps[step].number : 0) + 1
    earlier.append(wanted.requests)
    ask {
      $0.requests.append(
        ServingRequest(prompt: text, tokens: Self.typedTokens, arrives: arrives))
    }
    chosenRequest = wanted.requests.count
  }
}
