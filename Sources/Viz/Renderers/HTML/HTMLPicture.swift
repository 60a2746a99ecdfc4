package import Base

/// One frame as a page shows it that brings rules for the columns of its own: markup, and the colours that its classes mean.
package struct HTMLPicture: Sendable {
  /// A style's colours, as CSS writes them: ink and ground in the light theme, ink and ground in the dark one.
  package struct Colours: Hashable, Sendable {
    package let lightInk: String
    package let lightGround: String
    package let darkInk: String
    package let darkGround: String
    package let isBold: Bool
  }

  /// The markup; a run of cells has the classes `x` and its column, `n` and its columns, `s` and its style's place.
  package let html: String
  /// The styles in the order of their classes.
  package let styles: [Colours]

  /// Draws a frame, in both themes.
  package init(_ canvas: Canvas) {
    var grid = HTMLGrid()
    html = grid.markup(canvas)
    styles = grid.styles.map { style in
      let (light, dark) = (Theme.light.colours(of: style), Theme.dark.colours(of: style))
      return Colours(
        lightInk: light.foreground.hex, lightGround: (light.background ?? Theme.light.ground).hex,
        darkInk: dark.foreground.hex, darkGround: (dark.background ?? Theme.dark.ground).hex,
        isBold: light.isBold)
    }
  }

  /// The styles as the phone's page reads them.
  package var json: JSONText {
    .array(
      styles.map { style in
        .array(
          [style.lightInk, style.lightGround, style.darkInk, style.darkGround].map(JSONText.string)
            + [.integer(style.isBold ? 1 : 0)])
      })
  }
}
