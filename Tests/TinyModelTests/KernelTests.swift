import CKernels
import Foundation
internal import Kernels
import ReferenceKernels
import Testing

@testable import TinyModel
internal import Trace

/// Every instruction set, and rows together or alone, give the same bits; and those bits are right: equal to the
/// reference where a kernel promises the order of its sums, near it elsewhere.
@Suite struct KernelTests {
  /// Those for each instruction set of this machine.
  static let all = InstructionSet.available.map { Kernels($0) }

  /// A random case; its description is printed when it fails.
  struct Shape: CustomStringConvertible {
    let seed: Int
    let rows: Int
    let width: Int
    let columns: Int
    var generator: SeededGenerator

    init(seed: Int) {
      generator = SeededGenerator(seed: seed)
      self.seed = seed
      rows = Int.random(in: 1...20, using: &generator)
      width = Int.random(in: 1...37, using: &generator)
      // The first cases walk through every width up to 70, the others are long.
      columns = seed < 70 ? seed + 1 : Int.random(in: 71...300, using: &generator)
    }

    var description: String { "seed \(seed): \(rows) rows, width \(width), columns \(columns)" }
  }

  private static let reference = Kernels(reference_kernels())

  /// Runs a kernel at every instruction set, all rows at once and row by row, and expects the same bits of all, and no
  /// number further from the reference than `bound`.
  ///
  /// - Returns: the numbers that all agree on.
  private func agreed(
    _ shape: Shape, count: Int, within bound: Float,
    _ compute: (Kernels, Range<Int>, FloatBuffer) -> Void
  ) throws -> [Float] {
    let reference = FloatBuffer(count: count)
    compute(Self.reference, 0..<shape.rows, reference)
    var results: [[UInt32]] = []
    for kernels in Self.all {
      let together = FloatBuffer(count: count)
      compute(kernels, 0..<shape.rows, together)
      let alone = FloatBuffer(count: count)
      for row in 0..<shape.rows { compute(kernels, row..<row + 1, alone) }
      results += [together.floats.map(\.bitPattern), alone.floats.map(\.bitPattern)]
    }
    #expect(results.allSatisfy { $0 == results[0] }, "\(shape)")
    let numbers = try #require(results.first).map(Float.init(bitPattern:))
    let isNear = zip(numbers, reference.floats).allSatisfy { abs($0 - $1) <= bound }
    #expect(isNear, "\(shape)")
    return numbers
  }

  /// Random keys in panels, which all agree on.
  private func keys(_ shape: inout Shape, length: Int, width: Int) throws -> FloatBuffer {
    let rows = FloatBuffer(shape.generator.floats(length * width))
    let panels = (Self.all + [Self.reference]).map { kernels in
      let panels = FloatBuffer(count: KeyPanels.padded(length) * width)
      // Stored in two parts, the second from the middle of a panel on.
      for part in [0..<length / 3, length / 3..<length] {
        kernels.table.store_keys(
          rows.pointer + part.lowerBound * width, part.count, width, width, part.lowerBound,
          panels.pointer)
      }
      return panels
    }
    #expect(panels.allSatisfy { $0.floats == panels[0].floats }, "\(shape)")
    return try #require(panels.last)
  }

  @Test(arguments: 0..<80) func scoresAreOneChainOfFusedMultiplyAdds(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (width, length, group) = (shape.width, shape.columns, 1 + seed % 4)
    let stride = KeyPanels.padded(length) + 16
    let queryStride = group * width + 1
    let query = FloatBuffer(shape.generator.floats(shape.rows * queryStride))
    let panels = try keys(&shape, length: length, width: width)
    _ = try agreed(shape, count: shape.rows * group * stride, within: 0) { kernels, range, out in
      var work = [ck_work](repeating: ck_work(), count: group)
      kernels.scores(
        query: query.pointer + range.lowerBound * queryStride, rows: range.count,
        queryStride: queryStride, group: group, keys: panels.pointer, length: length,
        headDimension: width, into: out.pointer + range.lowerBound * group * stride, stride: stride,
        work: &work)
      for head in work {
        #expect(head.sums == range.count * length)
        #expect(head.multiply_adds == range.count * length * width)
      }
    }
  }

