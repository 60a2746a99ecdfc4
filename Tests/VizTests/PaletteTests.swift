import Testing

@testable import Viz

/// xterm's colours, held against tables that were written down elsewhere.
@Suite struct PaletteTests {
  @Test("The cube has xterm's six levels, red slowest")
  func cube() {
    let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    var index = 16
    for red in levels {
      for green in levels {
        for blue in levels {
          #expect(Palette.rgb(index) == RGB(red, green, blue), "\(index)")
          index += 1
        }
      }
    }
    #expect(index == 232)
  }

  @Test("The greys run from 8 to 238 in tens")
  func greys() {
    let greys: [UInt8] = [
      8, 18, 28, 38, 48, 58, 68, 78, 88, 98, 108, 118, 128, 138, 148, 158, 168, 178, 188, 198, 208,
      218, 228, 238,
    ]
    #expect((232...255).map(Palette.rgb) == greys.map { RGB($0, $0, $0) })
  }

  @Test("The sixteen are xterm's")
  func sixteen() {
    let hex = [
      "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
      "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
    ]
    #expect((0..<16).map { Palette.rgb($0).hex } == hex)
  }

  @Test("An index outside the palette is the nearest of its ends")
  func bounds() {
    #expect(Palette.rgb(-1) == Palette.rgb(0))
    #expect(Palette.rgb(999) == Palette.rgb(255))
  }

  @Test("A colour is looked up by the index of its palette", arguments: Palette.allCases)
  func depth(palette: Palette) {
    let colour = Colour(palette256: 208, palette16: 11, palette8: 3)
    let index = colour.index(colours: palette.count)
    #expect(index.map(Palette.rgb) == palette.rgb(colour))
  }

  @Test("A file has a colour for each glyph of every role", arguments: Theme.allCases)
  func files(theme: Theme) {
    #expect(theme.colours(of: Style()).background == (theme == .dark ? nil : theme.ground))
    #expect(theme.colours(of: Style(.newKey)).background == RGB(255, 135, 0))
    #expect(theme.colours(of: Style(.newKey), in: .colours16).background == RGB(255, 255, 0))
    #expect(theme.colours(of: Style(.newKey), in: .colours8).background == RGB(205, 205, 0))
    #expect(theme.colours(of: Style(.heading)).isBold && !theme.colours(of: Style()).isBold)
    #expect(theme.colours(of: Style(.text, bold: true)).isBold)
    let reversed = theme.colours(of: Style(.text, reversed: true))
    #expect(reversed.foreground == theme.ground)
  }
}
