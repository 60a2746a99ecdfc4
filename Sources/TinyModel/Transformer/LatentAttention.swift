internal import CKernels
internal import Kernels
internal import Trace

/// What makes queries, keys and values in a block with multi-head latent attention.
///
/// Source: DeepSeek-AI 2024 (arXiv:2405.04434), section 2.1; absorbed: its appendix C.
struct LatentProjection: Sendable {
  /// What queries are made from; nil where that is x itself.
  let queryDown: Down?
  /// `[width or query rank] → [heads × (plain + rotary)]`.
  let query: Linear
  /// `[width] → [rank + rotary]`: the latent and the rotary part of a token.
  let latent: Linear
  /// Norm of the latent: `[rank]`.
  let latentNorm: RMSNorm
  let keysAndValues: KeysAndValues

  /// `[width] → [query rank]`, and the norm behind it.
  struct Down: Sendable {
    let product: Linear
    let norm: RMSNorm
  }

  /// The way from latents to keys and values, one for each head or one for all.
  enum KeysAndValues: Sendable {
    /// Of each head `[plain] → [rank]`, for its query, and `[rank] → [value]`, for its weighted sum of latents.
    case absorbed(keys: [Linear], values: [Linear])
    /// `[rank] → [heads × (plain + value)]`, for each latent.
    case expanded(Linear)
  }

  /// Bytes of all its parameters.
  func bytes(of product: ProductBytes) -> Int {
    let down = queryDown.map { product($0.product) + $0.norm.byteCount } ?? 0
    let own = down + product(query) + product(latent) + latentNorm.byteCount
    switch keysAndValues {
    case .absorbed(let keys, let values):
      return values.reduce(keys.reduce(own) { $0 + product($1) }) { $0 + product($1) }
    case .expanded(let both): return own + product(both)
    }
  }
}

/// One layer's queries, keys and values of a pass, where keys and values are made from latents.
struct LatentPass {
  let projection: LatentProjection
  let shape: ModelConfiguration
  let kernels: Kernels
  let buffers: ForwardBuffers
  let rows: Int
  private let latent: LatentShape
  private let room: LatentBuffers

  /// A pass of a model that has a latent.
  init(
    projection: LatentProjection, shape: ModelConfiguration, kernels: Kernels,
    buffers: ForwardBuffers, rows: Int
  ) {
    guard let latent = shape.latent, let room = buffers.latent else {
      preconditionFailure("no latent in \(shape.architecture)")
    }
    self.projection = projection
    self.shape = shape
    self.kernels = kernels
    self.buffers = buffers
    self.rows = rows
    self.latent = latent
    self.room = room
  }

  /// Q, K and V of the fed rows; their latents and rotary parts go into the store.
  ///
  /// - Returns: K and V of the layer as attention reads them, made from what the store gives.
  func compute(
    _ layer: Int, _ rule: PassRule, _ store: any KVStore, rotary: RotaryTable?,
    _ counter: inout OperationCounter
  ) -> StoredLayer {
    var multiplyAdds = project()
    if !store.rotatesOnRead { rotate(rotary) { rule.position(ofRow: $0) } }
    counter.count(
      keyValueTokens: store.append(newRows(position: rule.past), layer: layer, kernels),
      layer: layer)
    let stored = store.read(layer: layer)
    if store.rotatesOnRead {
      let first = stored.places(rows: rows, past: rule.past).first
      rotate(rotary) { first + $0 }
    }
    multiplyAdds += placeQueries()
    let (read, made) = keysAndValues(stored)
    counter.count(
      multiplyAdds: multiplyAdds + made, .projection, in: .queryKeyValue, layer: layer)
    counter.count(keyValueBytes: stored.slots * shape.cached.byteCount)
    return read
  }

  private var queryDimension: Int { latent.queryDimension }
  private var latentStride: Int { latent.rank + latent.rotary }

  /// What goes into the store: the rotary part as the key, the latent as the value.
  private func newRows(position: Int) -> KeyValueRows {
    KeyValueRows(
      keys: room.latents.pointer + latent.rank, values: room.latents.pointer, rows: rows,
      stride: latentStride, position: position)
  }

  /// Queries and latents of the fed rows, which positions have not turned yet.
  ///
  /// - Returns: the multiply-adds that this took.
  private func project() -> Int {
    let x = buffers.normed.pointer
    var multiplyAdds = projection.latent.apply(
      x, rows: rows, into: room.latents.pointer, kernels)
    kernels.normHeads(
      room.latents.pointer, rows: rows, rowStride: latentStride, heads: 1, projection.latentNorm)
    var source = UnsafePointer(x)
    if let down = projection.queryDown {
      multiplyAdds += down.product.apply(x, rows: rows, into: room.queryDown.pointer, kernels)
      kernels.normHeads(
        room.queryDown.pointer, rows: rows, rowStride: down.norm.gain.count, heads: 1, down.norm)
      source = UnsafePointer(room.queryDown.pointer)
    }
    return multiplyAdds
      + projection.query.apply(source, rows: rows, into: room.queries.pointer, kernels)
  }

