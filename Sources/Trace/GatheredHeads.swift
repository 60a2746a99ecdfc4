internal import Kernels
internal import Synchronization

/// K and V of one head for the first tokens of a run, as the kernels read them.
///
/// A value: what grows is its owner's alone, or is copied first.
struct HeadRows: Sendable {
  /// In panels; those behind `length` are nobody's.
  private(set) var keys: FloatBuffer
  /// `[position][valueStride]`.
  private(set) var values: FloatBuffer
  /// Tokens gathered.
  private(set) var length = 0
  private var capacity = 0
  /// The keys of each step that were copied: which run this is of, and how far.
  private var sources: [[Float]] = []
  private let lane: Int
  private let layer: Int
  private let kvHead: Int
  private let headDimension: Int
  private let valueDimension: Int
  private let heads: Int

  init(_ model: ModelDescription, lane: Int, layer: Int, kvHead: Int) {
    self.lane = lane
    self.layer = layer
    self.kvHead = kvHead
    headDimension = model.headDimension
    valueDimension = model.valueDimension
    heads = model.kvHeads
    keys = FloatBuffer(count: 0)
    values = keys
  }

  /// K and V that a lane's attention read, slot by slot; they do not grow.
  init(_ model: ModelDescription, lane: Int, layer: Int, kvHead: Int, read rows: ReadRows) {
    self.init(model, lane: lane, layer: layer, kvHead: kvHead)
    append(rows.keys, rows.values, heads: 1, head: 0)
  }

  private var valueStride: Int { ValueRows.stride(headDimension: valueDimension) }

  /// How many floats it holds.
  var floats: Int { keys.count + values.count }

  /// Whether it was gathered from the beginning of this run: a run's steps only ever join at its end, so the last one says it.
  func isBeginning(of trace: Trace) -> Bool {
    let count = min(sources.count, trace.steps.count)
    guard count > 0 else { return true }
    return sources[count - 1].isSame(as: trace.steps[count - 1].activations(of: lane).keys[layer])
  }

  /// Gathers the steps up to the one that fed the last of `length` tokens.
  mutating func grow(to length: Int, of trace: Trace) {
    guard self.length < length else { return }
    makeRoom(for: length)
    if let source = trace.source { return read(self.length..<length, of: source) }
    while self.length < length, sources.count < trace.steps.count {
      append(trace.steps[sources.count].activations(of: lane))
    }
  }

  private mutating func append(_ rows: Activations) {
    append(rows.keys[layer], rows.values[layer], heads: heads, head: kvHead)
    sources.append(rows.keys[layer])
  }

  private mutating func read(_ positions: Range<Int>, of source: any RowSource) {
    append(
      source.rows(.key, layer: layer, head: kvHead, positions),
      source.rows(.value, layer: layer, head: kvHead, positions), heads: 1, head: 0)
  }

  /// Appends one head's part of rows of `heads` heads side by side.
  private mutating func append(
    _ newKeys: [Float], _ newValues: [Float], heads: Int, head: Int
  ) {
    let count = newKeys.count / (heads * headDimension)
    makeRoom(for: length + count)
    newKeys.withUnsafeBufferPointer { floats in
      guard let base = floats.baseAddress else { return }
      KeyPanels.store(
        base + head * headDimension, rows: count, rowStride: heads * headDimension,
        headDimension: headDimension, at: length, in: keys.pointer)
    }
    newValues.withUnsafeBufferPointer { floats in
      guard let base = floats.baseAddress else { return }
      for row in 0..<count {
        (values.pointer + (length + row) * valueStride)
          .update(from: base + (row * heads + head) * valueDimension, count: valueDimension)
      }
    }
    length += count
  }

  /// Makes the buffers this value's own, and large enough.
  private mutating func makeRoom(for length: Int) {
    let isOwn = isKnownUniquelyReferenced(&keys) && isKnownUniquelyReferenced(&values)
    guard capacity < length || !isOwn else { return }
    if capacity < length { capacity = KeyPanels.padded(length + length / 4) }
    keys = keys.copy(count: capacity * headDimension)
    values = values.copy(count: capacity * valueStride)
  }
}

extension FloatBuffer {
  /// As many of the floats as there are, then zeros.
  fileprivate func copy(count: Int) -> FloatBuffer {
    let copy = FloatBuffer(count: count)
    copy.pointer.update(from: pointer, count: min(count, self.count))
    return copy
  }
}

extension [Float] {
  /// Whether both are the same memory: what is held by two cannot be changed.
  fileprivate func isSame(as other: [Float]) -> Bool {
    withUnsafeBufferPointer { own in
      other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress && own.count == $0.count }
    }
  }
}

/// The heads that somebody looked at, kept with the run, so that the next look gathers only what the steps since brought.
///
/// What is found is what would be gathered anew: a head is kept by the rows that it was gathered from.
final class GatheredHeads: Sendable {
  private struct Place: Hashable {
    let lane: Int
    let layer: Int
    let kvHead: Int
  }

  private struct Kept {
    var rows: HeadRows
    var lastLook: Int
  }

  private struct Shelf {
    var heads: [Place: Kept] = [:]
    var looks = 0
    var floats = 0

    /// Takes a head off.
    mutating func take(_ place: Place) -> HeadRows? {
      guard let kept = heads.removeValue(forKey: place) else { return nil }
      floats -= kept.rows.floats
      return kept.rows
    }

    /// Keeps a head where there is room beside those that were looked at of late.
    mutating func keep(_ rows: HeadRows, at place: Place, most: Int) {
      while floats + rows.floats > most,
        let oldest = heads.min(by: { $0.value.lastLook < $1.value.lastLook }),
        looks - oldest.value.lastLook > GatheredHeads.recentLooks
      {
        _ = take(oldest.key)
      }
      guard floats + rows.floats <= most else { return }
      floats += rows.floats
      heads[place] = Kept(rows: rows, lastLook: looks)
    }
  }

  /// Floats that may be kept: 32 MiB.
  private static let most = 8 << 20
  /// A head that was not among the last looks makes way; a screen looks at fewer at once.
  private static let recentLooks = 256

  private let most: Int
  private let shelf = Mutex(Shelf())

  init(most: Int = GatheredHeads.most) { self.most = most }

  /// Floats that are kept.
  var floats: Int { shelf.withLock { $0.floats } }

  /// K and V of a lane's head for at least the first `length` tokens of a run.
  func rows(of trace: Trace, lane: Int = 0, length: Int, layer: Int, kvHead: Int) -> HeadRows {
    // A lane that computed what the reference did shares its rows.
    let lane = trace.hasOwnActivations(lane: lane) ? lane : 0
    let place = Place(lane: lane, layer: layer, kvHead: kvHead)
    return shelf.withLock { shelf in
      shelf.looks += 1
      let nothing = HeadRows(trace.model, lane: lane, layer: layer, kvHead: kvHead)
      // Held by nobody else, so that it grows where it is.
      var rows = shelf.take(place) ?? nothing
      if !rows.isBeginning(of: trace) { rows = nothing }
      rows.grow(to: length, of: trace)
      shelf.keep(rows, at: place, most: most)
      return rows
    }
  }
}
