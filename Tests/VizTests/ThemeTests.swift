import Foundation
import Testing

@testable import Viz

/// Every meaning has its colours, and the five hues of the key-value picture belong to their meanings alone.
@Suite struct ThemeTests {
  private static let states: [Role] = [.cached, .newKey, .newValue, .newQuery, .masked]
  private static let weights = (0..<Role.weightLevels).map { Role.weight($0) }
  private static let signed = (-3...3).map { Role.signed($0) }
  private static let others: [Role] =
    [
      .text, .dim, .heading, .titleBar, .titleBarDim, .key, .notNeeded, .wasted, .prediction,
      .uncachedBar, .cachedBar, .modelWeights, .modelWeightsInk, .asked, .answered, .selected,
      .chosen, .right,
      .wrong,
    ] + weights + signed
    + (0..<Role.requestHues).flatMap { [.request($0), .requestDecode($0), .requestInk($0)] }
    + (0..<Role.brokenLevels).map { .broken($0) }

  /// What a camera reads, and what stands outside a light, which has no ground of its own.
  private static let besides: [Role] = [.shaded, .paper, .black]

  private static let palettes = [256, 16, 8]

  /// The colour behind a style's text, by index; nil is the terminal's own.
  private func ground(_ role: Role, _ theme: Theme, _ colours: Int, reversed: Bool = false) -> Int?
  {
    let paint = theme.paint(role)
    return (reversed ? paint.foreground : paint.background)?.index(colours: colours)
  }

  @Test("Colours exist within their palettes", arguments: Theme.allCases)
  func indices(theme: Theme) {
    for role in Self.states + Self.others + Self.besides {
      let paint = theme.paint(role)
      for colour in [paint.foreground, paint.background].compactMap({ $0 }) {
        #expect((16...255).contains(colour.palette256), "\(role)")
        #expect((0...15).contains(colour.palette16), "\(role)")
        #expect((0...7).contains(colour.palette8), "\(role)")
      }
    }
  }

  @Test("Levels beyond the ends are those of the ends", arguments: Theme.allCases)
  func levels(theme: Theme) {
    #expect(theme.paint(.weight(-5)) == theme.paint(.weight(0)))
    #expect(theme.paint(.weight(99)) == theme.paint(.weight(Role.weightLevels - 1)))
    #expect(theme.paint(.signed(99)) == theme.paint(.signed(3)))
    #expect(theme.paint(.broken(-1)) == theme.paint(.broken(0)))
    #expect(theme.paint(.broken(9)) == theme.paint(.broken(Role.brokenLevels - 1)))
  }

  @Test(
    "A light theme brings its own ground and ink to every role",
    arguments: [Theme.light, .projector])
  func lightGround(theme: Theme) {
    for role in Self.states + Self.others + Self.besides {
      #expect(theme.paint(role).foreground != nil && theme.paint(role).background != nil)
    }
  }

  @Test("What a camera reads is black on white in every theme")
  func camera() {
    for theme in Theme.allCases {
      let (paper, black) = (theme.colours(of: Style(.paper)), theme.colours(of: Style(.black)))
      #expect(paper.foreground == RGB(0, 0, 0) && paper.background == RGB(255, 255, 255))
      #expect(black.foreground == RGB(0, 0, 0) && black.background == RGB(0, 0, 0))
    }
  }

  @Test("The five states have five grounds", arguments: Theme.allCases, palettes)
  func distinct(theme: Theme, colours: Int) {
    let grounds = Self.states.compactMap { ground($0, theme, colours) }
    #expect(grounds.count == 5 && Set(grounds).count == 5)
  }

  @Test("No other role has the ground of a state", arguments: Theme.allCases, palettes)
  func ownHues(theme: Theme, colours: Int) {
    let taken = Dictionary(
      uniqueKeysWithValues: Self.states.compactMap { role in
        ground(role, theme, colours).map { ($0, role) }
      })
    var clashes = Self.others.compactMap { role in
      ground(role, theme, colours).flatMap { taken[$0] }.map { "\(role) as \($0)" }
    }
    // What is selected is drawn reversed.
    if let state = ground(.selected, theme, colours, reversed: true).flatMap({ taken[$0] }) {
      clashes.append("selected, reversed, as \(state)")
    }
    if colours == 8 {
      // Five of eight colours are states: a light ground is the cached state's white, which its mark
      // tells apart, and the selected thing has a new key's yellow.
      clashes.removeAll { $0.hasSuffix("as cached") || $0 == "selected, reversed, as newKey" }
    }
    #expect(clashes.isEmpty)
  }

