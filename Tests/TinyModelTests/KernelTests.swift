import CKernels
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Every instruction set, and rows together or alone, give the same bits; and those bits are right.
@Suite struct KernelTests {
  /// Every level of this machine.
  static let levels = (0...Kernels.best.level).map { Kernels(level: $0) }

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

  /// Runs a kernel at every level, all rows at once and row by row, and expects the same bits of all.
  ///
  /// - Returns: the numbers that all agree on.
  private func agreed(
    _ shape: Shape, count: Int, _ compute: (Kernels, Range<Int>, FloatBuffer) -> Void
  ) throws -> [Float] {
    var results: [[UInt32]] = []
    for kernels in Self.levels {
      let together = FloatBuffer(count: count)
      compute(kernels, 0..<shape.rows, together)
      let alone = FloatBuffer(count: count)
      for row in 0..<shape.rows { compute(kernels, row..<row + 1, alone) }
      results += [together.floats.map(\.bitPattern), alone.floats.map(\.bitPattern)]
    }
    #expect(results.allSatisfy { $0 == results[0] }, "\(shape)")
    return try #require(results.first).map(Float.init(bitPattern:))
  }

  /// Keys row by row, and the same in panels.
  private func keys(
    _ shape: inout Shape, length: Int, width: Int
  ) -> (rows: [Float], panels: FloatBuffer) {
    let rows = shape.generator.floats(length * width)
    let panels = FloatBuffer(count: KeyPanels.padded(length) * width)
    // Stored in two parts, the second from the middle of a panel on.
    for part in [0..<length / 3, length / 3..<length] {
      let source = FloatBuffer(Array(rows[(part.lowerBound * width)...]))
      KeyPanels.store(
        source.pointer, rows: part.count, rowStride: width, headDimension: width,
        at: part.lowerBound,
        in: panels.pointer)
    }
    return (rows, panels)
  }