  /// Turns the rotary parts of the queries and of the new latents.
  private func rotate(_ rotary: RotaryTable?, position: (Int) -> Int) {
    guard let rotary else { return }
    for row in 0..<rows {
      let (cosines, sines) = (rotary.cosines(position(row)), rotary.sines(position(row)))
      kernels.rotate(
        room.latents.pointer + row * latentStride + latent.rank, heads: 1,
        headDimension: latent.rotary, cosines: cosines, sines: sines)
      for head in 0..<shape.heads {
        let query = room.queries.pointer + (row * shape.heads + head) * queryDimension
        kernels.rotate(
          query + latent.plain, heads: 1, headDimension: latent.rotary, cosines: cosines,
          sines: sines)
      }
    }
  }

  /// The queries as attention multiplies them, beside where K and V of their rows belong.
  ///
  /// - Returns: the multiply-adds that this took.
  private func placeQueries() -> Int {
    switch projection.keysAndValues {
    case .absorbed(let keys, _):
      var multiplyAdds = 0
      for head in 0..<shape.heads { multiplyAdds += absorb(keys[head], head: head) }
      return multiplyAdds
    case .expanded:
      copy(
        room.queries.pointer, width: shape.queryWidth, stride: shape.queryWidth,
        to: buffers.queryKeyValue.pointer, stride: shape.queryKeyValueWidth)
      return 0
    }
  }

  /// The query of a head takes the way from latent to key itself: its plain part becomes as wide as a latent.
  private func absorb(_ key: Linear, head: Int) -> Int {
    let query = room.queries.pointer + head * queryDimension
    let to = buffers.queryKeyValue.pointer + head * shape.headDimension
    let stride = shape.heads * queryDimension
    copy(
      query, width: latent.plain, stride: stride, to: room.headInput.pointer, stride: latent.plain)
    let multiplyAdds = key.apply(
      room.headInput.pointer, rows: rows, into: room.headOutput.pointer, kernels)
    copy(
      room.headOutput.pointer, width: latent.rank, stride: latent.rank, to: to,
      stride: shape.queryKeyValueWidth)
    copy(
      query + latent.plain, width: latent.rotary, stride: stride, to: to + latent.rank,
      stride: shape.queryKeyValueWidth)
    return multiplyAdds
  }

  /// What the output projection takes: behind absorbed attention each head's sum of latents becomes a sum of values.
  ///
  /// - Returns: it, `[rows][output width]`, and the multiply-adds that this took.
  func outputs() -> (UnsafePointer<Float>, multiplyAdds: Int) {
    guard case .absorbed(_, let values) = projection.keysAndValues else {
      return (UnsafePointer(buffers.attention.pointer), 0)
    }
    var multiplyAdds = 0
    for head in 0..<shape.heads {
      copy(
        buffers.attention.pointer + head * latent.rank, width: latent.rank,
        stride: shape.attentionWidth, to: room.headInput.pointer, stride: latent.rank)
      multiplyAdds += values[head].apply(
        room.headInput.pointer, rows: rows, into: room.headOutput.pointer, kernels)
      copy(
        room.headOutput.pointer, width: latent.value, stride: latent.value,
        to: room.output.pointer + head * latent.value, stride: shape.outputWidth)
    }
    return (UnsafePointer(room.output.pointer), multiplyAdds)
  }

  /// Copies a part of each fed row.
  private func copy(
    _ from: UnsafePointer<Float>, width: Int, stride: Int, to: UnsafeMutablePointer<Float>,
    stride outStride: Int
  ) {
    for row in 0..<rows { (to + row * outStride).update(from: from + row * stride, count: width) }
  }
}

