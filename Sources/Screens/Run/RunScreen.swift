internal import Base
internal import Trace
public import Viz

/// A run, step by step.
public struct RunScreen: Screen {
  private(set) var state: ViewerState

  /// How often a screen that waits says how far the computing has come.
  private static let refresh = Duration.milliseconds(100)

  init(_ start: RunStart, _ look: Look) {
    state = ViewerState(
      trace: start.trace, longest: start.longest, look: look, replay: start.replay)
    if start.step > 1 { state.show(step: start.step) }
    if let notice = start.notice[look.language] { state.note(notice) }
  }

  /// A run that is shown from a step on, as soon as that is computed.
  init(_ start: RunStart, _ look: Look, goingOnAt step: Int) {
    self.init(start, look)
    if step > 1 { state.goOn(at: step) }
  }

  /// A run that plays waits for beats, one that is being computed for its next step.
  public var waits: Waits {
    var waits = Waits()
    let isAwaiting = state.awaited != nil
    // A step that had to be waited for stays as long as any other.
    let beats = state.isPlaying && !isAwaiting
    waits.beat = beats ? .milliseconds(ViewerState.beats[state.speed]) : nil
    waits.refresh = isAwaiting ? Self.refresh : nil
    waits.isEmpty = !state.hasStep
    return waits
  }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): state.update(.key(key))
    case .tick: state.update(.tick)
    case .resized(let size): state.update(.resize(size))
    case .paste(let text): state.paste(text)
    case .look(let look): state.look = look
    case .run(let start): state.restart(start.trace, longest: start.longest)
    case .live(let start): state.goLive(start.trace, longest: start.longest, from: start.step)
    case .recorded(let name): state.kept(name)
    case .isThere(let name): state.ask(toReplace: name)
    case .trace(let trace, let progress): state.receive(trace, progress: progress)
    case .note(let sentence): state.note(sentence)
    case .failed(let failure): state.refuse(failure.sentence(state.language))
    case .glyphsAreWide, .uncovered, .findings, .scene, .lesson, .fileChanged, .exhibit, .audience,
      .command, .pressed, .time, .presentation, .missed,
      .shownTool, .given, .toolFacts:
      break
    }
    let requests = requests
    // It is asked for once: while it is done the screen gets messages too, such as how far it has come.
    state.clearRequest()
    return [.setLook(state.look), .compute(upTo: state.wantedStep)] + requests
  }

  /// Changes where in the run one is: somebody else is followed there.
  mutating func change(_ work: (inout ViewerState) -> Void) { work(&state) }

  private var requests: [Effect] {
    switch state.request {
    case nil: []
    case .quit: [.back]
    case .run(let text): [.begin(text)]
    case .keepMarks(let marks): [.keepMarks(marks)]
    case .takeOver(let step): [.takeOver(step: step)]
    case .record(let name, let replaces):
      [
        .record(
          RunStart(trace: state.trace, longest: state.longest),
          plannedSteps: state.trace.plannedSteps, name: name, replaces: replaces)
      ]
    }
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return state.view(size)
  }
}
