internal import Base
internal import Kernels
internal import Trace

/// The buffers of a pass that only latent attention needs, for at most `rows` rows of `length` keys.
final class LatentBuffers {
  /// Latent and rotary part of the fed rows: `[rows][rank + rotary]`.
  let latents: FloatBuffer
  /// What queries are made from: `[rows][query rank]`; empty where that is x itself.
  let queryDown: FloatBuffer
  /// Queries as they are projected: `[rows][heads × (plain + rotary)]`.
  let queries: FloatBuffer
  /// A head's part of all rows, in front of and behind a product of its own; empty where there is none.
  let headInput: FloatBuffer
  let headOutput: FloatBuffer
  /// Absorbed: the heads' sums of values, side by side: `[rows][output width]`.
  let output: FloatBuffer
  /// Latents of some slots: `[chunk][rank]`; empty where they are not multiplied.
  let slotLatents: FloatBuffer
  /// What is made of them: `[chunk][heads × (plain + value)]`.
  let expanded: FloatBuffer
  /// K and V of some slots, side by side: `[chunk][(key + value width)]`.
  let slotRows: FloatBuffer
  /// Keys of all slots in panels, one KV head behind the other.
  let keys: FloatBuffer
  /// Floats from one head's keys to the next.
  let keyStride: Int
  /// Expanded: values of all slots, one KV head behind the other.
  let values: FloatBuffer
  /// Floats from one head's values to the next.
  let valuesStride: Int

  /// Slots whose K and V are made at once.
  static let chunk = 64

  init?(_ shape: ModelConfiguration, rows: Int, length: Int) {
    guard let sizes = Sizes(shape, rows: rows, length: length) else { return nil }
    func buffer(_ count: Bytes) -> FloatBuffer { FloatBuffer(count: count.count) }
    (latents, queryDown, queries) = (
      buffer(sizes.latents), buffer(sizes.queryDown), buffer(sizes.queries)
    )
    (headInput, headOutput) = (buffer(sizes.headInput), buffer(sizes.headOutput))
    output = buffer(sizes.output)
    (slotLatents, expanded) = (buffer(sizes.slotLatents), buffer(sizes.expanded))
    (slotRows, keys, values) = (
      buffer(sizes.slotRows), buffer(sizes.keys), buffer(sizes.values)
    )
    keyStride = KeyPanels.padded(length) * shape.headDimension
    valuesStride = length * ValueRows.stride(headDimension: shape.valueDimension)
  }

  /// Bytes that are allocated for so many rows and keys; none for a model without a latent.
  static func bytes(_ shape: ModelConfiguration, rows: Int, length: Int) -> Bytes {
    guard let sizes = Sizes(shape, rows: rows, length: length) else { return Bytes(0) }
    return sizes.all.reduce(Bytes(0)) { $0 + .floats($1) }
  }

  /// Bytes that are allocated.
  var allocatedBytes: Bytes {
    let all = [
      latents, queryDown, queries, headInput, headOutput, output, slotLatents, expanded, slotRows,
      keys, values,
    ]
    return all.reduce(Bytes(0)) { $0 + .floats(Bytes($1.count)) }
  }

  /// Floats of each buffer.
  private struct Sizes {
    let latents, queryDown, queries, headInput, headOutput, output: Bytes
    let slotLatents, expanded, slotRows, keys, values: Bytes

    init?(_ shape: ModelConfiguration, rows: Int, length: Int) {
      guard let latent = shape.latent else { return nil }
      let isAbsorbed = latent.form == .absorbed
      func absorbed(_ width: Int) -> Bytes { isAbsorbed ? Bytes(rows) * width : Bytes(0) }
      func expanded(_ count: Bytes) -> Bytes { isAbsorbed ? Bytes(0) : count }
      latents = Bytes(rows) * (latent.rank + latent.rotary)
      queryDown = Bytes(rows) * (latent.queryRank ?? 0)
      queries = Bytes(rows) * shape.heads * latent.queryDimension
      headInput = absorbed(max(latent.plain, latent.rank))
      headOutput = absorbed(max(latent.rank, latent.value))
      output = absorbed(shape.outputWidth)
      let chunk = Bytes(min(LatentBuffers.chunk, length))
      slotLatents = expanded(chunk * latent.rank)
      self.expanded = expanded(chunk * shape.heads * (latent.plain + latent.value))
      slotRows = chunk * (shape.keyWidth + shape.valueWidth)
      keys = Bytes(shape.kvHeads) * KeyPanels.padded(length) * shape.headDimension
      values = expanded(
        Bytes(shape.kvHeads) * length * ValueRows.stride(headDimension: shape.valueDimension))
    }

    var all: [Bytes] {
      [
        latents, queryDown, queries, headInput, headOutput, output, slotLatents, expanded,
        slotRows, keys, values,
      ]
    }
  }
}
