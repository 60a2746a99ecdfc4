public import Base

/// A frame as an SVG picture: backgrounds as rectangles, text in elements of their own place, one for each glyph that is
/// not ASCII, so that columns hold in a browser and in rasterisers whatever font draws them.
///
/// Source: Scalable Vector Graphics 1.1; `textLength` fits words of ASCII to their columns where a viewer knows it.
public struct SVGRenderer: Renderer {
  private static let cellWidth = 10
  private static let cellHeight = 20
  /// At which a column of most monospaced fonts, 0.602 of it, is a cell wide, so that bars have no seams.
  private static let fontSize = "16.6"
  /// From a cell's top.
  private static let baseline = 15

  /// Creates the renderer.
  public init() {}

  /// The last frame, its caption as the picture's title; a picture has no time.
  public func render(
    _ shots: some Sequence<Reel.Shot>, title: String, _ language: Language
  ) -> String {
    guard let shot = shots.reduce(nil, { _, shot in Reel.Shot?.some(shot) }) else { return "" }
    let frame = shot.frame
    let (columns, rows) = (frame.canvas.size.columns, frame.canvas.size.rows)
    let (width, height) = (columns * Self.cellWidth, rows * Self.cellHeight)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" font-size="\(Self.fontSize)" \
      font-family="'DejaVu Sans Mono','Noto Sans Mono CJK SC','WenQuanYi Micro Hei Mono',monospace">
      \(caption(of: shot, language))<rect width="\(width)" height="\(height)" fill="\(frame.theme.ground.hex)"/>

      """
    for y in 0..<rows {
      let runs = GlyphRun.runs(of: frame.canvas.row(y))
      svg += drawGrounds(of: runs, y: y, frame.theme)
      for run in runs {
        for word in run.words { svg += draw(word, y: y, frame.theme.colours(of: run.style)) }
      }
    }
    return svg + "</svg>\n"
  }

  private func caption(of shot: Reel.Shot, _ language: Language) -> String {
    guard let caption = shot.caption else { return "" }
    return "<title xml:lang=\"\(language.rawValue)\">\(Markup.escaped(caption))</title>\n"
  }

  /// A rectangle for neighbouring runs of one colour, so that no seam shows between them.
  private func drawGrounds(of runs: [GlyphRun], y: Int, _ theme: Theme) -> String {
    var svg = ""
    var rest = runs[...]
    while let first = rest.popFirst() {
      guard let colour = theme.colours(of: first.style).background else { continue }
      var columns = first.columns
      while let next = rest.first, theme.colours(of: next.style).background == colour {
        columns += next.columns
        rest.removeFirst()
      }
      svg +=
        "<rect x=\"\(first.column * Self.cellWidth)\" y=\"\(y * Self.cellHeight)\" width=\"\(columns * Self.cellWidth)\""
        + " height=\"\(Self.cellHeight)\" fill=\"\(colour.hex)\"/>\n"
    }
    return svg
  }

  private func draw(_ word: GlyphRun, y: Int, _ colours: FileColours) -> String {
    let (x, top) = (word.column * Self.cellWidth, y * Self.cellHeight)
    let weight = colours.isBold ? " font-weight=\"bold\"" : ""
    let isFitted = word.columns > 1 && word.text.utf8.count == word.columns
    let length =
      isFitted
      ? " textLength=\"\(word.columns * Self.cellWidth)\" lengthAdjust=\"spacingAndGlyphs\"" : ""
    return
      "<text x=\"\(x)\" y=\"\(top + Self.baseline)\" fill=\"\(colours.foreground.hex)\"\(weight)\(length)>"
      + Markup.escaped(word.text) + "</text>\n"
  }
}
