internal import Base
import Foundation
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// What the picture says of each cell, vector and counter at each moment.
@Suite struct SceneTests {
  private static func runs() throws -> [TestRun] {
    try [Runs.chinaAlone(), Runs.prompt(), Runs.window()]
  }

  /// Every moment of some steps of some runs, with every layer shown.
  private func everyScene(_ check: (TestRun, Moment, Scene) -> Void) throws {
    for run in try Self.runs() {
      for step in Set([1, 2, min(5, run.trace.plannedSteps)]) {
        for moment in run.moments(ofStep: step) {
          for layer in 0..<run.layers {
            var state = run.state(at: moment)
            state.layer = layer
            check(run, moment, Scene(state))
          }
        }
      }
    }
  }

  /// How many operations of the shown layer are done; written apart from `Moment.progress`.
  private func done(_ moment: Moment, in layer: Int) -> Int {
    layer < moment.layer ? 8 : layer > moment.layer ? 0 : moment.operation.rawValue + 1
  }

  private func name(_ cell: CellState) -> String {
    switch cell {
    case .pending: "pending"
    case .score: "score"
    case .masked: "masked"
    case .weight: "weight"
    case .notNeeded: "notNeeded"
    }
  }

  @Test(
    "A cell is pending, then a score, then masked or not, then a weight; earlier rows of the cached run are not needed"
  )
  func cells() throws {
    try everyScene { run, moment, scene in
      let done = done(moment, in: scene.state.layer)
      for side in Run.allCases {
        let first = side == .uncached || moment.step == 1 ? 0 : scene.length - 1
        for row in 0..<scene.length {
          for column in 0..<scene.length {
            let window = run.trace.model.rules[0].mask.window ?? scene.length
            let hidden = column > row || column <= row - window
            let expected =
              row < first
              ? "notNeeded"
              : done < 3
                ? "pending" : done >= 4 && hidden ? "masked" : done >= 5 ? "weight" : "score"
            #expect(
              name(scene.pane(side).cell(row, column)) == expected,
              "\(run.name) \(side) \(moment) layer \(scene.state.layer) (\(row), \(column))")
          }
        }
      }
    }
  }

  @Test("The two grids of a wide screen show scores and weights at the same time")
  func twoGrids() throws {
    let run = try Runs.chinaAlone()
    let pane = Scene(run.state(step: 4)).pane(.uncached)
    guard case .score = pane.scoreCell(3, 1), case .weight = pane.weightCell(3, 1),
      case .masked = pane.scoreCell(1, 3), case .masked = pane.weightCell(1, 3)
    else {
      Issue.record("not a score beside a weight")
      return
    }
  }

  @Test("K, V and Q are computed where their run computes them, read where the cache has them")
  func vectors() throws {
    try everyScene { run, moment, scene in
      let isDone = done(moment, in: scene.state.layer) >= 2
      for position in 0..<scene.length {
        let isOld = moment.step > 1 && position < scene.length - 1
        let (uncached, cached) = (scene.pane(.uncached), scene.pane(.cached))
        let new: VectorState = isDone ? .computed : .pending
        #expect(uncached.keyValue(position) == new && uncached.query(position) == new)
        #expect(cached.keyValue(position) == (isOld ? .read : new))
        #expect(cached.query(position) == (isOld ? .absent : new))
      }
    }
  }

  @Test("Where a lane computed other numbers, its pane shows those")
  func ownNumbers() throws {
    let run = try Runs.china()
    var trace = run.trace
    for step in run.trace.steps {
      var own = step.rows
      own.queries = own.queries.map { $0.map { 3 * $0 } }
      trace = trace.with(step.changed(cached: own))
    }
    var state = ViewerState(trace: trace, longest: run.longest)
    state.show(step: 5)
    let scene = Scene(state)
    let own = HeadAttention(
      trace, lane: 1, step: state.step, layer: state.layer, head: state.head
    ).weights(ofRow: 4)
    let others = Scene(run.state(step: 5)).attention.weights(ofRow: 4)
    #expect(own != others)
    for column in 0..<5 {
      guard case .weight(let seen) = scene.pane(.cached).cell(4, column),
        case .weight(let reference) = scene.pane(.uncached).cell(4, column)
      else {
        Issue.record("no weight in column \(column)")
        return
      }
      #expect(seen == own[column] && reference == others[column])
    }
  }

  @Test("Outputs are wasted in the last layer of the uncached run only, but for the newest row")
  func outputs() throws {
    try everyScene { run, moment, scene in
      let isDone = done(moment, in: scene.state.layer) >= 6
      let isLast = scene.state.layer == run.layers - 1
      for row in 0..<scene.length {
        let isNewest = row == scene.length - 1
        let computed: OutputState =
          !isDone ? .pending : !isLast ? .feedsNextLayer : isNewest ? .predicts : .wasted
        #expect(scene.pane(.uncached).output(row) == computed)
        let isFed = moment.step == 1 || isNewest
        #expect(scene.pane(.cached).output(row) == (isFed ? computed : .absent))
      }
    }
  }

  // MARK: Counters

  @Test("Counters at the end of a step are what the run counted")
  func countersAtTheEnd() throws {
    for run in try Self.runs() {
      for step in run.trace.steps {
        let scene = Scene(run.state(step: step.number))
        for (side, counted) in [(Run.uncached, step.uncached), (.cached, step.cached)] {
          let counters = scene.countersOfStep(side)
          #expect(counters.total == counted.counts.flops)
          #expect(counters.cells == counted.counts.cells())
          #expect(counters.keyValues == counted.counts.keyValues())
          #expect(counters.cacheBytes == counted.cacheBytes)
        }
      }
    }
  }

  @Test("Within a step no counter falls, and every operation that multiplies matrices adds to it")
  func monotone() throws {
    for run in try Self.runs() {
      for step in [1, 3] {
        for side in Run.allCases {
          var last = Counters()
          for moment in run.moments(ofStep: step) {
            let counters = Scene(run.state(at: moment)).countersOfStep(side)
            for category in FLOPCategory.allCases {
              #expect(counters.flops[category].known >= (last.flops[category] ?? 0) ?? 0)
            }
            let grows = ![.embed, .mask, .softmax].contains(moment.operation)
            #expect(
              grows
                ? counters.total.known > last.total ?? 0 : counters.total ?? 0 == last.total ?? 0,
              "\(moment)")
            last = counters
          }
          let whole =
            side == .uncached ? run.trace.step(step).uncached : run.trace.step(step).cached
          #expect(last.total == whole.counts.flops)
        }
      }
    }
  }

  @Test("The shown layer's cells and K,V count once its operation is done")
  func countsAppear() throws {
    try everyScene { _, moment, scene in
      let done = done(moment, in: scene.state.layer)
      for side in Run.allCases {
        let rows = scene.runStep(side).rows
        #expect(scene.countersOfStep(side).cells == (done >= 3 ? rows * scene.length : 0))
        #expect(scene.countersOfStep(side).keyValues == (done >= 2 ? rows : 0))
      }
    }
  }

  @Test("The cache is not fuller than what has been computed")
  func cacheBytesSoFar() throws {
    let run = try Runs.chinaAlone()
    let before = run.trace.step(3).cachedBytes
    let after = run.trace.step(4).cachedBytes
    let begin = Scene(run.state(at: Moment(step: 4, layer: 0, operation: .embed)))
    #expect(begin.countersOfStep(.cached).cacheBytes == before)
    var last = before
    for moment in run.moments(ofStep: 4) {
      let bytes = Scene(run.state(at: moment)).countersOfStep(.cached).cacheBytes.known
      #expect(bytes >= last && bytes <= after)
      last = bytes
    }
    #expect(last == after)
  }

  @Test(
    "A layer that the step has not come to holds what the step before left, also where tokens are dropped"
  )
  func tokensOfACacheThatDrops() throws {
    let run = try Runs.evicting()
    for (step, before, behind) in [(2, 1, 2), (3, 2, 3), (4, 3, 3), (7, 3, 3)] {
      for moment in run.moments(ofStep: step) {
        let scene = Scene(run.state(at: moment))
        let stored = (0..<run.layers).count { layer in
          (moment.progress(in: layer)?.rawValue ?? -1) >= Operation.queryKeyValue.rawValue
        }
        let tokens = stored * behind + (run.layers - stored) * before
        #expect(scene.storedTokens(.cached) == tokens && scene.storedTokens(.uncached) == 0)
        let bytes = scene.countersOfStep(.cached).cacheBytes
        #expect(bytes == tokens * 2 * run.trace.model.modelDimension.known * 4)
      }
    }
  }

  @Test("At step 7 of 中华人民共和国 it is 140 cells to 28, and 28 K,V to 7")
  func known() throws {
    for run in try [Runs.china(), Runs.chinaAlone()] {
      let scene = Scene(run.state(step: 7))
      let (uncached, cached) = (scene.countersSoFar(.uncached), scene.countersSoFar(.cached))
      #expect((uncached.cells, cached.cells) == (140, 28))
      #expect((uncached.keyValues, cached.keyValues) == (28, 7))
      let text = run.state(step: 7).view(.standard).plainText
      #expect(text.contains("140") && text.contains("28"))
    }
  }

  @Test("The sum so far grows step by step to the run's total")
  func soFar() throws {
    let run = try Runs.prompt()
    var sums: [Run: Int] = [:]
    for step in run.trace.steps {
      let scene = Scene(run.state(step: step.number))
      for side in Run.allCases {
        sums[side, default: 0] += scene.runStep(side).counts.flops
        #expect(scene.countersSoFar(side).total == sums[side])
      }
    }
  }

  @Test("The sum so far is of the very run, whatever was looked at before")
  func soFarOfTheVeryRun() throws {
    let made = MadeUpRun(digits: 4, isUniform: false)
    let (one, other) = (made.trace(seed: 1), made.trace(seed: 2))
    var trace = one
    for lane in one.lanes.indices {
      for head in 0..<one.model.heads {
        #expect(trace.sums(ofFirst: 0, lane: lane, head: head) == nil)
        for run in [one, other, one] {
          trace.steps = run.steps
          for count in [run.steps.count, 1, 3] {
            let steps = run.steps.prefix(count).map { $0.lanes[lane] }
            let sums = try #require(trace.sums(ofFirst: count, lane: lane, head: head))
            #expect(sums.total == steps.reduce(Int?(0)) { $0 + $1.flops })
            #expect(sums.cells == steps.reduce(Int?(0)) { $0 + $1.cells(head: head) })
            #expect(sums.keyValues == steps.reduce(Int?(0)) { $0 + $1.keyValues() })
            #expect(sums.cacheTokens == steps.last?.cacheTokens)
          }
        }
      }
    }
  }

  @Test(
    "No count of the run so far falls while one goes forward", arguments: Depth.allCases, [0, 2])
  func neverFalls(depth: Depth, layersBack: Int) throws {
    let uneven = MadeUpRun(digits: 6, isUniform: false)
    let runs = try Self.runs().map { ($0.trace, $0.longest) } + [(uneven.trace(seed: 5), 9)]
    for (trace, longest) in runs {
      var state = ViewerState(trace: trace, longest: longest)
      for _ in 0..<depth.rawValue { state.press("d") }
      var last = [Counters(), Counters()]
      while true {
        // Looking at another layer takes nothing away either.
        for keys in [""] + Array(repeating: "[", count: layersBack) {
          state.press(keys)
          for (index, run) in Run.allCases.enumerated() {
            let sums = Scene(state).countersSoFar(run)
            for category in FLOPCategory.allCases {
              #expect(sums.flops[category].known >= (last[index].flops[category] ?? 0) ?? 0)
            }
            #expect(
              sums.cells.known >= last[index].cells ?? 0,
              "\(trace.model.name), \(run), \(state.moment)")
            #expect(
              sums.keyValues.known >= last[index].keyValues ?? 0,
              "\(trace.model.name), \(state.moment)")
            last[index] = sums
          }
        }
        let before = state.moment
        state.press("Right")
        guard state.moment != before else { break }
      }
      #expect(state.moment.step == trace.steps.count)
    }
  }

  // MARK: Drawn numbers

  @Test(
    "The numbers in the grid are the head's weights, rounded", arguments: [(0, 0), (2, 0), (3, 3)])
  func drawnWeights(layer: Int, head: Int) throws {
    let run = try Runs.chinaAlone()
    for step in [1, 4, 7] {
      var state = run.state(step: step)
      (state.layer, state.head) = (layer, head)
      let canvas = state.view(.standard)
      let attention = HeadAttention(run.trace, step: run.trace.step(step), layer: layer, head: head)
      let drawn = weightTexts(of: canvas, columns: 0..<39)
      let expected = (0..<step).map { row in
        attention.weights(ofRow: row).prefix(row + 1).map(text)
      }
      #expect(drawn == expected)
      #expect(weightTexts(of: canvas, columns: 40..<80) == [expected[step - 1]])
    }
  }

  /// A weight in three columns, written apart from the view.
  private func text(_ weight: Float) -> String {
    let text = String(format: "%.2f", weight)
    return text == "1.00" ? "1.0" : String(text.dropFirst())
  }

  /// The numbers of each row of the panes that holds weights.
  private func weightTexts(of canvas: Canvas, columns: Range<Int>) -> [[String]] {
    (0..<canvas.size.rows - 4).compactMap { y in
      let cells = canvas.row(y).dropFirst(columns.lowerBound).prefix(columns.count).filter {
        if case .weight = $0.style.role { true } else { false }
      }
      guard cells.contains(where: { $0.text != " " }) else { return nil }
      return cells.map(\.text).joined().split(separator: " ").map(String.init)
    }
  }

  @Test("The inspector's dot product and weight are the head's own")
  func inspector() throws {
    let run = try Runs.chinaAlone()
    var state = run.state(step: 5)
    state.press("i Home Right Right")
    let attention = HeadAttention(
      run.trace, step: run.trace.step(5), layer: state.layer, head: state.head)
    let text = state.view(.standard).plainText
    #expect(text.contains(String(format: "= %.2f", attention.scores(ofRow: 4)[2])))
    #expect(text.contains(String(format: "= 权重 %.3f", attention.weights(ofRow: 4)[2])))
  }

  @Test("In the inspector no number is cut in the middle", arguments: [60, 80, 97, 120])
  func wholeNumbers(columns: Int) throws {
    let state = try Runs.long().state(step: 40).after("i Up Home Right")
    let lines = state.view(Size(columns: columns, rows: 24)).plainText.split(separator: "\n")
    let line = try #require(lines.first { $0.contains("softmax") })
    // A list that has no room for a number is left out.
    let list = line.split(separator: "[").dropFirst().last?.split(separator: " ") ?? []
    #expect(columns < 80 || !list.isEmpty)
    for number in list {
      let digits = number.filter { $0 != "]" && $0 != "…" }
      #expect(digits.isEmpty || digits.wholeMatch(of: /-?\d+\.\d/) != nil, "\(line)")
    }
  }

  @Test(
    "The columns of the table never touch", arguments: Language.allCases, [60, 70, 80, 120, 200])
  func tableColumns(language: Language, columns: Int) throws {
    for (run, step) in try [(Runs.long(), 60), (Runs.long(), 33), (Runs.china(), 16)] {
      for keys in ["", "f", "f f"] {
        let state = run.state(step: step, language: language).after(keys)
        let lines = state.view(Size(columns: columns, rows: 24)).plainText.split(separator: "\n")
        let table = lines.drop {
          !$0.contains(language("logits", "logits")) && !$0.contains("FLOP")
        }
        for line in table.prefix(4) {
          // A unit with a number behind it, or a number with three digits before a binary prefix's own.
          #expect(line.firstMatch(of: /[格%kMGB]\d/) == nil, "\(line)")
        }
        let bytes = NumberText.bytes(state.step.cached.cacheBytes.known)
        if keys.isEmpty {
          #expect(table.contains { $0.contains(" " + bytes) && $0.hasSuffix(bytes) })
        }
      }
    }
  }

  @Test("The identity line says that both runs agree, and would say that they do not")
  func identity() throws {
    let run = try Runs.china()
    for step in run.trace.steps {
      #expect(step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0)
    }
    let text = run.state(step: 3, language: .english).view(.standard).plainText
    #expect(text.contains("agree bit for bit") && !text.contains("the runs differ"))
    for (logits, rows) in [(0.5, 0), (0, 0.5), (.nan, 0), (0, .nan)] as [(Float, Float)] {
      let changed = run.trace.step(3).changed(difference: logits, rowDifference: rows)
      var state = ViewerState(
        trace: run.trace.with(changed), longest: run.longest, language: .english)
      state.show(step: 3)
      let lines = state.view(.standard).plainText
      #expect(lines.contains("the runs differ") && !lines.contains("agree bit for bit"))
      for (name, value) in [("logits", logits), ("Q,K,V", rows)] {
        let number = value == 0 ? "0" : value.isNaN ? "NaN" : "\(value)"
        #expect(lines.contains("max|Δ \(name)| = \(number)"))
      }
    }
  }

  @Test("What an operation made is what the engine made, for the newest token")
  func operationResults() throws {
    let run = try Runs.prompt()
    for moment in run.moments(ofStep: 3) {
      let step = run.trace.step(3)
      let state = run.state(at: moment)
      let head = HeadAttention(run.trace, step: step, layer: moment.layer, head: state.head)
      let newest = step.length - 1
      let scaled = head.scores(ofRow: newest).map { $0 * head.scale }
      let expected: [[Float]]? =
        switch moment.operation {
        case .embed: [step.rows.residuals[0]]
        case .queryKeyValue: [head.query(newest), head.key(newest), head.value(newest)]
        case .scores: [scaled]
        case .softmax: [head.weights(ofRow: newest)]
        case .values: [head.output(ofRow: newest), step.rows.residuals[1 + 2 * moment.layer]]
        case .mlp: [step.rows.residuals[2 + 2 * moment.layer]]
        case .mask, .logits: nil
        }
      #expect(Scene(state).operationResult?.parts.map(\.values) == expected, "\(moment)")
    }
  }

  @Test("What the model will write is not shown before it is written")
  func noForesight() throws {
    let run = try Runs.china()
    for step in 1...7 {
      let line = run.state(step: step).view(.huge).plainText.split(separator: "\n")[1]
      let tokens = line.split(separator: "→")[0].filter { $0 != " " }
      #expect(tokens == "中华人民共和国预测")
    }
  }
}

extension Step {
  fileprivate var cachedBytes: Int { cached.cacheBytes.known }
}
