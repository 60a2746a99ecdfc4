import BrokenKernels
import CKernels
internal import Kernels
import Testing

@testable import TinyModel

/// Counts are what the loops did, not what they were asked for: loops that end a step too early count a step less.
@Suite struct CountedWorkTests {
  /// Shapes with whole tiles and with parts of them; as many rows as go through the loop for one and for many.
  static let shapes = [(1, 5, 3), (1, 130, 70), (6, 128, 64), (13, 300, 130)].map {
    (rows: $0.0, inner: $0.1, outer: $0.2)
  }

  /// The kernels for each instruction set of this machine, sound and broken.
  static let tables = InstructionSet.available.map {
    (sound: Kernels($0).table, broken: broken_kernels(ck_instruction_set($0.rawValue)))
  }

  private func packed(_ type: WeightType, _ inner: Int, _ outer: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: inner)
    var bytes = [UInt8](repeating: 0, count: ck_packed_bytes(type.code, inner, outer))
    let matrix = generator.floats(inner * outer)
    bytes.withUnsafeMutableBufferPointer { room in
      guard let packed = room.baseAddress else { return }
      var packing = ck_packing(
        type: type.code, stored: WeightType.f32.code, inner: inner, outer: outer, by_output: 0,
        packed: packed)
      _ = Kernels.best.table.pack(&packing, matrix, 0, inner)
    }
    return bytes
  }

  @Test(arguments: shapes, WeightType.allCases)
  func aProductWhoseTilesEndTooEarlyCountsLess(
    shape: (rows: Int, inner: Int, outer: Int), type: WeightType
  ) {
    let (rows, inner, outer) = shape
    let weights = packed(type, inner, outer)
    let x = [Float](repeating: 1, count: rows * inner)
    var y = [Float](repeating: 0, count: rows * outer)
    let blocks = (inner + Int(CK_BLOCK) - 1) / Int(CK_BLOCK)
    for (sound, broken) in Self.tables {
      let whole = sound.matmul(nil, type.code, x, rows, inner, weights, outer, nil, &y, outer)
      #expect(whole == rows * inner * outer)
      let broken = broken.matmul(nil, type.code, x, rows, inner, weights, outer, nil, &y, outer)
      // A chain of each block lacks a step.
      #expect(broken == rows * (inner - blocks) * outer)
    }
  }

  @Test(arguments: [WeightType.f32, .f16, .bf16], [(1, 1), (70, 40), (96, 16)])
  func aRowWhoseLoopEndsTooEarlyCountsLess(type: WeightType, shape: (inner: Int, outer: Int)) {
    let (inner, outer) = shape
    let weights = [UInt8](repeating: 0, count: inner * outer * 4)
    let x = [Float](repeating: 1, count: inner)
    var y = [Float](repeating: 0, count: outer)
    for (sound, broken) in Self.tables {
      #expect(sound.multiply_rows(type.code, x, inner, weights, outer, nil, &y) == inner * outer)
      let less = broken.multiply_rows(type.code, x, inner, weights, outer, nil, &y)
      #expect(less == (inner - 1) * outer)
    }
  }

  @Test(arguments: [1, 2, 7], [3, 16, 40, 150])
  func attentionWhoseTilesEndTooEarlyCountsLess(rows: Int, length: Int) {
    let (width, group, stride) = (24, 3, KeyPanels.padded(length))
    let query = FloatBuffer(count: rows * group * width)
    let (keys, values) = (FloatBuffer(count: stride * width), FloatBuffer(count: length * 32))
    let scores = FloatBuffer(count: rows * group * stride)
    let (row, all) = (group * width, rows * group)
    for (sound, broken) in Self.tables {
      var (work, less) = (
        [ck_work](repeating: ck_work(), count: group), [ck_work](repeating: ck_work(), count: group)
      )
      let queries = ck_queries(first: query.pointer, rows: rows, row_stride: row, group: group)
      sound.scores(queries, keys.pointer, length, width, scores.pointer, stride, &work)
      broken.scores(queries, keys.pointer, length, width, scores.pointer, stride, &less)
      #expect(work.reduce(0) { $0 + $1.multiply_adds } == all * length * width)
      #expect(less.reduce(0) { $0 + $1.multiply_adds } == all * length * (width - 1))

      (work, less) = (work.map { _ in ck_work() }, work.map { _ in ck_work() })
      let outputs = ck_outputs(
        first: query.pointer, rows: rows, row_stride: row, group: group, head_stride: width)
      sound.weighted_values(
        scores.pointer, stride, values.pointer, 32, length, width, outputs, &work)
      broken.weighted_values(
        scores.pointer, stride, values.pointer, 32, length, width, outputs, &less)
      #expect(work.reduce(0) { $0 + $1.multiply_adds } == all * length * width)
      #expect(less.reduce(0) { $0 + $1.multiply_adds } == all * (length - 1) * width)
      #expect(less.allSatisfy { $0.sums == rows * width })
    }
  }

  @Test func fewerHeadsStoredAreFewerTokensCounted() throws {
    let folder = try TemporaryFolder()
    try folder.write(GPT2Shape(heads: 2, headDimension: 4), seed: 1)
    let shape = try Checkpoint(folder: folder.path).configuration
    let cache = FullStore(shape, capacity: 5)
    let rows = FloatBuffer(count: 3 * shape.queryKeyValueWidth)
    let new = KeyValueRows(
      keys: rows.pointer, values: rows.pointer, rows: 3, stride: shape.queryKeyValueWidth,
      position: 0)
    #expect(cache.append(new, layer: 0, .best) == 3)
    let stored = cache.read(layer: 0)
    let tokens = ck_tokens(
      keys: rows.pointer, values: rows.pointer, rows: 3, row_stride: shape.queryKeyValueWidth,
      heads: 1, d: 4, value_d: 4, position: 0, panels: stored.keys(kvHead: 0),
      rows_of_values: stored.values(kvHead: 0), key_stride: 64, head_stride: 80,
      value_stride: 16)
    #expect(Kernels.best.store(tokens) == 3)
  }
}
