internal import Base
internal import Trace
internal import Viz

/// Which policy is looked at, beside what, at which step of which head.
struct PoliciesState: Sendable {
  private(set) var policy: CachePolicy
  private(set) var numbers = PolicyNumbers()
  /// What stands beside it.
  private(set) var companion: PolicyKind
  private(set) var runs = PolicyRuns()
  /// The step that was gone to, counted from 1; nil for the last.
  private(set) var wanted: Int?
  private(set) var layer: Int
  private(set) var head: Int
  /// The key of the cell that is looked at, by its position; nil where none is.
  private(set) var cell: Int?
  private(set) var isPlaying = false
  var help = HelpPage()
  var isLeft = false
  private(set) var hasFailed = false
  var notice: String?
  var look: Look

  init(_ policy: CachePolicy, at place: PoliciesPlace = PoliciesPlace(), look: Look) {
    (self.policy, self.look) = (policy, look)
    (wanted, layer, head) = (place.step, place.layer, place.head)
    companion = place.companion
    numbers.take(policy)
  }

  // MARK: What there is

  var kind: PolicyKind { PolicyKind(policy) }
  /// The policy's run as far as it has come.
  var run: PolicyRun? { runs.run(policy) }

  /// What stands beside the policy, where it is no full cache; nil too while its size is not known.
  var companionPolicy: CachePolicy? {
    guard companion != .full else { return nil }
    guard kind.isFormat, companion == .window else { return numbers.policy(companion) }
    return run?.windowOfEqualBytes
  }

  /// What is to be worked out next; nil where all is there.
  var question: PolicyQuestion? {
    guard !hasFailed else { return nil }
    let own = runs.isSettled(policy) ? nil : policy
    let question = PolicyQuestion(own, other)
    return question.policy == nil && question.other == nil ? nil : question
  }

  /// What is to be run beside the policy.
  private var other: PolicyQuestion.Other? {
    guard companion != .full, runs.refusal(policy) == nil else { return nil }
    guard let companionPolicy else { return .windowOfEqualBytes }
    return runs.isSettled(companionPolicy) ? nil : .policy(companionPolicy)
  }

  /// The step that is shown, counted from 1; 0 where there is none yet.
  var step: Int {
    let there = run?.steps.count ?? 0
    return min(max(1, wanted ?? there), there)
  }

  /// The tokens that all frames have room for.
  var longest: Int { max(1, runs.longest) }

  /// Whether the run has no step behind the one shown.
  private var isAtEnd: Bool {
    guard let run else { return false }
    return run.isComplete && step == run.steps.count
  }

  /// Whether a key has something to do at the step that is shown, with the policy that is looked at.
  func isOffered(_ action: PoliciesAction) -> Bool {
    switch action {
    case .next: cell == nil ? !isAtEnd : shownCell.map { $0 + 1 < length } ?? false
    case .back: cell == nil ? step > 1 : shownCell.map { $0 > 0 } ?? false
    case .first: isAtEnd && step > 1
    case .more, .less: ![.full, .int8, .fp8].contains(kind)
    case .companion: PolicyKind.companions(of: policy).count > 1
    case .losingHead: kind.isRetention
    default: true
    }
  }

  /// Tokens of the step that is shown.
  private var length: Int { step > 0 ? run?.steps[step - 1].length ?? 0 : 0 }

  /// The key of the cell that is looked at, in the step shown.
  var shownCell: Int? {
    guard let cell, let run, step > 0 else { return nil }
    return min(cell, run.steps[step - 1].length - 1)
  }

  // MARK: What happens

  mutating func take(_ answer: PolicyAnswer) {
    runs.take(answer)
    guard let run else { return }
    layer = min(layer, run.trace.model.layers - 1)
    head = min(head, run.trace.model.heads - 1)
  }

  /// Nothing more is worked out.
  mutating func fail(_ sentence: String) {
    (notice, hasFailed, isPlaying) = (sentence, true, false)
  }

