internal import Trace

/// What a tall screen has room for below the counters: FLOPs per step, the heads as small maps, the opened cell or the whole
/// triangle.
struct ExtrasView {
  let scene: Scene
  let area: Area
  let isPartial: Bool

  private static let barsColumns = 44
  private static let inspectorColumns = 66
  private static let gap = 3

  func draw(on canvas: inout Canvas) {
    let isInspecting = if case .cell = scene.state.mode { true } else { false }
    let hasBars =
      !isInspecting || area.columns >= Self.barsColumns + Self.gap + Self.inspectorColumns
    var rest = area
    if hasBars {
      let bars = Area(
        x: area.x, y: area.y, columns: min(Self.barsColumns, area.columns), rows: area.rows)
      BarsView(scene: scene, area: bars).draw(on: &canvas)
      rest.x = bars.end + Self.gap
      rest.columns = area.end - rest.x
    }
    if case .cell(let query, let key) = scene.state.mode {
      let inspector = Area(x: rest.x, y: rest.y, columns: rest.columns, rows: min(10, rest.rows))
      InspectorView(scene: scene, query: query, key: key, area: inspector).draw(on: &canvas)
      rest.y += inspector.rows
      rest.rows -= inspector.rows
    }
    drawMaps(rest, on: &canvas)
  }

  private func drawMaps(_ area: Area, on canvas: inout Canvas) {
    var maps = area
    if isPartial && scene.state.panel != .overview && area.columns >= 70 {
      let overview = Area(x: area.end - 30, y: area.y, columns: 30, rows: area.rows)
      OverviewView(scene: scene, area: overview).draw(on: &canvas)
      maps.columns -= 30 + Self.gap
    }
    // At the depth of operations the code stands beside the maps where there is room.
    if scene.state.depth == .operation, scene.state.panel != .code, maps.columns >= 90 {
      let code = Area(x: maps.end - 46, y: maps.y, columns: 46, rows: maps.rows)
      CodeView(scene: scene, area: code).draw(on: &canvas)
      maps.columns -= 46 + Self.gap
    }
    HeadMapsView(scene: scene, area: maps).draw(on: &canvas)
  }
}
