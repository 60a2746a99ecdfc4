internal import Base
internal import Trace
internal import Viz

/// What the keys choose from: all batches and all contexts.
extension PhasesState {
  /// A list with its name, and which of it the machine has the memory for.
  private struct List {
    let name: String
    let items: [(text: String, fits: Bool, isChosen: Bool)]

    /// Columns that it takes, with the blanks between.
    var columns: Int { items.reduce(ScalarWidth.of(name)) { $0 + 2 + $1.text.count } }
  }

  /// Rows that the lists take.
  func listRows(_ size: Size) -> Int {
    guard size.rows >= 14, batches.count > 1 || contexts.count > 1 else { return 0 }
    return size.rows >= 30 && batches.count > 1 && contexts.count > 1 ? 2 : 1
  }

  private var batchList: List? {
    list(language("批", "batch"), batches, chosen: batch) { size in
      context.flatMap { decode(past: $0, batch: size) }
    }
  }

  private var contextList: List? {
    list(language("前文", "context"), contexts, chosen: context) { decode(past: $0, batch: batch) }
  }

  private func list(
    _ name: String, _ all: [Int], chosen: Int?, _ run: (Int) -> PhaseRun?
  ) -> List? {
    guard all.count > 1 else { return nil }
    return List(
      name: name,
      items: all.map { value in
        let fits = run(value).map(fits) ?? true
        return (fits ? "\(value)" : "(\(value))", fits, value == chosen)
      })
  }

  /// The contexts above the batches, or behind them where both have room in one row.
  func drawLists(rows: Int, on canvas: inout Canvas) {
    let y = canvas.size.rows - 2
    let note = language("( ) 装不下", "( ) does not fit")
    let isNoted = otherMachine?.memory != nil && planned != nil
    let room = canvas.size.columns - 1 - (isNoted ? ScalarWidth.of(note) + 3 : 0)
    var x = 2
    for (index, list) in [batchList, contextList].compactMap({ $0 }).enumerated() {
      if rows > 1 {
        let isUpper = index == 1
        let end = draw(list, at: Point(2, isUpper ? y - 1 : y), on: &canvas)
        if !isUpper { x = end }
      } else if index == 0 || x + 4 + list.columns < room {
        x = draw(list, at: Point(index == 0 ? x : x + 4, y), on: &canvas)
      }
    }
    if isNoted { put([note], at: Point(x + 3, y), Style(.dim), on: &canvas) }
  }

  /// The chosen one lit; in brackets what the machine has no memory for; returns where it ends.
  private func draw(_ list: List, at point: Point, on canvas: inout Canvas) -> Int {
    var x = put([list.name], at: point, Style(.dim), on: &canvas)
    for item in list.items {
      guard x + 2 + item.text.count < canvas.size.columns - 1 else { return x }
      let style =
        item.isChosen ? Style(.selected, bold: true) : Style(item.fits ? .text : .dim)
      x = put([item.text], at: Point(x + 2, point.y), style, on: &canvas)
    }
    return x
  }
}
