extension Key {
  /// The key's name as tmux writes it, which `init(tmuxName:)` reads.
  public var tmuxName: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .left: "Left"
    case .right: "Right"
    case .up: "Up"
    case .down: "Down"
    case .pageUp: "PPage"
    case .pageDown: "NPage"
    case .home: "Home"
    case .end: "End"
    case .enter: "Enter"
    case .escape: "Escape"
    case .backspace: "BSpace"
    case .delete: "DC"
    case .tab: "Tab"
    case .control(let letter): "C-\(letter)"
    case .other(let name): name
    }
  }
}
