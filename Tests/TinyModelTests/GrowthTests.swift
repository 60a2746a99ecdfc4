internal import Kernels
import Testing

@testable import TinyModel
@testable internal import Trace

/// What the growth of the work is said to be, held against closed forms, and its continuation against longer runs.
@Suite struct GrowthTests {
  private static let shape = LlamaShape(
    modelType: "llama", layers: 3, heads: 4, kvHeads: 2, headDimension: 6, positions: 60)
  private let folder: TemporaryFolder
  private let model: Transformer

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.shape, seed: 7)
    model = try LoadedModel(folder: folder.path).model
  }

  private func growth(prompt: Int, tokens: Int) throws -> Growth {
    let plan = try RunPlan(
      start: .prompt, ids: Array(1...prompt), newTokens: tokens, contextLength: 60)
    return try GrowthMeter(model, plan: plan).measure()
  }

  @Test func eachPointIsWhatTheClosedFormsSay() throws {
    let (prompt, shape) = (4, Self.shape)
    let growth = try growth(prompt: prompt, tokens: 9)
    #expect(growth.points.map(\.length) == Array(4...12))
    let (weights, token) = (model.bytesPerPass, 2 * 3 * 2 * 6 * 4)
    for point in growth.points {
      let (n, rows) = (point.length, point.length == prompt ? prompt : 1)
      #expect(point.source == .run)
      #expect(point.uncached.step.cells == n * n && point.cached.step.cells == rows * n)
      #expect(point.uncached.step.flops == shape.flops(rows: n, length: n).total)
      #expect(point.cached.step.flops == shape.flops(rows: rows, length: n).total)
      #expect(point.uncached.step.bytesRead == weights + n * token)
      #expect(point.cached.step.bytesRead == weights + n * token)
      #expect(point.cached.cacheBytes == n * token && point.uncached.cacheBytes == 0)
      #expect((point.cached.step.seconds ?? 0) > 0)
      let before = growth.points.prefix { $0.length <= n }
      #expect(point.uncached.total.cells == before.reduce(0) { $0 + $1.length * $1.length })
      #expect(point.cached.total.flops == before.compactMap(\.cached.step.flops).reduce(0, +))
    }
  }

  @Test func theContinuationIsWhatALongerRunCounts() throws {
    var short = try growth(prompt: 3, tokens: 9)
    let long = try growth(prompt: 3, tokens: 50)
    short.continueTo([20, 5, 52])
    let computed = short.points.filter { $0.source == .computed }
    #expect(computed.map(\.length) == [20, 52] && !short.isHeldBack)
    for point in computed {
      let run = try #require(long.points.first { $0.length == point.length })
      for side in [\Growth.Point.uncached, \Growth.Point.cached] {
        let (a, b) = (point[keyPath: side], run[keyPath: side])
        #expect(a.step.cells == b.step.cells && a.total.cells == b.total.cells)
        #expect(a.step.flops == b.step.flops && a.total.flops == b.total.flops)
        #expect(a.step.bytesRead == b.step.bytesRead && a.total.bytesRead == b.total.bytesRead)
        #expect(a.cacheBytes == b.cacheBytes)
        #expect(a.step.seconds == nil && a.total.seconds == nil)
      }
    }
  }

  @Test func whatIsNoPolynomialIsNotContinued() throws {
    var short = try growth(prompt: 3, tokens: 5)
    short.continueTo([40])
    #expect(short.points.count == 5 && short.isHeldBack)
    #expect(Polynomial([1, 2, 4, 8, 16, 32, 64]) == nil)
    #expect(Polynomial([0, 1, 8, 27, 64]) == nil)
    #expect(Polynomial([0, 1, 8, 27, 64, 125])?.value(100) == 1_000_000)
    #expect(Polynomial([0, 1, 8, 27, 64, 125])?.value(10_000_000) == .some(nil))
  }
}
