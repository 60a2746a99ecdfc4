internal import Kernels
internal import Trace

/// Keeps the newest tokens, the current one among them; each keeps the position that it has in the text.
///
/// Source: Beltagy et al. 2020 (arXiv:2004.05150), as Jiang et al. 2023 (arXiv:2310.06825) use it.
final class WindowStore: KVStore {
  private let store: FullStore
  private let newest: Int

  /// An empty store that keeps `newest` tokens of at most `capacity`.
  init(_ shape: ModelConfiguration, newest: Int, capacity: Int) {
    self.newest = newest
    store = FullStore(shape, capacity: min(newest, capacity))
  }

  let takesOneTokenAPass = true
  var capacity: Int { store.capacity }
  var tokens: Int { store.tokens }
  var usedBytes: Int { store.usedBytes }
  func positions(layer: Int) -> Positions { store.positions(layer: layer) }
  func read(layer: Int) -> StoredLayer { store.read(layer: layer) }
  func removeAll() { store.removeAll() }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    if store.positions(layer: layer).count == newest { store.drop(layer: layer) { _ in 0 } }
    return store.append(rows, layer: layer, kernels)
  }

  func truncate(to position: Int) -> Int {
    store.truncate(to: position) { Positions(max(0, $0 - newest)..<$0) }
  }
}
