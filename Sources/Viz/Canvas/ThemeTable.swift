/// The one table of colours.
///
/// The five hues of the key-value picture (grey cached, orange new K, green new V, pink masked, pale blue new Q)
/// belong to their meanings; nothing else uses them.
enum ThemeTable {
  static let black = Colour(palette256: 16, palette16: 0, palette8: 0)
  static let white = Colour(palette256: 231, palette16: 15, palette8: 7)

  static func paint(_ role: Role, in theme: Theme) -> Paint {
    switch role {
    case .text: Paint()
    case .dim: Paint(foreground: grey(in: theme), isDim: theme == .dark)
    case .heading: Paint(isBold: true)
    case .titleBar: onBar(white, bold: true)
    case .titleBarDim: onBar(Colour(palette256: 153, palette16: 15, palette8: 7), bold: false)
    case .key: Paint(foreground: white, background: keyGround, isReversedWithoutColour: true)
    case .cached, .newKey, .newValue, .newQuery, .masked: state(role, in: theme)
    case .notNeeded: Paint(foreground: grey(in: theme), isDim: theme == .dark)
    case .wasted: ink(dark: 167, light: 131, 1, in: theme)
    case .weight(let level): weight(level, in: theme)
    case .signed(let level): signed(level, in: theme)
    case .prediction: Paint(foreground: accent(in: theme), isBold: true)
    // In few colours brown is not to be had: light on dark ground, dark on light ground.
    case .uncachedBar: ink(dark: 180, light: 94, theme == .dark ? 7 : 0, in: theme)
    case .cachedBar: ink(dark: 75, light: 25, 4, in: theme)
    case .modelWeights: Paint(foreground: white, background: violet)
    case .modelWeightsInk: ink(dark: 141, light: 97, theme == .dark ? 7 : 0, in: theme)
    case .asked:
      Paint(foreground: onTokens, background: olive, isReversedWithoutColour: true)
    case .answered: answered(in: theme)
    case .selected:
      Paint(foreground: accent(in: theme), isBold: true, isReversedWithoutColour: true)
    case .chosen:
      Paint(
        foreground: onAccent(in: theme), background: accent(in: theme), isBold: true,
        isReversedWithoutColour: true)
    case .request(let hue): request(hue, in: theme)
    case .requestDecode(let hue): requestDecode(hue, in: theme)
    case .requestInk(let hue):
      ink(
        dark: requestDark[bounded(hue)], light: requestLight[bounded(hue)],
        theme == .dark ? 7 : 0, in: theme)
    case .right: ink(dark: 78, light: 22, 2, bold: true, in: theme)
    case .wrong: ink(dark: 203, light: 124, 1, bold: true, in: theme)
    case .broken(let level): broken(level, in: theme)
    case .shaded: shaded(in: theme)
    // Without colours most terminals are dark, whatever the theme is; only who chose the light one says so.
    case .paper:
      Paint(foreground: black, background: white, isReversedWithoutColour: theme != .light)
    case .black:
      Paint(foreground: black, background: black, isReversedWithoutColour: theme == .light)
    }
  }

  private static func shaded(in theme: Theme) -> Paint {
    let isDark = theme == .dark
    return Paint(
      foreground: Colour(
        palette256: isDark ? 240 : 248, palette16: 8, palette8: isDark ? 4 : 0), isDim: true)
  }

  private static let violet = Colour(palette256: 97, palette16: 5, palette8: 4)
  private static let olive = Colour(palette256: 185, palette16: 3, palette8: 1)
  private static let onTokens = Colour(palette256: 16, palette16: 0, palette8: 7)
  private static let keyGround = Colour(palette256: 239, palette16: 8, palette8: 4)

  /// Of eight colours none is left for it but the one that the ground is not.
  private static func answered(in theme: Theme) -> Paint {
    let (ink, ground) = theme == .dark ? (0, 7) : (7, 0)
    return Paint(
      foreground: Colour(palette256: 16, palette16: 0, palette8: ink),
      background: Colour(palette256: 66, palette16: 6, palette8: ground))
  }

  private static func onBar(_ foreground: Colour, bold: Bool) -> Paint {
    Paint(
      foreground: foreground, background: Colour(palette256: 24, palette16: 4, palette8: 4),
      isBold: bold, isReversedWithoutColour: true)
  }

  private static func grey(in theme: Theme) -> Colour {
    switch theme {
    case .dark: Colour(palette256: 245, palette16: 7, palette8: 7)
    case .light: Colour(palette256: 241, palette16: 8, palette8: 0)
    case .projector: Colour(palette256: 238, palette16: 0, palette8: 0)
    }
  }

  private static func accent(in theme: Theme) -> Colour {
    theme == .dark
      ? Colour(palette256: 221, palette16: 15, palette8: 4)
      : Colour(palette256: 25, palette16: 4, palette8: 4)
  }

  private static func onAccent(in theme: Theme) -> Colour {
    theme == .dark ? Colour(palette256: 16, palette16: 0, palette8: 7) : white
  }

  private static func state(_ role: Role, in theme: Theme) -> Paint {
    let ground =
      switch role {
      case .cached: cached(in: theme)
      case .newKey: Colour(palette256: 208, palette16: 11, palette8: 3)
      case .newValue: Colour(palette256: 114, palette16: 10, palette8: 2)
      case .newQuery: Colour(palette256: 153, palette16: 14, palette8: 6)
      default: Colour(palette256: 218, palette16: 13, palette8: 5)
      }
    let isBlack = ground.palette8 == 0
    return Paint(
      foreground: Colour(palette256: 16, palette16: 0, palette8: isBlack ? 7 : 0),
      background: ground, isReversedWithoutColour: false)
  }

