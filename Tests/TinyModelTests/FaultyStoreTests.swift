internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// A fault in the cached lane of the bundled model: nothing is wrong in the prefill, and something is at every step after
/// it.
@Suite struct FaultyStoreTests {
  private static let loaded = Result {
    try LoadedModel(folder: Repository.root + "/models/tiny-zh")
  }
  private let loaded: LoadedModel
  private let ids: [Int]

  init() throws {
    loaded = try Self.loaded.get()
    ids = try loaded.tokenizer.encode("中华人民")
  }

  private func run(_ fault: Fault?) throws -> Trace {
    let plan = try RunPlan(
      start: .prompt, ids: ids, newTokens: 8,
      contextLength: loaded.model.configuration.contextLength)
    let run = LockStep(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan,
      lanes: Lane.bothRuns(fault))
    while try run.computeNextStep() != nil {}
    return run.trace
  }

  @Test(arguments: Fault.allCases.filter { !$0.isInEveryLane })
  func theLanesPartAtTheFirstDecodeStep(fault: Fault) throws {
    let (trace, sound) = (try run(fault), try run(nil))
    #expect(trace.lanes[1].fault == fault && trace.steps.count == 8)
    for (step, other) in zip(trace.steps, sound.steps) {
      #expect(other.maxAbsDifference == 0 && other.lanes[1].activations == nil)
      // The tokens are those of the sound lane.
      #expect(step.fed == other.fed && step.lanes[0].next == other.lanes[0].next)
      #expect(step.rows == other.rows && step.lanes[0].difference?.rows == 0)
      let lane = step.lanes[1]
      #expect(((lane.difference?.logits ?? 0) > 0) == (step.number > 1), "step \(step.number)")
      #expect((lane.activations == nil) == (step.number == 1))
      #expect((lane.next == step.lanes[0].next) == (step.number == 1))
      #expect(lane.counts.keyValues() == (step.number == 1 ? 4 : 1))
    }
  }

  @Test func aTokenThatIsAppendedTwiceIsRecordedTwice() throws {
    for step in try run(.appendedTwice).steps {
      let kept = Array(0..<4) + (4..<step.length).flatMap { [$0, $0] }
      #expect(step.lanes[1].kept.allSatisfy { $0.all == kept })
      #expect(step.lanes[1].cacheTokens == kept.count)
      #expect(step.lanes[1].counts.cells() == step.lanes[1].rows * kept.count)
    }
  }

  /// K and V that a session reads of its first KV head, slot by slot.
  private func stored(_ session: DecodeSession, layer: Int) -> [(key: [Float], value: [Float])] {
    let (stored, width) = (
      session.store.read(layer: layer), loaded.model.configuration.headDimension
    )
    let (panel, keys, values) = (
      KeyPanels.positions, stored.keys(kvHead: 0), stored.values(kvHead: 0)
    )
    return (0..<stored.slots).map { slot in
      let first = slot / panel * panel * width + slot % panel
      return (
        (0..<width).map { keys[first + $0 * panel] },
        (0..<width).map { values[slot * stored.valueStride + $0] }
      )
    }
  }

  private func session(_ fault: Fault?) -> DecodeSession {
    DecodeSession(
      loaded.model, lane: Lane(name: "faulty", cache: .full, fault: fault), capacity: 9)
  }

  @Test func theStoreHoldsWhatTheFaultSays() {
    let (stale, twice, keysOnly) = (
      session(.stalePrefix), session(.appendedTwice), session(.keysOnly)
    )
    let (sound, other) = (session(nil), session(nil))
    other.feed([ids[0] + 1])
    for session in [stale, twice, keysOnly, sound] { session.feed(ids[...]) }
    for session in [stale, twice, keysOnly] {
      for layer in 0..<4 {
        #expect(
          stored(session, layer: layer).map(\.value) == stored(sound, layer: layer).map(\.value))
      }
      session.feed([ids[1]])
    }
    for layer in 0..<4 {
      let prefix = stored(stale, layer: layer)[0]
      #expect(prefix == stored(other, layer: layer)[0] && prefix != stored(sound, layer: layer)[0])
      #expect(stored(stale, layer: layer)[1] == stored(sound, layer: layer)[1])
      #expect(stored(twice, layer: layer)[4] == stored(twice, layer: layer)[5])
      let values = stored(keysOnly, layer: layer).map(\.value)
      #expect(values[..<4].joined().allSatisfy { $0 == 0 } && values[4].contains { $0 != 0 })
    }
  }
}