  @Test(arguments: 0..<80) func scoresAreOneChainOfFusedMultiplyAdds(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (width, length, group) = (shape.width, shape.columns, 1 + seed % 4)
    let stride = KeyPanels.padded(length) + 16
    let queryStride = group * width + 1
    let query = FloatBuffer(shape.generator.floats(shape.rows * queryStride))
    let (keys, panels) = keys(&shape, length: length, width: width)
    let scores = try agreed(shape, count: shape.rows * group * stride) { kernels, range, out in
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
    for row in 0..<shape.rows * group {
      for column in 0..<length {
        var sum: Float = 0
        for i in 0..<width {
          let q = query.pointer[row / group * queryStride + row % group * width + i]
          sum.addProduct(q, keys[column * width + i])
        }
        #expect(scores[row * stride + column] == sum, "\(shape)")
      }
    }
  }

  @Test(arguments: 0..<80) func softmaxRowsSumToOneAndMaskedCellsAreExactlyZero(seed: Int) throws {
    var shape = Shape(seed: seed)
    let length = shape.columns
    let first = max(0, length - shape.rows)
    let scores = shape.generator.floats(shape.rows * length, scale: 30)
    let scale: Float = 1 / Float(shape.width).squareRoot()
    let weights = try agreed(shape, count: shape.rows * length) { kernels, range, out in
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
      let values = scores[row * length..<row * length + visible].map { Double($0) * Double(scale) }
      let largest = try #require(values.max())
      let total = values.reduce(0) { $0 + exp($1 - largest) }
      let computed = weights[row * length..<(row + 1) * length]
      #expect(computed.dropFirst(visible).allSatisfy { $0.bitPattern == 0 }, "\(shape)")
      #expect(abs(computed.reduce(0.0) { $0 + Double($1) } - 1) < 1e-5, "\(shape)")
      for (weight, value) in zip(computed, values) {
        #expect(abs(Double(weight) - exp(value - largest) / total) < 1e-6, "\(shape)")
      }
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
    let out = try agreed(shape, count: shape.rows * outStride) { kernels, range, out in
      var work = [ck_work](repeating: ck_work(), count: group)
      kernels.weightedValues(
        weights: weights.pointer + range.lowerBound * group * length, stride: length,
        values: values.pointer, valueStride: valueStride, length: length, headDimension: width,
        into: out.pointer + range.lowerBound * outStride, rows: range.count, outStride: outStride,
        group: group, work: &work)
      for head in work {
        #expect(head.sums == range.count * width)
        #expect(head.multiply_adds == range.count * length * width)
      }
    }
    for row in 0..<shape.rows {
      #expect(out[(row + 1) * outStride - 2] == 0 && out[(row + 1) * outStride - 1] == 0)
      for (head, column) in (0..<group).flatMap({ head in (0..<width).map { (head, $0) } }) {
        var sum: Float = 0
        for j in 0..<length {
          sum.addProduct(
            weights.pointer[(row * group + head) * length + j],
            values.pointer[j * valueStride + column])
        }
        #expect(out[row * outStride + head * width + column] == sum, "\(shape)")
      }
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
    let out = try agreed(shape, count: shape.rows * width) { kernels, range, out in
      kernels.norm(
        buffer.pointer + range.lowerBound * width, rows: range.count, .layer(layerNorm),
        into: out.pointer + range.lowerBound * width)
    }
    for row in 0..<shape.rows {
      let values = x[row * width..<(row + 1) * width].map(Double.init)
      let mean = values.reduce(0, +) / Double(width)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      for (column, value) in values.enumerated() {
        let expected =
          (value - mean) / (variance + 1e-3).squareRoot() * Double(layerNorm.gain.pointer[column])
          + Double(layerNorm.bias.pointer[column])
        #expect(abs(Double(out[row * width + column]) - expected) < 1e-4, "\(shape)")
      }
    }
  }

  @Test(arguments: 0..<80) func rmsNormsAreThoseOfTheDefinition(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let x = shape.generator.floats(shape.rows * width, scale: 4)
    let gain = FloatBuffer(shape.generator.floats(width))
    let buffer = FloatBuffer(x)
    let out = try agreed(shape, count: shape.rows * width) { kernels, range, out in
      kernels.norm(
        buffer.pointer + range.lowerBound * width, rows: range.count,
        .rootMeanSquare(RMSNorm(gain: gain, epsilon: 1e-3)),
        into: out.pointer + range.lowerBound * width)
    }
    for row in 0..<shape.rows {
      let values = x[row * width..<(row + 1) * width].map(Double.init)
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(width)
      for (column, value) in values.enumerated() {
        let expected = value / (square + 1e-3).squareRoot() * Double(gain.pointer[column])
        #expect(abs(Double(out[row * width + column]) - expected) < 1e-5, "\(shape)")
      }
    }
  }

  @Test(arguments: 0..<80) func eachHeadHasANormOfItsOwn(seed: Int) throws {
    var shape = Shape(seed: seed)
    let (heads, width) = (1 + seed % 5, shape.width)
    // What lies between the heads of one row and those of the next stays as it is.
    let stride = heads * width + seed % 7
    let x = shape.generator.floats(shape.rows * stride, scale: 4)
    let norm = RMSNorm(gain: FloatBuffer(shape.generator.floats(width)), epsilon: 1e-3)
    let out = try agreed(shape, count: x.count) { kernels, range, out in
      let start = out.pointer + range.lowerBound * stride
      let count = range.count * stride
      start.update(from: Array(x[(range.lowerBound * stride)...].prefix(count)), count: count)
      kernels.normHeads(start, rows: range.count, rowStride: stride, heads: heads, norm)
    }
    for row in 0..<shape.rows {
      for head in 0..<heads {
        let start = row * stride + head * width
        let values = x[start..<start + width].map(Double.init)
        let square = values.reduce(0) { $0 + $1 * $1 } / Double(width)
        for (column, value) in values.enumerated() {
          let gain = Double(norm.gain.pointer[column])
          let expected = value / (square + 1e-3).squareRoot() * gain
          #expect(abs(Double(out[start + column]) - expected) < 1e-5, "\(shape)")
        }
      }
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
      RotaryEmbedding(theta: theta, scaling: .none), headDimension: width, positions: shape.rows)
    let out = try agreed(shape, count: x.count) { kernels, range, out in
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

  @Test(arguments: 0..<80) func theGateIsSiLUTimesTheWayUp(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let gate = shape.generator.floats(shape.rows * width, scale: 12)
    let up = FloatBuffer(shape.generator.floats(shape.rows * width))
    let out = try agreed(shape, count: shape.rows * width) { kernels, range, out in
      let first = range.lowerBound * width
      (out.pointer + first).update(from: Array(gate[first...]), count: range.count * width)
      kernels.siluMultiply(
        out.pointer + first, up: up.pointer + first, rows: range.count, width: width)
    }
    for (index, value) in gate.map(Double.init).enumerated() {
      let expected = value / (1 + exp(-value)) * Double(up.pointer[index])
      #expect(abs(Double(out[index]) - expected) < 2e-6, "\(shape)")
    }
  }

  @Test(arguments: [-3e38, -1e10, -100, -0.0, 0, 1e-38, 88, 100, 1e10, 3e38] as [Float])
  func siluOfAnExtremeIsTheValueOrZero(value: Float) {
    for kernels in Self.levels {
      let (gate, up) = (FloatBuffer([value]), FloatBuffer([1]))
      kernels.siluMultiply(gate.pointer, up: up.pointer, rows: 1, width: 1)
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

  @Test(arguments: 0..<80) func geluIsTheTanhForm(seed: Int) throws {
    var shape = Shape(seed: seed)
    let width = shape.columns
    let x = shape.generator.floats(shape.rows * width, scale: 12)
    let out = try agreed(shape, count: shape.rows * width) { kernels, range, out in
      let start = out.pointer + range.lowerBound * width
      start.update(from: Array(x[(range.lowerBound * width)...]), count: range.count * width)
      kernels.gelu(start, rows: range.count, width: width)
    }
    for (value, computed) in zip(x.map(Double.init), out) {
      let inner = (2 / Double.pi).squareRoot() * (value + 0.044715 * value * value * value)
      #expect(abs(Double(computed) - 0.5 * value * (1 + tanh(inner))) < 2e-6, "\(shape)")
    }
  }

  @Test(arguments: [-3e38, -1e10, -100, -0.0, 0, 1e-38, 88, 100, 1e10, 3e38] as [Float])
  func geluOfAnExtremeIsTheValueOrZero(value: Float) {
    for kernels in Self.levels {
      let buffer = FloatBuffer([value])
      kernels.gelu(buffer.pointer, rows: 1, width: 1)
      #expect(buffer.floats[0] == (value > 50 ? value : value < -50 ? 0 : value / 2))
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
