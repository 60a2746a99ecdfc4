/// What a KV cache keeps and how: three choices that do not depend on each other.
///
///     try CachePolicy("sinks:4+64,int8,paged:16")
public struct CachePolicy: Hashable, Sendable {
  /// Which positions are kept.
  public enum Retention: Hashable, Sendable {
    /// All of them.
    case full
    /// The newest, the current one among them.
    case window(Int)
    /// The first, and behind them the newest, the current one among these.
    ///
    /// Source: Xiao et al. 2023 (arXiv:2309.17453).
    case sinks(first: Int, newest: Int)
    /// For each KV head, those that queries have looked at most, and the newest, the current one among these.
    ///
    /// Source: Zhang et al. 2023 (arXiv:2306.14048).
    case heavyHitters(Int, newest: Int)
  }

  /// What a number is kept as.
  public enum Format: Hashable, Sendable {
    /// As it was computed.
    case f32
    /// A whole number and a scale for each token and KV head.
    case int8
    /// E4M3 and a scale for each layer.
    case fp8
    /// So many bits, keys in groups of tokens, values in groups of elements; the newest tokens as they were computed.
    ///
    /// Source: Liu et al. 2024 (arXiv:2402.02750).
    case kivi(bits: Int)
  }

  /// Where the slots lie.
  public enum Layout: Hashable, Sendable {
    /// One behind the other.
    case contiguous
    /// In blocks of so many tokens.
    ///
    /// Source: Kwon et al. 2023 (arXiv:2309.06180).
    case paged(Int)
  }

  /// Which positions are kept.
  public var retention = Retention.full
  /// What a number is kept as.
  public var format = Format.f32
  /// Where the slots lie.
  public var layout = Layout.contiguous

  /// Creates a policy; it keeps everything as it was computed.
  public init(
    retention: Retention = .full, format: Format = .f32, layout: Layout = .contiguous
  ) {
    self.retention = retention
    self.format = format
    self.layout = layout
  }

  /// Everything, as it was computed, in one piece.
  public static let full = CachePolicy()
}
