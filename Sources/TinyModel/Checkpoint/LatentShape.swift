internal import Base
internal import Kernels
public import Trace

/// The widths of multi-head latent attention, and the order in which it multiplies.
///
/// Source: DeepSeek-AI 2024 (arXiv:2405.04434); names of fields in `config.json` in brackets.
public struct LatentShape: Equatable, Sendable {
  /// Width of what queries are made from (`q_lora_rank`); nil where they are made at once.
  let queryRank: Int?
  /// Width of the latent that keys and values are made from (`kv_lora_rank`).
  let rank: Int
  /// The part of queries and keys that positions turn (`qk_rope_head_dim`).
  let rotary: Int
  /// The part that they do not (`qk_nope_head_dim`).
  let plain: Int
  /// Width of a head's values as they are made (`v_head_dim`).
  let value: Int
  /// Whether element 2i turns with element 2i + 1 in the file, and not element i with i + rotary / 2 (`rope_interleave`).
  let isInterleaved: Bool
  /// In which order is multiplied.
  fileprivate(set) var form = LatentForm.absorbed

  /// Width of a head's query before it is absorbed.
  var queryDimension: Int { plain + rotary }
  /// Width of a head's queries and keys as attention multiplies them.
  var headDimension: Int { form == .absorbed ? rank + rotary : plain + rotary }
  /// Width of the values that attention sums up.
  var valueDimension: Int { form == .absorbed ? rank : value }
  /// Heads of K and V that attention reads, of `heads` query heads.
  func kvHeads(of heads: Int) -> Int { form == .absorbed ? 1 : heads }

  /// Parameters that make queries, keys and values in a layer.
  func parameters(_ shape: ModelConfiguration) -> Bytes {
    let bias = shape.biases.queryKeyValue
    let width = shape.modelDimension
    let queries = Bytes(shape.heads) * queryDimension
    let down = queryRank.map { Bytes(width) * $0 + Bytes($0) + Bytes(bias ? $0 : 0) } ?? Bytes(0)
    let cached = rank + rotary
    return down + queries * (queryRank ?? width) + Bytes(width) * cached
      + Bytes(bias ? cached : 0) + Bytes(rank) + Bytes(shape.heads) * (plain + value) * rank
  }

  /// Bytes of these parameters as they are held with matrices of `type`.
  func weightBytes(_ shape: ModelConfiguration, _ type: WeightType) -> Bytes {
    func linear(_ inner: Int, _ outer: Int, hasBias: Bool = false) -> Bytes {
      Linear.bytes(type, inner: inner, outer: outer, hasBias: hasBias)
    }
    let (width, bias) = (shape.modelDimension, shape.biases.queryKeyValue)
    let down =
      queryRank.map { linear(width, $0, hasBias: bias) + .floats(Bytes($0)) } ?? Bytes(0)
    let keysAndValues =
      switch form {
      case .absorbed: (linear(plain, rank) + linear(rank, value)) * shape.heads
      case .expanded: linear(rank, shape.heads * (plain + value))
      }
    return down + linear(queryRank ?? width, shape.heads * queryDimension)
      + linear(width, rank + rotary, hasBias: bias) + .floats(Bytes(rank)) + keysAndValues
  }

  /// What its matrices take in and give out, whichever of them its form has.
  func matrices(_ shape: ModelConfiguration) -> [(inner: Int, outer: Int)] {
    let (width, queries) = (shape.modelDimension, shape.heads * queryDimension)
    return [
      (width, queryRank ?? 0), (queryRank ?? width, queries), (width, rank + rotary), (plain, rank),
      (rank, value), (rank, shape.heads * (plain + value)),
    ]
  }

  /// What a trace says of it.
  public var description: LatentDescription {
    LatentDescription(form: form, rank: rank, rotary: rotary, plain: plain, value: value)
  }
}

extension ModelConfiguration {
  /// The same model with its latent attention multiplied in an order; a model without a latent is left as it is.
  public func attending(_ form: LatentForm) -> ModelConfiguration {
    guard var latent else { return self }
    latent.form = form
    var shape = self
    shape.latent = latent
    (shape.kvHeads, shape.headDimension) = (latent.kvHeads(of: heads), latent.headDimension)
    return shape
  }
}
