/// In which order multi-head latent attention multiplies; both orders are the same attention.
public enum LatentForm: String, CaseIterable, Sendable {
  /// The way from latent to keys is taken by the queries, that to values behind the weighted sum: all heads read the latents
  /// themselves, as one KV head. What servers do in decode.
  case absorbed
  /// Keys and values of every head are made again from all latents at each step.
  case expanded
}

/// What a trace says of a model with multi-head latent attention.
///
/// Source: DeepSeek-AI 2024 (arXiv:2405.04434).
public struct LatentDescription: Sendable, Equatable {
  /// How attention was computed.
  public let form: LatentForm
  /// Width of the latent that the cache keeps of a token in a layer.
  public let rank: Int
  /// Width of the rotary part that it keeps beside it; the part of a query that turns is as wide.
  public let rotary: Int
  /// Width of the part of a head's query that does not turn, and of the key that is made for it.
  public let plain: Int
  /// Width of the value that is made for a head.
  public let value: Int

  /// Describes it.
  public init(form: LatentForm, rank: Int, rotary: Int, plain: Int, value: Int) {
    self.form = form
    self.rank = rank
    self.rotary = rotary
    self.plain = plain
    self.value = value
  }

  /// Numbers that the cache keeps of a token in a layer.
  public var cached: Int { rank + rotary }

  /// Numbers of the key and the value that a head would have of its own.
  public var ofHead: Int { plain + rotary + value }
}
