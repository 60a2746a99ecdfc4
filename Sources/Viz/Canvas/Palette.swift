/// The colours of a terminal as every file shows them: xterm's, of which the theme table holds indices.
///
/// Source: xterm's defaults (XTerm-col.ad, 256colres.h).
public enum Palette: CaseIterable, Sendable {
  /// 256 colours: the sixteen, a cube of six levels, 24 greys.
  case colours256
  /// The sixteen colours.
  case colours16
  /// The eight dark ones of the sixteen.
  case colours8

  /// How many colours there are.
  public var count: Int {
    switch self {
    case .colours256: 256
    case .colours16: 16
    case .colours8: 8
    }
  }

  /// The colour of an index from 0 to 255.
  public static func rgb(_ index: Int) -> RGB {
    switch index {
    case 232...: grey(min(index, 255) - 232)
    case 16...: cube(index - 16)
    default: sixteen[max(index, 0)]
    }
  }

  /// `colour` as this palette shows it.
  public func rgb(_ colour: Colour) -> RGB {
    switch self {
    case .colours256: Self.rgb(colour.palette256)
    case .colours16: Self.rgb(colour.palette16)
    case .colours8: Self.rgb(colour.palette8)
    }
  }

  private static func grey(_ step: Int) -> RGB {
    let level = UInt8(8 + 10 * step)
    return RGB(level, level, level)
  }

  private static func cube(_ place: Int) -> RGB {
    let levels = [place / 36, place / 6 % 6, place % 6].map { UInt8($0 == 0 ? 0 : 55 + 40 * $0) }
    return RGB(levels[0], levels[1], levels[2])
  }

  private static let sixteen = [
    RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0),
    RGB(0, 0, 238), RGB(205, 0, 205), RGB(0, 205, 205), RGB(229, 229, 229),
    RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0), RGB(255, 255, 0),
    RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
  ]
}

/// A style's colours as a file writes them.
public struct FileColours: Hashable, Sendable {
  /// The glyph's colour.
  public var foreground: RGB
  /// The colour behind it; nil is the theme's ground.
  public var background: RGB?
  /// Heavier strokes, by the style or by its role.
  public var isBold: Bool
}

extension Theme {
  /// The colour behind everything in a file, where no terminal brings its own.
  public var ground: RGB { self == .dark ? RGB(0x10, 0x10, 0x14) : RGB(0xFF, 0xFF, 0xFF) }

  /// The colour of a glyph whose role has none.
  public var ink: RGB { self == .dark ? RGB(0xDC, 0xDC, 0xDC) : RGB(0x10, 0x10, 0x14) }

  /// The colours of `style` in a file of any format.
  public func colours(of style: Style, in palette: Palette = .colours256) -> FileColours {
    let paint = paint(style.role)
    let foreground = paint.foreground.map(palette.rgb) ?? ink
    let background = paint.background.map(palette.rgb)
    let isBold = style.isBold || paint.isBold
    guard style.isReversed else {
      return FileColours(foreground: foreground, background: background, isBold: isBold)
    }
    return FileColours(foreground: background ?? ground, background: foreground, isBold: isBold)
  }
}
