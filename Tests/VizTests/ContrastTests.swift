import Foundation
import Testing

@testable import Viz

/// Every role is read easily in a file, by WCAG's contrast (4.5), in each palette; those that are not are named here.
@Suite struct ContrastTests {
  private static let roles: [Role] =
    [
      .text, .dim, .heading, .titleBar, .titleBarDim, .key, .cached, .newKey, .newValue, .newQuery,
      .masked, .notNeeded, .wasted, .prediction, .uncachedBar, .cachedBar, .modelWeights,
      .modelWeightsInk, .asked,
      .answered,
      .selected,
      .chosen, .right, .wrong, .paper,
    ] + (0..<Role.weightLevels).map { .weight($0) } + (-3...3).map { .signed($0) }
    + (0..<Role.requestHues).flatMap { [.request($0), .requestDecode($0), .requestInk($0)] }
    + (0..<Role.brokenLevels).map { .broken($0) }

  /// The roles below `least` in a theme and a palette.
  private func faint(_ theme: Theme, _ palette: Palette, below least: Double) -> Set<Role> {
    Set(
      Self.roles.filter { role in
        let colours = theme.colours(of: Style(role), in: palette)
        return contrast(colours.foreground, colours.background ?? theme.ground) < least
      })
  }

  @Test(
    "In 256 colours only what is wasted is faint, and it is still seen", arguments: Theme.allCases)
  func colours256(theme: Theme) {
    #expect(faint(theme, .colours256, below: 4.5).subtracting([.wasted]).isEmpty)
    #expect(faint(theme, .colours256, below: 3).isEmpty)
  }

  /// In 16 and 8 colours a hue can be told, not chosen: these are fainter with xterm's own values, and no other may be.
  private static let faintInFew: [Theme: (sixteen: Set<Role>, eight: Set<Role>)] = [
    .dark: (
      [.key, .wasted, .wrong, .cachedBar],
      [.prediction, .selected, .wrong, .wasted, .cachedBar, .masked]
    ),
    .light: (
      [.key, .right, .dim, .notNeeded],
      [.right, .masked]
    ),
    .projector: (
      [.key, .right],
      [.right, .masked]
    ),
  ]

  @Test("In 16 and 8 colours no role is faint but those that are named", arguments: Theme.allCases)
  func fewColours(theme: Theme) throws {
    let known = try #require(Self.faintInFew[theme])
    #expect(faint(theme, .colours16, below: 4.5).subtracting(known.sixteen).isEmpty)
    #expect(faint(theme, .colours8, below: 4.5).subtracting(known.eight).isEmpty)
  }

  @Test("What is outside a light is seen, and weaker than all else", arguments: Theme.allCases)
  func shaded(theme: Theme) {
    let colours = theme.colours(of: Style(.shaded))
    let contrast = contrast(colours.foreground, colours.background ?? theme.ground)
    #expect(contrast > 2 && contrast < 3)
  }

  // MARK: WCAG 2, written from its definition

  private func luminance(_ colour: RGB) -> Double {
    let linear = [colour.red, colour.green, colour.blue].map { channel -> Double in
      let share = Double(channel) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func contrast(_ one: RGB, _ other: RGB) -> Double {
    let lights = [luminance(one), luminance(other)].sorted()
    return (lights[1] + 0.05) / (lights[0] + 0.05)
  }
}
