internal import Base
internal import Viz

/// How phones join: the QR code, and the address and the code in letters.
struct JoinBlock {
  let invitation: JoinInvitation
  let look: Look

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }

  /// The address as it is typed: browsers add the scheme.
  var address: String {
    let url = glyphs.shown(invitation.url)
    let scheme = "http://"
    return url.lowercased().hasPrefix(scheme) ? String(url.dropFirst(scheme.count)) : url
  }

  /// The address in lines, broken before its port and before its path, where it is too long for one.
  func parts(columns: Int) -> [String] {
    let pieces = address.reduce(into: [""]) { pieces, character in
      let isPath = pieces.contains { $0.hasPrefix("/") }
      if !isPath, character == ":" || character == "/" { pieces.append("") }
      pieces[pieces.count - 1].append(character)
    }
    return pieces.reduce(into: [""]) { lines, piece in
      if lines[lines.count - 1].count + piece.count > columns { lines.append("") }
      lines[lines.count - 1] += piece
    }.filter { !$0.isEmpty }
  }

  var code: String { glyphs.shown(invitation.code) }

  /// The least picture of the QR code; nil where there is none.
  var picture: QRPicture? { QRPicture(invitation.modules, glyphs) }

  /// The largest that there is room for.
  func picture(fitting room: Size) -> QRPicture? {
    QRPicture(invitation.modules, glyphs, fitting: room)
  }

  /// Address and code in rows of text.
  func lines(_ columns: Int) -> [[TextFlow.Span]] {
    let lead = TextFlow.Span(language("手机打开 ", "Phones: "), Style(.text))
    let style = Style(.heading, bold: true)
    let parts = parts(columns: columns)
    let isBeside = parts.count == 1 && ScalarWidth.of(lead.text + address) <= columns
    let join =
      isBeside
      ? [[lead, TextFlow.Span(address, style)]]
      : parts.flatMap { TextFlow.wrap([TextFlow.Span($0, style)], columns: columns) }
    return join
      + TextFlow.wrap(
        [
          TextFlow.Span(language("代码 ", "code "), Style(.text)),
          TextFlow.Span(" \(code) ", Style(.chosen, bold: true)),
        ], columns: columns)
  }

  /// The same, the code in large letters where there is room for it.
  func rows(_ columns: Int, isBig: Bool) -> Int {
    let lines = lines(columns)
    guard isBig, let big = BigText(code, glyphs) else { return lines.count }
    return lines.count - 1 + big.size.rows + 1
  }

  /// Columns of the code in large letters with its name.
  var bigColumns: Int {
    BigText(code, glyphs).map { $0.size.columns + lead } ?? .max
  }

  private var lead: Int { ScalarWidth.of(language("代码 ", "code ")) }

  func draw(in area: Area, isBig: Bool, on canvas: inout Canvas) {
    let lines = lines(area.columns)
    guard isBig, let big = BigText(code, glyphs) else { return canvas.put(lines, in: area) }
    let above = Array(lines.dropLast())
    canvas.put(above, in: area)
    let y = area.y + above.count + 1
    canvas.put(language("代码 ", "code "), at: Point(area.x, y + 1), Style(.text))
    big.draw(at: Point(area.x + lead, y), Style(.heading), on: &canvas)
  }
}
