/// A QR code, dark on white in every theme, with the quiet zone that readers need.
package struct QRPicture {
  /// Modules that stay white on each side (ISO/IEC 18004).
  private static let quietZone = 4

  private let modules: [[Bool]]
  private let glyphs: GlyphSet
  /// Pixels of a module's side.
  private let scale: Int

  /// - Parameters:
  ///   - modules: rows of dark (true) and light ones, without the quiet zone; nil unless they are a square.
  ///   - glyphs: half blocks draw two modules in a cell, one above the other; ASCII one in two cells.
  ///   - scale: how large a module is.
  package init?(_ modules: [[Bool]], _ glyphs: GlyphSet, scale: Int = 1) {
    guard !modules.isEmpty, modules.allSatisfy({ $0.count == modules.count }) else { return nil }
    (self.modules, self.glyphs, self.scale) = (modules, glyphs, max(1, scale))
  }

  /// The largest that there is room for; nil where even the smallest does not fit.
  package init?(_ modules: [[Bool]], _ glyphs: GlyphSet, fitting room: Size) {
    guard let least = QRPicture(modules, glyphs)?.size,
      least.columns <= room.columns, least.rows <= room.rows
    else { return nil }
    let scale = (1...8).last { scale in
      QRPicture(modules, glyphs, scale: scale).map {
        $0.size.columns <= room.columns && $0.size.rows <= room.rows
      } ?? false
    }
    self.init(modules, glyphs, scale: scale ?? 1)
  }

  private var isInBlocks: Bool { glyphs == .full }
  private var side: Int { (modules.count + 2 * Self.quietZone) * scale }

  /// Columns and rows that it takes, with its quiet zone.
  package var size: Size {
    isInBlocks
      ? Size(columns: side, rows: (side + 1) / 2) : Size(columns: 2 * side, rows: side)
  }

  /// Draws it.
  package func draw(at point: Point, on canvas: inout Canvas) {
    for y in 0..<size.rows {
      let at = Point(point.x, point.y + y)
      if isInBlocks {
        let row = (0..<side).map { block(isDark($0, 2 * y), isDark($0, 2 * y + 1)) }
        canvas.put(row.joined(), at: at, Style(.paper))
      } else {
        drawRow(y, at: at, on: &canvas)
      }
    }
  }

  /// Where there are no blocks a dark module is dark ground; its signs are seen where there are no colours.
  private func drawRow(_ y: Int, at point: Point, on canvas: inout Canvas) {
    for x in 0..<side {
      let isDark = isDark(x, y)
      canvas.put(
        isDark ? "##" : "  ", at: Point(point.x + 2 * x, point.y),
        Style(isDark ? .black : .paper))
    }
  }

  private func block(_ isUpper: Bool, _ isLower: Bool) -> String {
    isUpper ? (isLower ? "█" : "▀") : isLower ? "▄" : " "
  }

  private func isDark(_ x: Int, _ y: Int) -> Bool {
    let (column, row) = (x / scale - Self.quietZone, y / scale - Self.quietZone)
    return modules.indices.contains(row) && modules[row].indices.contains(column)
      && modules[row][column]
  }
}
