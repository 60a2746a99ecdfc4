internal import Base
internal import Kernels
internal import Trace

/// Writes down what a lane's attention reads, step by step: K and V where they are not those that are known of a position.
final class ReadingRecorder {
  private let shape: ModelConfiguration
  /// What is known of K and V, by layer: what was read of a position last, or else what was computed of it.
  private var known: [Rows]
  private var layers: [StoreReading.Layer] = []
  private var queries: [Float] = []

  /// `[position][kv heads × head dimension]`, and the same of the values.
  private struct Rows {
    var keys: [Float] = []
    var values: [Float] = []
  }

  init(_ shape: ModelConfiguration) {
    self.shape = shape
    known = Array(repeating: Rows(), count: shape.layers)
  }

  /// What was read in the pass since this was asked last.
  func takeReading() -> StoreReading {
    defer { layers = [] }
    return StoreReading(layers: layers)
  }

  /// Bytes of what is kept of a lane's readings in a run, and of what is known meanwhile.
  ///
  /// A store writes a position down when it is appended, and once more when its form changes; one that numbers its slots
  /// may turn every key at every step, and a lane that computes everything anew may read everything anew.
  static func bytes(_ lane: Lane, _ shape: ModelConfiguration, _ run: RunPlan) -> Bytes {
    let isAnew = lane.cache == nil && lane.fault == .maskOff
    guard isAnew || !Stores.readsAsAppended(lane) else { return Bytes(0) }
    let (tokens, steps) = (run.longest, run.steps)
    let slots = Stores.slots(lane, capacity: tokens)
    let turnsAll = lane.cache?.retention.numbersSlots ?? isAnew
    let rows = turnsAll ? Bytes(slots) * steps : Bytes(2) * tokens
    let width = shape.keyWidth + shape.valueWidth + (isAnew ? shape.queryWidth : 0)
    let ranges = Bytes(steps) * ranges(lane, shape, slots: slots)
    let written = Bytes.floats(rows * width) + rows * MemoryLayout<Int>.stride
    let sums = sums(lane, shape, slots: slots) * steps
    let known = Bytes.floats(Bytes(tokens) * (shape.keyWidth + shape.valueWidth))
    return (written + known + sums + ranges * MemoryLayout<Range<Int>>.stride) * shape.layers
  }

  /// Bytes of the sums of weights that a lab keeps of a layer in one step.
  private static func sums(_ lane: Lane, _ shape: ModelConfiguration, slots: Int) -> Bytes {
    guard case .heavyHitters = lane.cache?.retention else { return Bytes(0) }
    return Bytes(slots) * shape.kvHeads * MemoryLayout<Double>.stride
  }

  /// Ranges of positions that a layer may read in one step.
  private static func ranges(_ lane: Lane, _ shape: ModelConfiguration, slots: Int) -> Int {
    // A position that is there twice is a range by itself; tokens that heads choose may be, and the newest are one.
    if lane.fault == .appendedTwice { return slots }
    guard case .heavyHitters(let heavy, _) = lane.cache?.retention else { return 2 }
    return (Bytes(min(heavy, slots)) + Bytes(1)).count * shape.kvHeads
  }
}

extension CachePolicy.Retention {
  /// Whether positions are those in the cache.
  fileprivate var numbersSlots: Bool {
    switch self {
    case .sinks: true
    case .full, .window, .heavyHitters: false
    }
  }
}

extension ReadingRecorder {
  /// Takes the rows of a pass behind `past` tokens: those that are new are known from now on.
  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, past: Int, layer: Int) {
    let width = shape.keyWidth
    let again = max(0, known[layer].keys.count / width - past)
    queries = []
    for row in 0..<rows {
      let query = queryKeyValue + row * shape.queryKeyValueWidth
      let key = query + shape.queryWidth
      guard row >= again else {
        queries += UnsafeBufferPointer(start: query, count: shape.queryWidth)
        continue
      }
      known[layer].keys += UnsafeBufferPointer(start: key, count: width)
      known[layer].values += UnsafeBufferPointer(
        start: key + width, count: shape.valueWidth)
    }
  }

  /// Takes what was read behind them.
  func saw(stored: StoredLayer, positions: Positions, layer: Int) {
    guard stored.positionsByHead.isEmpty else { return saw(byHead: stored, layer: layer) }
    var changed: [Int] = []
    var written = Rows()
    for (slot, position) in positions.all.enumerated() {
      let read = stored.row(slot, shape)
      guard learn(read.keys, read.values, at: position, layer: layer) else { continue }
      changed.append(slot)
      written.keys += read.keys
      written.values += read.values
    }
    layers.append(
      StoreReading.Layer(
        positions: positions, numbering: stored.positions == nil ? .slots : .text, changed: changed,
        keys: written.keys, values: written.values, queries: queries))
  }

  /// Takes what heads read that keep different tokens, all as they were computed.
  private func saw(byHead stored: StoredLayer, layer: Int) {
    layers.append(
      StoreReading.Layer(
        positions: stored.positionsByHead[0], positionsByHead: stored.positionsByHead,
        queries: queries))
  }

  /// Whether K and V are others than those known of a position, to the bit; they are known then.
  private func learn(_ keys: [Float], _ values: [Float], at position: Int, layer: Int) -> Bool {
    func isKnown(_ read: [Float], _ known: [Float]) -> Bool {
      zip(read, known[Self.range(of: position, read)]).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
    guard !isKnown(keys, known[layer].keys) || !isKnown(values, known[layer].values) else {
      return false
    }
    known[layer].keys.replaceSubrange(Self.range(of: position, keys), with: keys)
    known[layer].values.replaceSubrange(Self.range(of: position, values), with: values)
    return true
  }

  /// Where a position's row is among those of all positions.
  private static func range(of position: Int, _ row: [Float]) -> Range<Int> {
    position * row.count..<(position + 1) * row.count
  }
}

extension StoredLayer {
  /// K and V of a slot, of all KV heads side by side.
  func row(
    _ slot: Int, _ shape: ModelConfiguration
  ) -> (keys: [Float], values: [Float]) {
    var row: (keys: [Float], values: [Float]) = ([], [])
    for head in 0..<shape.kvHeads {
      row.keys += KeyPanels.key(
        slot, headDimension: shape.headDimension, in: keys(kvHead: head))
      row.values += UnsafeBufferPointer(
        start: values(kvHead: head) + slot * valueStride, count: shape.valueDimension)
    }
    return row
  }
}