  @Test(arguments: 0..<80) func tokensAreKeptWithTheirHeads(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (heads, width, capacity) = (1 + seed % 5, shape.width, shape.rows + seed % 40)
    let valueWidth = seed % 3 == 0 ? width : 1 + (seed * 7) % 50
    let stride = heads * max(width, valueWidth) + seed % 7
    let keyStride = KeyPanels.padded(capacity) * width
    let valueStride = ValueRows.stride(headDimension: valueWidth)
    let new = FloatBuffer(shape.generator.floats(2 * shape.rows * stride))
    let count = heads * (keyStride + capacity * valueStride)
    _ = try agreed(shape, count: count, within: 0) { kernels, range, out in
      let stored = kernels.store(
        ck_tokens(
          keys: new.pointer + range.lowerBound * stride,
          values: new.pointer + (shape.rows + range.lowerBound) * stride, rows: range.count,
          row_stride: stride, heads: heads, d: width, value_d: valueWidth,
          position: capacity - shape.rows + range.lowerBound, panels: out.pointer,
          rows_of_values: out.pointer + heads * keyStride, key_stride: keyStride,
          head_stride: capacity * valueStride, value_stride: valueStride))
      #expect(stored == heads * range.count)
    }
  }

  @Test(arguments: 0..<80) func softmaxRowsSumToOneAndMaskedCellsAreExactlyZero(seed: Int) throws {
    var shape = Shape(seed: seed)
    let length = shape.columns
    let first = max(0, length - shape.rows)
    let scores = shape.generator.floats(shape.rows * length, scale: 30)
    let scale: Float = 1 / Float(shape.width).squareRoot()
    let weights = try agreed(shape, count: shape.rows * length, within: 1e-6) {
      kernels, range, out in
      let start = out.pointer + range.lowerBound * length
      start.update(from: Array(scores[(range.lowerBound * length)...]), count: range.count * length)
      let masked = AttentionMask().apply(
        to: start, rows: range.count, stride: length, firstPosition: first + range.lowerBound,
        length: length)
      #expect(masked == range.reduce(0) { $0 + max(0, length - 1 - first - $1) })
      for row in range {
        kernels.softmax(
          start + (row - range.lowerBound) * length, visible: min(length, first + row + 1),
          length: length, scale: scale)
      }
    }
    for row in 0..<shape.rows {
      let visible = min(length, first + row + 1)
      let computed = weights[row * length..<(row + 1) * length]
      #expect(computed.dropFirst(visible).allSatisfy { $0.bitPattern == 0 }, "\(shape)")
      #expect(abs(computed.reduce(0.0) { $0 + Double($1) } - 1) < 1e-5, "\(shape)")
    }
  }

  @Test(arguments: 0..<80) func weightedValuesAreSumsOverPositions(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (width, length, group) = (shape.width, shape.columns, 1 + seed % 4)
    let (outStride, valueStride) = (group * width + 2, ValueRows.stride(headDimension: width))
    let weights = FloatBuffer(shape.generator.floats(shape.rows * group * length))
    let values = FloatBuffer(count: length * valueStride)
    for position in 0..<length {
      (values.pointer + position * valueStride)
        .update(from: shape.generator.floats(width), count: width)
    }
    // All columns at once, or in two parts.
    let cut = min(width, seed % 5 * ValueRows.vector)
    let parts = [0..<cut, cut..<width].filter { !$0.isEmpty }
    let out = try agreed(shape, count: shape.rows * outStride, within: 0) { kernels, range, out in
      var work = [ck_work](repeating: ck_work(), count: group)
      for columns in parts {
        kernels.weightedValues(
          weights: weights.pointer + range.lowerBound * group * length, stride: length,
          values: values.pointer, valueStride: valueStride, length: length, headDimension: width,
          columns: columns, into: out.pointer + range.lowerBound * outStride, rows: range.count,
          outStride: outStride, group: group, work: &work)
      }
      for head in work {
        #expect(head.sums == range.count * width)
        #expect(head.multiply_adds == range.count * length * width)
      }
    }
    for row in 0..<shape.rows {
      #expect(out[(row + 1) * outStride - 2] == 0 && out[(row + 1) * outStride - 1] == 0)
    }
  }

  @Test(arguments: 0..<80) func layerNormsAreThoseOfTheDefinition(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let x = shape.generator.floats(shape.rows * width, scale: 4).map { $0 + 3 }
    let layerNorm = LayerNorm(
      gain: FloatBuffer(shape.generator.floats(width)),
      bias: FloatBuffer(shape.generator.floats(width)), epsilon: 1e-3)
    let buffer = FloatBuffer(x)
    _ = try agreed(shape, count: shape.rows * width, within: 1e-4) { kernels, range, out in
      kernels.norm(
        buffer.pointer + range.lowerBound * width, rows: range.count, .layer(layerNorm),
        into: out.pointer + range.lowerBound * width)
    }
  }

  @Test(arguments: 0..<80) func rmsNormsAreThoseOfTheDefinition(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let x = shape.generator.floats(shape.rows * width, scale: 4)
    let gain = FloatBuffer(shape.generator.floats(width))
    let buffer = FloatBuffer(x)
    _ = try agreed(shape, count: shape.rows * width, within: 1e-5) { kernels, range, out in
      kernels.norm(
        buffer.pointer + range.lowerBound * width, rows: range.count,
        .rootMeanSquare(RMSNorm(gain: gain, epsilon: 1e-3)),
        into: out.pointer + range.lowerBound * width)
    }
  }

