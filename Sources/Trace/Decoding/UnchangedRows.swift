/// Tokens behind an edit that are the same as before it, and how far their K and V moved nevertheless.
public struct UnchangedRows: Hashable, Sendable {
  /// How far a layer's rows moved: the largest differences between what was held before the edit and what is held after it,
  /// in the units of K and V.
  public struct Difference: Hashable, Sendable {
    /// Of the keys; of latent attention of their rotary part.
    public let key: Double
    /// Of the values; of latent attention of the latent.
    public let value: Double

    /// Two differences.
    public init(key: Double, value: Double) { (self.key, self.value) = (key, value) }
  }

  /// How many tokens there are, one behind the other.
  public let count: Int
  /// How many of them belong to the answer.
  public let ofAnswer: Int
  /// The position of the first before the edit.
  public let before: Int
  /// Its position after the edit.
  public let after: Int
  /// How far each layer's rows moved.
  public let layers: [Difference]

  /// What was compared.
  public init(count: Int, ofAnswer: Int, before: Int, after: Int, layers: [Difference]) {
    (self.count, self.ofAnswer) = (count, ofAnswer)
    (self.before, self.after, self.layers) = (before, after, layers)
  }

  /// By how many positions the tokens moved.
  public var shift: Int { after - before }
}
