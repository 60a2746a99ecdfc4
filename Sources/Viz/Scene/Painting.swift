/// A cell of the grid by the positions of its query and its key.
package struct GridPoint: Hashable, Sendable {
  package var query: Int
  package var key: Int

  package init(query: Int, key: Int) {
    self.query = query
    self.key = key
  }
}

/// Cells that somebody marks instead of looking at them: what the run did stays hidden until it is asked for.
package struct Painting: Hashable, Sendable {
  /// In which run's pane.
  package var run: Run
  /// Tokens of the K strip are marked, not cells of the grid; their query is 0.
  package var isStrip: Bool
  /// What is marked.
  package var marks: Set<GridPoint>
  /// Where the next mark goes.
  package var cursor: GridPoint
  /// What the run did, once it is shown.
  package var truth: Set<GridPoint>?
  /// Whether places that were not marked and should have been are shown with the truth.
  package var showsMissed = false

  package init(run: Run, isStrip: Bool, cursor: GridPoint) {
    self.run = run
    self.isStrip = isStrip
    self.cursor = cursor
    marks = []
  }

  /// Whether a place was marked and should not have been.
  func isExtra(_ place: GridPoint) -> Bool {
    truth.map { marks.contains(place) && !$0.contains(place) } ?? false
  }

  /// Whether a place was not marked and should have been.
  func isMissed(_ place: GridPoint) -> Bool {
    showsMissed && truth.map { $0.contains(place) && !marks.contains(place) } ?? false
  }
}
