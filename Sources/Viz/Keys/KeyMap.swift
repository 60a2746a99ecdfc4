public import Base

/// The keys of a screen or of one of its modes, a row each: what is pressed, what it does, and what is said of it.
///
/// Dispatch, footer, the line under a field and the help page read the same row, so a hint that is drawn works.
///
///     let action = keys.action(for: key)
///     let hints = keys.hints(look)
public struct KeyMap<Action: Hashable & Sendable>: Sendable {
  /// Every row, in the order of the footer.
  public let rows: [KeyRow<Action>]

  /// Creates a map.
  public init(_ rows: [KeyRow<Action>]) { self.rows = rows }

  /// What a key does; its full-width form does the same.
  public func action(for key: Key) -> Action? {
    let folded = key.folded
    return rows.first { $0.keys.contains(folded) }?.action
  }

  /// The row of an action.
  public func row(_ action: Action) -> KeyRow<Action>? { rows.first { $0.action == action } }

  /// What the footer shows, in order; neighbours that do the same share a hint.
  public func hints(_ look: Look, where isOffered: (Action) -> Bool = { _ in true }) -> [KeyHint] {
    hints(look, \.label, where: isOffered)
  }

  /// What a line under a field shows.
  public func line(
    _ look: Look, gap: String = "   ", where isOffered: (Action) -> Bool = { _ in true }
  ) -> String {
    hints(look, \.line, where: isOffered).map { "\($0.name) \($0.label)" }.joined(separator: gap)
  }

  /// What a help page says of the keys, in their order.
  public func help(
    _ look: Look, where isSaid: (Action) -> Bool = { _ in true }
  ) -> [(name: String, help: String)] {
    rows.filter { isSaid($0.action) }.compactMap { row in
      row.help.map { (row.name(look), look.glyphs.shown($0(look.language))) }
    }
  }

  private func hints(
    _ look: Look, _ words: (KeyRow<Action>) -> KeyRow<Action>.Words?,
    where isOffered: (Action) -> Bool
  ) -> [KeyHint] {
    var hints: [KeyHint] = []
    for row in rows where isOffered(row.action) {
      guard let label = words(row)?(look.language) else { continue }
      if let last = hints.last, last.label == label {
        hints[hints.count - 1].name += " " + row.name(look)
      } else {
        hints.append(
          KeyHint(
            name: row.name(look), label: label, rank: row.rank, isWayOut: row.isWayOut))
      }
    }
    return hints
  }
}

extension Key {
  /// Whether it works wherever a screen gives some keys only.
  fileprivate var isAlwaysGiven: Bool {
    switch self {
    case .left, .right, .up, .down, .pageUp, .pageDown, .escape, .control: true
    case .character(let character): "qtL?".contains(character)
    default: false
    }
  }
}

/// A key and what it does, as they are drawn.
public struct KeyHint: Hashable, Sendable {
  /// The key.
  public var name: String
  /// What it does.
  public let label: String
  /// The lower, the longer it stays where room is short.
  public let rank: Int
  /// Whether it leads out of the mode, or to its help: it stays before all others, and beside what has to be said.
  public let isWayOut: Bool
}

/// One row of a map.
public struct KeyRow<Action: Hashable & Sendable>: Sendable {
  /// Words in a language.
  public typealias Words = @Sendable (Language) -> String

  /// Keys that do it, after folding.
  public var keys: [Key]
  /// What it does.
  public let action: Action
  /// The key as hints write it.
  public var name: @Sendable (Look) -> String
  /// What it does, in a word or two; nil keeps it out of the footer.
  public var label: Words?
  /// What it does, in the line under a field; nil keeps it out of there.
  public var line: Words?
  /// What it does, in a sentence; nil where another row of the help page says it.
  public var help: Words?
  /// The lower, the longer the hint stays where room is short.
  public var rank: Int
  /// Whether it leads out of the mode, or to its help.
  public var isWayOut: Bool

  /// Creates a row.
  public init(
    _ keys: [Key], _ action: Action, _ name: @escaping @Sendable (Look) -> String,
    label: Words? = nil, line: Words? = nil, help: Words? = nil, rank: Int = 0,
    isWayOut: Bool = false
  ) {
    self.keys = keys
    self.action = action
    self.name = name
    self.label = label
    self.line = line
    self.help = help
    self.rank = rank
    self.isWayOut = isWayOut
  }

  /// Creates a row whose key is written the same everywhere.
  public init(
    _ keys: [Key], _ action: Action, _ name: String = "", label: Words? = nil, line: Words? = nil,
    help: Words? = nil, rank: Int = 0, isWayOut: Bool = false
  ) {
    self.init(
      keys, action, { _ in name }, label: label, line: line, help: help, rank: rank,
      isWayOut: isWayOut)
  }
}

extension KeyMap {
  /// This map with the rows of another behind it, as far as their keys are free; whose ways out lead elsewhere where this one has its
  /// own.
  public func over(_ other: KeyMap) -> KeyMap {
    let taken = Set(rows.flatMap(\.keys))
    let leads = rows.contains(where: \.isWayOut)
    return KeyMap(
      rows
        + other.rows.compactMap { row in
          var row = row
          row.keys.removeAll { taken.contains($0) }
          if leads { row.isWayOut = false }
          return row.keys.isEmpty ? nil : row
        })
  }

  /// These rows behind the first two of another map, which go forward and back, and before its others; without those that have one of
  /// these keys or do what is left out.
  public func within(_ other: KeyMap, without left: Set<Action>) -> KeyMap {
    let taken = Set(rows.flatMap(\.keys))
    let others = other.rows.filter { row in
      !left.contains(row.action) && !row.keys.contains { taken.contains($0) }
    }
    return KeyMap(Array(others.prefix(2)) + rows + Array(others.dropFirst(2)))
  }

  /// These rows, of which the footer names some only.
  public func naming(_ named: Set<Action>) -> KeyMap {
    KeyMap(
      rows.map { row in
        var row = row
        if !named.contains(row.action) { row.label = nil }
        return row
      })
  }

  /// The rows that have one of some keys, and those that always stay: arrows, pages, how it looks, help, and the ways out; all rows
  /// where no keys are named.
  public func given(_ keys: Set<Key>?) -> KeyMap {
    guard let keys else { return self }
    return KeyMap(
      rows.filter { row in
        row.isWayOut || row.keys.contains { keys.contains($0) || $0.isAlwaysGiven }
      })
  }

  /// The rows of some actions.
  public func only(_ actions: Set<Action>) -> KeyMap {
    KeyMap(rows.filter { actions.contains($0.action) })
  }

  /// The same rows for a screen that has these actions among others.
  public func mapped<Other>(_ action: @Sendable (Action) -> Other) -> KeyMap<Other> {
    KeyMap<Other>(
      rows.map { row in
        KeyRow<Other>(
          row.keys, action(row.action), row.name, label: row.label, line: row.line, help: row.help,
          rank: row.rank, isWayOut: row.isWayOut)
      })
  }
}
