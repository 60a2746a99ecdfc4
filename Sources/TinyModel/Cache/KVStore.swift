internal import Kernels
internal import Trace

/// Keys and values of the tokens so far: what a forward pass puts K and V into, and reads them from.
///
/// A pass asks once for each layer, never in a loop over heads or cells. A new kind of cache is a file with a class of
/// this kind.
protocol KVStore: AnyObject {
  /// Slots of a layer for which there is room.
  var capacity: Int { get }
  /// The position of the token that is fed next.
  var tokens: Int { get }
  /// Bytes of the slots that are filled.
  var usedBytes: Int { get }
  /// Whether keys are stored as the projection makes them, and turned when they are read: by the positions that the mask
  /// goes by (`StoredLayer.positions`).
  var rotatesOnRead: Bool { get }
  /// Whether a layer reads as all that was appended to it, in its order and to the bit; what is read of any other store is
  /// recorded.
  var readsAsAppended: Bool { get }

  /// Whether what a token reads depends on those that came before it in the same pass, so that each is fed in a pass of its
  /// own.
  var takesOneTokenAPass: Bool { get }

  /// The positions that a layer holds, slot by slot; of the first KV head where heads keep different ones.
  func positions(layer: Int) -> Positions

  /// The same of each KV head; nil where all keep the same.
  func positionsByHead(layer: Int) -> [Positions]?

  /// What all queries gave in all to each slot: `[kv heads][slots]`; nil where it does not go by that.
  func weightSums(layer: Int) -> [[Double]]?

  /// Says how many tokens come before what it does with them is decided, where it goes by what it sees of the first:
  /// while it is empty.
  func calibrate(over tokens: Int)

  /// A pass is over: its rows have read what they were to read.
  func finishPass()

  /// Puts K and V of the next tokens of a layer into the store.
  ///
  /// - Returns: how many tokens were stored, as the kernel counted them.
  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int

  /// A layer's K and V as the attention kernels read them, behind what was appended last.
  func read(layer: Int) -> StoredLayer

  /// Forgets every position from `position` on, and where it has lost what a shorter sequence needs, more of them.
  ///
  /// - Returns: how many tokens it stands behind then, 0 at worst; what is fed from there on gives what a store that was
  ///   never fed anything else would give.
  @discardableResult
  func truncate(to position: Int) -> Int

  /// Forgets everything.
  func removeAll()
}

extension KVStore {
  var rotatesOnRead: Bool { false }
  var readsAsAppended: Bool { false }
  var takesOneTokenAPass: Bool { false }
  func positionsByHead(layer: Int) -> [Positions]? { nil }
  func weightSums(layer: Int) -> [[Double]]? { nil }
  func calibrate(over tokens: Int) {}
  func finishPass() {}

  /// Puts K and V of another store's slots into this one, behind what it holds; both read as they were given.
  func append(
    _ stored: StoredLayer, of shape: ModelConfiguration, layer: Int, _ kernels: Kernels
  ) {
    guard stored.slots > 0 else { return }
    let cached = shape.cached
    let rows = FloatBuffer(count: stored.slots * cached.width)
    for slot in 0..<stored.slots {
      cached.copy(stored, slot: slot, to: rows.pointer + slot * cached.width)
    }
    let new = KeyValueRows(
      keys: rows.pointer, values: rows.pointer + cached.keyWidth, rows: stored.slots,
      stride: cached.width, position: positions(layer: layer).count)
    _ = append(new, layer: layer, kernels)
  }

  /// The positions of each layer.
  func positions(layers: Int) -> [Positions] { (0..<layers).map { positions(layer: $0) } }
}

/// K and V of tokens as a pass has just made them; of latent attention what `CachedRow` says.
struct KeyValueRows {
  /// `[rows]`, `stride` floats apart, of `[heads × key dimension]`.
  let keys: UnsafePointer<Float>
  /// The same of the values.
  let values: UnsafePointer<Float>
  let rows: Int
  let stride: Int
  /// The position of the first.
  let position: Int
}

/// One layer of a store, as the kernels read it: good until the store is changed.
struct StoredLayer {
  /// Filled slots, those of the pass that is under way among them.
  let slots: Int
  /// In panels (see `KeyPanels`), one KV head behind the other; what lies behind the slots is finite.
  var keys: UnsafeMutablePointer<Float>
  /// Floats from one head's keys to the next.
  let keyStride: Int
  /// `[slot][valueStride]`, one KV head behind the other; zeros behind the slots.
  let values: UnsafeMutablePointer<Float>
  /// Floats from one head's values to the next.
  let headStride: Int
  /// Floats from one value to the next.
  let valueStride: Int
  /// The positions of the text, slot by slot, where mask and rotation go by them; nil where they go by the slots' own
  /// numbers, which are the text's positions in a store that keeps everything.
  var positions: Positions?
  /// The same of each KV head, where heads keep different ones; empty where they do not.
  var positionsByHead: [Positions] = []
  /// Where the weights that queries give to the slots are added up; nil where no store asks for them.
  var weightSums: WeightSums?

  /// Where the last `rows` fed rows and the slots stand, for a pass behind `past` tokens.
  func places(rows: Int, past: Int) -> MaskPlaces {
    MaskPlaces(first: positions == nil ? slots - rows : past, keys: positions)
  }

  /// The same for the queries of a KV head.
  func places(rows: Int, past: Int, kvHead: Int) -> MaskPlaces {
    guard !positionsByHead.isEmpty else { return places(rows: rows, past: past) }
    return MaskPlaces(first: past, keys: positionsByHead[kvHead])
  }

  func keys(kvHead: Int) -> UnsafeMutablePointer<Float> { keys + kvHead * keyStride }

  func values(kvHead: Int) -> UnsafeMutablePointer<Float> { values + kvHead * headStride }
}

/// Sums of attention weights, a number for each slot of each KV head: passes of one row add to them.
struct WeightSums {
  /// `[kv heads][stride]`.
  let start: UnsafeMutablePointer<Double>
  /// Numbers from one head's to the next.
  let stride: Int

  /// Adds the weights of rows over the first `length` slots of a KV head, `rowStride` floats apart.
  func add(
    _ weights: UnsafePointer<Float>, rows: Int, rowStride: Int, length: Int, kvHead: Int
  ) {
    let sums = start + kvHead * stride
    for row in 0..<rows {
      for slot in 0..<length { sums[slot] += Double(weights[row * rowStride + slot]) }
    }
  }
}