/// Keys and values from what the store holds.
extension LatentPass {
  /// Makes K and V of every slot as attention reads them, and puts those of the fed rows beside their queries.
  ///
  /// Nothing of it is kept for the next layer or step: the cache is the latents alone.
  ///
  /// - Returns: K and V, and the multiply-adds that this took.
  fileprivate func keysAndValues(_ stored: StoredLayer) -> (StoredLayer, multiplyAdds: Int) {
    var multiplyAdds = 0
    for first in stride(from: 0, to: stored.slots, by: LatentBuffers.chunk) {
      let slots = first..<min(stored.slots, first + LatentBuffers.chunk)
      switch projection.keysAndValues {
      case .absorbed: readLatents(slots, of: stored)
      case .expanded(let product): multiplyAdds += expand(slots, of: stored, product)
      }
      copyFedRows(slots, of: stored)
    }
    return (
      StoredLayer(
        slots: stored.slots, keys: room.keys.pointer, keyStride: room.keyStride,
        values: latent.form == .absorbed ? stored.values : room.values.pointer,
        headStride: latent.form == .absorbed ? stored.headStride : room.valuesStride,
        valueStride: ValueRows.stride(headDimension: shape.valueDimension),
        positions: stored.positions), multiplyAdds
    )
  }

  /// Floats of K and V of a slot, all heads side by side.
  private var rowWidth: Int { shape.keyWidth + shape.valueWidth }

  /// Absorbed: a key is the latent and the rotary part, a value the latent, where it lies in the store.
  private func readLatents(_ slots: Range<Int>, of stored: StoredLayer) {
    for (index, slot) in slots.enumerated() {
      let row = room.slotRows.pointer + index * rowWidth
      let values = stored.values(kvHead: 0) + slot * stored.valueStride
      row.update(from: values, count: latent.rank)
      readRotary(slot, of: stored, to: row + latent.rank)
      // As values they are read where they lie; only those of the fed rows are looked at here.
      if slot >= stored.slots - rows {
        (row + shape.keyWidth).update(from: values, count: latent.rank)
      }
    }
    kernels.table.store_keys(
      room.slotRows.pointer, slots.count, rowWidth, shape.headDimension, slots.lowerBound,
      room.keys.pointer)
  }

  /// Expanded: the plain part of each head's key, and its value, are products of the latent.
  ///
  /// - Returns: the multiply-adds that this took.
  private func expand(_ slots: Range<Int>, of stored: StoredLayer, _ product: Linear) -> Int {
    for (index, slot) in slots.enumerated() {
      (room.slotLatents.pointer + index * latent.rank).update(
        from: stored.values(kvHead: 0) + slot * stored.valueStride, count: latent.rank)
    }
    let multiplyAdds = product.apply(
      room.slotLatents.pointer, rows: slots.count, into: room.expanded.pointer, kernels)
    for (index, slot) in slots.enumerated() { placeExpanded(index, slot, of: stored) }
    let rows = room.slotRows.pointer
    _ = kernels.store(
      ck_tokens(
        keys: rows, values: rows + shape.keyWidth, rows: slots.count, row_stride: rowWidth,
        heads: shape.kvHeads, d: shape.headDimension, value_d: shape.valueDimension,
        position: slots.lowerBound, panels: room.keys.pointer, rows_of_values: room.values.pointer,
        key_stride: room.keyStride, head_stride: room.valuesStride,
        value_stride: ValueRows.stride(headDimension: shape.valueDimension)))
    return multiplyAdds
  }

  /// Puts what was made of a slot's latent where its K and V belong; all heads have the same rotary part.
  private func placeExpanded(_ index: Int, _ slot: Int, of stored: StoredLayer) {
    let row = room.slotRows.pointer + index * rowWidth
    let made = room.expanded.pointer + index * shape.heads * (latent.plain + latent.value)
    for head in 0..<shape.heads {
      let from = made + head * (latent.plain + latent.value)
      let key = row + head * shape.headDimension
      key.update(from: from, count: latent.plain)
      if head == 0 {
        readRotary(slot, of: stored, to: key + latent.plain)
      } else {
        (key + latent.plain).update(from: row + latent.plain, count: latent.rotary)
      }
      (row + shape.keyWidth + head * latent.value)
        .update(from: from + latent.plain, count: latent.value)
    }
  }

  private func readRotary(
    _ slot: Int, of stored: StoredLayer, to: UnsafeMutablePointer<Float>
  ) {
    let panel = slot / KeyPanels.positions * KeyPanels.positions
    let from = stored.keys(kvHead: 0) + panel * latent.rotary + slot % KeyPanels.positions
    for element in 0..<latent.rotary { to[element] = from[element * KeyPanels.positions] }
  }

  /// K and V of the fed rows, which are in the last slots.
  private func copyFedRows(_ slots: Range<Int>, of stored: StoredLayer) {
    let first = stored.slots - rows
    for slot in slots where slot >= first {
      let row = buffers.queryKeyValue.pointer + (slot - first) * shape.queryKeyValueWidth
      (row + shape.queryWidth).update(
        from: room.slotRows.pointer + (slot - slots.lowerBound) * rowWidth, count: rowWidth)
    }
  }
}
