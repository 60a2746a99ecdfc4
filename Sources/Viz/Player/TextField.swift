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
    let count = text.unicodeScalars.count
    switch key {
    case .character(let character): insert(String(character))
    case .backspace where cursor > 0: remove(at: cursor - 1)
    case .delete where cursor < count: remove(at: cursor)
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = count
    case .control("u"): self = TextField(limit: limit)
    case .backspace, .delete: break
    default: return false
    }
    return true
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
