internal import Base
internal import Kernels
internal import Trace

/// Keeps the first tokens, and behind them the newest, the current one among these.
///
/// Where positions turn keys, the tokens have the positions of their slots in the cache: keys are kept as the projection makes
/// them, and turned when they are read. A position that is learned is added before K is computed: it stays.
/// Source: Xiao et al. 2023 (arXiv:2309.17453).
final class SinksStore: KVStore {
  private let store: FullStore
  private let first: Int
  private let newest: Int
  private let turner: Turner?

  /// An empty store that keeps `first` and `newest` tokens of at most `capacity`.
  init(_ shape: ModelConfiguration, first: Int, newest: Int, capacity: Int) {
    self.first = first
    self.newest = newest
    let slots = Self.slots(first: first, newest: newest, capacity: capacity)
    store = FullStore(shape, capacity: slots)
    turner = shape.rotaryEmbeddings.isEmpty ? nil : Turner(shape, slots: slots)
  }

  /// Slots of such a store.
  static func slots(first: Int, newest: Int, capacity: Int) -> Int {
    min((Bytes(first) + Bytes(newest)).count, capacity)
  }

  /// Bytes that are allocated for a store of so many slots.
  static func bytes(_ shape: ModelConfiguration, slots: Int) -> Bytes {
    let store = FullStore.bytes(shape, capacity: slots)
    return shape.rotaryEmbeddings.isEmpty ? store : store + Turner.bytes(shape, slots: slots)
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes { store.allocatedBytes + (turner?.allocatedBytes ?? Bytes(0)) }

  let takesOneTokenAPass = true
  var rotatesOnRead: Bool { turner != nil }
  var capacity: Int { store.capacity }
  var tokens: Int { store.tokens }
  var usedBytes: Int { store.usedBytes }
  func positions(layer: Int) -> Positions { store.positions(layer: layer) }
  func removeAll() { store.removeAll() }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    let held = store.positions(layer: layer).count
    if held >= first, held - first == newest { store.drop(layer: layer) { _ in first } }
    return store.append(rows, layer: layer, kernels)
  }

  func read(layer: Int) -> StoredLayer {
    let stored = store.read(layer: layer)
    return turner?.turned(stored, layer: layer) ?? stored
  }

  func truncate(to position: Int) -> Int {
    store.truncate(to: position) { tokens in
      var held = Positions(0..<min(first, tokens))
      held.append(max(first, tokens - newest)..<max(first, tokens))
      return held
    }
  }
}

/// Turns the keys of a layer by the numbers of their slots.
private struct Turner {
  private let shape: ModelConfiguration
  private let tables: RotaryTables
  private let keys: FloatBuffer
  private let key: FloatBuffer

  init(_ shape: ModelConfiguration, slots: Int) {
    self.shape = shape
    tables = RotaryTables(shape, positions: slots)
    keys = FloatBuffer(
      count: shape.cached.heads * KeyPanels.padded(slots) * shape.cached.keyDimension)
    key = FloatBuffer(count: shape.cached.keyDimension)
  }

  static func bytes(_ shape: ModelConfiguration, slots: Int) -> Bytes {
    let keys = Bytes(shape.cached.heads) * KeyPanels.padded(slots) * shape.cached.keyDimension
    return .floats(keys) + .floats(Bytes(shape.cached.keyDimension))
      + RotaryTables.bytes(shape, positions: slots)
  }

  var allocatedBytes: Bytes {
    .floats(Bytes(keys.count)) + .floats(Bytes(key.count)) + tables.allocatedBytes
  }

  /// The layer with its keys turned; the mask goes by the slots' numbers too.
  func turned(_ stored: StoredLayer, layer: Int) -> StoredLayer {
    var turned = StoredLayer(
      slots: stored.slots, keys: stored.keys, keyStride: stored.keyStride, values: stored.values,
      headStride: stored.headStride, valueStride: stored.valueStride)
    guard let table = tables.table(ofLayer: layer) else { return turned }
    turned.keys = keys.pointer
    for head in 0..<shape.cached.heads {
      for slot in 0..<stored.slots {
        turn(slot, table, from: stored.keys(kvHead: head), to: turned.keys(kvHead: head))
      }
    }
    return turned
  }

  private func turn(
    _ slot: Int, _ table: RotaryTable, from stored: UnsafePointer<Float>,
    to turned: UnsafeMutablePointer<Float>
  ) {
    let width = shape.cached.keyDimension
    KeyPanels.copy(slot, headDimension: width, in: stored, to: key.pointer)
    Kernels.best.rotate(
      key.pointer, heads: 1, headDimension: width, turned: shape.rotaryDimension,
      cosines: table.cosines(slot), sines: table.sines(slot))
    KeyPanels.store(
      key.pointer, rows: 1, rowStride: width, headDimension: width, at: slot, in: turned)
  }
}
