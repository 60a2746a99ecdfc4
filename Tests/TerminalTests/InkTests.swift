import Testing
import Viz

@testable import Terminal

@Suite("Meanings become colours")
struct InkTests {
  private static let roles: [Role] =
    [
      .text, .dim, .heading, .titleBar, .titleBarDim, .key, .cached, .newKey, .newValue, .newQuery,
      .masked, .notNeeded, .wasted, .prediction, .uncachedBar, .cachedBar, .asked, .answered,
      .selected, .right,
      .wrong, .shaded, .paper, .black,
    ] + (0..<Role.weightLevels).map { .weight($0) } + (-3...3).map { .signed($0) }
    + (0..<Role.requestHues).flatMap { [.request($0), .requestDecode($0), .requestInk($0)] }
    + (0..<Role.brokenLevels).map { .broken($0) }

  @Test(
    "What terminals report",
    arguments: [
      (-1, 0), (0, 0), (2, 0), (8, 8), (15, 8), (16, 16), (88, 16), (255, 16), (256, 256),
      (32768, 8), (16_777_216, 8),
    ])
  func reported(count: Int, expected: Int) {
    #expect(Ink.colours(reported: count) == expected)
  }

  @Test("Every role stays within its palette", arguments: Theme.allCases, [8, 16, 256])
  func palettes(theme: Theme, colours: Int) {
    for role in Self.roles {
      let ink = Ink(Style(role), theme: theme, colours: colours)
      #expect((0..<colours).contains(ink.foreground ?? 0))
      #expect((0..<colours).contains(ink.background ?? 0))
    }
  }

  @Test("Without colours there are none", arguments: Theme.allCases)
  func none(theme: Theme) {
    for role in Self.roles {
      let ink = Ink(Style(role), theme: theme, colours: 0)
      #expect(ink.foreground == nil && ink.background == nil)
      #expect(ink.isReversed == theme.paint(role).isReversedWithoutColour)
      #expect(ink.isDim == theme.paint(role).isDim)
    }
  }

  @Test("The key-value picture's grounds")
  func grounds() {
    let expected: [Role: Int] = [
      .cached: 250, .newKey: 208, .newValue: 114, .masked: 218, .newQuery: 153,
    ]
    for (role, background) in expected {
      #expect(Ink(Style(role), theme: .dark, colours: 256).background == background)
    }
  }

  @Test("Style and paint together")
  func flags() {
    let bold = Ink(Style(.text, bold: true, reversed: true), theme: .dark, colours: 256)
    #expect(bold.isBold && bold.isReversed)
    let twice = Ink(Style(.titleBar, reversed: true), theme: .dark, colours: 0)
    #expect(!twice.isReversed)
  }
}
