import Base
internal import Kernels
import Testing

@testable import TinyModel

/// Matrices are packed out of rows as a file holds them; what is held does not depend on how they lie there, on what packs
/// them, nor on who does it.
@Suite struct PackingTests {
  private static let threads = ThreadPool(threads: 3)

  /// Rows of numbers in 16 bits, in memory.
  private struct NarrowRows: MatrixRows {
    let numbers: [UInt16]
    let width: Int
    let type: WeightType
    var count: Int { numbers.count / width }

    func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) {
      let taken = rows.lowerBound * width..<rows.upperBound * width
      let room = UnsafeMutableRawBufferPointer(start: bytes, count: taken.count * 2)
      numbers[taken].withUnsafeBytes { room.copyMemory(from: $0) }
    }

    /// The same numbers as floats.
    var widened: [Float] {
      numbers.map { type == .f16 ? HalfFloat.widen($0) : Float(bitPattern: UInt32($0) << 16) }
    }
  }

  /// Rows of a type with numbers of every exponent that f16 has, and the same as floats.
  private func rows(
    _ type: WeightType, count: Int, width: Int, seed: Int
  ) -> (any MatrixRows, [Float]) {
    var generator = SeededGenerator(seed: seed)
    let narrow = NarrowRows(
      numbers: (0..<count * width).map { _ in
        let bits = UInt16.random(in: 0...0x7BFF, using: &generator)
        let sign = UInt16.random(in: 0...1, using: &generator) << 15
        // Of bf16 about the same range: between 2⁻³⁰ and 2¹⁴.
        return sign | (type == .bf16 ? 0x3080 + bits % 0x1580 : bits)
      }, width: width, type: type == .bf16 ? .bf16 : .f16)
    guard type == .f32 else { return (narrow, narrow.widened) }
    let floats = narrow.widened.map { $0 + $0 * 0x1p-20 }
    return (FloatRows(FloatBuffer(floats), width: width), floats)
  }

  /// The weights of every output as they are held, as bits.
  private func held(_ linear: Linear) -> [UInt32] {
    let row = FloatBuffer(count: linear.inner)
    return (0..<linear.outer).flatMap { output in
      linear.copyWeights(ofOutput: output, to: row.pointer)
      return row.floats.map(\.bitPattern)
    }
  }

  /// The same numbers at one instruction set, packed by the definition: f32, one after the other.
  private func definition(_ floats: [Float], inner: Int, outer: Int, _ type: WeightType) -> [UInt32]
  {
    guard type == .int8 else {
      return floats.map { number in
        switch type {
        case .f16: Float(Float16(number)).bitPattern
        case .bf16:
          (number.bitPattern + 0x7FFF + (number.bitPattern >> 16 & 1)) & 0xFFFF_0000
        default: number.bitPattern
        }
      }
    }
    return (0..<outer).flatMap { output in
      stride(from: 0, to: inner, by: 128).flatMap { first in
        let block = floats[output * inner + first..<output * inner + min(first + 128, inner)]
        let scale = block.reduce(0) { max($0, $1.magnitude) } / 127
        return block.map { number in
          let integer = scale > 0 ? (number / scale).rounded(.toNearestOrEven) : 0
          return (scale * (integer == 0 ? 0 : integer)).bitPattern
        }
      }
    }
  }

  private static let shapes = [(1, 1), (16, 64), (17, 65), (128, 16), (150, 130), (300, 1_500)]

  @Test(arguments: [WeightType.f32, .f16, .bf16], WeightType.allCases)
  func whatIsHeldIsThatOfTheDefinition(stored: WeightType, type: WeightType) throws {
    for (inner, outer) in Self.shapes {
      let (rows, floats) = rows(stored, count: outer, width: inner, seed: inner)
      try expect(
        rows, .outerFirst, type, holds: definition(floats, inner: inner, outer: outer, type))
    }
  }

  /// Packs rows at every instruction set, by one thread and by three.
  private func expect(
    _ rows: any MatrixRows, _ layout: Linear.Layout, _ type: WeightType, holds expected: [UInt32]
  ) throws {
    for instructionSet in InstructionSet.available {
      for pool in [ThreadPool.single, Self.threads] {
        let kernels = Kernels(instructionSet, pool: pool)
        let linear = try #require(try Linear(rows, layout, type: type, kernels))
        let isEqual = held(linear) == expected
        #expect(isEqual, "\(rows.count) × \(rows.width), \(instructionSet), \(pool.threads)")
      }
    }
  }

  @Test(arguments: [WeightType.f32, .f16, .bf16], WeightType.allCases)
  func aMatrixThatLiesTheOtherWayRoundIsHeldAlike(stored: WeightType, type: WeightType) throws {
    for (inner, outer) in Self.shapes {
      let (rows, floats) = rows(stored, count: inner, width: outer, seed: inner)
      let turned = (0..<outer).flatMap { o in (0..<inner).map { floats[$0 * outer + o] } }
      try expect(
        rows, .innerFirst, type, holds: definition(turned, inner: inner, outer: outer, type))
    }
  }

  @Test func rowsThatArePutTogetherAreThoseOfTheirMatrices() throws {
    let width = 70
    let (narrow, narrowFloats) = rows(.bf16, count: 90, width: width, seed: 1)
    let (half, halfFloats) = rows(.f16, count: 41, width: width, seed: 2)
    let all = narrowFloats + halfFloats
    func row(_ index: Int) -> ArraySlice<Float> { all[index * width..<(index + 1) * width] }
    let joined = JoinedRows([narrow, half])
    #expect(joined.type == .f32 && joined.count == 131)
    #expect(JoinedRows([narrow, narrow]).type == .bf16)
    let order = (0..<131).map { ($0 * 37 + 5) % 131 }
    let cases: [(any MatrixRows, [Int])] = [
      (joined, Array(0..<131)), (joined.reordered(order), order),
      (joined.rows(60..<100), Array(60..<100)),
      (joined.rows(60..<100).reordered([39, 0, 7]), [99, 60, 67]),
      (JoinedRows([narrow, narrow]), Array(0..<90) + Array(0..<90)),
    ]
    for (rows, places) in cases {
      let linear = try #require(
        try Linear(rows, .outerFirst, type: .f32, Kernels(pool: Self.threads)))
      #expect(held(linear) == places.flatMap { row($0).map(\.bitPattern) })
    }
  }

  @Test func aMatrixIsLookedUpAsItIsStored() throws {
    for stored in [WeightType.f32, .f16, .bf16] {
      let (rows, floats) = rows(stored, count: 3_000, width: 70, seed: 4)
      let matrix = try StoredMatrix(rows, Kernels(pool: Self.threads))
      #expect(matrix.byteCount == floats.count * (stored == .f32 ? 4 : 2))
      let row = FloatBuffer(count: 70)
      for index in [0, 1, 1_499, 2_999] {
        matrix.copyRow(index, to: row.pointer)
        #expect(row.floats == Array(floats[index * 70..<(index + 1) * 70]))
      }
    }
  }

  @Test(arguments: Linear.Layout.allCases) func allBytesThatAreTakenAreTold(layout: Linear.Layout)
    throws
  {
    let (rows, _) = rows(.bf16, count: 3_000, width: 700, seed: 5)
    for pool in [ThreadPool.single, Self.threads] {
      var told: [Int] = []
      _ = try Linear(rows, layout, type: .int8, Kernels(pool: pool)) { told.append($0) }
      #expect(told.reduce(0, +) == 3_000 * 700 * 2)
      #expect(told.allSatisfy { $0 >= 0 })
    }
  }

  /// Rows of which one cannot be taken.
  private struct BrokenRows: MatrixRows {
    let broken: [Int]
    let count = 10_000
    let width = 64
    let type = WeightType.f32

    func copy(_ rows: Range<Int>, to bytes: UnsafeMutableRawPointer) throws(FileError) {
      if let row = broken.first(where: rows.contains) {
        throw .badTensor(file: "file", tensor: "\(row)", flaw: .notFinite)
      }
    }
  }

  @Test func whatTakingRowsLeadsToIsThrown() throws {
    for pool in [ThreadPool.single, Self.threads] {
      for row in [0, 5_000, 9_999] {
        let error = #expect(throws: FileError.self) {
          try Linear(BrokenRows(broken: [row]), .outerFirst, type: .f32, Kernels(pool: pool))
        }
        guard case .badTensor(_, "\(row)", _)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
  }
}
