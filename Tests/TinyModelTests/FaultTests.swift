internal import Kernels
internal import TestSupport
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Each fault parts the lanes where theory puts it, with learned positions and with positions that turn; the unbroken lane
/// stays at 0.
@Suite struct FaultTests {
  private static let prompt = [3, 1, 4]

  private func loaded(isRotary: Bool, layers: Int = 4) throws -> LoadedModel {
    let folder = try TemporaryFolder()
    if isRotary {
      try folder.write(LlamaShape(layers: layers, headDimension: 6, positions: 24), seed: 5)
    } else {
      try folder.write(GPT2Shape(layers: layers), seed: 5)
    }
    return try LoadedModel(folder: folder.path)
  }

  private func run(_ loaded: LoadedModel, _ lanes: [Lane]) throws -> Trace {
    let plan = try RunPlan(
      start: .prompt, ids: Self.prompt, newTokens: 6, contextLength: 24,
      ignoresEndOfSequence: true, candidates: 13)
    let run = LockStep(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan, lanes: lanes)
    _ = try run.run()
    return run.trace
  }

  /// The first layer in which Q, K or V of the new tokens are not the reference lane's; nil where all are.
  private func firstLayer(_ step: Step, lane: Int) -> Int? {
    let (own, other) = (step.activations(of: lane), step.activations())
    return own.keys.indices.first { layer in
      [\Activations.queries, \.keys, \.values].contains { part in
        own[keyPath: part][layer] != other[keyPath: part][layer]
      }
    }
  }

  /// A wrong position is in Q and K of the first layer; a wrong store or mask in the first attention, so in the second layer's;
  /// without a mask, old tokens of the second layer are others, which the cached lane does not see until its attention.
  private static let layers: [Fault: Int] = [
    .stalePrefix: 1, .appendedTwice: 1, .keysOnly: 1, .positionNotAdvanced: 0,
    .positionRestarted: 0, .maskTopLeft: 1, .maskOff: 2,
  ]

