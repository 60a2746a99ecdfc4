internal import Base
import Testing

@testable import Viz

/// The maps of all heads: which are shown where not all fit, and that it is said.
@Suite struct HeadMapsTests {
  /// A canvas with the maps alone.
  private func canvas(
    heads: Int, kvHeads: Int, layers: Int = 2, head: Int, layer: Int = 0, columns: Int, rows: Int
  ) throws -> Canvas {
    var state = ViewerState(
      trace: try RandomModel(heads: heads, kvHeads: kvHeads, layers: layers).trace(), longest: 3,
      language: .english)
    (state.head, state.layer) = (head, layer)
    var canvas = Canvas(Size(columns: columns + 2, rows: rows))
    HeadMapsView(
      scene: Scene(state), area: Area(x: 0, y: 0, columns: columns, rows: rows)
    ).draw(on: &canvas)
    return canvas
  }

  private func heads(in text: String, layer: Int) -> [Int] {
    text.matches(of: /L(\d+) [HQ](\d+)/)
      .filter { Int($0.output.1) == layer + 1 }.compactMap { Int($0.output.2) }
  }

  @Test("The shown head is among the maps, and what is left out is counted", arguments: [12, 4, 1])
  func windowed(kvHeads: Int) throws {
    for head in 0..<12 {
      for (columns, rows) in [(69, 8), (69, 12), (20, 8), (8, 6), (118, 8), (150, 20)] {
        let canvas = try canvas(
          heads: 12, kvHeads: kvHeads, head: head, columns: columns, rows: rows)
        let text = canvas.plainText
        let shown = heads(in: text, layer: 0)
        #expect(shown.contains(head + 1), "\(columns) × \(rows)")
        #expect(shown == Array((shown.first ?? 0)..<(shown.first ?? 0) + shown.count))
        let title = text.prefix { $0 != "\n" }
        if columns > 20 {
          #expect(title.contains("\(shown.count) of 12 heads") == (shown.count < 12), "\(title)")
        }
        // Nothing reaches into what stands beside.
        for y in 0..<rows { #expect(canvas.row(y).suffix(1).allSatisfy { $0 == .blank }) }
      }
    }
  }

  @Test("Where there are lines for all heads of the layer, they come before another layer")
  func wrapped() throws {
    let text = try canvas(heads: 12, kvHeads: 12, head: 11, columns: 69, rows: 12).plainText
    #expect(heads(in: text, layer: 0) == Array(1...12))
    #expect(heads(in: text, layer: 1).isEmpty && text.contains("1 of 2 layers"))
    let both = try canvas(heads: 12, kvHeads: 12, head: 11, columns: 69, rows: 21).plainText
    #expect(
      heads(in: both, layer: 1) == Array(1...12)
        && both.contains("weights of every head; rows: queries, newest last"))
    #expect(text.contains("1 of 2 layers; rows: queries, newest last"))
  }

  @Test("The shown layer is among the maps, and what is left out is counted")
  func layers() throws {
    for layer in 0..<6 {
      let text = try canvas(
        heads: 2, kvHeads: 2, layers: 6, head: 0, layer: layer, columns: 30, rows: 11
      ).plainText
      #expect(!heads(in: text, layer: layer).isEmpty && text.contains("2 of 6 layers"))
    }
  }
}
