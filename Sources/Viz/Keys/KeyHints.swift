extension [KeyHint] {
  /// Those that there is room for: the ways out, then those of the lowest rank before others; in their order.
  public func fitting(columns: Int) -> [KeyHint] {
    var (chosen, used): (Set<Int>, Int) = ([], 0)
    for index in indices.sorted(by: { (weight($0), $0) < (weight($1), $1) }) {
      let taken = self[index].columns
      guard used + taken < columns else { continue }
      used += taken + 2
      chosen.insert(index)
    }
    return indices.filter(chosen.contains).map { self[$0] }
  }

  private func weight(_ index: Int) -> Int { self[index].isWayOut ? -1 : self[index].rank }

  /// Columns of all of them side by side.
  fileprivate var columns: Int { reduce(-2) { $0 + $1.columns + 2 } }

  /// The ways out that there is room for; those to help go first.
  fileprivate func waysOut(columns room: Int) -> [KeyHint] {
    var ways = filter(\.isWayOut)
    while !ways.isEmpty, ways.columns > room { ways.removeFirst() }
    return ways
  }
}

extension KeyHint {
  fileprivate var columns: Int { ScalarWidth.of(name) + 3 + ScalarWidth.of(label) }
}

extension Canvas {
  /// Draws hints side by side, with two columns between them.
  public mutating func put(_ hints: [KeyHint], at point: Point) {
    var x = point.x
    for hint in hints {
      x = put(" \(hint.name) ", at: Point(x, point.y), Style(.key)) + 1
      x = put(hint.label, at: Point(x, point.y), Style(.text)) + 2
    }
  }

  /// The last row: the keys; or what has to be said, and the ways out beside it.
  ///
  /// What is too long for that stands above the keys where the rows there are free; else it ends in the last row.
  public mutating func putFooter(_ hints: [KeyHint], notice: String?, _ look: Look) {
    let bottom = size.rows - 1
    guard bottom > 0 else { return }
    guard let notice else {
      put(hints.fitting(columns: size.columns - 1), at: Point(1, bottom))
      return
    }
    let lines = look.glyphs.shown(notice).wrapped(to: max(1, size.columns - 2)).suffix(bottom)
    let beside = size.columns - 5 - (lines.last.map { ScalarWidth.of($0) } ?? 0)
    let ways = hints.waysOut(columns: beside)
    let isAbove = ways.count < hints.count(where: \.isWayOut) && isFree(lines.count, above: bottom)
    put(Array(lines), endingAt: isAbove ? bottom - 1 : bottom)
    if isAbove {
      put(hints.fitting(columns: size.columns - 1), at: Point(1, bottom))
    } else {
      put(ways, at: Point(size.columns - 1 - ways.columns, bottom))
    }
  }

  private func isFree(_ rows: Int, above bottom: Int) -> Bool {
    // The title's row is never free.
    bottom - rows > 1
      && (bottom - rows..<bottom).allSatisfy { row($0).allSatisfy { $0 == .blank } }
  }

  private mutating func put(_ lines: [String], endingAt bottom: Int) {
    for (index, line) in lines.enumerated() {
      let y = bottom - lines.count + 1 + index
      fill(Point(0, y), columns: size.columns, Style())
      put(line, at: Point(1, y), Style(.selected), limit: size.columns)
    }
  }
}
