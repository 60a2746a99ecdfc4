internal import Kernels
import ReferenceKernels
import Testing

@testable import TinyModel

/// Matrix products with weights of every type: the bits are those of their definition, for one row as for many, at every
/// instruction set, with any number of threads.
@Suite struct MatrixProductTests {
  private static let threads = ThreadPool(threads: 3)
  private static let reference = Kernels(reference_kernels())

  /// The best instruction set, with threads and without; on small products the others as well, whose emulation is slow.
  private func kernels(_ isSmall: Bool) -> [Kernels] {
    let all = InstructionSet.available.dropLast().map { Kernels($0) }
    return [.best, Kernels(pool: Self.threads)] + (isSmall ? all : all.suffix(1))
  }

  /// Every finite binary16 that is not negative, in ascending order.
  private static let halves = (UInt16(0)...0x7BFF).map(HalfFloat.widen)

  /// Every finite bfloat16 that is not negative, in ascending order.
  private static let brains = (UInt32(0)...0x7F7F).map { Float(bitPattern: $0 << 16) }

  /// What a weight is held as, by the definition of the type: the nearest of its numbers, found by looking at its neighbours.
  private func nearest(_ weight: Float, of finite: [Float]) -> Float {
    let magnitude = weight.magnitude
    var (low, high) = (0, finite.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if finite[middle] <= magnitude { low = middle } else { high = middle }
    }
    let (below, above) = (magnitude - finite[low], finite[high] - magnitude)
    // In the middle the even one.
    let isLow = below < above || below == above && low % 2 == 0
    return (isLow ? finite[low] : finite[high]) * (weight.sign == .minus ? -1 : 1)
  }

