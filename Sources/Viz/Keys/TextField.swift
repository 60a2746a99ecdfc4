/// A line of text that is being typed.
public struct TextField: Hashable, Sendable {
  /// The text so far.
  public private(set) var text: String
  /// Scalars before the cursor.
  public private(set) var cursor: Int
  /// At most this many scalars.
  private let limit: Int

  /// Creates a field with the cursor at its end.
  public init(_ text: String = "", limit: Int = 4000) {
    self.text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    self.limit = limit
    cursor = min(text.unicodeScalars.count, limit)
  }

  /// Applies an editing key; false if the key edits nothing.
  public mutating func edit(_ key: Key) -> Bool {
    if case .character(let character) = key {
      insert(String(character))
      return true
    }
    guard let action = Self.keys.action(for: key) else { return false }
    apply(action)
    return true
  }

  /// What keys do in a field, besides the characters that are typed.
  private enum Action { case erase, delete, left, right, start, end, clear }

  private static let keys = KeyMap<Action>([
    KeyRow([.backspace], .erase), KeyRow([.delete], .delete), KeyRow([.left], .left),
    KeyRow([.right], .right), KeyRow([.home], .start), KeyRow([.end], .end),
    KeyRow([.control("u")], .clear),
  ])

  private mutating func apply(_ action: Action) {
    let count = text.unicodeScalars.count
    switch action {
    case .erase: if cursor > 0 { remove(at: cursor - 1) }
    case .delete: if cursor < count { remove(at: cursor) }
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(count, cursor + 1)
    case .start: cursor = 0
    case .end: cursor = count
    case .clear: self = TextField(limit: limit)
    }
  }

  /// Puts text at the cursor; what exceeds the limit is left out.
  public mutating func insert(_ new: String) {
    let room = max(0, limit - text.unicodeScalars.count)
    guard room > 0 else { return }
    let added = Array(new.unicodeScalars.prefix(room))
    var scalars = Array(text.unicodeScalars)
    scalars.insert(contentsOf: added, at: cursor)
    rebuild(scalars)
    cursor += added.count
  }

  private mutating func remove(at index: Int) {
    var scalars = Array(text.unicodeScalars)
    scalars.remove(at: index)
    rebuild(scalars)
    cursor = min(cursor, index)
  }

  private mutating func rebuild(_ scalars: [Unicode.Scalar]) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    text = String(view)
  }
}
