internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// No number on the screen is cut or touches another: what can be read there is what the run counted.
@Suite struct ReadBackTests {
  /// A frame and where it was drawn from.
  private struct Frame {
    let state: ViewerState
    let size: Size
    let canvas: Canvas

    var name: String {
      "\(state.trace.model.name), \(state.moment), \(state.depth), \(state.panel), \(state.language), \(state.glyphs), \(size)\n\(canvas.plainText)"
    }
    var layout: ScreenLayout { ScreenLayout(size, longest: state.longest) }
    var isLargeEnough: Bool {
      size.columns >= ScreenLayout.smallest.columns && size.rows >= ScreenLayout.smallest.rows
    }

    /// The text of a row between two columns; cells of which `isBlank` says so read as blanks.
    func text(_ y: Int, _ columns: Range<Int>, isBlank: (Cell) -> Bool = { _ in false }) -> String {
      canvas.row(y).dropFirst(columns.lowerBound).prefix(columns.count)
        .map { isBlank($0) ? " " : $0.text }.joined()
    }
  }

  private static let sizes =
    [(1, 1), (2, 9), (59, 15), (60, 16), (75, 40), (80, 24), (120, 36), (200, 60), (300, 100)]
    .map { Size(columns: $0.0, rows: $0.1) }

  private static func traces(seed: UInt64) throws -> [(Trace, Int)] {
    let madeUp = MadeUpRun.all.map { ($0.trace(seed: seed), $0.prompt + $0.steps) }
    let real = try [Runs.china(), Runs.gqa(), Runs.long()].map { ($0.trace, $0.longest) }
    return madeUp + real
  }

  /// Frames of every trace at places, depths, panels and sizes of all kinds.
  private func frames(
    seed: UInt64, columns: ClosedRange<Int> = 1...300, keys: [String]
  ) throws -> [Frame] {
    var random = SplitMix64(seed: seed)
    var frames: [Frame] = []
    for (trace, longest) in try Self.traces(seed: seed) {
      for round in 0..<8 {
        let size =
          round == 0
          ? Self.sizes[random.below(Self.sizes.count)]
          : Size(
            columns: Int.random(in: columns, using: &random),
            rows: Int.random(in: 10...100, using: &random))
        var state = ViewerState(
          trace: trace, longest: longest, language: random.below(2) == 0 ? .chinese : .english,
          glyphs: GlyphSet.allCases[random.below(3)], layer: random.below(trace.model.layers),
          head: random.below(trace.model.heads))
        if state.glyphs == .ascii { state.look = state.look.inASCII }
        state.show(step: 1 + random.below(trace.steps.count))
        for _ in 0..<random.below(3) { state.press("d") }
        for _ in 0..<random.below(12) { state.press(state.moment.step > 1 ? "Left" : "Right") }
        state.press(keys[random.below(keys.count)])
        frames.append(Frame(state: state, size: size, canvas: state.view(size)))
      }
    }
    return frames
  }

  // MARK: The table

  /// What a column of the table says of both runs; nil where there is nothing.
  private struct Truth {
    let uncached: Int?
    let cached: Int
  }

  /// What a head promises, from the counters of the trace.
  private func truth(_ head: String, _ state: ViewerState) throws -> Truth {
    let scene = Scene(state)
    let sum = head.contains(/run|累计/)
    if head.contains("FLOP") {
      return Truth(
        uncached: flops(FLOPCategory.allCases, .uncached, state, sum: sum),
        cached: flops(FLOPCategory.allCases, .cached, state, sum: sum))
    }
    if head.contains(/QKᵀ|QK\^T/) {
      return Truth(
        uncached: cells(.uncached, state, sum: sum), cached: cells(.cached, state, sum: sum))
    }
    if head.contains("K,V") {
      return Truth(
        uncached: keyValues(.uncached, state, sum: sum), cached: keyValues(.cached, state, sum: sum)
      )
    }
    if head.contains(/cache|缓存/) {
      let atEnd = state.moment.isEndOfStep
      return Truth(
        uncached: nil,
        cached: (atEnd ? state.step.cached.cacheBytes : scene.countersOfStep(.cached).cacheBytes)
          ?? 0)
    }
    let names: [(String, [FLOPCategory])] = [
      ("投影QKVO", [.projection]), ("project.", [.projection]), ("QKVO", [.projection]),
      ("注意力", [.attention]),
      ("attention", [.attention]), ("MLP", [.mlp]), ("logits", [.logits]),
      ("合计", FLOPCategory.allCases), ("total", FLOPCategory.allCases),
    ]
    let categories = try #require(names.first { $0.0 == head }?.1, "\(head)")
    let isSum = state.panel == .partsSoFar
    return Truth(
      uncached: flops(categories, .uncached, state, sum: isSum),
      cached: flops(categories, .cached, state, sum: isSum))
  }

