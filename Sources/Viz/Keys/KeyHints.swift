extension [KeyHint] {
  /// Those that there is room for: the ways out and to help, then those of the lowest rank before others; in their order.
  public func fitting(columns: Int) -> [KeyHint] {
    var (chosen, used): (Set<Int>, Int) = ([], 0)
    for index in indices.sorted(by: { (weight($0), $0) < (weight($1), $1) }) {
      let taken = ScalarWidth.of(self[index].name) + 3 + ScalarWidth.of(self[index].label)
      guard used + taken < columns else { continue }
      used += taken + 2
      chosen.insert(index)
    }
    return indices.filter(chosen.contains).map { self[$0] }
  }

  /// Where `Esc` leads out, `q` and `?` are of the screen beneath.
  private func weight(_ index: Int) -> Int {
    let ways = contains { $0.name == "Esc" } ? ["Esc"] : ["?", "q"]
    return ways.contains(self[index].name) ? -1 : self[index].rank
  }
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
}
