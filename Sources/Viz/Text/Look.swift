public import Base

/// How everything on the screen looks; the only such value: it goes from screen to screen.
public struct Look: Hashable, Sendable {
  /// The language.
  public var language: Language
  /// The colours.
  public var theme: Theme
  /// The glyphs.
  public var glyphs: GlyphSet

  /// Creates a look.
  public init(language: Language = .chinese, theme: Theme = .dark, glyphs: GlyphSet = .full) {
    self.language = language
    self.theme = theme
    self.glyphs = glyphs
  }

  /// ASCII only, in English: for a terminal that knows nothing else.
  public var inASCII: Look { Look(language: .english, theme: theme, glyphs: .ascii) }

  /// Decorations in ASCII: for a terminal that draws ambiguous glyphs two columns wide.
  public var narrowed: Look {
    Look(language: language, theme: theme, glyphs: glyphs == .full ? .narrow : glyphs)
  }
}
