internal import Base
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
@testable import Trace
@testable import Viz

/// What is kept of a run's K and V is what would be gathered anew.
@Suite struct GatheredHeadsTests {
  /// The same run, of which nothing is kept yet.
  private func fresh(_ trace: Trace, steps: Int? = nil) -> Trace {
    var fresh = Trace(
      model: trace.model, tokens: trace.tokens, givenTokens: trace.givenTokens,
      plannedSteps: trace.plannedSteps)
    fresh.steps = Array(trace.steps.prefix(steps ?? trace.steps.count))
    return fresh
  }

  /// Everything that a head says at a step, as bits.
  private func bits(_ trace: Trace, step: Int, layer: Int, head: Int) -> [[UInt32]] {
    let attention = HeadAttention(trace, step: trace.step(step), layer: layer, head: head)
    return bits(attention)
  }

  private func bits(_ attention: HeadAttention) -> [[UInt32]] {
    [0, attention.length / 2, attention.length - 1].flatMap { row in
      [
        attention.scores(ofRow: row), attention.weights(ofRow: row), attention.output(ofRow: row),
        attention.value(row),
      ].map { $0.map(\.bitPattern) }
    }
  }

  @Test(
    "Whatever was looked at before, a head is the same bit for bit",
    arguments: 1...8 as ClosedRange<UInt64>)
  func sameBits(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for run in try [Runs.prompt(), Runs.gqa(), Runs.window(), Runs.long()] {
      let shared = fresh(run.trace)
      for _ in 0..<12 {
        let step = 1 + random.below(shared.steps.count)
        let (layer, head) = (random.below(run.layers), random.below(run.heads))
        #expect(
          bits(shared, step: step, layer: layer, head: head)
            == bits(fresh(run.trace, steps: step), step: step, layer: layer, head: head),
          "\(run.name), step \(step), layer \(layer), head \(head)")
      }
    }
  }

  @Test("Frames are the same bit for bit with what was kept and without it")
  func sameFrames() throws {
    let run = try Runs.long()
    let shared = fresh(run.trace)
    for step in [60, 3, 41, 40, 60] {
      for size in [Size.standard, .huge] {
        let frames = [shared, fresh(run.trace)].map { trace in
          var state = ViewerState(trace: trace, longest: run.longest)
          state.show(step: step)
          return state.after("]").view(size)
        }
        #expect(frames[0].difference(from: frames[1]) == nil)
      }
    }
  }

  @Test("A run that parts from another after some steps does not see its keys")
  func partedRuns() throws {
    let trace = fresh(try Runs.long().trace)
    var other = trace
    other.steps.removeLast(30)
    for number in 31...60 {
      let own = trace.step(number)
      var rows = own.rows
      for layer in 0..<4 {
        rows.keys[layer] = rows.keys[layer].map { -$0 }
        rows.values[layer] = rows.values[layer].map { 2 * $0 }
      }
      other.steps.append(
        own.changed(rows: rows))
    }
    for (step, run) in [(60, trace), (60, other), (45, trace), (60, trace), (50, other)] {
      #expect(
        bits(run, step: step, layer: 2, head: 1)
          == bits(fresh(run), step: step, layer: 2, head: 1))
    }
  }

  @Test("A head that somebody holds stays as it is while the run goes on")
  func held() throws {
    let trace = fresh(try Runs.long().trace)
    let held = HeadAttention(trace, step: trace.step(20), layer: 1, head: 1)
    let before = bits(held)
    for step in 21...60 { _ = bits(trace, step: step, layer: 1, head: 1) }
    #expect(bits(held) == before)
  }

  @Test("A step that joins is put behind those that were gathered, which stay where they are")
  func growing() throws {
    let trace = fresh(try Runs.long().trace)
    func place(_ length: Int) -> UnsafeMutablePointer<Float> {
      trace.gathered.rows(of: trace, length: length, layer: 0, kvHead: 0).keys.pointer
    }
    let places = (1...60).map(place)
    #expect(Set(places).count < 12)
  }

  @Test("No more is kept than is allowed, and what is not kept is gathered anew")
  func limit() throws {
    let trace = fresh(try Runs.long().trace)
    let one = trace.gathered.rows(of: trace, length: 60, layer: 0, kvHead: 0).floats
    let shelf = GatheredHeads(most: 3 * one)
    for round in 0..<200 {
      for (layer, head) in [(0, 0), (1, 1), (2, 2), (3, 3), (round % 4, 1)] {
        let rows = shelf.rows(of: trace, length: 60, layer: layer, kvHead: head)
        #expect(rows.length == 60)
      }
      #expect(shelf.floats <= 3 * one)
    }
  }

  @Test("Many may look at once")
  func manyAtOnce() async throws {
    let run = try Runs.long()
    let shared = fresh(run.trace)
    let steps = (0..<64).map { 1 + $0 * 37 % 60 }
    let expected = steps.map { bits(fresh(run.trace), step: $0, layer: $0 % 4, head: $0 % 3) }
    let found = await withTaskGroup(of: (Int, [[UInt32]]).self) { group in
      for (index, step) in steps.enumerated() {
        group.addTask { (index, bits(shared, step: step, layer: step % 4, head: step % 3)) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (index, expected) in expected.enumerated() { #expect(found[index] == expected) }
  }
}
