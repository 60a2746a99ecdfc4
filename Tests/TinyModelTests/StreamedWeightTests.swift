internal import Base
import CKernels
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Weights that are read anew for each product, until they are packed, give the bits of packed ones, and say so where they cannot be
/// read.
@Suite struct StreamedWeightTests {
  private static let threads = ThreadPool(threads: 3)
  private static let beyond = FileError.badTensor(
    file: "file", tensor: "w", flaw: .beyondType("f16"))

  /// Rows of numbers of a type, in memory; whether they can be looked at where they lie.
  private struct Rows: MatrixRows {
    let bytes: [UInt8]
    let width: Int
    let type: WeightType
    var areSeen = false
    var count: Int { bytes.count / rowBytes }

    /// Numbers between −1 and 1.
    init(_ type: WeightType, count: Int, width: Int, seed: Int, areSeen: Bool = false) {
      var generator = SeededGenerator(seed: seed)
      let floats = generator.floats(count * width, scale: 1)
      bytes = floats.flatMap { float -> [UInt8] in
        switch type {
        case .f32: withUnsafeBytes(of: float, Array.init)
        case .f16: withUnsafeBytes(of: Float16(float), Array.init)
        default: Array(withUnsafeBytes(of: float, Array.init)[2...])
        }
      }
      (self.width, self.type, self.areSeen) = (width, type, areSeen)
    }

    func copy(_ rows: Range<Int>, to room: UnsafeMutableRawPointer) {
      bytes[rows.lowerBound * rowBytes..<rows.upperBound * rowBytes].withUnsafeBytes {
        room.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(room), byteCount: $0.count)
      }
    }

