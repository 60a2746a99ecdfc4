internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// A head that is looked at is what the lane computed, bit for bit, whatever the lane's store does and whatever is wrong with
/// it.
@Suite struct ReadingTests {
  /// Keeps the heads' outputs of a pass.
  private final class OutputRecorder: ForwardObserver {
    private(set) var outputs: [[Float]] = []
    private let width: Int

    init(_ shape: ModelConfiguration) { width = shape.attentionWidth }

    let seesAttention = true

    func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) {}
    func saw(residual: UnsafePointer<Float>, rows: Int) {}
    func saw(attention: UnsafePointer<Float>, rows: Int, layer: Int) {
      outputs.append(Array(UnsafeBufferPointer(start: attention, count: rows * width)))
    }
  }

  private func run(
    _ model: Transformer, _ lanes: [Lane], _ start: Feeding, _ manner: LossyStore.Manner?
  ) throws -> (trace: Trace, makeStore: Stores.Maker) {
    let tokenizer = try Checkpoint(folder: Repository.fixtures + "/llama/gqa").tokenizer()
    let ids = (0..<5).map { ($0 * 3 + 1) % model.configuration.vocabulary }
    let plan = try RunPlan(
      start: start, ids: ids, newTokens: 22, contextLength: 90, ignoresEndOfSequence: true)
    let makeStore: Stores.Maker = { lane, shape, capacity in
      guard lane.cache != nil, let manner else {
        return Stores.make(lane, shape, capacity: capacity)
      }
      return LossyStore(shape, manner, capacity: capacity)
    }
    let run = LockStep(
      model: model, tokenizer: tokenizer, plan: plan, lanes: lanes, now: PassTimer.wallClock,
      makeStore: makeStore)
    while try run.computeNextStep() != nil {}
    return (run.trace, makeStore)
  }

  /// Feeds a lane's tokens once more, and holds every output against the head that the trace has.
  private func expectOutputs(
    _ run: (trace: Trace, makeStore: Stores.Maker), lane: Int, _ model: Transformer,
    _ comment: Comment
  ) {
    let (trace, shape) = (run.trace, model.configuration)
    let longest = trace.tokens.count
    let session = DecodeSession(
      model, lane: trace.lanes[lane], rows: longest, capacity: longest,
      calibration: trace.givenTokens, makeStore: run.makeStore)
    let ids = trace.tokens.map(\.id)
    for step in trace.steps {
      let fed = session.prepare(for: step.length, longest: longest)
      let recorder = OutputRecorder(shape)
      _ = session.feed(ids[fed], observer: recorder) { () throws(Never) in }
      #expect(fed == step.lanes[lane].fed, comment)
      for layer in 0..<shape.layers {
        for head in 0..<shape.heads {
          let attention = HeadAttention(trace, lane: lane, step: step, layer: layer, head: head)
          for (row, position) in fed.enumerated() {
            let start = row * shape.attentionWidth + head * shape.valueDimension
            let computed = recorder.outputs[layer][start..<start + shape.valueDimension]
            let shown = attention.output(ofRow: position)
            #expect(
              shown.map(\.bitPattern) == computed.map(\.bitPattern),
              "\(comment), step \(step.number), layer \(layer), head \(head), row \(position)")
          }
        }
      }
    }
  }

  @Test(arguments: [nil] + Fault.allCases, [Feeding.prompt, .text])
  func aHeadOfALaneWithAFaultIsWhatItComputed(fault: Fault?, start: Feeding) throws {
    for isRotary in [false, true] {
      var generator = SeededGenerator(seed: 11)
      let model = try randomModel(&generator, layers: 3, isRotary: isRotary, window: 12)
      let run = try run(model, Lane.bothRuns(fault), start, nil)
      for lane in 0...1 {
        expectOutputs(run, lane: lane, model, "rotary \(isRotary), lane \(lane)")
      }
      let isRecorded = run.trace.steps[1].lanes.map { $0.reading != nil }
      #expect(isRecorded == [fault == .maskOff, fault?.part == .store])
    }
  }

  @Test(arguments: 0..<12) func aHeadOfALossyLaneIsWhatItComputed(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let turns = seed % 3 == 2
    let model = try randomModel(
      &generator, layers: 2, isRotary: turns || seed % 2 == 0, window: seed % 4 == 1 ? 6 : nil)
    let manner = LossyStore.Manner(
      sinks: seed % 3, newest: seed % 5 == 0 ? nil : 3 + seed, grain: seed % 2 == 0 ? 0.25 : nil,
      rotary: turns ? model.configuration.rules[0].rotary : nil)
    let run = try run(model, [.uncached, .cached], seed % 2 == 0 ? .prompt : .text, manner)
    expectOutputs(run, lane: 1, model, "\(manner)")
    for step in run.trace.steps {
      let lane = step.lanes[1]
      #expect(lane.reading?.layers.map(\.positions) == lane.kept, "\(manner)")
    }
  }

  @Test(arguments: PolicyTests.policies, 0..<5)
  func aHeadOfALaneWithAPolicyIsWhatItComputed(policy: String, seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let model =
      seed == 4
      ? try LoadedModel(folder: Repository.root + "/models/tiny-zh-gqa").model
      : try unevenModel(&generator, isRotary: seed % 2 == 0, window: seed == 2 ? 9 : nil)
    let lanes = PolicyLab.lanes(try CachePolicy(policy))
    let run = try run(model, lanes, .text, nil)
    expectOutputs(run, lane: 1, model, "\(policy)")
    for step in run.trace.steps {
      let lane = step.lanes[1]
      #expect((lane.reading == nil) == (policy == "full"))
      let read = lane.reading?.layers.map(\.positions)
      #expect(read == nil || read == lane.kept)
      let byHead = lane.reading?.layers.map(\.positionsByHead)
      #expect(byHead == nil || byHead?.first == [] || byHead == lane.keptByHead)
    }
    if seed == 4, policy == "h2o:2+6" {
      let last = run.trace.steps.last?.lanes[1].keptByHead ?? []
      #expect(last.contains { $0[0] != $0[1] }, "heads of a trained model part")
    }
  }

  @Test(arguments: [nil] + Fault.allCases, LatentForm.allCases)
  func aHeadOverLatentsWithAFaultIsWhatItComputed(fault: Fault?, form: LatentForm) throws {
    let model = try latentModel(seed: 21, form)
    let run = try run(model, Lane.bothRuns(fault), .prompt, nil)
    for lane in 0...1 { expectOutputs(run, lane: lane, model, "\(form), lane \(lane)") }
  }

  @Test(arguments: 0..<6, LatentForm.allCases)
  func aHeadOverLatentsOfALossyLaneIsWhatItComputed(seed: Int, form: LatentForm) throws {
    let model = try latentModel(seed: seed + 40, form)
    let manner = LossyStore.Manner(
      sinks: seed % 3, newest: seed % 2 == 0 ? nil : 3 + seed, grain: seed % 2 == 0 ? 0.25 : nil,
      rotary: seed % 3 == 2 ? model.configuration.rules[0].rotary : nil)
    let run = try run(model, [.uncached, .cached], .prompt, manner)
    expectOutputs(run, lane: 1, model, "\(form), \(manner)")
  }

  @Test(arguments: PolicyTests.latentPolicies, LatentForm.allCases)
  func aHeadOverLatentsOfALaneWithAPolicyIsWhatItComputed(policy: String, form: LatentForm) throws {
    for seed in 60..<63 {
      let model = try latentModel(seed: seed, form)
      let run = try run(model, PolicyLab.lanes(try CachePolicy(policy)), .text, nil)
      expectOutputs(run, lane: 1, model, "\(form), \(policy)")
    }
  }

  @Test func whatDoesNotChangeIsWrittenDownOnce() throws {
    var generator = SeededGenerator(seed: 4)
    let model = try randomModel(&generator, layers: 2, isRotary: true)
    for (manner, rows) in [
      (LossyStore.Manner(grain: 0.25), 1), (LossyStore.Manner(newest: 6), 0),
      (LossyStore.Manner(), 0),
    ] {
      let trace = try run(model, [.uncached, .cached], .prompt, manner).trace
      for step in trace.steps {
        let changed = step.lanes[1].reading?.layers.map(\.changed.count)
        #expect(changed == Array(repeating: rows * step.fed.count, count: 2), "\(manner)")
      }
    }
  }

  @Test(arguments: Fault.allCases) func thePlanHasRoomForWhatIsWrittenDown(fault: Fault) throws {
    var generator = SeededGenerator(seed: 8)
    let model = try randomModel(&generator, layers: 3, isRotary: true)
    let lanes = Lane.bothRuns(fault)
    let trace = try run(model, lanes, .prompt, nil).trace
    let plan = try RunPlan(
      start: .prompt, ids: [1, 2, 3, 4, 5], newTokens: 22, contextLength: 90)
    for (index, lane) in lanes.enumerated() {
      let layers = trace.steps.compactMap { $0.lanes[index].reading }.flatMap(\.layers)
      let bytes = layers.reduce(0) { sum, layer in
        sum + 4 * (layer.keys.count + layer.values.count + layer.queries.count)
          + 8 * layer.changed.count + 16 * layer.positions.runs.count
      }
      let planned = ReadingRecorder.bytes(lane, model.configuration, plan).count
      #expect(planned >= bytes && (planned == 0) == layers.isEmpty, "\(fault), \(lane.name)")
    }
  }
}