  @Test(arguments: 0..<80) func eachHeadHasANormOfItsOwn(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (heads, width) = (1 + seed % 5, shape.width)
    // What lies between the heads of one row and those of the next stays as it is.
    let stride = heads * width + seed % 7
    let x = shape.generator.floats(shape.rows * stride, scale: 4)
    let norm = RMSNorm(gain: FloatBuffer(shape.generator.floats(width)), epsilon: 1e-3)
    let out = try agreed(shape, count: x.count, within: 1e-5) { kernels, range, out in
      let start = out.pointer + range.lowerBound * stride
      let count = range.count * stride
      start.update(from: Array(x[(range.lowerBound * stride)...].prefix(count)), count: count)
      kernels.normHeads(start, rows: range.count, rowStride: stride, heads: heads, norm)
    }
    for row in 0..<shape.rows {
      let between = row * stride + heads * width..<(row + 1) * stride
      #expect(out[between] == x[between], "\(shape)")
    }
  }

  @Test(arguments: 0..<80) func pairsTurnByTheirAngles(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (heads, half) = (1 + seed % 5, shape.width)
    let width = 2 * half
    let x = shape.generator.floats(shape.rows * heads * width)
    let theta: Float = 10_000
    let table = RotaryTable(
      RotaryEmbedding(theta: theta, scaling: .none), dimension: width, positions: shape.rows)
    let out = try agreed(shape, count: x.count, within: 1e-6) { kernels, range, out in
      for row in range {
        let start = out.pointer + row * heads * width
        start.update(from: Array(x[(row * heads * width)...]), count: heads * width)
        kernels.rotate(
          start, heads: heads, headDimension: width, cosines: table.cosines(row),
          sines: table.sines(row))
      }
    }
    for row in 0..<shape.rows {
      for (head, pair) in (0..<heads).flatMap({ head in (0..<half).map { (head, $0) } }) {
        let place = (row * heads + head) * width + pair
        let (a, b) = (Double(x[place]), Double(x[place + half]))
        let angle = Double(row) * pow(Double(theta), -Double(pair) / Double(half))
        #expect(abs(Double(out[place]) - (a * cos(angle) - b * sin(angle))) < 1e-5, "\(shape)")
        #expect(
          abs(Double(out[place + half]) - (b * cos(angle) + a * sin(angle))) < 1e-5, "\(shape)")
      }
    }
  }

  @Test(arguments: 0..<40) func whatLiesBehindTheTurnedPartOfAHeadStays(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (heads, turned) = (1 + seed % 5, 2 * shape.width)
    let width = turned + 1 + seed % 7
    let x = shape.generator.floats(shape.rows * heads * width)
    let table = RotaryTable(
      RotaryEmbedding(theta: 500, scaling: .none), dimension: turned, positions: shape.rows)
    let out = try agreed(shape, count: x.count, within: 1e-6) { kernels, range, out in
      for row in range {
        let start = out.pointer + row * heads * width
        start.update(from: Array(x[(row * heads * width)...]), count: heads * width)
        kernels.rotate(
          start, heads: heads, headDimension: width, turned: turned, cosines: table.cosines(row),
          sines: table.sines(row))
      }
    }
    for head in 0..<shape.rows * heads {
      let rest = head * width + turned..<(head + 1) * width
      #expect(out[rest] == x[rest], "\(shape)")
    }
  }

  @Test(arguments: 0..<80, GateActivation.allCases) func theGateIsItsActivationTimesTheWayUp(
    seed: Int, activation: GateActivation
  ) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let gate = shape.generator.floats(shape.rows * width, scale: 12)
    let up = FloatBuffer(shape.generator.floats(shape.rows * width))
    _ = try agreed(shape, count: shape.rows * width, within: 2e-6) { kernels, range, out in
      let first = range.lowerBound * width
      (out.pointer + first).update(from: Array(gate[first...]), count: range.count * width)
      kernels.gate(
        out.pointer + first, up: up.pointer + first, rows: range.count, width: width, activation)
    }
  }

  @Test(arguments: [-3e38, -1e10, -100, -0.0, 0, 1e-38, 88, 100, 1e10, 3e38] as [Float])
  func theGateOfAnExtremeIsTheValueOrZero(value: Float) {
    for (kernels, activation) in Self.all.flatMap({ kernels in
      GateActivation.allCases.map { (kernels, $0) }
    }) {
      let (gate, up) = (FloatBuffer([value]), FloatBuffer([1]))
      kernels.gate(gate.pointer, up: up.pointer, rows: 1, width: 1, activation)
      #expect(gate.floats[0] == (value > 50 ? value : value < -50 ? 0 : value / 2))
    }
  }

  @Test(arguments: [1, 2, 5, 40], [0, 3, 9]) func aWindowHidesAllButTheNewestKeys(
    window: Int, first: Int
  ) {
    let (rows, length) = (8, first + 8)
    let scores = FloatBuffer(Array(repeating: 1, count: rows * length))
    let mask = AttentionMask(window: window)
    let masked = mask.apply(
      to: scores.pointer, rows: rows, stride: length, firstPosition: first, length: length)
    var hidden = 0
    for row in 0..<rows {
      for column in 0..<length {
        let isSeen = column <= first + row && column > first + row - window
        #expect(scores.pointer[row * length + column] == (isSeen ? 1 : -.infinity))
        #expect(mask.hides(key: column, fromQuery: first + row) == !isSeen)
        hidden += isSeen ? 0 : 1
      }
    }
    #expect(masked == hidden)
  }

  @Test(arguments: [nil, 1, 3, 40], [0, 4, 30]) func aMaskGoesByThePositionsOfTheSlots(
    window: Int?, first: Int
  ) {
    var keys = Positions(0..<3)
    for run in [2..<4, 9..<12, 30..<36, 7..<8] { keys.append(run) }
    let (rows, all, stride) = (6, keys.all, 20)
    for mask in [AttentionMask(window: window), .off] {
      let scores = FloatBuffer(Array(repeating: 1, count: rows * stride))
      let masked = mask.apply(
        to: scores.pointer, rows: rows, stride: stride, firstPosition: first, keys: keys)
      var hidden = 0
      for row in 0..<rows {
        for slot in 0..<stride {
          let isHidden = slot < all.count && mask.hides(key: all[slot], fromQuery: first + row)
          #expect(scores.pointer[row * stride + slot] == (isHidden ? -.infinity : 1))
          hidden += isHidden ? 1 : 0
        }
      }
      #expect(masked == hidden && (mask.isOn || hidden == 0))
    }
  }

  @Test(arguments: 0..<80, Activation.allCases) func activationsAreTheirDefinitions(
    seed: Int, activation: Activation
  ) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let x = shape.generator.floats(shape.rows * width, scale: 12)
    _ = try agreed(shape, count: shape.rows * width, within: 2e-6) { kernels, range, out in
      let start = out.pointer + range.lowerBound * width
      start.update(from: Array(x[(range.lowerBound * width)...]), count: range.count * width)
      kernels.activate(start, rows: range.count, width: width, activation)
    }
  }

  @Test(arguments: [-3e38, -1e10, -100, -0.0, 0, 1e-38, 88, 100, 1e10, 3e38] as [Float])
  func anActivationOfAnExtremeIsTheValueOrZero(value: Float) {
    for (kernels, activation) in Self.all.flatMap({ kernels in
      Activation.allCases.map { (kernels, $0) }
    }) {
      let buffer = FloatBuffer([value])
      kernels.activate(buffer.pointer, rows: 1, width: 1, activation)
      let small = activation == .relu ? max(value, 0) : value / 2
      #expect(buffer.floats[0] == (value > 50 ? value : value < -50 ? 0 : small))
    }
  }

  @Test(arguments: 0..<80) func sumsAreThoseOfPairs(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let y = FloatBuffer(shape.generator.floats(shape.rows * width))
    _ = try agreed(shape, count: shape.rows * width, within: 0) { kernels, range, out in
      let first = range.lowerBound * width
      (out.pointer + first).update(repeating: Float(seed), count: range.count * width)
      kernels.add(y.pointer + first, to: out.pointer + first, rows: range.count, width: width)
    }
  }

  @Test func theLargestDifferenceTellsNotANumber() {
    func difference(_ a: [Float], _ b: [Float]) -> Float {
      let (a, b) = (FloatBuffer(a), FloatBuffer(b))
      return Kernels.best.maxAbsDifference(a.pointer, b.pointer, count: a.count)
    }
    #expect(difference([1, 2, -3], [1, 2.5, -5]) == 2)
    #expect(difference([0], [-0.0]) == 0)
    #expect(difference([], []) == 0)
    #expect(difference([.infinity, 1], [1, 1]) == .infinity)
    for place in 0..<40 {
      var a = [Float](repeating: 1, count: 40)
      a[place] = .nan
      #expect(difference(a, [Float](repeating: 9, count: 40)).isNaN)
      a[place] = .infinity
      #expect(!FloatBuffer(a).isFinite)
      #expect(difference(a, a).isNaN)
    }
    #expect(FloatBuffer([1, -3e38, .leastNonzeroMagnitude]).isFinite)
  }
}
