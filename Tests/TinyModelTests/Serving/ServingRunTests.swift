internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Whatever the pool, the budget and the others: a request writes what it writes alone, and every number adds up.
@Suite struct ServingRunTests {
  private struct Setting {
    let model: Transformer
    let plan: ServingPlan

    init(seed: Int) throws {
      var generator = SeededGenerator(seed: seed)
      func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
      model = try randomModel(&generator, isRotary: seed % 2 == 0)
      let vocabulary = model.configuration.vocabulary
      let stem = (0..<40).map { _ in random(0...vocabulary - 1) }
      let requests = (0..<random(1...6)).map { _ in
        ServingPlan.Request(
          ids: stem[..<random(0...40)] + [random(0...vocabulary - 1)], newTokens: random(1...20),
          arrives: random(1...9))
      }
      let size = random(1...20)
      let least = requests.map { ($0.longest + size - 1) / size }.max() ?? 1
      plan = ServingPlan(
        requests, blockSize: size, blocks: least + random(0...4), budget: random(1...30),
        ignoresEndOfSequence: seed % 3 > 0)
    }
  }

  private func tokenizer() throws -> Tokenizer {
    try Tokenizer(path: Repository.bundledModel + "/tokenizer.json")
  }

  private func run(_ setting: Setting) throws -> ServingTrace {
    let run = ServingRun(setting.model, tokenizer: try tokenizer(), plan: setting.plan)
    while let step = try run.computeNextStep() { #expect(step.computed <= setting.plan.budget) }
    return run.trace
  }

  /// A request on its own, by a session that knows of no pool.
  private func alone(_ setting: Setting, _ request: ServingPlan.Request) -> (ids: [Int], flops: Int)
  {
    let session = DecodeSession(setting.model, capacity: request.longest)
    var (ids, written) = (request.ids, [Int]())
    while written.count < request.newTokens {
      let logits = session.feed(ids[session.tokens...]).logits.floats
      let best = logits.indices.max { (logits[$0], -$0) < (logits[$1], -$1) } ?? 0
      ids.append(best)
      written.append(best)
      let isEnd = setting.model.configuration.endOfSequence.contains(best)
      if isEnd && !setting.plan.ignoresEndOfSequence { break }
    }
    return (written, session.counter.flops)
  }

  @Test(arguments: 0..<60) func everyRequestWritesWhatItWritesAlone(seed: Int) throws {
    let setting = try Setting(seed: seed)
    let trace = try run(setting)
    #expect(trace.served.map(\.request).sorted() == Array(1...setting.plan.requests.count))
    for served in trace.served {
      let request = setting.plan.requests[served.request - 1]
      let (ids, flops) = alone(setting, request)
      #expect(served.tokens.map(\.id) == ids, "seed \(seed), request \(served.request)")
      #expect(served.difference == 0)
      #expect(served.flopsAlone == flops)
      #expect(served.promptTokens == request.ids.count)
      #expect(request.arrives <= served.began && served.began <= served.firstToken)
      #expect(served.firstToken <= served.finished)
    }
  }

  @Test(arguments: 0..<60) func everyNumberAddsUp(seed: Int) throws {
    let setting = try Setting(seed: seed)
    let trace = try run(setting)
    var held = [Int](repeating: 0, count: setting.plan.requests.count)
    for step in trace.steps {
      let place = "seed \(seed), step \(step.number)"
      expectCounted(step, place)
      for row in step.requests where row.state != .done {
        let index = row.request - 1
        if step.preempted.contains(row.request) { held[index] = 0 }
        held[index] += row.computed + row.hits
        #expect(row.held == held[index], "\(place)")
        #expect(row.state != .decode || row.computed <= 1, "\(place)")
        #expect((row.computed > 0) == step.scheduled.contains(row.request), "\(place)")
      }
      #expect(step.reservedSlots % setting.model.configuration.contextLength == 0)
    }
    #expect(trace.computed == trace.served.reduce(0) { $0 + $1.computed })
    #expect(trace.hits == trace.served.reduce(0) { $0 + $1.hits })
    #expect(trace.flops == trace.served.reduce(0) { $0 + $1.flops })
    #expect(trace.preemptions == trace.served.reduce(0) { $0 + $1.preemptions })
    // A token that is found is not computed; one that was taken away is computed or found again.
    let fed = trace.served.reduce(0) { $0 + $1.promptTokens + $1.tokens.count - 1 }
    #expect(trace.computed + trace.hits >= fed)
    if trace.preemptions == 0 { #expect(trace.computed + trace.hits == fed, "seed \(seed)") }
    if trace.hits == 0 && trace.preemptions == 0 && trace.steps.allSatisfy({ isWhole($0) }) {
      #expect(trace.flops == trace.flopsAlone)
    }
  }

  /// Whether every request that computed something could write, so that no logits were made in vain.
  private func isWhole(_ step: ServingStep) -> Bool {
    step.requests.allSatisfy { $0.computed == 0 || $0.written != nil }
  }

  /// The pool's counts, made again from the tables of the requests.
  private func expectCounted(_ step: ServingStep, _ place: String) {
    let pool = step.pool
    var (holders, filled) = ([Int: Int](), [Int: Int]())
    for row in step.requests {
      for (index, block) in row.blocks.enumerated() {
        holders[block, default: 0] += 1
        filled[block] = max(
          filled[block] ?? 0, min(pool.blockSize, row.held - index * pool.blockSize))
      }
    }
    #expect(pool.used == holders.count, "\(place)")
    #expect(pool.shared == holders.values.count { $0 > 1 }, "\(place)")
    #expect(pool.references == holders.values.reduce(0, +), "\(place)")
    #expect(pool.filledSlots == filled.values.reduce(0, +), "\(place)")
    #expect(pool.used + pool.cached + pool.free == pool.blocks, "\(place)")
    #expect(pool.wastedSlots >= 0, "\(place)")
  }

  /// What the runs above go through: otherwise they would prove little.
  @Test func theRandomRunsShareTakeAwayAndCut() throws {
    let traces = try (0..<60).map { try run(Setting(seed: $0)) }
    #expect(traces.contains { $0.preemptions > 0 })
    #expect(traces.contains { $0.hits > 0 })
    #expect(traces.contains { $0.steps.contains { $0.pool.shared > 0 } })
    #expect(traces.contains { $0.steps.contains { !isWhole($0) } })
    #expect(
      traces.contains { $0.steps.contains { $0.requests.contains { $0.state == .preempted } } })
    #expect(traces.contains { $0.flops < $0.flopsAlone })
  }
}
