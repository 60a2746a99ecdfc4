internal import Kernels
public import Trace

/// Generates greedily with and without a KV cache, step by step, and counts and times each step of both.
///
/// Unlike `LockStep` it keeps nothing of a step but its sums, and times short passes several times. Whoever goes first
/// alternates, and the end of a sequence is passed over.
public struct GrowthMeter {
  private let model: Transformer
  private let plan: RunPlan

  /// How often a short pass is timed.
  private static let repeats = 5
  /// Seconds after which a pass is timed no more.
  private static let longEnough = 0.02

  /// Prepares a measurement over the plan of a prompt.
  public init(_ model: Transformer, plan: RunPlan) {
    (self.model, self.plan) = (model, plan)
  }

  /// What the first layer hides, whose cells are counted.
  public var mask: AttentionMask { model.configuration.rule(ofLayer: 0).attention.mask }

  /// What a lane did in a step.
  private struct Pass {
    var amount = Growth.Amount()
    var cacheBytes = 0
    var chosen = 0
  }

  /// Runs the steps one by one, as long as they are wanted.
  ///
  /// - Parameter goesOn: gets all points so far after each step; false ends the measurement.
  /// - Returns: a point a step.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func measure(_ goesOn: (Growth) -> Bool = { _ in true }) throws(ModelError) -> Growth {
    let lanes = [Lane.uncached, .cached].map { lane in
      DecodeSession(
        model, lane: lane, rows: plan.ids.count,
        capacity: lane.cache == nil ? plan.ids.count : plan.longest)
    }
    for lane in lanes {
      lane.feed(plan.ids[..<1])
      lane.removeAll()
    }
    var (growth, sequence) = (Growth(), plan.ids)
    for step in 1...plan.steps {
      var passes = [Pass(), Pass()]
      for turn in lanes.indices {
        let lane = step % 2 == 1 ? 1 - turn : turn
        passes[lane] = try run(lanes[lane], sequence, step: step)
      }
      growth.add(
        length: sequence.count, uncached: (passes[0].amount, passes[0].cacheBytes),
        cached: (passes[1].amount, passes[1].cacheBytes))
      sequence.append(passes[1].chosen)
      guard goesOn(growth) else { break }
    }
    return growth
  }

  private func run(
    _ lane: DecodeSession, _ sequence: [Int], step: Int
  ) throws(ModelError) -> Pass {
    let fed = lane.prepare(for: sequence.count, longest: plan.longest)
    let pass = lane.feedAgain(sequence[fed], behind: fed.lowerBound) {
      $0.count < Self.repeats && $0.reduce(0, +) < Self.longEnough
    }
    guard pass.logits.isFinite else { throw .notFinite(model: model.name, step: step) }
    let counter = lane.counter
    return Pass(
      amount: Growth.Amount(
        cells: counter.cells(), masked: counter.masked(), flops: counter.flops,
        attentionFlops: counter.flops(.attention),
        bytesRead: counter.weightBytes + counter.keyValueBytes,
        seconds: pass.seconds),
      cacheBytes: lane.lane.cache == nil ? 0 : lane.usedBytes,
      chosen: pass.logits.largestIndex(in: 0..<model.configuration.vocabulary))
  }
}
