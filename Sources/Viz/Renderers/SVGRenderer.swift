internal import Base

/// A frame as an SVG picture: backgrounds as rectangles, text as runs of one width.
///
/// Source: Scalable Vector Graphics 1.1; `textLength` keeps the columns whatever font draws them, and each word has its own place for
/// viewers that do not know it.
public struct SVGRenderer: Renderer {
  private static let cellWidth = 10
  private static let cellHeight = 20
  private static let fontSize = 16

  /// Creates the renderer.
  public init() {}

  /// The last frame, its caption as the picture's title; a picture has no time.
  public func render(_ reel: Reel) -> String {
    guard let shot = reel.shots.last else { return "" }
    let frame = shot.frame
    let (columns, rows) = (frame.canvas.size.columns, frame.canvas.size.rows)
    let (width, height) = (columns * Self.cellWidth, rows * Self.cellHeight)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" font-size="\(Self.fontSize)" \
      font-family="'DejaVu Sans Mono','Noto Sans Mono CJK SC','WenQuanYi Micro Hei Mono',monospace">
      \(title(of: shot, reel))<rect width="\(width)" height="\(height)" fill="\(frame.theme.ground.hex)"/>

      """
    for y in 0..<rows {
      for run in Self.runs(of: frame.canvas.row(y)) { svg += draw(run, y: y, frame.theme) }
    }
    return svg + "</svg>\n"
  }

  private func title(of shot: Reel.Shot, _ reel: Reel) -> String {
    guard let caption = shot.caption else { return "" }
    return "<title xml:lang=\"\(reel.language.rawValue)\">\(Self.escaped(caption))</title>\n"
  }

  /// Neighbouring cells of one style and one width.
  private struct Run {
    var column: Int
    var cells: [Cell]
    var width: Int { cells.reduce(0) { $0 + Int($1.width) } }
  }

  private static func runs(of row: ArraySlice<Cell>) -> [Run] {
    var runs: [Run] = []
    for (column, cell) in row.enumerated() where cell.width > 0 {
      if let last = runs.last?.cells.last, last.style == cell.style, last.width == cell.width {
        runs[runs.count - 1].cells.append(cell)
      } else {
        runs.append(Run(column: column, cells: [cell]))
      }
    }
    return runs
  }

  private func draw(_ run: Run, y: Int, _ theme: Theme) -> String {
    let style = run.cells[0].style
    let colours = theme.colours(of: style)
    let (x, top) = (run.column * Self.cellWidth, y * Self.cellHeight)
    let width = run.width * Self.cellWidth
    var svg = ""
    if let background = colours.background {
      svg +=
        "<rect x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(Self.cellHeight)\" fill=\"\(background.hex)\"/>\n"
    }
    return svg + words(of: run).map { draw($0, y: y, colours) }.joined()
  }

  /// The parts of a run between its blanks.
  private func words(of run: Run) -> [Run] {
    var words: [Run] = []
    var column = run.column
    var isInWord = false
    for cell in run.cells {
      if cell.text == " " {
        isInWord = false
      } else if isInWord {
        words[words.count - 1].cells.append(cell)
      } else {
        words.append(Run(column: column, cells: [cell]))
        isInWord = true
      }
      column += Int(cell.width)
    }
    return words
  }

  private func draw(_ word: Run, y: Int, _ colours: FileColours) -> String {
    let (x, top) = (word.column * Self.cellWidth, y * Self.cellHeight)
    let weight = colours.isBold ? " font-weight=\"bold\"" : ""
    return
      "<text x=\"\(x)\" y=\"\(top + Self.fontSize - 1)\" fill=\"\(colours.foreground.hex)\"\(weight)"
      + " textLength=\"\(word.width * Self.cellWidth)\" lengthAdjust=\"spacingAndGlyphs\">"
      + Self.escaped(word.cells.map(\.text).joined()) + "</text>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }
}
