internal import Trace

/// Where the timeline's columns and rows go: a step a column, a request a row.
struct TimelineLayout {
  /// Columns of a name with the blank behind it, and of the prompt's beginning.
  let nameColumns: Int
  let promptColumns: Int
  /// Columns of a step.
  let cell: Int
  /// The steps that there is room for, by their places.
  let steps: Range<Int>
  /// The requests that there is room for, from 1.
  let requests: Range<Int>
  /// Rows of a request, and blank ones behind it.
  let height: Int
  let gap: Int
  /// Rows of the bars of each step's tokens; none where there is no room.
  var barRows = 0
  /// Where a number ends within a step's columns.
  let numberEnd: Int

  /// Columns before the first step.
  var labelColumns: Int { nameColumns + promptColumns }
  /// Rows of everything: the axis, the requests, the sums, the mark of the chosen step.
  var rows: Int { 1 + requests.count * (height + gap) + barRows + 2 }
  /// Whether a step has no room for a number.
  var isNarrow: Bool { cell < 3 }

  /// As many columns as let every step be seen, or a window around the chosen one.
  init(_ state: ServingState, columns: Int, mostRows: Int, height: Int, gap: Int) {
    let trace = state.board?.trace
    let (count, requests) = (max(1, state.steps.count), max(1, trace?.requests ?? 1))
    nameColumns = requests > 26 ? 6 : 4
    let widest = state.steps.map(\.computed).max() ?? 0
    let least = max(3, String(widest).count + 1)
    let prompts = columns >= 100 ? [14, 8, 0] : columns >= 76 ? [8, 0] : [0]
    let fitting = prompts.lazy.compactMap { [nameColumns] prompt -> (Int, Int)? in
      let room = columns - nameColumns - prompt
      // One that can be read stands wide, but a prompt comes before more room for it.
      return (least...max(least, 6)).last { $0 * count <= room }.map { (prompt, $0) }
    }.first
    if let (prompt, cell) = fitting {
      (promptColumns, self.cell, steps) = (prompt, cell, 0..<count)
    } else if count <= columns - nameColumns - Self.wordColumns {
      let room = columns - nameColumns - Self.wordColumns
      // What is asked comes before wider steps, where a line of it has room.
      let prompt = columns >= 70 ? min(20, room - 2 - count) : 0
      let hasPrompt = prompt >= 14
      let isWide = !hasPrompt && 2 * count <= room
      (promptColumns, cell, steps) = (hasPrompt ? prompt : 0, isWide ? 2 : 1, 0..<count)
    } else {
      (promptColumns, cell) = (0, least)
      let most = max(1, (columns - nameColumns) / least)
      steps = Self.window(count, most: most, around: state.step)
    }
    (self.height, self.gap) = (height, gap)
    numberEnd = cell < 3 ? cell : min(cell - 1, (cell + String(widest).count) / 2)
    let most = max(1, (mostRows - 3) / (height + gap))
    let shown = Self.window(requests, most: most, around: state.request - 1)
    self.requests = shown.lowerBound + 1..<shown.upperBound + 1
  }

  /// Columns beside a narrow picture for the words of the chosen step.
  static let wordColumns = 14

  private static func window(_ count: Int, most: Int, around place: Int) -> Range<Int> {
    let shown = min(count, most)
    let first = min(max(0, place - shown / 2), count - shown)
    return first..<first + shown
  }

  /// Where a step's column begins, from the timeline's left.
  func x(ofStep place: Int) -> Int { labelColumns + (place - steps.lowerBound) * cell }

  /// Where a request's first row is, from the timeline's top.
  func y(ofRequest request: Int) -> Int { 1 + (request - requests.lowerBound) * (height + gap) }
}
