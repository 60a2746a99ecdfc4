/// What a figure of a run can go without: a lesson shows nothing that it has not introduced.
public enum FigurePart: String, CaseIterable, Hashable, Sendable {
  /// Which layer and which head is shown.
  case layer
  /// Columns of the counters: FLOP, cells of QKᵀ, tokens whose K and V were computed, bytes of the cache.
  case flops, cells, kv, bytes
}