  @Test("In 256 colours states are read easily", arguments: Theme.allCases)
  func contrast(theme: Theme) throws {
    for role in Self.states {
      let paint = theme.paint(role)
      let ratio = contrast(
        try #require(paint.foreground).palette256, try #require(paint.background).palette256)
      #expect(ratio >= 4.5, "\(role)")
    }
  }

  @Test("In 256 colours every other role is read easily", arguments: Theme.allCases)
  func plainContrast(theme: Theme) {
    for role in Self.others {
      let paint = theme.paint(role)
      // A dark terminal's own ground is near black.
      let ground = paint.background ?? (theme == .dark ? Self.nearBlack : ThemeTable.white)
      guard let foreground = paint.foreground else { continue }
      // What is wasted is meant to be faint.
      let least = role == .wasted ? 3 : 4.5
      #expect(contrast(foreground.palette256, ground.palette256) >= least, "\(role)")
    }
  }

  private static let nearBlack = Colour(palette256: 233, palette16: 0, palette8: 0)

  @Test("Neighbouring weights have different grounds in 256 colours", arguments: Theme.allCases)
  func ramp(theme: Theme) {
    let grounds = Self.weights.compactMap { ground($0, theme, 256) }
    #expect(Set(grounds).count == Role.weightLevels)
    let lights = grounds.map(luminance)
    let sorted = lights.sorted()
    #expect(lights == sorted || lights == sorted.reversed())
  }

  @Test(
    "In few colours weights still have at least three grounds, each of its own reach",
    arguments: Theme.allCases, [16, 8])
  func rampInFew(theme: Theme, colours: Int) {
    let grounds = Self.weights.compactMap { ground($0, theme, colours) }
    let changes = zip(grounds, grounds.dropFirst()).count { $0 != $1 }
    #expect(Set(grounds).count >= 3 && changes == Set(grounds).count - 1)
  }

  /// The colour behind everything; a dark terminal's own is taken for black.
  private func own(_ theme: Theme, _ colours: Int) -> Int {
    ground(.text, theme, colours) ?? (colours == 256 ? 16 : 0)
  }

  @Test("Nothing is drawn in the colour behind it", arguments: Theme.allCases, palettes)
  func seen(theme: Theme, colours: Int) {
    for role in Self.states + Self.others {
      let paint = theme.paint(role)
      guard let ink = paint.foreground?.index(colours: colours) else { continue }
      #expect(ink != ground(role, theme, colours) ?? own(theme, colours), "\(role)")
    }
  }

  @Test("A filled cell is not the ground", arguments: Theme.allCases, palettes)
  func filled(theme: Theme, colours: Int) {
    let requests = (0..<Role.requestHues).flatMap { [Role.request($0), .requestDecode($0)] }
    let filled =
      Self.states + requests + (0..<Role.brokenLevels).map { .broken($0) }
      + [.asked, .answered, .modelWeights, .chosen]
    for role in filled { #expect(ground(role, theme, colours) != own(theme, colours), "\(role)") }
  }

  @Test(
    "Requests beside each other differ, and so do their two phases", arguments: Theme.allCases,
    palettes)
  func requests(theme: Theme, colours: Int) {
    let grounds = (0..<Role.requestHues).compactMap { ground(.request($0), theme, colours) }
    #expect(zip(grounds, grounds.dropFirst()).allSatisfy { $0 != $1 })
    #expect(colours == 8 || Set(grounds).count == Role.requestHues)
    for hue in 0..<Role.requestHues {
      #expect(ground(.requestDecode(hue), theme, colours) != grounds[hue])
    }
  }

  @Test("What is off by much is another red than the rest", arguments: Theme.allCases, [256, 16])
  func reds(theme: Theme, colours: Int) {
    let grounds = (0..<Role.brokenLevels).compactMap { ground(.broken($0), theme, colours) }
    #expect(Set(grounds.prefix(2)).isDisjoint(with: grounds.suffix(2)))
  }

  @Test(
    "Reused, asked and answered tokens have three grounds", arguments: Theme.allCases, palettes)
  func turns(theme: Theme, colours: Int) {
    // Reused ones are drawn as a bar of the cached run.
    let reused = ground(.cachedBar, theme, colours, reversed: true)
    let others = [Role.asked, .answered].compactMap { ground($0, theme, colours) }
    #expect(Set(others + [reused].compactMap { $0 }).count == 3)
  }

  @Test("In few colours the uncached run is neither the ground nor the cached run")
  func bars() {
    for theme in Theme.allCases {
      for colours in [16, 8] {
        let bars = [Role.uncachedBar, .cachedBar].map { ground($0, theme, colours, reversed: true) }
        #expect(bars[0] != bars[1] && bars[0] != ground(.text, theme, colours))
      }
    }
  }

  @Test("Without colour the index is none, and what must stand out is reversed")
  func noColour() {
    let colour = Colour(palette256: 208, palette16: 11, palette8: 3)
    #expect(
      [1 << 24, 256, 88, 16, 8, 2, 0].map { colour.index(colours: $0) } == [
        208, 208, 11, 11, 3, nil, nil,
      ])
    #expect(Theme.dark.paint(.selected).isReversedWithoutColour)
    #expect(Theme.dark.paint(.chosen).isReversedWithoutColour)
    #expect(Theme.dark.paint(.key).isReversedWithoutColour)
  }

  // MARK: xterm's palette and WCAG's contrast, written apart from the renderer

  private func channels(_ index: Int) -> [Double] {
    if index >= 232 { return Array(repeating: Double(8 + 10 * (index - 232)), count: 3) }
    let cube = index - 16
    return [cube / 36, cube / 6 % 6, cube % 6].map { [0, 95, 135, 175, 215, 255][$0] }
  }

  private func luminance(_ index: Int) -> Double {
    let linear = channels(index).map { value -> Double in
      let share = value / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func contrast(_ a: Int, _ b: Int) -> Double {
    let (high, low) = (max(luminance(a), luminance(b)), min(luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
  }
}
