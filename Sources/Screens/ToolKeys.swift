internal import Base
internal import Viz

/// What a key does on a screen, the keys that every screen has among them.
protocol ToolAction: Hashable, Sendable {
  static var theme: Self { get }
  static var language: Self { get }
  static var help: Self { get }
  static var leave: Self { get }
}

extension KeyMap where Action: ToolAction {
  /// The rows that every screen ends with: how it looks, help, and the way back.
  ///
  /// - Parameters:
  ///   - leaving: what is said of the way back.
  ///   - label: its word in the footer.
  ///   - keys: those that lead back.
  ///   - isNamed: whether the footer names the language, too.
  /// - Returns: the rows.
  static func common(
    leaving: @escaping KeyRow<Action>.Words = { $0("返回", "back") },
    label: @escaping KeyRow<Action>.Words = { $0("返回", "back") },
    keys: [Key] = [.character("q"), .escape, .control("c")], isNamed: Bool = false
  ) -> [KeyRow<Action>] {
    let other: KeyRow<Action>.Words = { $0("English", "中文") }
    return [
      KeyRow(
        [.character("L")], .language, "L", label: isNamed ? other : nil,
        help: { $0("换语言", "another language") }, rank: 3),
      KeyRow(
        [.character("t")], .theme, "t", label: { $0("配色", "theme") },
        help: { $0("换配色：深、浅、投影", "other colours: dark, light, projector") },
        // Where the language is named, both come last.
        rank: isNamed ? 3 : 2),
      KeyRow(
        [.character("?")], .help, "?", label: { $0("帮助", "help") },
        help: { $0("这一页", "this page") }, rank: 1, isWayOut: true),
      KeyRow(keys, .leave, "q", label: label, help: leaving, rank: 1, isWayOut: true),
    ]
  }
}
