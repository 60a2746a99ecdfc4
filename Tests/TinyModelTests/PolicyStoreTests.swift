internal import Base
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// What the stores of cache policies hold and read, over random shapes, against plain definitions.
@Suite struct PolicyStoreTests {
  private func store(
    _ policy: String, _ shape: ModelConfiguration, capacity: Int
  ) throws -> any KVStore {
    Stores.make(
      Lane(name: "policy", cache: try CachePolicy(policy)), shape, capacity: capacity)
  }

  /// Rows of random numbers, each row of another size.
  private func rows(_ count: Int, _ width: Int, _ generator: inout SeededGenerator) -> [[Float]] {
    (0..<count).map { _ in
      generator.floats(width, scale: Float.random(in: 0.01...8, using: &generator))
    }
  }

  /// A shape, tokens of it, and what a store reads behind each of them, of its last layer.
  private struct Fed {
    let shape: ModelConfiguration
    let keys: [[Float]]
    let values: [[Float]]
    var read: [StoreContents] = []
    var positions: [[Int]] = []
    var bytes: [Int] = []

    var heads: Int { shape.kvHeads }
    var floatBytes: Int { 2 * shape.layers * shape.keyWidth * 4 }
  }

  private func feed(
    _ policy: String, seed: Int, tokens: Int, calibration: Int? = nil, isRotary: Bool = true
  ) throws -> Fed {
    var generator = SeededGenerator(seed: seed)
    let shape = try StoreContents.shape(
      layers: .random(in: 1...3, using: &generator), kvHeads: .random(in: 1...4, using: &generator),
      headDimension: 2 * .random(in: 1...20, using: &generator), isRotary: isRotary)
    let width = shape.keyWidth
    var fed = Fed(
      shape: shape, keys: rows(tokens, width, &generator), values: rows(tokens, width, &generator))
    let store = try store(policy, shape, capacity: tokens)
    store.calibrate(over: calibration ?? 1)
    for token in 0..<tokens {
      for layer in 0..<shape.layers {
        StoreContents.append(
          [fed.keys[token]], [fed.values[token]], to: store, layer: layer, position: token)
      }
      let last = shape.layers - 1
      fed.read.append(StoreContents(store, shape, layer: last))
      fed.positions.append(store.positions(layer: last).all)
      store.finishPass()
      fed.bytes.append(store.usedBytes)
      #expect(store.tokens == token + 1)
    }
    return fed
  }

  @Test(arguments: 0..<20) func aWindowReadsTheNewest(seed: Int) throws {
    let newest = 1 + seed % 19
    let fed = try feed("window:\(newest)", seed: seed, tokens: 40)
    for step in 0..<40 {
      let kept = Array(max(0, step + 1 - newest)...step)
      #expect(fed.positions[step] == kept)
      let expected = StoreContents(
        keys: kept.map { fed.keys[$0] }, values: kept.map { fed.values[$0] })
      #expect(fed.read[step] == expected)
      #expect(fed.bytes[step] == fed.floatBytes * kept.count)
    }
  }

