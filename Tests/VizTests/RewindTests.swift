internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// A frame depends on position and size alone.
@Suite struct RewindTests {
  private static let sizes = [Size.standard, .large, Size(columns: 60, rows: 16)]

  private static func runs() throws -> [TestRun] {
    try [Runs.china(), Runs.prompt(), Runs.early(), Runs.gqa()]
  }

  @Test(
    "Going on and back by as many keys gives the same picture",
    arguments: 1...12 as ClosedRange<UInt64>)
  func rewind(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for run in try Self.runs() {
      for depth in Depth.allCases {
        var state = run.start(language: random.below(2) == 0 ? .chinese : .english)
        state.show(step: 1 + random.below(run.trace.plannedSteps - 1))
        for _ in 0..<depth.rawValue { state.press("d") }
        for _ in 0..<random.below(5) { state.press("}") }
        for _ in 0..<random.below(20) { state.press("Left") }
        state.press("f f f")
        var frames = [state.view(.standard)]
        for _ in 0..<random.below(40) {
          let before = state.moment
          state.press("Right")
          guard state.moment != before else { break }
          frames.append(state.view(.standard))
        }
        state.press("f f f")
        while let frame = frames.popLast() {
          #expect(
            state.view(.standard).difference(from: frame) == nil,
            "seed \(seed), \(run.name), \(depth), \(state.moment)")
          state.press("Left")
        }
      }
    }
  }

  @Test(
    "Whatever path led to a position, its picture is the same",
    arguments: 1...20 as ClosedRange<UInt64>)
  func path(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let keys =
      [
        "Right", "Left", "Home", "End", "[", "]", "{", "}", "d", "g 5 Enter", "i", "Escape", "f",
        "o", "L",
      ]
    for run in try Self.runs() {
      var state = run.start()
      for _ in 0..<30 { state.press(keys[random.below(keys.count)]) }
      state.press("Escape")
      var direct = run.start(language: state.language)
      direct.depth = state.depth
      direct.arrive(at: state.moment)
      (direct.layer, direct.head, direct.panel) = (state.layer, state.head, state.panel)
      for size in Self.sizes {
        #expect(
          state.view(size).difference(from: direct.view(size)) == nil, "seed \(seed), \(run.name)")
      }
    }
  }

  @Test("What was computed ahead does not show", arguments: Depth.allCases)
  func lookAhead(depth: Depth) throws {
    for run in try Self.runs() {
      for step in 1...run.trace.plannedSteps {
        // At operation depth every moment of some steps, else every step.
        let isClose = depth == .operation && step % 4 == 1
        for moment in isClose ? run.moments(ofStep: step) : [] {
          let layers: [Int] = step % 5 == 0 ? Array(0..<run.layers) : [moment.layer]
          for layer in layers { try expectNoLeak(run, moment, depth, layer: layer) }
        }
        try expectNoLeak(run, Moment(endOf: step, layers: run.layers), depth, layer: 2)
      }
    }
  }

  private func expectNoLeak(
    _ run: TestRun, _ moment: Moment, _ depth: Depth, layer: Int
  ) throws {
    let pair = [run.computed(moment.step), run.trace].map { trace in
      var state = ViewerState(trace: run.computed(1), longest: run.longest)
      state.receive(trace)
      state.depth = depth
      state.arrive(at: moment)
      state.layer = layer
      return state
    }
    for size in moment.step % 4 == 0 ? Self.sizes : [.standard] {
      let difference = pair[0].view(size).difference(from: pair[1].view(size))
      #expect(difference == nil, "\(run.name), \(moment)")
    }
  }

  @Test(
    "What was computed ahead does not show in any mode either",
    arguments: ["i", "i Up", "g", "/ a", "f", "f f", "o", "p Right", "p Right Down Down", "?"])
  func lookAheadInModes(keys: String) throws {
    for run in try Self.runs() {
      for step in 1..<run.trace.plannedSteps {
        let frames = [run.computed(step), run.trace].map { trace in
          var state = ViewerState(trace: run.computed(1), longest: run.longest)
          state.receive(trace)
          state.show(step: step)
          return state.after(keys).view(.standard)
        }
        #expect(frames[0].difference(from: frames[1]) == nil, "\(run.name), step \(step)")
      }
    }
  }

  @Test("Two views of one state are equal")
  func pure() throws {
    for run in try Runs.all() {
      let state = run.start().after("End i")
      #expect(state.view(.large) == state.view(.large))
    }
  }

  @Test("A resize alone changes nothing of the state")
  func resize() throws {
    var state = try Runs.china().start().after("Right Right i")
    let before = state.view(.standard)
    state.update(.resize(Size(columns: 20, rows: 3)))
    #expect(state.view(.standard) == before)
  }
}
