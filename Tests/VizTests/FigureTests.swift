import TestSupport
import Testing
internal import Trace

@testable import Viz

/// A run's picture in a part of the screen, and cells that are marked in it.
@Suite struct FigureTests {
  private static let ground = Style(.titleBar)

  /// Draws a figure on a screen that is full already, so that what it must not touch shows.
  private func canvas(
    _ state: ViewerState, _ area: Area, _ runs: [Run], _ painting: Painting?, code: Bool = false
  ) -> Canvas {
    var canvas = Canvas(.large)
    canvas.fill(Point(0, 0), columns: 120, rows: 36, Self.ground)
    RunFigure(state, area: area, runs: runs, painting: painting, code: code).draw(on: &canvas)
    return canvas
  }

  /// Whether every cell outside of an area is as it was; a wide glyph may have been cut at its edge.
  private func isKept(_ canvas: Canvas, outside area: Area) -> Bool {
    canvas.cells.indices.allSatisfy { index in
      let (y, x) = index.quotientAndRemainder(dividingBy: canvas.size.columns)
      let isInside =
        (area.x..<area.end).contains(x) && (area.y..<area.y + area.rows).contains(y)
      return isInside || canvas.cells[index].style == Self.ground
    }
  }

  @Test(
    "A figure stays within its area", arguments: [24, 34, 44, 60, 72, 100, 116],
    [[Run.uncached], [.cached], [.uncached, .cached]])
  func stays(columns: Int, runs: [Run]) throws {
    var escapes: [String] = []
    for (run, step) in try [(Runs.china(), 7), (Runs.china(), 16), (Runs.long(), 40)] {
      for (rows, isCode) in [(8, false), (14, true), (24, false)] {
        for keys in ["", "i Up", "d d Left Left"] {
          let state = run.state(step: step).after(keys)
          let area = Area(x: 2, y: 3, columns: columns, rows: rows)
          let cursor = GridPoint(query: 1, key: 1)
          for painting in [nil, Painting(run: .cached, isStrip: step == 7, cursor: cursor)] {
            let canvas = canvas(state, area, runs, painting, code: isCode)
            #expect(canvas.flaw == nil)
            if !isKept(canvas, outside: area) {
              escapes.append("\(run.name) step \(step), \(rows) rows, keys \(keys)")
            }
          }
        }
      }
    }
    #expect(escapes.isEmpty)
  }

  @Test("No area traps, however narrow", arguments: [1, 2, 5, 8, 9, 10, 12, 16, 20])
  func tiny(columns: Int) throws {
    let state = try Runs.china().state(step: 7)
    for rows in [1, 2, 3, 5, 7] {
      let area = Area(x: 2, y: 3, columns: columns, rows: rows)
      #expect(canvas(state, area, [.uncached, .cached], nil).flaw == nil)
    }
  }

  @Test("Cells to mark hide what the run did until the truth is out")
  func painting() throws {
    let state = try Runs.chinaAlone().state(step: 5)
    let area = Area(x: 2, y: 3, columns: 60, rows: 20)
    var painting = Painting(
      run: .uncached, isStrip: false, cursor: GridPoint(query: 0, key: 0))
    let hidden = canvas(state, area, [.uncached], painting)
    let isRevealing: (Cell) -> Bool = { cell in
      if case .weight = cell.style.role { return true }
      return cell.style.role == .masked
    }
    #expect(!hidden.cells.contains(where: isRevealing))
    painting.truth = state.cells(.uncached) { _, isMasked in isMasked }
    painting.marks = painting.truth ?? []
    let shown = canvas(state, area, [.uncached], painting)
    #expect(shown.cells.contains(where: isRevealing))
    #expect(!shown.cells.contains { $0.style.role == .wrong })
    painting.marks.insert(GridPoint(query: 2, key: 1))
    #expect(canvas(state, area, [.uncached], painting).cells.contains { $0.style.role == .wrong })
  }

  @Test("The cells and tokens that can be meant are those that the run counted")
  func meant() throws {
    for run in try [Runs.chinaAlone(), Runs.prompt(), Runs.window()] {
      for step in run.trace.steps {
        let state = run.state(step: step.number)
        for (side, counted) in [(Run.uncached, step.uncached), (.cached, step.cached)] {
          let computed = state.cells(side) { isComputed, _ in isComputed }
          let masked = state.cells(side) { _, isMasked in isMasked }
          #expect(computed.count == counted.counts.cells())
          #expect(masked.count == counted.counts.masked())
          let tokens = state.keyValues(side, computed: true).count
          #expect(tokens == counted.counts.keyValues())
          #expect(state.keyValues(side, computed: false).count == step.length - tokens)
        }
      }
    }
  }

  @Test("Every operation lights a line of the pseudo-code, and each phase its own")
  func code() throws {
    let run = try Runs.prompt()
    for moment in run.moments(ofStep: 1) + run.moments(ofStep: 2) {
      let state = run.state(at: moment).after("c")
      let canvas = state.view(.huge)
      let lit = (0..<canvas.size.rows).map { y in
        canvas.row(y).filter { $0.style == Style(.selected, reversed: true) }.map(\.text).joined()
      }
      let operations = PseudoCode.lines.filter { $0.operations.contains(moment.operation) }
      #expect(!operations.isEmpty)
      for line in operations { #expect(lit.contains { $0.contains(line.text) }, "\(moment)") }
    }
    for phase in [Phase.prefill, .decode] {
      #expect(PseudoCode.lines.contains { $0.phase == phase })
    }
  }

  @Test("The pseudo-code is narrow enough for the smallest screen and is ASCII")
  func codeWidth() {
    for line in PseudoCode.lines {
      #expect(line.text.utf8.count <= ScreenLayout.smallest.columns - 8)
      #expect(line.text.utf8.allSatisfy { $0 < 0x80 })
    }
  }
}
