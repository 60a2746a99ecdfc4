internal import Base
internal import Viz

/// What a key does while a session is performed.
enum PlayAction: Hashable, Sendable { case pause, takeOver, slower, faster, stop }

/// The keys while a session is performed; all others wait until it is over.
enum PlayKeys {
  /// The map while it goes on, and while it is paused.
  static func map(isPaused: Bool) -> KeyMap<PlayAction> {
    KeyMap([
      KeyRow(
        [.character(" ")], .pause, "Space",
        label: { isPaused ? $0("继续", "go on") : $0("暂停", "pause") }, rank: 1),
      KeyRow([.enter], .takeOver, "Enter", label: { $0("接手", "take over") }, rank: 0),
      KeyRow(
        [.character("+"), .character("=")], .faster, "+ -", label: { $0("快慢", "speed") }, rank: 3),
      KeyRow([.character("-")], .slower, "-"),
      KeyRow(
        [.character("q"), .escape, .control("c")], .stop, "q", label: { $0("停止", "stop") }, rank: 2),
    ])
  }
}

/// How fast a session is performed.
enum PlaySpeed: Double, CaseIterable {
  case quarter = 0.25
  case half = 0.5
  case normal = 1
  case double = 2
  case fourfold = 4
  case eightfold = 8

  /// The next one in a direction; the fastest and the slowest stay.
  func changed(by steps: Int) -> PlaySpeed {
    let all = Self.allCases
    let index = (all.firstIndex(of: self) ?? 0) + steps
    return all[max(0, min(all.count - 1, index))]
  }

  /// Such as `0.5×`.
  func name(_ glyphs: GlyphSet) -> String {
    glyphs.adapted((rawValue < 1 ? "\(rawValue)" : "\(Int(rawValue))") + "×")
  }
}