  /// The play clock moved by one beat.
  mutating func tick() {
    guard isPlaying else { return }
    guard let run, step < run.steps.count else {
      if run?.isComplete ?? true { isPlaying = false }
      return
    }
    wanted = step + 1
  }

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = keysNow.action(for: key) else {
      notice = noSuchKey
      return
    }
    if action != .play { isPlaying = false }
    perform(action)
    runs.use([companionPolicy, policy].compactMap { $0 })
  }

  private mutating func perform(_ action: PoliciesAction) {
    switch action {
    case .next: cell == nil ? move(by: 1) : moveCell(by: 1)
    case .back: cell == nil ? move(by: -1) : moveCell(by: -1)
    case .first: go(to: 1)
    case .last: go(to: run?.steps.count ?? 0)
    case .play: play()
    case .nextKind: change(by: 1)
    case .previousKind: change(by: -1)
    case .more: resize(by: 1)
    case .less: resize(by: -1)
    case .moreFirst: shift(by: 1)
    case .fewerFirst: shift(by: -1)
    case .lowerLayer: look(layer: layer - 1, head: head)
    case .higherLayer: look(layer: layer + 1, head: head)
    case .lowerHead: look(layer: layer, head: head - 1)
    case .higherHead: look(layer: layer, head: head + 1)
    case .losingHead: lookAtLosingHead()
    case .companion: nextCompanion()
    case .cell: toggleCell()
    case .language: changeLanguage()
    case .theme: changeTheme()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  private mutating func changeLanguage() {
    guard look.glyphs != .ascii else {
      notice = language("只有英文", "in English only")
      return
    }
    look.language = look.language == .chinese ? .english : .chinese
  }
}

/// Steps and cells.
extension PoliciesState {
  private mutating func move(by change: Int) {
    guard let run, step > 0 else { return tellComputing() }
    let next = step + change
    guard next > 0 else {
      notice = language("这就是第一步", "this is the first step")
      return
    }
    guard next <= run.steps.count else {
      notice =
        run.isComplete
        ? language(
          "这是最后一步；\(left) 往回走，Home 从头看",
          "this is the last step; \(left) goes back, Home to the first")
        : language("第 \(next) 步还没算完", "step \(next) is not computed yet")
      return
    }
    wanted = next
  }

  /// The key that goes back, as the footer writes it.
  private var left: String { PoliciesKeys.map.row(.back)?.name(look) ?? "" }

  private mutating func go(to step: Int) {
    guard step > 0, self.step > 0 else { return tellComputing() }
    if step == self.step { notice = language("就在这一步", "this is where you are") }
    wanted = step
  }

  private mutating func tellComputing() { notice = language("还在算", "still computing") }

  private mutating func play() {
    guard let run, step > 0 else { return tellComputing() }
    isPlaying.toggle()
    if isPlaying, run.isComplete, step == run.steps.count { wanted = 1 }
  }

  private mutating func toggleCell() {
    guard cell == nil else { return cell = nil }
    guard let run, step > 0 else { return tellComputing() }
    cell = run.steps[step - 1].length - 1
  }

  private mutating func moveCell(by change: Int) {
    guard let here = shownCell, let run else { return tellComputing() }
    let next = here + change
    guard next >= 0, next < run.steps[step - 1].length else {
      notice = language("没有别的格了", "no cell there")
      return
    }
    cell = next
  }

  private mutating func look(layer: Int, head: Int) {
    guard let model = run?.trace.model else { return tellComputing() }
    guard (0..<model.layers).contains(layer), (0..<model.heads).contains(head) else {
      notice = language(
        "\(model.layers) 层，每层 \(model.heads) 个头", "\(model.layers) layers of \(model.heads) heads")
      return
    }
    (self.layer, self.head) = (layer, head)
  }

  private mutating func lookAtLosingHead() {
    guard let run, step > 0 else { return tellComputing() }
    let pass = run.pass(of: run.steps[step - 1])
    var worst: (lost: Double, layer: Int, head: Int) = (0, layer, head)
    for layer in 0..<run.trace.model.layers {
      for head in 0..<run.trace.model.heads {
        let lost = LabHead(run.trace, step: pass, layer: layer, head: head).lost
        if lost > worst.lost { worst = (lost, layer, head) }
      }
    }
    if worst.lost == 0 {
      notice = language("这一步没有头丢掉注意力", "no head loses anything at this step")
    } else if (worst.layer, worst.head) == (layer, head) {
      notice = language("就是这个头", "this is the one")
    }
    (layer, head) = (worst.layer, worst.head)
  }
}

/// Policies and what stands beside them.
extension PoliciesState {
  /// Goes round the kinds; the full cache is none of them, which would stand beside itself.
  private mutating func change(by change: Int) {
    let kinds = PolicyKind.allCases.filter { $0 != .full }
    let index = kinds.firstIndex(of: kind) ?? (change > 0 ? -1 : 0)
    take(numbers.policy(kinds[(index + change + kinds.count) % kinds.count]))
  }

  private mutating func resize(by change: Int) {
    let isChanged = numbers.change(kind, by: change, longest: longest)
    guard isChanged else {
      notice =
        [.full, .int8, .fp8].contains(kind)
        ? language("\(policy.text) 没有大小可调", "\(policy.text) has no size")
        : language("到头了", "no further")
      return
    }
    take(numbers.policy(kind))
  }

  private mutating func shift(by change: Int) {
    guard kind == .sinks || kind == .h2o else {
      notice = language("sinks 和 h2o 才分开头和最近", "sinks and h2o only have two parts")
      return
    }
    guard numbers.shift(by: change) else {
      notice = language("到头了", "no further")
      return
    }
    take(numbers.policy(kind))
  }

  private mutating func take(_ policy: CachePolicy) {
    self.policy = policy
    if !PolicyKind.companions(of: policy).contains(companion) { companion = .full }
  }

  private mutating func nextCompanion() {
    let all = PolicyKind.companions(of: policy)
    guard all.count > 1 else {
      notice = language("只和完整缓存比", "the full cache only")
      return
    }
    let index = all.firstIndex(of: companion) ?? 0
    companion = all[(index + 1) % all.count]
  }
}
