internal import Base

/// What a number of the cache, or of the weights, is held as.
package enum Precision: String, CaseIterable, Sendable {
  /// IEEE 754 binary32.
  case fp32
  /// IEEE 754 binary16.
  case fp16
  /// The upper half of a binary32.
  case bf16
  /// Whole numbers with a scale, which is not counted here.
  case int8
  /// E4M3.
  case fp8

  /// Bytes of a number.
  package var bytes: Int {
    switch self {
    case .fp32: 4
    case .fp16, .bf16: 2
    case .int8, .fp8: 1
    }
  }
}

/// Layers of a model that keep the same of a text.
package struct LayerGroup: Hashable, Sendable {
  /// What they keep.
  package enum Kind: Hashable, Sendable {
    /// K and V of every token.
    case full
    /// K and V of the newest tokens, at most so many.
    case window(Int)
    /// A latent vector of every token, from which K and V are made again.
    ///
    /// Source: DeepSeek-AI 2024 (arXiv:2405.04434).
    case latent
    /// Nothing of their own: they read the K and V of an earlier layer.
    case shared
    /// A state whose size does not depend on the text.
    case state(State)

    /// The name that `--json` has for it.
    package var name: String {
      switch self {
      case .full: "full"
      case .window: "window"
      case .latent: "latent"
      case .shared: "shared"
      case .state: "state"
      }
    }
  }

  /// A layer of linear attention: what it keeps, in numbers.
  package struct State: Hashable, Sendable {
    /// The last inputs of its short convolution, in the type of the activations.
    package let convolution: Int
    /// Its recurrent state, in fp32.
    package let recurrence: Int

    /// Bytes of one layer's state; a type for quantised K and V does not touch it.
    func bytes(_ precision: Precision) -> Bytes {
      Bytes(convolution) * max(2, precision.bytes) + Bytes(recurrence) * Precision.fp32.bytes
    }
  }

  /// The numbers that a layer keeps of a token.
  package enum Width: Hashable, Sendable {
    /// K and V of each KV head.
    case heads(Int, headDimension: Int)
    /// A latent vector, and the part of the key that positions turn.
    case latent(rank: Int, rotary: Int)
    /// Nothing.
    case none

    /// How many numbers.
    var count: Bytes {
      switch self {
      case .heads(let heads, let headDimension): Bytes(2) * heads * headDimension
      case .latent(let rank, let rotary): Bytes(rank) + Bytes(rotary)
      case .none: Bytes(0)
      }
    }
  }

  /// What they keep.
  package let kind: Kind
  /// How many layers there are.
  package let layers: Int
  /// What a layer keeps of a token.
  package let width: Width

  package init(_ kind: Kind, layers: Int, width: Width) {
    (self.kind, self.layers, self.width) = (kind, layers, width)
  }

  /// Tokens that are held of a text.
  package func held(of tokens: Int) -> Int {
    switch kind {
    case .full, .latent: tokens
    case .window(let window): min(tokens, window)
    case .shared, .state: 0
    }
  }

  /// Bytes that a token adds while no window is full.
  func bytesPerToken(_ precision: Precision) -> Bytes {
    width.count * precision.bytes * (held(of: 1) * layers)
  }

  /// Bytes of a text.
  func bytes(tokens: Int, _ precision: Precision) -> Bytes {
    let kept = width.count * precision.bytes * held(of: tokens) * layers
    guard case .state(let state) = kind else { return kept }
    return state.bytes(precision) * layers
  }
}

extension [LayerGroup] {
  /// Layers of one kind after another, those of equal kind and width put together; in the order in which they first come.
  package init(layers: [(LayerGroup.Kind, LayerGroup.Width)]) {
    self = []
    var places: [LayerGroup: Int] = [:]
    for (kind, width) in layers {
      let key = LayerGroup(kind, layers: 1, width: width)
      if let place = places[key] {
        self[place] = LayerGroup(kind, layers: self[place].layers + 1, width: width)
      } else {
        places[key] = count
        append(key)
      }
    }
  }
}
