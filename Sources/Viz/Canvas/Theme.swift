package import Base

/// A colour of the 256-colour palette with what stands for it on poorer terminals.
public struct Colour: Hashable, Sendable {
  /// Index into the 256-colour palette (xterm).
  public let palette256: Int
  /// Index into the 16 colours.
  public let palette16: Int
  /// Index into the 8 colours.
  public let palette8: Int

  /// The index for a terminal with `colours` colours, or nil where there are none.
  public func index(colours: Int) -> Int? {
    switch colours {
    case 256...: palette256
    case 16...: palette16
    case 8...: palette8
    default: nil
    }
  }
}

/// The colours of one role; nil is the terminal's own.
public struct Paint: Hashable, Sendable {
  /// The glyph's colour.
  public var foreground: Colour?
  /// The colour behind it.
  public var background: Colour?
  /// Heavier strokes belong to the role itself.
  public var isBold = false
  /// Weaker strokes, where the terminal has them.
  public var isDim = false
  /// On terminals without colour the role is drawn reversed.
  public var isReversedWithoutColour = false
}

/// A named set of colours, by meaning; no view names a colour.
public enum Theme: String, CaseIterable, Sendable {
  /// For dark terminals.
  case dark
  /// For light terminals.
  case light
  /// For projectors: light ground, the strongest contrast.
  case projector

  /// The theme after this one, as the theme key cycles.
  public var next: Theme {
    let all = Theme.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }

  /// What it is called, and what for.
  package func sentence(_ language: Language) -> String {
    switch self {
    case .dark: language("配色：深，给深色的终端", "theme: dark, for dark terminals")
    case .light: language("配色：浅", "theme: light")
    case .projector:
      language("配色：投影，浅底，对比最强", "theme: projector, light ground, the strongest contrast")
    }
  }

  /// The paint of `role` in this theme.
  public func paint(_ role: Role) -> Paint {
    var paint = ThemeTable.paint(role, in: self)
    // A light theme brings its own ground, so that it is light on a dark terminal too.
    if self != .dark {
      paint.foreground = paint.foreground ?? ThemeTable.black
      paint.background = paint.background ?? ThemeTable.white
    }
    return paint
  }
}
