internal import Base
internal import Viz

/// The state of a tool's screen: what all of them do with messages alike.
protocol ToolState: WorkState {
  mutating func press(_ key: Key)
  /// Takes what was worked out, if it is for this screen.
  mutating func receive(_ findings: Findings)
  /// What was asked for cannot be worked out.
  mutating func fail(_ sentence: String)
  /// Takes what was pasted, where something is typed.
  mutating func paste(_ text: String)
  /// A beat, where something plays.
  mutating func tick()
  /// The display's size, where what keys do goes by it.
  mutating func resize(_ size: Size)
  func view(_ size: Size) -> Canvas
}

extension ToolState {
  mutating func paste(_ text: String) {}
  mutating func tick() {}
  mutating func resize(_ size: Size) {}

  /// Takes a message.
  mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key):
      if isHelp {
        pressHelp(key)
      } else if let refusal = refusal(of: key) {
        notice = refusal
      } else {
        press(key)
      }
      return [.setLook(look)] + (takeLeave() ? [.back] : [])
    case .findings(let findings): receive(findings)
    case .paste(let text): paste(text)
    case .tick: tick()
    case .resized(let size):
      help.size = size
      resize(size)
    case .look(let look): self.look = look
    case .given(let keys): help.given = keys
    case .note(let sentence): notice = sentence
    case .failed(let failure): fail(failure.sentence(language))
    default: break
    }
    return []
  }

  /// Whether every key belongs to a field or to the help page.
  var isTyping: Bool { hasField || isHelp }

  /// The frame; the look is the program's.
  func view(_ size: Size, _ look: Look) -> Canvas {
    var state = self
    state.look = look
    return state.view(size)
  }
}
