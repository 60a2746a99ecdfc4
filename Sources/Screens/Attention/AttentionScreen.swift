public import Viz

/// MHA, GQA, MQA and MLA side by side on one text.
public struct AttentionScreen: Screen {
  private var state: AttentionState

  /// Creates the screen before anything is computed.
  public init(at place: AttentionPlace = AttentionPlace(), _ look: Look) throws {
    state = AttentionState(try PublishedForm.all(), at: place, look: look)
  }

  /// All models, until they are there.
  public var question: Question? { state.isComplete || state.hasFailed ? nil : .attention }
  /// Who comes back finds it as it was left.
  public var isKept: Bool { true }

  /// It waits until all models are run, and for beats while it plays.
  public var waits: Waits {
    var waits = Waits()
    waits.beat = state.isPlaying ? .milliseconds(700) : nil
    waits.refresh = question == nil ? nil : .milliseconds(100)
    waits.isEmpty = state.step == 0 && !state.hasFailed
    return waits
  }

  /// The step and the form that are looked at.
  public var place: [String]? { state.place }
  /// Whether every key belongs to a field or to its help page.
  public var isTyping: Bool { state.isTyping }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] { state.update(message) }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas { state.view(size, look) }
}