  @Test(arguments: Fault.allCases, [false, true])
  func theLanesPartWhereTheoryPutsIt(fault: Fault, isRotary: Bool) throws {
    let loaded = try loaded(isRotary: isRotary)
    let trace = try run(loaded, Lane.bothRuns(fault))
    for step in trace.steps {
      let layer = step.number == 1 ? nil : Self.layers[fault]
      #expect(
        trace.parting(lane: 1, through: step.number) == layer.map { Parting(step: 2, layer: $0) })
      #expect(firstLayer(step, lane: 1) == layer, "step \(step.number)")
      #expect(
        ((step.lanes[1].difference?.logits).known > 0) == (step.number > 1), "step \(step.number)")
      #expect(
        ((step.lanes[1].difference?.rows).known > 0) == (step.number > 1), "step \(step.number)")
      #expect(step.lanes[0].difference?.logits == 0)
      if fault != .maskOff { #expect(step.lanes[0].difference?.rows == 0) }
      if step.number < 6 { #expect(step.chosen?.id == step.lanes[0].next[0].id) }
    }
  }

  @Test(arguments: Fault.allCases, [false, true])
  func ofAShallowModelTheLogitsAlonePart(fault: Fault, isRotary: Bool) throws {
    // What is wrong in the first attention shows in the second layer: a model of one has its logits only.
    let loaded = try loaded(isRotary: isRotary, layers: 1)
    let trace = try run(loaded, Lane.bothRuns(fault))
    let expected: Parting? =
      switch fault {
      case .positionNotAdvanced, .positionRestarted: Parting(step: 2, layer: 0)
      // One layer's last row sees the same keys with a mask and without.
      case .maskOff: nil
      default: Parting(step: 2, layer: nil)
      }
    #expect(trace.parting(lane: 1, through: 1) == nil)
    #expect(trace.parting(lane: 1, through: 6) == expected)
  }

  @Test(arguments: [false, true])
  func theUnbrokenRunNeverParts(isRotary: Bool) throws {
    let trace = try run(loaded(isRotary: isRotary), Lane.bothRuns(nil))
    #expect(trace.parting(lane: 1, through: trace.steps.count) == nil)
    #expect(trace.steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
  }

  @Test(arguments: [Fault.positionNotAdvanced, .positionRestarted], [false, true])
  func newTokensGetTheWrongPosition(fault: Fault, isRotary: Bool) throws {
    let loaded = try loaded(isRotary: isRotary)
    let trace = try run(loaded, Lane.bothRuns(fault))
    for step in trace.steps.dropFirst() {
      // In the first layer Q, K and V are of a token and its position alone.
      let position = fault == .positionRestarted ? step.number - 2 : Self.prompt.count - 1
      let ids = Array(repeating: 0, count: position) + [step.fed[0].id]
      let recorder = RowRecorder(loaded.model.configuration)
      _ = DecodeSession(loaded.model, capacity: ids.count)
        .feed(ids[...], observer: recorder) { () throws(Never) in }
      let rows = step.activations(of: 1)
      for part in [\Activations.queries, \.keys, \.values] {
        let own = rows[keyPath: part][0]
        #expect(own[...] == recorder.rows[keyPath: part][0].suffix(own.count), "\(step.number)")
      }
      let embedded = rows.residuals[0]
      #expect(embedded[...] == recorder.rows.residuals[0].suffix(embedded.count))
      #expect(step.lanes[1].kept.allSatisfy { $0 == Positions(0..<step.length) })
    }
  }

  @Test func aMaskAlignedAtTheTopLeftShowsADecodeStepTheFirstKeyOnly() throws {
    let trace = try run(loaded(isRotary: true), Lane.bothRuns(.maskTopLeft))
    for step in trace.steps.dropFirst() {
      let newest = step.length - 1
      for layer in 0..<4 {
        let head = HeadAttention(trace, lane: 1, step: step, layer: layer, head: 1)
        let weights = head.weights(ofRow: newest)
        #expect(weights == [1] + Array(repeating: 0, count: newest))
        #expect(head.output(ofRow: newest) == head.value(0))
        #expect((0...newest).allSatisfy { head.hides(key: $0, fromQuery: newest) == ($0 > 0) })
        #expect(step.lanes[1].counts.masked(layer: layer, head: 1) == newest)
      }
    }
  }

  @Test func withoutAMaskEveryKeyIsSeenAndNothingIsThrownAway() throws {
    let trace = try run(loaded(isRotary: true), Lane.bothRuns(.maskOff))
    let sound = try run(loaded(isRotary: true), Lane.bothRuns(nil))
    #expect(trace.lanes.allSatisfy { $0.fault == .maskOff })
    for step in trace.steps {
      for lane in step.lanes { #expect(lane.counts.masked() == 0) }
      let head = HeadAttention(trace, step: step, layer: 0, head: 0)
      #expect(head.weights(ofRow: 0).allSatisfy { $0 > 0 } && head.rule.mask == .off)
    }
    // One query of a text sees no more without a mask; those of a prompt do.
    #expect(trace.steps[0].lanes[0].next != sound.steps[0].lanes[0].next)
  }

  @Test(arguments: Fault.allCases.filter { !$0.isInEveryLane })
  func threeLanesGoSideBySide(fault: Fault) throws {
    let loaded = try loaded(isRotary: false)
    let broken = Lane(name: "broken", cache: .full, fault: fault)
    let trace = try run(loaded, [.uncached, .cached, broken])
    let (both, other) = (
      try run(loaded, Lane.bothRuns(nil)), try run(loaded, Lane.bothRuns(fault))
    )
    #expect(trace.lanes.map(\.name) == ["uncached", "cached", "broken"])
    #expect(trace.tokens == both.tokens && trace.steps.count == 6)
    for (step, (sound, faulty)) in zip(trace.steps, zip(both.steps, other.steps)) {
      for lane in 0...1 {
        #expect(step.lanes[lane].next == sound.lanes[lane].next)
        #expect(step.lanes[lane].counter == sound.lanes[lane].counter)
        #expect(step.lanes[lane].kept == sound.lanes[lane].kept)
        #expect(step.lanes[lane].difference == sound.lanes[lane].difference)
        #expect(lane == 0 || step.lanes[lane].activations == nil)
      }
      // Each lane lists what it would go on with itself.
      #expect(step.lanes[2].next == faulty.lanes[1].next && step.next == step.lanes[2].next)
      #expect((step.lanes[2].next == step.lanes[0].next) == (step.number == 1))
      #expect(step.lanes[2].counter == faulty.lanes[1].counter)
      #expect(step.lanes[2].reading == faulty.lanes[1].reading)
      #expect(step.maxAbsDifference == step.lanes[2].difference?.logits)
    }
  }

  @Test func aLaneCanBeCutBackAndStaysWrong() throws {
    let model = try loaded(isRotary: false).model
    let lane = Lane(name: "broken", cache: .full, fault: .positionRestarted)
    let session = DecodeSession(model, lane: lane, capacity: 9)
    func logits() -> [[Float]] { [[5], [6, 7]].map { session.feed($0).logits.floats } }
    session.feed([3, 1, 4])
    let first = logits()
    session.truncate(to: 3)
    #expect(logits() == first)
    session.removeAll()
    session.feed([3, 1, 4])
    #expect(logits() == first)
  }
}
