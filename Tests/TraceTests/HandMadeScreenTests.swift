import Base
import Testing
import Trace
import Viz

/// A screen needs a trace and no model, and shows of a lane what the lane recorded.
@Suite struct HandMadeScreenTests {
  private func state(step: Int) -> ViewerState {
    var state = ViewerState(trace: HandMadeTrace.trace, longest: 6)
    state.show(step: step)
    return state
  }

  @Test(arguments: 1...6) func readAreThePositionsThatTheStoreKept(step: Int) {
    let state = state(step: step)
    let kept = Set(HandMadeTrace.kept(step))
    func keys(_ run: Run, computed: Bool) -> Set<Int> {
      Set(state.keyValues(run, computed: computed).map(\.key))
    }
    #expect(keys(.cached, computed: true) == [step - 1])
    #expect(keys(.cached, computed: false) == kept.subtracting([step - 1]))
    #expect(keys(.uncached, computed: true) == Set(0..<step))
    #expect(keys(.uncached, computed: false).isEmpty)
    let cells = state.cells(.cached) { isComputed, _ in isComputed }
    #expect(cells == Set(kept.map { GridPoint(query: step - 1, key: $0) }))
  }

  @Test func aTokenThatTheStoreDroppedIsNotDrawnAsCached() {
    func frame(_ step: Int) -> String {
      state(step: step).view(Size(columns: 80, rows: 24)).plainText
    }
    #expect(frame(6).contains("by-hand"))
    for token in ["中", "民", "共"] { #expect(frame(6).contains(token + "=")) }
    for token in ["华", "人"] {
      #expect(!frame(6).contains(token + "=") && frame(4).contains(token + "="))
    }
  }

  @Test(arguments: 1...6) func aHeadOfTheLaneStandsInTheSlotsThatItRead(step: Int) {
    let (trace, kept) = (HandMadeTrace.trace, HandMadeTrace.kept(step))
    let head = HeadAttention(trace, lane: 1, step: trace.step(step), layer: 0, head: 1)
    let whole = HeadAttention(trace, step: trace.step(step), layer: 0, head: 1)
    #expect((0..<head.slots).map { head.position(ofSlot: $0) } == kept && whole.slots == step)
    for position in 0..<step {
      #expect(head.slot(of: position) == kept.firstIndex(of: position))
      #expect(head.key(position) == whole.key(position))
      #expect(head.value(position) == whole.value(position))
    }
    let (scores, all) = (head.scores(ofRow: step - 1), whole.scores(ofRow: step - 1))
    #expect(scores == kept.map { all[$0] })
    #expect(abs(head.weights(ofRow: step - 1).reduce(0, +) - 1) < 1e-6)
  }

  @Test func everyKeyOfTheRunScreenWorksOnIt() {
    var state = state(step: 1)
    let keys: [Key] =
      [.right, .right, .end, .left, .home, .down] + "]}}dolii12 [{fpo?".map { .character($0) }
    for key in keys {
      state.update(.key(key))
      let canvas = state.view(Size(columns: 120, rows: 40))
      #expect(!canvas.plainText.isEmpty)
    }
  }
}