    func look(_ rows: Range<Int>) -> UnsafeRawPointer? {
      // An array of this size stays where it is as long as somebody has it.
      areSeen
        ? bytes.withUnsafeBytes { $0.baseAddress.map { $0 + rows.lowerBound * rowBytes } } : nil
    }
  }

  private func floats(_ count: Int, seed: Int) -> FloatBuffer {
    var generator = SeededGenerator(seed: seed)
    return FloatBuffer(generator.floats(count, scale: 1))
  }

  /// y as bits, and the multiply-adds.
  private func product(
    _ linear: Linear, _ x: FloatBuffer, rows: Int, _ kernels: Kernels
  ) -> ([UInt32], Int) {
    let y = FloatBuffer(Array(repeating: 7, count: rows * linear.outer))
    let multiplyAdds = linear.apply(x.pointer, rows: rows, into: y.pointer, kernels)
    return (y.floats.map(\.bitPattern), multiplyAdds)
  }

  private static let shapes = [(1, 1), (16, 64), (33, 65), (128, 16), (150, 130), (300, 1_500)]

  @Test(arguments: [WeightType.f32, .f16, .bf16], WeightType.allCases)
  func productsHaveTheBitsOfPackedWeights(stored: WeightType, type: WeightType) throws {
    for (inner, outer) in Self.shapes {
      let matrix = Rows(stored, count: outer, width: inner, seed: inner)
      let seen = Rows(stored, count: outer, width: inner, seed: inner, areSeen: true)
      let bias = floats(outer, seed: 1)
      for set in InstructionSet.available {
        for pool in [ThreadPool.single, Self.threads] {
          let kernels = Kernels(set, pool: pool)
          let packed = try #require(
            try Linear(matrix, .outerFirst, bias: bias, type: type, kernels))
          for rows in [1, 7] {
            let x = floats(rows * inner, seed: 2)
            let expected = product(packed, x, rows: rows, kernels)
            for source in [matrix, seen] {
              let stream = WeightStream(threads: pool.threads)
              let streamed = Linear(
                streaming: source, bias: bias, type: type, stream, beyondType: Self.beyond)
              #expect(streamed.byteCount == packed.byteCount)
              #expect(product(streamed, x, rows: rows, kernels) == expected)
              try streamed.pack(kernels) { _ in }
              #expect(product(streamed, x, rows: rows, kernels) == expected)
              #expect(stream.failure == nil)
            }
          }
        }
      }
    }
  }

  /// One room serves products of different sizes, and passes side by side have one each.
  @Test func productsOfOneStreamDoNotDisturbEachOther() throws {
    let stream = WeightStream(threads: 3)
    let kernels = Kernels(pool: Self.threads)
    let linears = [(40, 90), (700, 1_300), (8, 3), (2_000, 70)].map { inner, outer in
      let rows = Rows(.bf16, count: outer, width: inner, seed: outer)
      return (
        Linear(streaming: rows, type: .bf16, stream, beyondType: Self.beyond),
        try? Linear(rows, .outerFirst, type: .bf16, kernels)
      )
    }
    DispatchQueue.concurrentPerform(iterations: 24) { turn in
      let (streamed, packed) = linears[turn % linears.count]
      let x = floats(streamed.inner, seed: turn)
      let expected = packed.map { product($0, x, rows: 1, kernels).0 }
      #expect(product(streamed, x, rows: 1, kernels).0 == expected)
    }
    #expect(stream.failure == nil)
  }

  @Test func rowsAreLookedUpAlikeBeforeAndBehindPacking() throws {
    let kernels = Kernels(pool: Self.threads)
    for stored in [WeightType.f32, .f16, .bf16] {
      let rows = Rows(stored, count: 400, width: 70, seed: 4)
      let expected = FloatBuffer(count: 400 * 70)
      try rows.copy(0..<400, to: expected.pointer)
      let stream = WeightStream(threads: 3)
      let matrix = StoredMatrix(streaming: rows, stream)
      let head = Linear(streaming: rows, type: .f32, stream, beyondType: Self.beyond)
      #expect(try head.holds(rows))
      let row = FloatBuffer(count: 70)
      for isPacked in [false, true] {
        for index in [0, 63, 64, 399] {
          let wanted = Array(expected.floats[index * 70..<(index + 1) * 70])
          matrix.copyRow(index, to: row.pointer)
          #expect(row.floats == wanted, "\(stored), \(isPacked)")
          head.copyWeights(ofOutput: index, to: row.pointer)
          #expect(row.floats == wanted, "\(stored), \(isPacked)")
        }
        try matrix.pack(kernels) { _ in }
        try head.pack(kernels) { _ in }
      }
    }
  }

  /// Rows of which one cannot be taken.
  private struct BrokenRows: MatrixRows {
    let broken: Int
    let count = 3_000
    let width = 64
    let type = WeightType.f32

    func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
      if rows.contains(broken) {
        throw .badTensor(file: "file", tensor: "\(broken)", flaw: .notFinite)
      }
      memset(bytes, 0, rows.count * rowBytes)
    }
  }

  @Test func whatCannotBeReadIsNotedAndZeros() throws {
    let kernels = Kernels(pool: Self.threads)
    let stream = WeightStream(threads: 3)
    let rows = BrokenRows(broken: 2_999)
    let linear = Linear(streaming: rows, type: .f32, stream, beyondType: Self.beyond)
    let (y, multiplyAdds) = product(linear, floats(64, seed: 1), rows: 1, kernels)
    #expect(y.allSatisfy { $0 == 0 } && multiplyAdds == 0)
    let expected = FileError.badTensor(file: "file", tensor: "2999", flaw: .notFinite)
    #expect(stream.failure == expected)
    #expect(throws: expected) { try linear.pack(kernels) { _ in } }
    let row = FloatBuffer([Float](repeating: 3, count: 64))
    let lookedUp = WeightStream(threads: 3)
    StoredMatrix(streaming: rows, lookedUp).copyRow(2_999, to: row.pointer)
    #expect(row.floats.allSatisfy { $0 == 0 } && lookedUp.failure == expected)
  }

  @Test func aWeightBeyondTheTypeIsNoted() {
    let stream = WeightStream(threads: 1)
    let rows = FloatRows(FloatBuffer([Float](repeating: 70_000, count: 64)), width: 8)
    let linear = Linear(streaming: rows, type: .f16, stream, beyondType: Self.beyond)
    _ = product(linear, floats(8, seed: 1), rows: 1, .best)
    #expect(stream.failure == Self.beyond)
    #expect(throws: Self.beyond) { try linear.pack(.best) { _ in } }
  }

  @Test func numbersThatAreNotFiniteAreFoundWhereverTheyStand() {
    for set in InstructionSet.available {
      let table = Kernels(set).table
      for (type, none, most) in [
        (WeightType.f16, UInt16(0x7C00), UInt16(0x7BFF)), (.bf16, 0x7F80, 0x7F7F),
      ] {
        for count in [0, 1, 31, 32, 33, 100] {
          var numbers = [UInt16](repeating: most | 0x8000, count: count)
          #expect(table.are_finite(type.code, numbers, count) != 0)
          for place in 0..<count {
            for bad in [none, none | 0x8001] {
              numbers[place] = bad
              #expect(table.are_finite(type.code, numbers, count) == 0, "\(set), \(place)")
            }
            numbers[place] = most
          }
        }
      }
      for count in [0, 1, 15, 16, 17, 50] {
        var floats = [Float](repeating: -.greatestFiniteMagnitude, count: count)
        #expect(table.are_finite(WeightType.f32.code, floats, count) != 0)
        for place in 0..<count {
          for bad in [Float.infinity, -.infinity, .nan] {
            floats[place] = bad
            #expect(table.are_finite(WeightType.f32.code, floats, count) == 0, "\(set), \(place)")
          }
          floats[place] = 0
        }
      }
    }
  }

  // MARK: Models

  private static let models: [any CheckpointShape] = [
    LlamaShape(), LlamaShape(modelType: "qwen2", isTied: true),
    LlamaShape(modelType: "phi3"), NeoXShape(), GPT2Shape(), DeepSeekShape(),
  ]

  @Test(arguments: models.indices, WeightType.allCases)
  func runsAreThoseOfPackedWeights(model: Int, type: WeightType) throws {
    let shape = Self.models[model]
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 5)
    func loaded(streams: Bool) throws -> LoadedModel {
      try LoadedModel(folder: folder.path, type: type, pool: Self.threads, streams: streams)
    }
    func run(_ loaded: LoadedModel) throws -> LockStep {
      let runner = try loaded.runner(.prompt, [3, 1, 7], newTokens: 4)
      while try runner.computeNextStep() != nil {}
      return runner
    }
    let (packed, streamed) = (try loaded(streams: false), try loaded(streams: true))
    #expect(!streamed.model.isPacked && streamed.model.parameters == packed.model.parameters)
    let expected = try run(packed)
    for isPacked in [false, true] {
      let found = try run(streamed)
      #expect(found.trace.tokens == expected.trace.tokens && found.logits == expected.logits)
      for (a, b) in zip(found.trace.steps, expected.trace.steps) {
        #expect(a.lanes.map(\.counter) == b.lanes.map(\.counter), "\(shape), packed: \(isPacked)")
        #expect(a.lanes.map(\.activations) == b.lanes.map(\.activations))
        #expect(a.lanes.allSatisfy { $0.difference?.logits == 0 && $0.difference?.rows == 0 })
      }
      #expect(streamed.model.readingFailure == nil && streamed.model.isPacked == isPacked)
      try streamed.model.pack()
    }
    #expect(streamed.model.weightBytes == packed.model.weightBytes)
  }

  @Test func packingStopsWhereItIsNoLongerWantedAndGoesOnLater() throws {
    let folder = try TemporaryFolder()
    try folder.write(LlamaShape(), seed: 5)
    let model = try LoadedModel(folder: folder.path, streams: true).model
    var left = 3
    try model.pack { _ in
    } while: {
      left -= 1
      return left > 0
    }
    #expect(!model.isPacked)
    var told: [ReadingProgress] = []
    try model.pack { told.append($0) }
    #expect(model.isPacked && told.map(\.read) == told.map(\.read).sorted())
    #expect(told.last.map { $0.read == $0.total } == true)
    try model.pack { _ in Issue.record("there is nothing left") }
  }

  @Test func weightsThatShrinkBetweenPassesAreTruncated() throws {
    let folder = try TemporaryFolder()
    try folder.write(LlamaShape(), seed: 5)
    let loaded = try LoadedModel(folder: folder.path, streams: true)
    let runner = try loaded.runner(.prompt, [3, 1, 7], newTokens: 4)
    #expect(try runner.computeNextStep() != nil)
    #expect(truncate(folder("model.safetensors"), 4_000) == 0)
    for _ in 0..<2 {
      let error = #expect(throws: ModelError.self) { try runner.computeNextStep() }
      guard case .file(.truncated)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    #expect(throws: ModelError.self) { try loaded.model.pack() }
  }

  @Test func aNumberThatIsNotFiniteIsSaidByItsTensorBeforeAStepIsShown() throws {
    let folder = try TemporaryFolder()
    try folder.write(LlamaShape(), seed: 5)
    let name = "model.layers.1.mlp.down_proj.weight"
    let file = try SafetensorsFile(folder("model.safetensors"))
    let entry = try #require(
      file.entries.first { $0.name.hasSuffix("layers.1.mlp.down_proj.weight") })
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder("model.safetensors"))))
    let end =
      bytes.count - (file.entries.map(\.range.upperBound).max() ?? 0) + entry.range.upperBound
    withUnsafeBytes(of: Float.nan) { bytes.replaceSubrange(end - 4..<end, with: $0) }
    try folder.write(bytes, to: "model.safetensors")
    let loaded = try LoadedModel(folder: folder.path, streams: true)
    let runner = try loaded.runner(.prompt, [3, 1, 7], newTokens: 4)
    let error = #expect(throws: ModelError.self) { try runner.computeNextStep() }
    guard case .file(.badTensor(_, let tensor, .notFinite))? = error else {
      Issue.record("\(String(describing: error)) for \(name)")
      return
    }
    #expect(tensor == entry.name && runner.trace.steps.isEmpty)
  }

  @Test func aRunThatNobodyTimesSaysNoSeconds() throws {
    let folder = try TemporaryFolder()
    try folder.write(LlamaShape(), seed: 5)
    let loaded = try LoadedModel(folder: folder.path, streams: true)
    let plan = try RunPlan(
      start: .prompt, ids: [3, 1], newTokens: 2,
      contextLength: loaded.model.configuration.contextLength)
    let runner = LockStep(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan, isTimed: false)
    let step = try #require(try runner.computeNextStep())
    #expect(step.lanes.allSatisfy { $0.seconds == nil })
  }
}
