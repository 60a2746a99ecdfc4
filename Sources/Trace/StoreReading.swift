/// What a lane's attention read in one step, where that is not just what the lane computed of each position when it was new.
///
/// K and V are written down where they are not those that are known of a position: what was read of it last, or else
/// what was computed of it. A store that keeps everything as it was computed has no such record.
public struct StoreReading: Sendable, Equatable {
  /// By which positions the mask goes.
  public enum Numbering: Sendable, Equatable {
    /// Those of the text.
    case text
    /// The slots' own numbers.
    case slots
  }

  /// What was read in one layer.
  public struct Layer: Sendable, Equatable {
    /// The positions of the text, slot by slot, the step's own among them; of the first KV head where heads read different
    /// ones.
    public let positions: Positions
    /// The same of each KV head, where heads read different ones; empty where they do not.
    ///
    /// Of such heads nothing is written down of K and V: they are what was computed.
    public let positionsByHead: [Positions]
    /// By which positions the mask went.
    public let numbering: Numbering
    /// The slots of which K or V is written down, in rising order.
    public let changed: [Int]
    /// Keys of these slots, turned: `[changed][kv heads × head dimension]`.
    public let keys: [Float]
    /// Values of these slots: `[changed][kv heads × value dimension]`.
    public let values: [Float]
    /// Queries of the fed rows that were fed before, as this step computed them anew:
    /// `[rows fed again][heads × head dimension]`.
    public let queries: [Float]

    /// A layer's reading as it was recorded.
    public init(
      positions: Positions, positionsByHead: [Positions] = [], numbering: Numbering = .text,
      changed: [Int] = [], keys: [Float] = [], values: [Float] = [], queries: [Float] = []
    ) {
      precondition(positionsByHead.isEmpty || changed.isEmpty, "rows of heads that differ")
      self.positions = positions
      self.positionsByHead = positionsByHead
      self.numbering = numbering
      self.changed = changed
      self.keys = keys
      self.values = values
      self.queries = queries
    }

    /// The positions of the text that a KV head read, slot by slot.
    public func positions(kvHead: Int) -> Positions {
      positionsByHead.isEmpty ? positions : positionsByHead[kvHead]
    }
  }

  /// What was read, layer by layer.
  public let layers: [Layer]

  /// A reading as it was recorded.
  public init(layers: [Layer]) { self.layers = layers }
}
