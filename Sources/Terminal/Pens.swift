import CTerminal
import Viz

/// Attributes and colour pairs of ncurses for styles; pairs are defined when they are first wanted.
struct Pens {
  struct Pen {
    var attributes: UInt32
    var pair: Int32
  }

  private struct Ground: Hashable {
    var foreground: Int?
    var background: Int?
  }

  let colours: Int
  private var theme: Theme
  private var pens: [Style: Pen] = [:]
  /// The one that was wanted last: neighbours look alike.
  private var latest: (style: Style, pen: Pen)?
  private var pairs: [Ground: Int32] = [:]

  init(colours: Int, theme: Theme) {
    self.colours = colours
    self.theme = theme
  }

  mutating func use(_ theme: Theme) {
    if theme != self.theme { (pens, latest) = ([:], nil) }
    self.theme = theme
  }

  mutating func pen(_ style: Style) -> Pen {
    if let latest, latest.style == style { return latest.pen }
    let pen = pens[style] ?? made(style)
    latest = (style, pen)
    return pen
  }

  private mutating func made(_ style: Style) -> Pen {
    let ink = Ink(style, theme: theme, colours: colours)
    let pen = Pen(attributes: Pens.attributes(ink), pair: pair(ink))
    pens[style] = pen
    return pen
  }

  private static func attributes(_ ink: Ink) -> UInt32 {
    var bits: UInt32 = 0
    if ink.isBold { bits |= UInt32(CT_BOLD) }
    if ink.isDim { bits |= UInt32(CT_DIM) }
    if ink.isReversed { bits |= UInt32(CT_REVERSE) }
    return bits
  }

  /// Pair 0 is the terminal's own colours, and all there is when no pair is left.
  private mutating func pair(_ ink: Ink) -> Int32 {
    let ground = Ground(foreground: ink.foreground, background: ink.background)
    if ground == Ground() { return 0 }
    if let pair = pairs[ground] { return pair }
    let pair = Int32(pairs.count + 1)
    guard pair < ct_screen_pairs(),
      ct_screen_define_pair(pair, Pens.index(ground.foreground), Pens.index(ground.background))
    else { return 0 }
    pairs[ground] = pair
    return pair
  }

  private static func index(_ colour: Int?) -> Int32 {
    Int32(colour ?? -1)
  }
}
