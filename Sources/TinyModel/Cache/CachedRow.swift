internal import Kernels

/// What a cache keeps of a token in a layer: keys and values, of each KV head side by side; of latent attention the rotary part
/// as the key, and the latent as the value, of one head.
struct CachedRow: Equatable, Sendable {
  let heads: Int
  let keyDimension: Int
  let valueDimension: Int

  /// Floats of all keys.
  var keyWidth: Int { heads * keyDimension }

  /// Floats of all values.
  var valueWidth: Int { heads * valueDimension }

  /// Floats of both.
  var width: Int { keyWidth + valueWidth }

  /// Bytes of it.
  var byteCount: Int { width * MemoryLayout<Float>.stride }

  /// Copies K and V of a slot of a store, all keys first.
  func copy(_ stored: StoredLayer, slot: Int, to row: UnsafeMutablePointer<Float>) {
    for head in 0..<heads {
      let key = KeyPanels.key(slot, headDimension: keyDimension, in: stored.keys(kvHead: head))
      (row + head * keyDimension).update(from: key, count: keyDimension)
      (row + keyWidth + head * valueDimension).update(
        from: stored.values(kvHead: head) + slot * stored.valueStride, count: valueDimension)
    }
  }
}