  /// Grey; of eight colours the lightest, or where that is the ground itself the darkest.
  private static func cached(in theme: Theme) -> Colour {
    Colour(palette256: 250, palette16: 7, palette8: theme == .dark ? 7 : 0)
  }

  /// A colour for glyphs alone, light on dark ground and dark on light.
  private static func ink(
    dark: Int, light: Int, _ poor: Int, bold: Bool = false, in theme: Theme
  ) -> Paint {
    Paint(
      foreground: Colour(
        palette256: theme == .dark ? dark : light, palette16: poor, palette8: poor), isBold: bold)
  }

  /// From deep blue over grey to yellow on dark ground (as cividis, which stays clear of the five hues and which
  /// colour-blind viewers read), from pale to deep violet on light ground; black or white text over it.
  private static func weight(_ level: Int, in theme: Theme) -> Paint {
    let dark = [17, 18, 24, 60, 243, 101, 143, 185, 227]
    let light = [255, 254, 189, 147, 105, 99, 63, 57, 55]
    let bounded = min(max(level, 0), Role.weightLevels - 1)
    let isDark = theme == .dark
    let isDarkGround = isDark ? bounded < 5 : bounded > 5
    let (sixteen, eight) = weightInFew(bounded, isDark: isDark)
    return Paint(
      foreground: Colour(
        palette256: isDarkGround ? 231 : 16, palette16: sixteen == 15 ? 0 : 15,
        palette8: eight == 7 ? 0 : 7),
      background: Colour(
        palette256: (isDark ? dark : light)[bounded], palette16: sixteen, palette8: eight))
  }

  /// From black over blue to white on dark ground, the other way on light ground: in as many steps as the blues that no state
  /// has allow, and where most weights of a row lie.
  private static func weightInFew(_ level: Int, isDark: Bool) -> (sixteen: Int, eight: Int) {
    let sixteen = isDark ? [0, 0, 4, 4, 12, 12, 12, 15, 15] : [15, 15, 12, 12, 4, 4, 4, 0, 0]
    let eight = isDark ? [0, 0, 4, 4, 7, 7, 7, 7, 7] : [7, 7, 4, 4, 0, 0, 0, 0, 0]
    return (sixteen[level], eight[level])
  }

  /// Bright hues and deep ones, each of a request.
  ///
  /// Of sixteen colours five are no state's; of eight two, which take turns.
  private static let requestDark = [75, 180, 141, 73, 185]
  private static let requestLight = [24, 94, 54, 23, 58]
  private static let requestPale = [117, 223, 183, 116, 229]
  private static let requestSixteen = [4, 3, 5, 6, 2]
  private static let requestEight = [4, 1, 4, 1, 4]

  private static func bounded(_ hue: Int) -> Int { min(max(hue, 0), Role.requestHues - 1) }

  private static func request(_ hue: Int, in theme: Theme) -> Paint {
    let (hue, isDark) = (bounded(hue), theme == .dark)
    let sixteen = requestSixteen[hue]
    return Paint(
      // White is read on blue and magenta alone.
      foreground: Colour(
        palette256: isDark ? 16 : 231, palette16: sixteen == 4 || sixteen == 5 ? 15 : 0,
        palette8: 7),
      background: Colour(
        palette256: (isDark ? requestDark : requestLight)[hue], palette16: sixteen,
        palette8: requestEight[hue]),
      isReversedWithoutColour: true)
  }

  /// A paler or deeper ground of the same hue; in few colours a grey, or what the theme's own ground is not.
  private static func requestDecode(_ hue: Int, in theme: Theme) -> Paint {
    let isDark = theme == .dark
    let ground = isDark ? requestLight : requestPale
    return Paint(
      foreground: Colour(
        palette256: isDark ? 231 : 16, palette16: 0, palette8: isDark ? 0 : 7),
      background: Colour(
        palette256: ground[bounded(hue)], palette16: 8, palette8: isDark ? 7 : 0))
  }

  /// From a dull to a glaring red on dark ground, from a pale to a deep one on light ground; of sixteen colours two are red.
  private static func broken(_ level: Int, in theme: Theme) -> Paint {
    let bounded = min(max(level, 0), Role.brokenLevels - 1)
    let isDark = theme == .dark
    let ground = (isDark ? [52, 88, 124, 160] : [224, 210, 124, 88])[bounded]
    let isLightText = isDark || bounded > 1
    let isBright = isDark == (bounded > 1)
    return Paint(
      foreground: Colour(
        palette256: isLightText ? 231 : 16, palette16: isBright ? 0 : 15, palette8: 7),
      background: Colour(palette256: ground, palette16: isBright ? 9 : 1, palette8: 1),
      isReversedWithoutColour: bounded > 1)
  }

  /// The two ends of the weights' colours: low is negative, high is positive.
  private static func signed(_ level: Int, in theme: Theme) -> Paint {
    let bounded = min(max(level, -3), 3)
    return weight([0, 2, 3, 4, 5, 6, 7][bounded + 3], in: theme)
  }
}
