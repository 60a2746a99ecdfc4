internal import Viz

extension KeyMap {
  /// The footer's hints that there is room for, those of the lowest rank before others, in their order.
  func hints(
    _ look: Look, columns: Int, where isOffered: (Action) -> Bool = { _ in true }
  ) -> [KeyHint] {
    let hints = hints(look, where: isOffered)
    var (chosen, used): (Set<Int>, Int) = ([], 0)
    for index in hints.indices.sorted(by: { (hints[$0].rank, $0) < (hints[$1].rank, $1) }) {
      let taken = ScalarWidth.of(hints[index].name) + 3 + ScalarWidth.of(hints[index].label)
      guard used + taken < columns else { continue }
      used += taken + 2
      chosen.insert(index)
    }
    return hints.indices.filter(chosen.contains).map { hints[$0] }
  }
}
