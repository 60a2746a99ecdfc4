/// What an answer took when it was computed in another way than with the K and V of earlier turns reused.
public struct AnswerCost: Hashable, Sendable {
  /// Rows that were fed in all passes.
  public let rows: Int
  /// FLOP that were counted in them.
  public let flops: Int
  /// Whether the same tokens were written.
  public let agrees: Bool

  /// What was done, as it was counted.
  public init(rows: Int, flops: Int, agrees: Bool) {
    (self.rows, self.flops, self.agrees) = (rows, flops, agrees)
  }
}