  /// A head with what it shares with the one before it, and does not say again.
  private func whole(_ heads: [String], _ index: Int) -> String {
    guard index > 0, ["run", "累计"].contains(heads[index]) else { return heads[index] }
    return heads[index] + heads[index - 1].drop { $0 != " " }
  }

  private func counter(_ step: Step, _ run: Run) -> OperationCounter {
    run == .uncached ? step.uncached.counts : step.cached.counts
  }

  private func flops(
    _ categories: [FLOPCategory], _ run: Run, _ state: ViewerState, sum: Bool
  ) -> Int {
    let moment = state.moment
    return categories.reduce(0) { total, category in
      let own = counter(state.step, run)
        .flops(category, throughLayer: moment.layer, moment.operation)
      let earlier = state.trace.steps.prefix(moment.step - 1)
        .reduce(0) { $0 + counter($1, run).flops(category) }
      return total + own + (sum ? earlier : 0)
    }
  }

  private func cells(_ run: Run, _ state: ViewerState, sum: Bool) -> Int {
    let done = state.moment.progress(in: sum ? 0 : state.layer).map(\.rawValue) ?? -1
    let own = counter(state.step, run).cells(layer: state.layer, head: state.head)
    let earlier = state.trace.steps.prefix(state.moment.step - 1)
      .reduce(0) { $0 + counter($1, run).cells() }
    return (done >= Operation.scores.rawValue ? own : 0) + (sum ? earlier : 0)
  }

  private func keyValues(_ run: Run, _ state: ViewerState, sum: Bool) -> Int {
    let done = state.moment.progress(in: sum ? 0 : state.layer).map(\.rawValue) ?? -1
    let own = counter(state.step, run).keyValues(layer: state.layer)
    let earlier = state.trace.steps.prefix(state.moment.step - 1)
      .reduce(0) { $0 + counter($1, run).keyValues() }
    return (done >= Operation.queryKeyValue.rawValue ? own : 0) + (sum ? earlier : 0)
  }

  @Test(
    "Every number of the table reads back as what was counted",
    arguments: 1...20 as ClosedRange<UInt64>)
  func table(seed: UInt64) throws {
    for frame in try frames(seed: seed, columns: 60...300, keys: ["L L", "f", "f f"])
    where frame.isLargeEnough {
      let area = frame.layout.table
      let columns = area.x + 10..<area.end + 2
      let head = frame.text(area.y, columns)
      let heads = head.matches(
        of:
          /((step|layer|run|本步|本层|累计) (FLOP|QKᵀ|QK\^T|K,V)(\/head|\/layer|\/头|\/层)?)|run|累计|cache|缓存|投影QKVO|QKVO|project\.|注意力|attention|MLP|logits|合计|total/
      ).map { String($0.output.0) }
      // Nothing but whole heads stands there.
      let left = heads.reduce(head) { $0.replacing($1, with: "", maxReplacements: 1) }
      #expect(!heads.isEmpty && left.allSatisfy { $0 == " " }, "\(frame.name)")
      let truths = try heads.indices.map { try truth(whole(heads, $0), frame.state) }
      let wanted = [truths.map(\.uncached), truths.map { Optional($0.cached) }]
      for (line, wanted) in zip([1, 2], wanted) {
        let text = frame.text(area.y + line, columns)
        guard let found = Reading.all(in: text), found.count == heads.count else {
          Issue.record("“\(text)” is not \(heads.count) numbers: \(frame.name)")
          continue
        }
        for (found, (wanted, head)) in zip(found, zip(wanted, heads)) {
          let isRight = wanted.map { found?.isOf($0) ?? false } ?? (found == nil)
          #expect(isRight, "\(head): \(found as Any) is not \(wanted as Any): \(frame.name)")
        }
      }
      let all = frame.state.panel == .totals ? 7 : 5
      let hidden = all - heads.count
      let caption = frame.text(area.y, area.x..<area.x + 10)
      #expect(hidden == 0 || caption.contains("\(hidden)"), "\(frame.name)")
    }
  }

