internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// `seconds` are those of the forward pass alone, and neither run is always the first.
@Suite struct PassTimerTests {
  /// A clock that moves when it is told to.
  private final class FakeClock {
    var time = Duration.zero
  }

  /// Looks for an hour at whatever it is shown.
  private final class SlowObserver: ForwardObserver {
    private let clock: FakeClock
    private(set) var looks = 0

    init(_ clock: FakeClock) { self.clock = clock }

    func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) { look() }

    func saw(residual: UnsafePointer<Float>, rows: Int) { look() }

    private func look() {
      looks += 1
      clock.time += .seconds(3600)
    }
  }

  private let loaded: LoadedModel
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(GPT2Shape(), seed: 5)
    loaded = try LoadedModel(folder: folder.path)
  }

  @Test func whatAnObserverTakesIsNotInTheSeconds() {
    let clock = FakeClock()
    let slow = SlowObserver(clock)
    let shape = loaded.model.configuration
    let cache = FullStore(shape, capacity: 3)
    let buffers = ForwardBuffers(shape, rows: 3, length: 3, threads: loaded.model.threads)
    var counter = OperationCounter(layers: shape.layers, heads: shape.heads)
    let timer = PassTimer(slow) { clock.time }
    let (_, seconds) = timer.time { observer in
      let logits = loaded.model.forward(
        [1, 2, 3], store: cache, buffers: buffers, counter: &counter, observer: observer)
      clock.time += .seconds(2)
      return logits
    }
    #expect(slow.looks == 3 * shape.layers + 1)
    #expect(seconds == 2)
  }

  private func steps(_ now: @escaping () -> Duration) throws -> [Step] {
    let plan = try RunPlan(start: .prompt, ids: [3, 1, 4], newTokens: 6, contextLength: 24)
    return try LockStep(model: loaded.model, tokenizer: loaded.tokenizer, plan: plan, now: now)
      .run()
  }

  @Test func equalWorkIsTimedEqually() throws {
    // Each reading of the clock is a tick after the one before.
    var ticks = 0
    let first = try steps {
      ticks += 1
      return .seconds(ticks)
    }[0]
    #expect(first.cached.counter == first.uncached.counter)
    #expect(first.cached.seconds == first.uncached.seconds)
    // From look to look; the looks themselves are left out.
    #expect(first.cached.seconds == Double(3 * loaded.model.configuration.layers + 2))
  }

  @Test func neitherRunAlwaysGoesFirst() throws {
    // Ticks grow: of two passes with as many looks the later one seems longer.
    var ticks = 0
    let steps = try steps {
      ticks += 1
      return .seconds(ticks * ticks)
    }
    let isCachedFirst = steps.map { ($0.cached.seconds ?? 0) < ($0.uncached.seconds ?? 0) }
    #expect(isCachedFirst == [true, false, true, false, true, false])
    #expect(steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
  }

  @Test func aRowThatIsComputedBeforeTheOtherRunsIsComparedAfterwards() throws {
    let shape = loaded.model.configuration
    func recorded(_ floats: [Float]) -> Activations {
      let recorder = RowRecorder(shape)
      let buffer = FloatBuffer(floats)
      for layer in 0..<shape.layers {
        recorder.saw(queryKeyValue: buffer.pointer, rows: 1, layer: layer)
      }
      return recorder.rows
    }
    let row = (0..<shape.queryKeyValueWidth).map(Float.init)
    for place in row.indices {
      for wrong in [Float.nan, 100] {
        var other = row
        other[place] = wrong
        let check = RowCheck(shape, reference: [recorded(row)], kernels: .best)
        let both = FloatBuffer(row + other)
        for layer in 0..<shape.layers {
          check.saw(queryKeyValue: both.pointer, rows: 2, layer: layer)
        }
        #expect(check.maxAbsDifference == 0)
        check.compareNewest(with: recorded(row))
        let seen = check.maxAbsDifference
        #expect(wrong.isNaN ? seen.isNaN : seen == abs(100 - row[place]))
      }
    }
  }
}
