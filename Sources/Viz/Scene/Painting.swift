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

  package init(run: Run, isStrip: Bool, cursor: GridPoint) {
    self.run = run
    self.isStrip = isStrip
    self.cursor = cursor
    marks = []
  }
}
