internal import Base
internal import Planner
public import Viz

/// The planner: what a cache takes, and how many requests fit on a card.
public struct PlannerScreen: Screen {
  private var state: PlannerState

  /// Creates the screen at a question.
  public init(_ state: PlannerState) { self.state = state }

  /// What it answers.
  var answer: MemoryAnswer { state.answer }

  /// Arithmetic is there at once.
  public var waits: Waits { Waits() }
  /// Who comes back finds it as it was.
  public var isKept: Bool { true }

  /// Whether every key belongs to the number that is typed, or to the help page.
  public var isTyping: Bool { state.hasField || state.isHelp }
  /// What the knobs say.
  public var place: [String]? { state.place }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .look(let look): state.look = look
    case .resized(let size): state.help.size = size
    case .given(let keys): state.take(keys)
    case .note(let sentence): state.notice = sentence
    case .failed(let failure): state.notice = failure.sentence(state.language)
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key) -> [Effect] {
    if state.isHelp {
      state.pressHelp(key)
      return [.setLook(state.look)]
    }
    if state.field != nil {
      state.type(key)
      return [.setLook(state.look)]
    }
    state.notice = state.refusal(of: key)
    guard state.notice == nil else { return [] }
    switch PlannerKeys.map.action(for: key) {
    case .pick(state.picked): state.turn()
    case .pick(let knob): state.picked = knob
    case .more: state.change(1)
    case .less: state.change(-1)
    case .next: state.pick(1)
    case .previous: state.pick(-1)
    case .digit: state.begin(key)
    case .working: state.showsWorking.toggle()
    case .help: state.isHelp = true
    case .theme: state.changeTheme()
    case .language: state.changeLanguage()
    case .leave: return [.setLook(state.look), .back]
    case nil: state.notice = state.noSuchKey
    }
    return [.setLook(state.look)]
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return PlannerView(state: state, size: size).canvas
  }
}
