internal import Trace

/// How one vector of a strip came to be.
enum VectorState {
  /// Computed in this step.
  case computed
  /// Read from the cache.
  case read
  /// Not needed in this step.
  case absent
  /// To be computed later in this step.
  case pending
}

/// What one cell of the grid holds.
enum CellState {
  /// Not computed yet in this step.
  case pending
  /// A scaled score before the softmax.
  case score(Float)
  /// Computed and thrown away by the mask.
  case masked
  /// An attention weight.
  case weight(Float)
  /// Not needed: the row's query was answered in an earlier step, or the cache has the key no more.
  case notNeeded
}

/// What an output row is good for.
enum OutputState {
  /// The logits are made from it.
  case predicts
  /// The next layer makes K and V from it.
  case feedsNextLayer
  /// Computed in the last layer and read by nobody.
  case wasted
  /// Not computed in this step.
  case absent
  /// To be computed later in this step.
  case pending
}

/// One run's side of the picture.
struct PaneScene {
  let scene: Scene
  let run: Run

  /// What the run did in this step, as it was recorded.
  let lane: LaneStep

  init(scene: Scene, run: Run) {
    self.scene = scene
    self.run = run
    lane = scene.runStep(run)
  }

  /// Whether the shown layer read K and V of a position from the cache, for the shown head.
  func reads(_ position: Int) -> Bool {
    lane.reads(position, layer: scene.state.layer, kvHead: scene.kvHead)
  }

  /// Tokens whose K and V the shown layer read from the cache.
  var readTokens: Int { (0..<scene.length).count { reads($0) } }

  /// Whether a cell was computed in this step: its query was, and its key was there.
  func computes(_ row: Int, _ column: Int) -> Bool {
    lane.computes(row) && (lane.computes(column) || reads(column))
  }

  func query(_ position: Int) -> VectorState {
    guard lane.computes(position) else { return .absent }
    return scene.isDone(.queryKeyValue) ? .computed : .pending
  }

  /// The state of a key or a value: both are made by the same operation.
  func keyValue(_ position: Int) -> VectorState {
    guard lane.computes(position) else { return reads(position) ? .read : .absent }
    return scene.isDone(.queryKeyValue) ? .computed : .pending
  }

  /// A cell as the operations done so far leave it.
  func cell(_ row: Int, _ column: Int) -> CellState {
    guard computes(row, column) else { return .notNeeded }
    if scene.isDone(.softmax) { return weightCell(row, column) }
    return scoreCell(row, column)
  }

  /// A cell of the score grid, which a wide screen shows beside the weights.
  func scoreCell(_ row: Int, _ column: Int) -> CellState {
    guard computes(row, column) else { return .notNeeded }
    guard scene.isDone(.scores) else { return .pending }
    if scene.isDone(.mask) && isMasked(row, column) { return .masked }
    return .score(scene.attention(run).scaledScores(ofRow: row)[slot(column)])
  }

  /// A cell of the weight grid.
  func weightCell(_ row: Int, _ column: Int) -> CellState { weightCells(ofRow: row)(column) }

  /// The cells of a row of the weight grid by their columns: what they share is looked up once.
  func weightCells(ofRow row: Int) -> (_ column: Int) -> CellState {
    guard lane.computes(row) else { return { _ in .notNeeded } }
    guard scene.isDone(.softmax) else { return { computes(row, $0) ? .pending : .notNeeded } }
    let (attention, head) = (scene.attention(run), scene.attention(run).head)
    let (weights, hides) = (attention.weights(ofRow: row), head.hiddenKeys(ofRow: row))
    return { column in
      guard computes(row, column) else { return .notNeeded }
      return hides(column) ? .masked : .weight(weights[head.slot(of: column) ?? column])
    }
  }

  /// Where a key that was read stood in the run's store.
  private func slot(_ position: Int) -> Int {
    scene.attention(run).head.slot(of: position) ?? position
  }

  private func isMasked(_ row: Int, _ column: Int) -> Bool {
    scene.attention(run).head.hides(key: column, fromQuery: row)
  }

  func output(_ row: Int) -> OutputState {
    guard lane.computes(row) else { return .absent }
    guard scene.isDone(.values) else { return .pending }
    if scene.state.layer < scene.model.layers - 1 { return .feedsNextLayer }
    return row == scene.length - 1 ? .predicts : .wasted
  }
}
