internal import Base
internal import Kernels
internal import Trace

/// Keeps for each KV head the tokens that queries have looked at most, and the newest, the current one among these; what is
/// dropped is gone, and what stays keeps the position that it has in the text.
///
/// A token counts by the sum of the weights that all queries so far gave it, of all query heads that share the KV head; of equal
/// sums the earlier token stays. The sums are not among the bytes of K and V.
/// Source: Zhang et al. 2023 (arXiv:2306.14048).
final class HeavyHitterStore: KVStore {
  private let store: FullStore
  private let shape: ModelConfiguration
  private let heavy: Int
  private let newest: Int
  /// `[layers][kv heads]`.
  private var kept: [[Positions]]
  /// `[layers][kv heads][slots]`.
  private let sums: UnsafeMutableBufferPointer<Double>

  /// An empty store that keeps `heavy` and `newest` tokens of at most `capacity`.
  init(_ shape: ModelConfiguration, heavy: Int, newest: Int, capacity: Int) {
    self.shape = shape
    self.heavy = heavy
    self.newest = newest
    let slots = SinksStore.slots(first: heavy, newest: newest, capacity: capacity)
    store = FullStore(shape, capacity: slots)
    kept = Array(
      repeating: Array(repeating: Positions(), count: shape.kvHeads), count: shape.layers)
    sums = .allocate(capacity: shape.layers * shape.kvHeads * slots)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  /// Bytes that are allocated for a store of so many slots.
  static func bytes(_ shape: ModelConfiguration, slots: Int) -> Bytes {
    let sums = Bytes(shape.layers) * shape.kvHeads * slots * MemoryLayout<Double>.stride
    return FullStore.bytes(shape, capacity: slots) + sums
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    store.allocatedBytes + Bytes(sums.count) * MemoryLayout<Double>.stride
  }

  let takesOneTokenAPass = true
  var capacity: Int { store.capacity }
  var tokens: Int { store.tokens }
  var usedBytes: Int { store.usedBytes }
  func positions(layer: Int) -> Positions { kept[layer][0] }
  func positionsByHead(layer: Int) -> [Positions]? { kept[layer] }

  func weightSums(layer: Int) -> [[Double]]? {
    (0..<shape.kvHeads).map { head in
      Array(
        UnsafeBufferPointer(
          start: sums(layer: layer, kvHead: head), count: kept[layer][head].count))
    }
  }

  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
    precondition(rows.rows == 1, "\(rows.rows) rows where each decides what the next reads")
    let held = kept[layer][0].count
    if held >= newest, held - newest == heavy { evict(layer: layer, held: held) }
    let slot = kept[layer][0].count
    for head in 0..<shape.kvHeads {
      kept[layer][head].append(rows.position..<rows.position + 1)
      sums(layer: layer, kvHead: head)[slot] = 0
    }
    return store.append(rows, layer: layer, kernels)
  }

  /// Drops the lightest token of each head, of those that will not be among the newest.
  private func evict(layer: Int, held: Int) {
    let lightest = (0..<shape.kvHeads).map { head in
      let sums = sums(layer: layer, kvHead: head)
      return (0...held - newest).reduce(0) { sums[$1] <= sums[$0] ? $1 : $0 }
    }
    store.drop(layer: layer) { lightest[$0] }
    for (head, slot) in lightest.enumerated() {
      kept[layer][head].remove(slot: slot)
      let sums = sums(layer: layer, kvHead: head)
      (sums + slot).update(from: sums + slot + 1, count: held - slot - 1)
    }
  }

  private func sums(layer: Int, kvHead: Int) -> UnsafeMutablePointer<Double> {
    guard let start = sums.baseAddress else { preconditionFailure("no slots") }
    return start + (layer * shape.kvHeads + kvHead) * capacity
  }

  func read(layer: Int) -> StoredLayer {
    var stored = store.read(layer: layer)
    stored.positions = kept[layer][0]
    stored.positionsByHead = kept[layer]
    stored.weightSums = WeightSums(start: sums(layer: layer, kvHead: 0), stride: capacity)
    return stored
  }

  /// The sums have the weights of the last queries in them: a shorter sequence has to be fed from its beginning.
  func truncate(to position: Int) -> Int {
    let isWhole = kept.allSatisfy { ($0[0].last ?? -1) + 1 == tokens }
    guard position < tokens || !isWhole else { return tokens }
    removeAll()
    return 0
  }

  func removeAll() {
    store.removeAll()
    for layer in kept.indices {
      for head in kept[layer].indices { kept[layer][head].removeAll() }
    }
  }
}
