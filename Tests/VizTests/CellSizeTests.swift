internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// Cells take the room that there is, keep their size while one steps, and are never cut.
@Suite struct CellSizeTests {
  private func window(_ size: Size, length: Int, longest: Int) -> PaneWindow {
    let layout = ScreenLayout(size, longest: longest)
    let area = Area(
      x: 2, y: layout.panes.y, columns: size.columns / 2 - 3, rows: layout.panes.rows)
    return PaneWindow(area, length: length, longest: longest, scrollBack: 0, cursor: nil)
  }

  @Test("Four tokens fill more than half of their pane, in both directions")
  func four() {
    let window = window(Size(columns: 100, rows: 30), length: 4, longest: 4)
    #expect(window.cellColumns * 4 >= 30 && window.cellRows * 4 >= 10)
  }

  @Test("Where the whole run fits, cells keep their size and place from step to step")
  func steady() {
    for (columns, rows) in [(80, 24), (100, 30), (120, 36), (200, 60)] {
      for longest in [4, 7, 9, 16] {
        let size = Size(columns: columns, rows: rows)
        let last = window(size, length: longest, longest: longest)
        guard last.columns.count == longest, last.cellColumns >= 4 else { continue }
        for length in 1...longest {
          let own = window(size, length: length, longest: longest)
          #expect(own.cellColumns == last.cellColumns && own.cellRows == last.cellRows)
        }
      }
    }
  }

  @Test("Rows are whole within their pane at any size", arguments: [1, 4, 7, 16, 60, 500])
  func whole(longest: Int) {
    for columns in stride(from: 60, through: 300, by: 7) {
      for rows in 16...100 {
        let size = Size(columns: columns, rows: rows)
        for near in [nil, min(8, longest)] {
          let layout = ScreenLayout(size, longest: longest, near: near)
          let area = Area(
            x: 2, y: layout.panes.y, columns: columns / 2 - 3, rows: layout.panes.rows)
          let window = PaneWindow(
            area, length: min(longest, 8), longest: near ?? longest, scrollBack: 0, cursor: nil)
          let end = window.gridY + window.rows.count * window.cellRows
          #expect(end <= area.y + area.rows && !window.rows.isEmpty, "\(size)")
          #expect(layout.identity < (layout.legend ?? layout.footer), "\(size)")
        }
      }
    }
  }

  @Test("The projector theme has larger cells at the same size, and none smaller")
  func projector() throws {
    var larger = 0
    for (columns, rows) in [(60, 20), (80, 24), (100, 30), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (run, step) in try [(Runs.china(), 4), (Runs.chinaAlone(), 5)] {
        let ground = run.state(step: step).view(size)
        var state = run.state(step: step)
        state.look.theme = .projector
        let (own, other) = (Self.shaded(state.view(size)), Self.shaded(ground))
        #expect(own >= other, "\(size)")
        larger += own > other ? 1 : 0
      }
    }
    #expect(larger >= 5)
  }

  /// How much of the screen's panes is in the colour of a weight or of the mask.
  private static func shaded(_ canvas: Canvas) -> Int {
    canvas.cells.prefix(canvas.size.columns * canvas.size.rows * 2 / 3).count { cell in
      if case .weight = cell.style.role { return true }
      return cell.style.role == .masked
    }
  }

  @Test("Scores have two decimals where their cells have room")
  func decimals() throws {
    let state = try Runs.chinaAlone().state(
      at: Moment(step: 4, layer: 0, operation: .scores))
    let scene = Scene(state)
    let text = state.view(Size(columns: 160, rows: 45)).plainText
    for score in scene.attention.scaledScores(ofRow: 3) {
      #expect(text.contains(NumberText.fixed(Double(score), 2)))
    }
  }

  @Test("Wherever cells have digits their meaning stands below", arguments: Language.allCases)
  func legend(language: Language) throws {
    for (columns, rows) in [(60, 16), (80, 24), (100, 30), (200, 60)] {
      for glyphs in GlyphSet.allCases where glyphs != .ascii || language == .english {
        let state = try Runs.long().state(step: 60, language: language, glyphs: glyphs)
        let text = state.view(Size(columns: columns, rows: rows)).plainText
        #expect(text.contains(/十分位|tenths|3 = 0.3/), "\(text)")
      }
    }
  }

  // MARK: The whole triangle

  @Test("The whole triangle stands in both panes with the weights of its places")
  func overview() throws {
    let step = 16
    let state = try Runs.china().state(step: step).after("o")
    let size = Size(columns: 200, rows: 60)
    let canvas = state.view(size)
    #expect(canvas.flaw == nil)
    // The last line of the map is the newest query, in both runs.
    let weights = Scene(state).attention.weights(ofRow: step - 1)
    let digits = weights.map { NumberText.weightDigit($0, .full) }
    let wanted = digits.joined().replacing(" ", with: "")
    #expect(
      (0..<size.rows).contains { y in
        let line = canvas.row(y).filter { cell in
          guard case .weight = cell.style.role else { return false }
          return true
        }.map(\.text).joined().replacing(" ", with: "")
        return line == wanted + wanted
      })
  }

  @Test("The frame holds as much of the map as the panes show of the run")
  func frame() throws {
    let state = try Runs.long().state(step: 60)
    for (columns, rows) in [(80, 24), (100, 30), (200, 60)] {
      for keys in ["o", "o Up Up Up"] {
        let canvas = state.after(keys).view(Size(columns: columns, rows: rows))
        let lines = (0..<rows).map { y in
          canvas.row(y).filter { $0.style == Style(.selected) }.map(\.text).joined()
        }
        let edges = lines.filter { $0.contains("+─") }
        #expect(edges.count == 2 && edges[0] == edges[1], "\(columns) \(keys)")
      }
    }
  }

  // MARK: Code and cell

  @Test("The code shows the lines that are lit at every size and operation")
  func code() throws {
    let run = try Runs.prompt()
    for moment in run.moments(ofStep: 2) {
      let state = run.state(at: moment).after("c")
      for (columns, rows) in [(60, 16), (70, 20), (80, 24), (100, 30), (200, 60)] {
        let text = state.view(Size(columns: columns, rows: rows)).plainText
        for line in PseudoCode.lines where line.operations.contains(moment.operation) {
          #expect(text.contains(line.text), "\(columns)x\(rows) \(moment)\n\(text)")
        }
      }
    }
  }

  @Test("The opened cell's weight is what its numbers say", arguments: Language.allCases)
  func sum(language: Language) throws {
    let run = try Runs.chinaAlone()
    for query in 1..<7 {
      let state = run.state(step: 7, language: language).after(
        "i Home " + Array(repeating: "Up", count: 6 - query).joined(separator: " "))
      guard case .cell(let query, let key) = state.mode else { continue }
      let text = state.view(.large).plainText
      let found = try #require(
        text.firstMatch(of: /\) \/ (?:行和|row sum) ([0-9.]+) = (?:权重|weight) ([0-9.]+)/))
      let scores = Scene(state).attention.scaledScores(ofRow: query).prefix(query + 1)
      let largest = scores.max() ?? 0
      let exponentials = scores.map { Self.exponential(Double($0 - largest)) }
      let sum = exponentials.reduce(0, +)
      #expect(abs((Double(found.1) ?? 0) - sum) < 0.006)
      #expect(abs((Double(found.2) ?? 0) - exponentials[key] / sum) < 0.0006)
    }
  }

  /// e to a power at most 0, by its series.
  private static func exponential(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for index in 1...60 {
      term *= -x / Double(index)
      sum += term
    }
    return 1 / sum
  }
}
