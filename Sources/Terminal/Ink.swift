import Viz

/// How a cell is drawn on a terminal with a certain number of colours.
struct Ink: Hashable, Sendable {
  /// Palette indices; nil is the terminal's own colour.
  var foreground: Int?
  var background: Int?
  var isBold: Bool
  var isDim: Bool
  var isReversed: Bool

  init(_ style: Style, theme: Theme, colours: Int) {
    let paint = theme.paint(style.role)
    foreground = paint.foreground.flatMap { $0.index(colours: colours) }
    background = paint.background.flatMap { $0.index(colours: colours) }
    isBold = style.isBold || paint.isBold
    // Of 256 colours the weaker one is chosen already; dimmed once more it would be hard to read.
    isDim = paint.isDim && colours < 256
    // Reversed within what is reversed: the terminal's own ground again, or it would not show.
    isReversed = style.isReversed != (colours < 8 && paint.isReversedWithoutColour)
  }

  /// How many colours of the palette are used on a terminal that says it has `reported`.
  static func colours(reported: Int) -> Int {
    switch reported {
    case 256: 256
    case 16..<256: 16
    case 8..<16: 8
    // Numbers above the first 8 are colours of their own there (xterm-direct), not a palette.
    case 257...: 8
    default: 0
    }
  }
}
