internal import Kernels

/// A model's parameters, checked against the configuration and packed: what a forward pass runs on.
struct Weights: Sendable {
  /// `[vocabulary][width]`.
  let tokenEmbedding: Embedding
  /// `[positions][width]`, added to the token embedding; nil where positions turn queries and keys instead.
  let positionEmbedding: FloatBuffer?
  let blocks: [Block]
  let finalNorm: Norm
  /// `[width] → [vocabulary]`.
  let head: Linear

  /// Bytes that a pass has to read beside the embeddings.
  var bytesPerPass: Int { bytes(of: Linear.read) }

  private func bytes(of product: ProductBytes) -> Int {
    blocks.reduce(finalNorm.byteCount + product(head)) {
      $0 + $1.attentionBytes(of: product) + $1.mlpBytes(of: product)
    }
  }

  /// Bytes of all of them as they are held.
  var byteCount: Int {
    let positions = positionEmbedding.map { $0.count * MemoryLayout<Float>.stride } ?? 0
    return bytes(of: Linear.held) + tokenEmbedding.byteCount + positions
  }
}

/// Which bytes of a product are meant: those that are held, or those that a pass has to read.
typealias ProductBytes = (Linear) -> Int

extension Linear {
  /// Bytes that are held.
  static func held(_ product: Linear) -> Int { product.byteCount }
  /// Bytes that a pass has to read.
  static func read(_ product: Linear) -> Int { product.weightBytes }
}

/// The rows that tokens begin as.
enum Embedding: Sendable {
  /// A matrix of its own, `[vocabulary][width]`, as it is stored.
  case rows(StoredMatrix)
  /// The matrix of the logits, to which it is tied, as that is packed: an output's weights are a token's row.
  case tied(Linear)

  /// Copies the row of `token`, `[width]`, to `x`.
  func copyRow(_ token: Int, to x: UnsafeMutablePointer<Float>) {
    switch self {
    case .rows(let rows): rows.copyRow(token, to: x)
    case .tied(let head): head.copyWeights(ofOutput: token, to: x)
    }
  }

  /// Bytes that are held for it beside the logits' matrix.
  var byteCount: Int {
    switch self {
    case .rows(let rows): rows.byteCount
    case .tied: 0
    }
  }
}

/// One transformer block; an architecture is a choice of its parts.
struct Block: Sendable {
  /// Of what attention reads; nil where it reads the residual stream itself.
  var attentionNorm: Norm?
  let queryKeyValue: QueryKeyValue
  /// Norm of each query by itself, or of all of a token as one, before positions turn them: `[head dimension]` or
  /// `[heads × head dimension]`; nil where there is none.
  var queryNorm: RMSNorm?
  /// The same of each key; the cache keeps keys behind norm and turn.
  var keyNorm: RMSNorm?
  /// `[heads × value dimension] → [width]`, of the values as they are made.
  let output: Linear
  /// Of what attention adds to the residual stream; nil where that is added as it is.
  var attentionOutputNorm: Norm?
  /// Of what the MLP reads; nil where it reads the residual stream itself.
  var mlpNorm: Norm?
  let mlp: MLP
  /// Of what the MLP adds to the residual stream; nil where that is added as it is.
  var mlpOutputNorm: Norm?

  /// Bytes of the parameters of attention.
  func attentionBytes(of product: ProductBytes) -> Int {
    bytes(attentionNorm) + queryKeyValue.bytes(of: product) + (queryNorm?.byteCount ?? 0)
      + (keyNorm?.byteCount ?? 0) + product(output) + bytes(attentionOutputNorm)
  }

  /// Bytes of the parameters of the feed-forward layer.
  func mlpBytes(of product: ProductBytes) -> Int {
    bytes(mlpNorm) + mlp.bytes(of: product) + bytes(mlpOutputNorm)
  }

  private func bytes(_ norm: Norm?) -> Int { norm?.byteCount ?? 0 }
}

/// What makes queries, keys and values of a block.
enum QueryKeyValue: Sendable {
  /// `[width] → [(heads + 2 × kv heads) × head dimension]`: Q, K and V side by side.
  case joined(Linear)
  /// Keys and values are made from latents.
  case latent(LatentProjection)

  /// Bytes of its parameters.
  func bytes(of product: ProductBytes) -> Int {
    switch self {
    case .joined(let linear): product(linear)
    case .latent(let projection): projection.bytes(of: product)
    }
  }
}

/// The feed-forward layer of a block: `up` and `gate` are `[width] → [inner]`, `down` is `[inner] → [width]`.
enum MLP: Sendable {
  /// down · activation(up · x).
  case plain(Activation, up: Linear, down: Linear)
  /// down · (activation(gate · x) × (up · x)).
  case gated(GateActivation, gate: Linear, up: Linear, down: Linear)

  /// Bytes of its parameters.
  func bytes(of product: ProductBytes) -> Int {
    switch self {
    case .plain(_, let up, let down): product(up) + product(down)
    case .gated(_, let gate, let up, let down):
      product(gate) + product(up) + product(down)
    }
  }
}
