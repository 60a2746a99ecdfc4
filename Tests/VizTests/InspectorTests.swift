internal import Base
import Foundation
import Testing
internal import Trace

@testable import Viz

/// The opened cell shows what was computed of it, also where the mask hides old keys.
@Suite struct InspectorTests {
  private func text(_ state: ViewerState) -> String { state.view(.huge).plainText }

  /// A state of the run whose model has a window, with a cell opened.
  private func state(query: Int, key: Int, layer: Int, head: Int) throws -> ViewerState {
    var state = try Runs.window().state(step: 7, language: .english)
    (state.layer, state.head) = (layer, head)
    state.mode = .cell(query: query, key: key)
    return state
  }

  @Test("A key before the window is masked, and has no softmax", arguments: 0..<7, 0..<7)
  func hiddenByWindow(query: Int, key: Int) throws {
    let mask = try Runs.window().trace.model.rules[0].mask
    let text = try text(state(query: query, key: key, layer: 0, head: 0))
    let isHidden = mask.hides(key: key, fromQuery: query)
    #expect(text.contains("exp(") == !isHidden)
    #expect(text.contains("weight 0. Computed, thrown away.") == isHidden)
    #expect(text.contains("sees 4 keys") == (key <= query - 4))
    if isHidden { #expect(text.contains("0.000 × v [")) }
  }

  @Test("A layer with a window or without rotary positions says so, and masks by its own window")
  func layerNotes() throws {
    let run = try Runs.layers()
    let notes = ["window 3 · no rotary positions", "窗口 3 · 无旋转位置"]
    for layer in 0..<run.layers {
      for (language, note) in zip([Language.english, .chinese], notes) {
        var state = run.state(step: 7, language: language)
        (state.layer, state.head) = (layer, 0)
        #expect(text(state).contains(note) == (layer % 2 == 1))
        for (query, key) in [(6, 2), (6, 5)] {
          state.mode = .cell(query: query, key: key)
          for size in [Size.standard, .large, .huge] {
            let text = state.view(size).plainText
            #expect(text.contains(note) == (layer % 2 == 1), "\(size)")
          }
          let isHidden = layer % 2 == 1 && key < 4
          #expect(text(state).contains("exp(") != isHidden)
        }
      }
    }
  }

  @Test("The softmax subtracts the largest score that the query sees, and lists those only")
  func visibleMaximum() throws {
    let run = try Runs.window()
    let mask = run.trace.model.rules[0].mask
    var compared = 0
    for layer in 0..<run.layers {
      for head in 0..<run.heads {
        let attention = HeadAttention(run.trace, step: run.trace.step(7), layer: layer, head: head)
        for query in 0..<7 {
          let scaled = attention.scores(ofRow: query).map { $0 * attention.scale }
          let seen = (0..<7).filter { !mask.hides(key: $0, fromQuery: query) }
          let largest = try #require(seen.map { scaled[$0] }.max())
          // Where the largest of all is hidden, a view that does not ask the mask is found out.
          guard (scaled.prefix(query + 1).max() ?? 0) > largest + 0.01 else { continue }
          compared += 1
          let text = try text(state(query: query, key: query, layer: layer, head: head))
          let sign = largest < 0 ? "+" : "-"
          #expect(text.contains(String(format: "\(sign) %.2f)", abs(largest))))
          let list = seen.map { NumberText.fixed(Double(scaled[$0]), 1) }.joined(separator: " ")
          #expect(text.contains("[\(list)]"))
        }
      }
    }
    #expect(compared > 0)
  }

  @Test(
    "The weight that the softmax comes to is there, however narrow", arguments: Language.allCases)
  func narrow(language: Language) throws {
    var state = try Runs.china().state(step: 7, language: language)
    for query in 0..<7 {
      state.mode = .cell(query: query, key: query)
      let weight = Scene(state).attention.weights(ofRow: query)[query]
      let result = "= \(language("权重", "weight")) \(NumberText.fixed(Double(weight), 3))"
      for columns in [36, 43, 56, 80] {
        for rows in [5, 9, 11] {
          var canvas = Canvas(Size(columns: columns, rows: rows))
          let area = Area(x: 0, y: 0, columns: columns, rows: rows)
          InspectorView(scene: Scene(state), query: query, key: query, area: area)
            .draw(on: &canvas)
          let text = canvas.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
          #expect(text.contains(result), "\(columns) × \(rows)\n\(canvas.plainText)")
        }
      }
    }
  }

  @Test("The whole triangle leaves blank what the window hides")
  func triangle() throws {
    let run = try Runs.window()
    let scene = Scene(run.state(step: 7))
    var canvas = Canvas(Size(columns: 7, rows: 7))
    TriangleMap(attention: scene.attention, length: 7, glyphs: .full)
      .draw(at: Point(0, 0), columns: 7, rows: 7, on: &canvas)
    for query in 0..<7 {
      for key in 0..<7 {
        let isHidden = run.trace.model.rules[0].mask.hides(key: key, fromQuery: query)
        #expect((canvas.cells[query * 7 + key].style == Style()) == isHidden)
      }
    }
  }

  @Test(
    "The cell that is opened first is on the screen, however long the sequence and wherever it is scrolled to",
    arguments: ["", "Up Up Up", "Up Up Up Up Up Up Up Up Up Up Up Up"])
  func firstCell(keys: String) throws {
    for (run, step) in try [(Runs.long(), 60), (Runs.long(), 33), (Runs.china(), 4)] {
      let before = run.state(step: step).after(keys)
      let opened = before.after("i")
      guard case .cell(let query, let key) = opened.mode else {
        Issue.record("no cell")
        return
      }
      for columns in [60, 80, 120, 200] {
        let area = Area(x: 2, y: 3, columns: columns / 2 - 3, rows: 10)
        let window = PaneWindow(
          area, length: step, longest: run.longest, scrollBack: before.scrollBack,
          cursor: nil)
        #expect(window.rows.contains(query) && window.columns.contains(key), "\(columns)")
      }
    }
  }

  @Test("Home and End of the opened cell are said", arguments: Language.allCases)
  func homeAndEnd(language: Language) throws {
    let state = try Runs.china().start(language: language)
    for size in [Size(columns: 60, rows: 16), .standard, .huge] {
      let footer = try #require(state.after("i").view(size).plainText.split(separator: "\n").last)
      #expect(footer.contains("Home End"), "\(size)")
    }
    let help = state.after("?").view(.huge).plainText
    #expect(help.contains(language("Home、End 到行首、行末", "Home and End go to the row's ends")))
  }
}