  private func check(
    rows: Int, inner: Int, outer: Int, _ type: WeightType, seed: Int
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let x = generator.floats(rows * inner)
    let matrix = generator.floats(inner * outer)
    let bias = generator.floats(outer)
    let linear = try #require(
      Linear(
        FloatBuffer(matrix), .innerFirst, inner: inner, outer: outer, bias: FloatBuffer(bias),
        type: type))
    let held =
      switch type {
      case .f32, .int8: matrix
      case .f16: matrix.map { nearest($0, of: Self.halves) }
      case .bf16: matrix.map { nearest($0, of: Self.brains) }
      }
    var expected = [Float](repeating: 0, count: rows * outer)
    reference_product(type.code, x, rows, inner, held, outer, bias, &expected)
    let input = FloatBuffer(x)
    let unpacked = FloatBuffer(count: expected.count)
    _ = linear.apply(input.pointer, rows: rows, into: unpacked.pointer, Self.reference)
    // A weight of int8 is rounded once more where it is multiplied by its scale before.
    let isNear = zip(unpacked.floats, expected).allSatisfy {
      abs($0 - $1) <= (type == .int8 ? 1e-4 : 0)
    }
    #expect(isNear, "\(rows) × \(inner) × \(outer) \(type), unpacked")
    for (index, kernels) in kernels(rows * inner * outer < 100_000).enumerated() {
      let (together, alone) = (
        FloatBuffer(count: expected.count), FloatBuffer(count: expected.count)
      )
      #expect(
        linear.apply(input.pointer, rows: rows, into: together.pointer, kernels)
          == rows * inner * outer)
      for row in 0..<rows {
        _ = linear.apply(
          input.pointer + row * inner, rows: 1, into: alone.pointer + row * outer, kernels)
      }
      let shape: Comment = "\(rows) × \(inner) × \(outer) \(type), kernels \(index)"
      let isEqual = (together: together.floats == expected, alone: alone.floats == expected)
      #expect(isEqual.together && isEqual.alone, shape)
    }
  }

  @Test(arguments: WeightType.allCases, 0..<40) func smallProductsAreThoseOfTheDefinition(
    type: WeightType, seed: Int
  ) throws {
    var generator = SeededGenerator(seed: seed)
    try check(
      rows: Int.random(in: 1...14, using: &generator),
      inner: Int.random(in: 1...40, using: &generator),
      outer: Int.random(in: 1...200, using: &generator), type, seed: seed)
  }

  @Test(
    arguments: WeightType.allCases,
    [[1, 768, 640], [7, 300, 701], [13, 129, 1000], [2, 1025, 400]])
  func largeProductsAreThoseOfTheDefinition(type: WeightType, shape: [Int]) throws {
    try check(rows: shape[0], inner: shape[1], outer: shape[2], type, seed: shape[1])
  }

  @Test(arguments: WeightType.allCases) func aTransposedMatrixGivesTheSameProduct(
    type: WeightType
  ) throws {
    var generator = SeededGenerator(seed: 4)
    let (inner, outer) = (150, 99)
    let matrix = generator.floats(inner * outer)
    let transposed = (0..<outer).flatMap { o in (0..<inner).map { matrix[$0 * outer + o] } }
    let x = FloatBuffer(generator.floats(inner))
    let (a, b) = (FloatBuffer(count: outer), FloatBuffer(count: outer))
    let one = try #require(
      Linear(FloatBuffer(matrix), .innerFirst, inner: inner, outer: outer, type: type))
    let other = try #require(
      Linear(FloatBuffer(transposed), .outerFirst, inner: inner, outer: outer, type: type))
    _ = one.apply(x.pointer, rows: 1, into: a.pointer, .best)
    _ = other.apply(x.pointer, rows: 1, into: b.pointer, .best)
    #expect(a.floats == b.floats)
  }

  @Test(arguments: [65519, 65520, 1e30, -7e4] as [Float]) func aWeightBeyondF16IsRefused(
    weight: Float
  ) {
    let matrix = FloatBuffer([0.5, weight, -1, 0])
    for type in WeightType.allCases {
      let linear = Linear(matrix, .innerFirst, inner: 2, outer: 2, type: type)
      // 65520 is the middle between the largest binary16 and what would be the next: it rounds away.
      #expect((linear == nil) == (type == .f16 && weight.magnitude >= 65520))
    }
  }

  /// The middle between the largest bfloat16 and what would be the next, and the number below.
  @Test(arguments: [(0x7F7F_8000, true), (0x7F7F_7FFF, false)] as [(UInt32, Bool)])
  func aWeightBeyondBF16IsRefused(bits: UInt32, isRefused: Bool) {
    for bits in [bits, bits | 0x8000_0000] {
      let matrix = FloatBuffer([Float(bitPattern: bits)])
      let linear = Linear(matrix, .innerFirst, inner: 1, outer: 1, type: .bf16)
      #expect((linear == nil) == isRefused)
    }
  }

  @Test(arguments: [WeightType.f16, .bf16]) func everyNarrowNumberIsItsOwnNearest(
    type: WeightType
  ) throws {
    let numbers = type == .f16 ? Self.halves : Self.brains
    let matrix = numbers + numbers.map { -$0 }
    let linear = try #require(
      Linear(FloatBuffer(matrix), .innerFirst, inner: 1, outer: matrix.count, type: type))
    for instructionSet in InstructionSet.available {
      let (x, y) = (FloatBuffer([1]), FloatBuffer(count: matrix.count))
      _ = linear.apply(x.pointer, rows: 1, into: y.pointer, Kernels(instructionSet))
      let isEqual = y.floats == matrix
      #expect(isEqual, "\(instructionSet)")
    }
  }

  @Test func narrowTypesTakeTheBytesThatTheyShould() throws {
    func bytes(_ type: WeightType) throws -> Int {
      let matrix = FloatBuffer(count: 768 * 640)
      return try #require(Linear(matrix, .innerFirst, inner: 768, outer: 640, type: type)).byteCount
    }
    #expect(try bytes(.f32) == 768 * 640 * 4)
    #expect(try bytes(.f16) == 768 * 640 * 2)
    #expect(try bytes(.bf16) == 768 * 640 * 2)
    #expect(try bytes(.int8) == 768 * 640 + 6 * 640 * 4)
  }
}
