internal import Base
internal import Trace

/// Which query heads share which KV head: a line of query heads above a line of KV heads, each as wide as the heads that read it.
///
///     Q  [1] 2 │ 3  4
///     KV [ 1  ]│  2
struct SharedHeadsView {
  private let scene: Scene
  /// The KV heads in view: all, or the one that the shown head reads.
  private let kvHeads: Range<Int>

  private static let labelColumns = 3

  /// Nil where every query head has its own K and V, or where there is no room.
  init?(_ scene: Scene, columns: Int) {
    guard scene.model.sharesHeads else { return nil }
    let choices = [0..<scene.model.kvHeads, scene.kvHead..<scene.kvHead + 1]
    let views = choices.map { SharedHeadsView(scene, $0) }
    guard let view = views.first(where: { $0.columns <= columns }) else { return nil }
    self = view
  }

  private init(_ scene: Scene, _ kvHeads: Range<Int>) {
    self.scene = scene
    self.kvHeads = kvHeads
  }

  private var model: ModelDescription { scene.model }
  /// A head's number between brackets or blanks.
  private var cellColumns: Int { "\(model.heads)".count + 2 }
  private var groupColumns: Int { model.heads / model.kvHeads * cellColumns }
  /// How many there are in all, where only one group is in view.
  private var totals: (queries: String, keys: String) {
    kvHeads.count == model.kvHeads ? ("", "") : ("/\(model.heads)", "/\(model.kvHeads)")
  }

  /// The columns that both lines take.
  var columns: Int {
    Self.labelColumns + kvHeads.count * (groupColumns + 1) - 1 + totals.queries.count
  }

  /// Draws the query heads on the point's line and the KV heads below it.
  func draw(at point: Point, on canvas: inout Canvas) {
    canvas.put("Q", at: point, Style(.dim))
    canvas.put("KV", at: Point(point.x, point.y + 1), Style(.dim))
    var x = point.x + Self.labelColumns
    for kvHead in kvHeads {
      if kvHead > kvHeads.lowerBound {
        for y in point.y...point.y + 1 {
          canvas.put(scene.glyphs.divider, at: Point(x, y), Style(.dim))
        }
        x += 1
      }
      draw(kvHead, at: Point(x, point.y), on: &canvas)
      x += groupColumns
    }
    canvas.put(totals.queries, at: Point(x, point.y), Style(.dim))
    canvas.put(totals.keys, at: Point(x, point.y + 1), Style(.dim))
  }

  private func draw(_ kvHead: Int, at point: Point, on canvas: inout Canvas) {
    let isRead = kvHead == scene.kvHead
    var x = point.x
    for head in model.queryHeads(ofKVHead: kvHead) {
      let isShown = head == scene.state.head
      x = canvas.put(
        Self.box(head, columns: cellColumns, isChosen: isShown), at: Point(x, point.y),
        Style(isShown ? .chosen : isRead ? .heading : .dim))
    }
    canvas.put(
      Self.box(kvHead, columns: groupColumns, isChosen: isRead), at: Point(point.x, point.y + 1),
      Style(isRead ? .chosen : .dim))
  }

  /// A head's number in the middle, in brackets that show its width without colour too.
  private static func box(_ head: Int, columns: Int, isChosen: Bool) -> String {
    let number = "\(head + 1)"
    let before = (columns - 2 - number.count) / 2
    let inside = (String(repeating: " ", count: before) + number).padded(to: columns - 2)
    return isChosen ? "[\(inside)]" : " \(inside) "
  }
}

/// Says in words which query heads share the K and V that are shown, and what sets the layer apart.
struct SharingView {
  let scene: Scene
  let y: Int
  let end: Int

  func draw(on canvas: inout Canvas) {
    guard scene.state.depth == .token else { return }
    let x = drawSharing(on: &canvas)
    let lead =
      x > ScreenLayout.margin
      ? " \(scene.glyphs.dot) " : scene.language("本层：", "this layer: ")
    // A note that is cut says another thing.
    let note = (scene.layerNotes ?? []).map { lead + $0 }.first(fitting: end - x)
    canvas.put(note, at: Point(x, y), Style(.dim), limit: end)
  }

  /// The first column behind it.
  private func drawSharing(on canvas: inout Canvas) -> Int {
    let model = scene.model
    guard model.sharesHeads else { return ScreenLayout.margin }
    let x = canvas.put(
      model.sharingName + scene.language("：", ": "), at: Point(ScreenLayout.margin, y),
      Style(.heading), limit: end)
    let kvHead = scene.kvHead + 1
    return canvas.put(
      scene.language(
        "查询头 \(readers) 共用 K\(kvHead)、V\(kvHead)",
        "query heads \(readers) share K\(kvHead), V\(kvHead)"
      ), at: Point(x, y), Style(.text), limit: end)
  }

  private var readers: String {
    let heads = scene.model.queryHeads(ofKVHead: scene.kvHead)
    let (first, last) = (heads.lowerBound + 1, heads.upperBound)
    return heads.count == 2
      ? "\(first)" + scene.language("、", ", ") + "\(last)" : "\(first)\(scene.glyphs.dash)\(last)"
  }
}