  @Test(arguments: 0..<20) func sinksReadTheFirstAndTheNewest(seed: Int) throws {
    let (first, newest, isRotary) = (1 + seed % 5, 1 + seed % 17, seed % 2 == 0)
    let fed = try feed("sinks:\(first)+\(newest)", seed: seed, tokens: 40, isRotary: isRotary)
    let table = fed.shape.rules[0].rotary.map {
      RotaryTable($0, dimension: fed.shape.headDimension, positions: 40)
    }
    for step in 0..<40 {
      let kept = (0...step).filter { $0 < first || $0 > step - newest }
      #expect(fed.positions[step] == kept)
      let keys = kept.enumerated().map { slot, position in
        let key = FloatBuffer(fed.keys[position])
        if let table {
          Kernels.best.rotate(
            key.pointer, heads: fed.heads, headDimension: fed.shape.headDimension,
            cosines: table.cosines(slot), sines: table.sines(slot))
        }
        return key.floats
      }
      #expect(
        fed.read[step] == StoreContents(keys: keys, values: kept.map { fed.values[$0] }))
      #expect(fed.bytes[step] == fed.floatBytes * kept.count)
    }
  }

  /// Nobody has looked at any of them: all sums are 0.
  @Test func ofEqualSumsTheEarlierStays() throws {
    let fed = try feed("h2o:3+2", seed: 1, tokens: 20)
    for step in 0..<20 {
      let kept = (0...step).filter { $0 < 3 || $0 > step - 2 }
      #expect(fed.positions[step] == kept)
      #expect(
        fed.read[step]
          == StoreContents(keys: kept.map { fed.keys[$0] }, values: kept.map { fed.values[$0] }))
      #expect(fed.bytes[step] == fed.floatBytes * kept.count)
    }
  }

  @Test(arguments: 0..<20) func int8ReadsItsDefinition(seed: Int) throws {
    let fed = try feed("int8", seed: seed, tokens: 20)
    func read(_ rows: [[Float]], _ step: Int) -> [[Float]] {
      rows[...step].map { PlainCaches.int8($0, heads: fed.heads) }
    }
    for step in 0..<20 {
      #expect(
        fed.read[step]
          == StoreContents(keys: read(fed.keys, step), values: read(fed.values, step)))
      let token = 2 * fed.shape.layers * fed.heads * (fed.shape.headDimension + 4)
      #expect(fed.bytes[step] == token * (step + 1))
    }
  }

  @Test(arguments: 0..<10) func fp8ReadsItsDefinition(seed: Int) throws {
    let calibration = 1 + seed % 9
    let fed = try feed("fp8", seed: seed, tokens: 20, calibration: calibration)
    func scale(_ rows: [[Float]]) -> Float {
      (rows[..<calibration].joined().map(abs).max() ?? 0) / 448
    }
    func read(_ rows: [[Float]], _ step: Int) -> [[Float]] {
      let scale = scale(rows)
      guard step >= calibration else { return Array(rows[...step]) }
      return rows[...step].map { $0.map { PlainCaches.float8($0, scale: scale) } }
    }
    for step in 0..<20 {
      #expect(
        fed.read[step]
          == StoreContents(keys: read(fed.keys, step), values: read(fed.values, step)))
      let isFrozen = step + 1 >= calibration
      let bytes = fed.floatBytes * (step + 1)
      #expect(fed.bytes[step] == (isFrozen ? bytes / 4 + 8 * fed.shape.layers : bytes))
    }
  }

  @Test(arguments: 2...8, 0..<4) func kiviReadsItsDefinition(bits: Int, seed: Int) throws {
    let fed = try feed("kivi:\(bits)", seed: 10 * seed + bits, tokens: 70)
    let width = fed.shape.headDimension
    // Bytes of a token's packed values of one KV head.
    let value = stride(from: 0, to: width, by: 16).reduce(0) { sum, first in
      sum + (min(16, width - first) * bits + 7) / 8 + 8
    }
    for step in [0, 14, 15, 16, 30, 31, 32, 46, 47, 48, 63, 69] {
      let (keys, values) = (Array(fed.keys[...step]), Array(fed.values[...step]))
      let expected = StoreContents(
        keys: PlainCaches.kiviKeys(keys, bits: bits),
        values: PlainCaches.kiviValues(values, heads: fed.heads, bits: bits))
      #expect(fed.read[step] == expected, "step \(step)")
      let (tokens, groups) = (step + 1, max(0, (step + 1) / 16 - 1))
      let packedValues = max(0, tokens - 16)
      let exact = 4 * fed.heads * width * (2 * tokens - 16 * groups - packedValues)
      let keyBytes = groups * fed.heads * width * (2 * bits + 8)
      let bytes = exact + keyBytes + packedValues * fed.heads * value
      #expect(fed.bytes[step] == fed.shape.layers * bytes, "step \(step)")
    }
  }

  /// Numbers without a size, and none at all, end nothing.
  @Test(arguments: ["int8", "fp8", "kivi:2", "kivi:8"]) func anyFloatIsTaken(policy: String) throws
  {
    let shape = try StoreContents.shape(layers: 1, kvHeads: 1, headDimension: 4)
    let odd: [[Float]] = [
      [.nan, 1, .infinity, 0], [-.infinity, .nan, .nan, .nan],
      [.leastNonzeroMagnitude, 0, 0, -.leastNonzeroMagnitude],
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, 2], [0, 0, 0, -0],
    ]
    for first in odd {
      let store = try store(policy, shape, capacity: 40)
      store.calibrate(over: 1)
      for token in 0..<40 {
        let row = token == 0 ? first : odd[token % odd.count]
        StoreContents.append([row], [row], to: store, layer: 0, position: token)
        #expect(StoreContents(store, shape, layer: 0).keys.count == token + 1)
        store.finishPass()
      }
    }
  }

  @Test(arguments: [
    "full", "window:5", "window:90", "sinks:2+7", "sinks:40+60", "h2o:3+4", "h2o:90+1", "int8",
    "fp8", "kivi:2", "kivi:8",
  ]) func theRoomOfAStoreIsPlanned(policy: String) throws {
    let lane = Lane(name: "policy", cache: try CachePolicy(policy))
    for (heads, width, capacity) in [(1, 2, 1), (2, 6, 33), (3, 20, 70)] {
      for isRotary in [true, false] {
        let shape = try StoreContents.shape(
          layers: 2, kvHeads: heads, headDimension: width, isRotary: isRotary)
        let store = Stores.make(lane, shape, capacity: capacity)
        let slots = Stores.slots(lane, capacity: capacity)
        #expect(store.capacity == slots)
        let planned = Stores.bytes(lane, shape, slots: slots)
        switch store {
        case let store as FullStore: #expect(store.allocatedBytes == planned)
        case let store as SinksStore: #expect(store.allocatedBytes == planned)
        case let store as HeavyHitterStore: #expect(store.allocatedBytes == planned)
        case is WindowStore: #expect(FullStore.bytes(shape, capacity: slots) == planned)
        default:
          store.calibrate(over: capacity)
          let row = [Float](repeating: 1, count: heads * width)
          for token in 0..<capacity {
            for layer in 0..<2 {
              StoreContents.append([row], [row], to: store, layer: layer, position: token)
            }
            #expect(store.usedBytes <= planned.count)
          }
          store.finishPass()
          #expect(store.usedBytes <= planned.count)
        }
      }
    }
    // Whatever is asked for, nothing overflows.
    let shape = try StoreContents.shape(layers: 2, kvHeads: 2, headDimension: 64)
    #expect(Stores.bytes(lane, shape, slots: 1 << 60).count == .max)
  }
}
