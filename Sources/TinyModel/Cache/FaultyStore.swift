internal import Kernels
internal import Trace

/// A store that does something wrong on purpose, from the first pass on that finds tokens in it.
///
/// The store below does the work and records what it was given; a fault is in what it is given, or in what is read of it.
final class FaultyStore: KVStore {
  private let store: any KVStore
  private let fault: Fault
  private let row: CachedRow
  /// K and V of the token that is taken for the first one, in the first slot.
  private var wrongPrefix: (any KVStore)?

  init(_ store: any KVStore, _ fault: Fault, _ shape: ModelConfiguration) {
    self.store = store
    self.fault = fault
    row = shape.cached
  }

  var capacity: Int { store.capacity }
  var tokens: Int { store.tokens }
  var usedBytes: Int { store.usedBytes }
  var rotatesOnRead: Bool { store.rotatesOnRead }
  func positions(layer: Int) -> Positions { store.positions(layer: layer) }
  func read(layer: Int) -> StoredLayer { store.read(layer: layer) }
  func truncate(to position: Int) -> Int { store.truncate(to: position) }
  func removeAll() { store.removeAll() }

  /// Slots that `tokens` tokens take with a fault.
  static func slots(_ fault: Fault?, tokens: Int) -> Int {
    fault == .appendedTwice ? 2 * tokens : tokens
  }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    let held = store.positions(layer: layer).count
    let stored = store.append(rows, layer: layer, kernels)
    guard held > 0 else { return stored }
    switch fault {
    case .appendedTwice: _ = store.append(rows, layer: layer, kernels)
    case .keysOnly: clearValues(slots: held, store.read(layer: layer))
    case .stalePrefix: copyPrefix(to: store.read(layer: layer), layer: layer)
    case .positionNotAdvanced, .positionRestarted, .maskTopLeft, .maskOff: break
    }
    return stored
  }

  /// Values of the first slots become 0.
  private func clearValues(slots: Int, _ stored: StoredLayer) {
    for head in 0..<row.heads {
      stored.values(kvHead: head).update(repeating: 0, count: slots * stored.valueStride)
    }
  }

  /// K and V of the first slot become the other token's.
  private func copyPrefix(to stored: StoredLayer, layer: Int) {
    guard let wrong = wrongPrefix?.read(layer: layer) else { return }
    for head in 0..<row.heads {
      let (from, to) = (wrong.keys(kvHead: head), stored.keys(kvHead: head))
      for element in 0..<row.keyDimension {
        to[element * KeyPanels.positions] = from[element * KeyPanels.positions]
      }
      stored.values(kvHead: head).update(
        from: wrong.values(kvHead: head), count: row.valueDimension)
    }
  }

  /// The token that is taken for the first one, where the fault is of that kind; nil where it is not.
  func wrongFirst(of ids: ArraySlice<Int>, vocabulary: Int) -> Int? {
    guard fault == .stalePrefix, tokens == 0, let first = ids.first else { return nil }
    return (first + 1) % vocabulary
  }

  /// Takes K and V of that token from the store of a pass over it alone.
  func takePrefix(_ other: any KVStore) { wrongPrefix = other }
}