  @Test(
    "What was saved reads back as the share of the numbers above it",
    arguments: 1...20 as ClosedRange<UInt64>)
  func saved(seed: UInt64) throws {
    for frame in try frames(seed: seed, columns: 60...300, keys: ["f", "f f"])
    where frame.isLargeEnough {
      let area = frame.layout.table
      let text = frame.text(area.y + 3, area.x + 10..<area.end)
      let isSum = frame.state.panel == .partsSoFar
      let parts = FLOPCategory.allCases.map { [$0] } + [FLOPCategory.allCases]
      let wanted = parts.compactMap { parts -> Double? in
        let whole = flops(parts, .uncached, frame.state, sum: isSum)
        let part = flops(parts, .cached, frame.state, sum: isSum)
        return whole == 0 ? nil : 100 * (1 - Double(part) / Double(whole))
      }
      let found = Reading.all(in: text.replacing("<-", with: "-")) ?? []
      #expect(found.count == wanted.count, "\(text): \(frame.name)")
      for (found, wanted) in zip(found, wanted) {
        let value = try #require(found).value
        #expect(
          abs(value - wanted) <= (wanted > 99 ? 0.1 : 0.51) || (value == -999 && wanted < -999),
          "\(value), not \(wanted): \(frame.name)")
      }
    }
  }

  // MARK: Bars

  private static let eighths = Array("▏▎▍▌▋▊▉█")

  @Test(
    "Every bar has its count, and is as long as the count is large",
    arguments: 1...16 as ClosedRange<UInt64>)
  func bars(seed: UInt64) throws {
    for frame in try frames(seed: seed, keys: ["L L"]) where frame.isLargeEnough {
      guard let area = frame.layout.extras else { continue }
      let state = frame.state
      let steps = state.trace.steps[max(0, state.moment.step - area.rows + 1)..<state.moment.step]
      let largest = steps.reduce(1) {
        max($0, $1.uncached.counts.flops, $1.cached.counts.flops)
      }
      for (line, step) in steps.enumerated() {
        let y = area.y + 1 + line
        let text = frame.text(y, area.x + 3..<area.x + 46) {
          $0.style.role == .uncachedBar || $0.style.role == .cachedBar
        }
        let found = Reading.all(in: text) ?? []
        #expect(found.count == 2, "“\(text)”: \(frame.name)")
        for (run, found) in zip(Run.allCases, found) {
          let count =
            step.number == state.moment.step
            ? flops(FLOPCategory.allCases, run, state, sum: false) : counter(step, run).flops
          #expect(found?.isOf(count) ?? false, "\(count): “\(text)”: \(frame.name)")
          let role = run == .uncached ? Role.uncachedBar : .cachedBar
          let bar = frame.canvas.row(y).filter { $0.style.role == role }.map(\.text).joined()
          #expect(
            isRight(bar, share: Double(count) / Double(largest), isFull: state.glyphs == .full),
            "\(count) of \(largest) is “\(bar)”: \(frame.name)")
        }
      }
    }
  }

  /// Whether a bar of at most twelve columns is a share's, to an eighth of a column; in ASCII, to half of one.
  private func isRight(_ bar: String, share: Double, isFull: Bool) -> Bool {
    if share == 0 { return bar.isEmpty }
    if bar == "." { return !isFull && share * 12 < 0.5 }
    let columns =
      isFull
      ? bar.reduce(0.0) { $0 + Double((Self.eighths.firstIndex(of: $1) ?? 99) + 1) / 8 }
      : Double(bar.count)
    let slack = isFull ? 1.0 / 8 : 0.57
    return !bar.isEmpty && abs(columns - share * 12) <= slack
  }

  @Test("A bar of a five hundredth is not drawn like one of a fifteenth")
  func tinyBar() throws {
    for glyphs in GlyphSet.allCases {
      let tiny = isRight(
        glyphs.barEnd(eighths: 1, isAlone: true), share: 0.002, isFull: glyphs == .full)
      #expect(tiny && glyphs.barEnd(eighths: 1, isAlone: true) != glyphs.bar)
    }
  }

  // MARK: Other numbers

  @Test(
    "The header says which step of how many, and layers and heads whole or not at all",
    arguments: 1...12 as ClosedRange<UInt64>)
  func header(seed: UInt64) throws {
    for frame in try frames(seed: seed, columns: 60...140, keys: ["L L", "f", "o", "c"])
    where frame.isLargeEnough {
      let (line, state, model) = (
        frame.text(0, 0..<frame.size.columns), frame.state, frame.state.trace.model
      )
      let step = line.firstMatch(of: /(?:step|第) (\d+)\/(\d+)/)
      #expect(step.map { Int($0.1) } == state.moment.step, "\(frame.name)")
      #expect(step.map { Int($0.2) } == state.knownSteps, "\(frame.name)")
      if let shape = line.firstMatch(of: /(\d+) (?:layers|层) . (\d+) (?:heads|头)(?: \(KV (\d+)\))?/)
      {
        #expect((Int(shape.1), Int(shape.2)) == (model.layers, model.heads), "\(frame.name)")
        #expect(
          shape.3.flatMap { Int($0) } == (model.sharesHeads ? model.kvHeads : nil), "\(frame.name)")
      } else {
        let isWhole = line.contains(model.name + " ") || line.contains(frame.state.glyphs.ellipsis)
        // How far a step goes is another matter.
        let others = line.replacing(/by layer|逐层/, with: "")
        #expect(isWhole && !others.contains(/layer|层|head|头/), "\(frame.name)")
      }
    }
  }

  @Test(
    "The overview names the rows and columns in view whole",
    arguments: 1...12 as ClosedRange<UInt64>)
  func overview(seed: UInt64) throws {
    for frame in try frames(seed: seed, columns: 60...140, keys: ["o", "o Up", "o Up Up Up"])
    where frame.isLargeEnough && frame.state.panel == .overview {
      let text = frame.canvas.plainText
      guard text.contains(/in view:|窗口：/) else { continue }
      let state = frame.state
      for name in [
        /(?:rows |第 )(\d+)[-–](\d+)(?:,| 行)/, /(?:columns |第 )(\d+)[-–](\d+)(?: 列|\n| *$| )/,
      ] {
        let places = text.matches(of: name).compactMap { match -> (Int, Int)? in
          guard let first = Int(match.1), let last = Int(match.2) else { return nil }
          return (first, last)
        }
        let isThere = places.contains { first, last in
          1 <= first && first <= last && last <= state.step.length
            && last >= state.step.length - state.scrollBack
        }
        #expect(isThere, "\(frame.name)")
      }
    }
  }

  @Test("What the mask threw away is said whole", arguments: [60, 64, 72, 80, 120])
  func masked(columns: Int) throws {
    for (number, run) in MadeUpRun.all.enumerated() {
      let trace = run.trace(seed: 7)
      for language in Language.allCases {
        var state = ViewerState(trace: trace, longest: run.prompt + run.steps, language: language)
        state.depth = .operation
        state.arrive(at: Moment(step: 2, layer: 0, operation: .mask))
        let size = Size(columns: columns, rows: 24)
        let layout = ScreenLayout(size, longest: state.longest)
        let line = state.view(size).row(layout.identity).map(\.text).joined()
        for counter in [state.step.uncached.counts, state.step.cached.counts] {
          #expect(line.contains(" \(NumberText.count(counter.masked())) "), "\(number): \(line)")
        }
      }
    }
  }

  @Test(
    "A verdict says its numbers whole at any width", arguments: Language.allCases,
    [60, 66, 80, 120])
  func verdict(language: Language, columns: Int) throws {
    let long = MadeUpRun.all[3]
    for (trace, longest) in [(long.trace(seed: 3), 1494)] + [(try Runs.china().trace, 16)] {
      var state = ViewerState(trace: trace, longest: longest, language: language)
      state.press("p Right 1 2 3 4 5 6 7 8 9 Enter 5 Enter Space Enter")
      let text = state.view(Size(columns: columns, rows: 24)).plainText
      #expect(text.contains("123456789 "), "\(text)")
      for counter in [state.step.uncached.counts, state.step.cached.counts] {
        #expect(text.contains(" \(counter.cells()) "), "\(text)")
      }
    }
  }
}
