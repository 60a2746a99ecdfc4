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

  /// The positions that a layer holds, slot by slot.
  func positions(layer: Int) -> Positions

  /// Puts K and V of the next tokens of a layer into the store.
  ///
  /// - Returns: how many tokens were stored, as the kernel counted them.
  func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int

  /// A layer's K and V as the attention kernels read them, behind what was appended last.
  func read(layer: Int) -> StoredLayer

  /// Forgets every position from `position` on.
  func truncate(to position: Int)

  /// Forgets everything.
  func removeAll()
}

extension KVStore {
  var rotatesOnRead: Bool { false }
  var readsAsAppended: Bool { false }

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
  let keys: UnsafeMutablePointer<Float>
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

  /// Where the last `rows` fed rows and the slots stand, for a pass behind `past` tokens.
  func places(rows: Int, past: Int) -> MaskPlaces {
    MaskPlaces(first: positions == nil ? slots - rows : past, keys: positions)
  }

  func keys(kvHead: Int) -> UnsafeMutablePointer<Float> { keys + kvHead * keyStride }

  func values(kvHead: Int) -> UnsafeMutablePointer<Float> { values + kvHead * headStride }
}
