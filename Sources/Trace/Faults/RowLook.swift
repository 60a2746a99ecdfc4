/// Where a row looks in one head: the keys with the largest attention weights, in the sound run and in the broken one.
public struct RowLook: Sendable, Equatable {
  /// A key, and its weight.
  public struct Key: Sendable, Equatable {
    /// The position of its token.
    public let position: Int
    /// Its attention weight.
    public let weight: Float
  }

  /// The query head, counted from 0.
  public let head: Int
  /// The head whose weights differ most; nil where no head has one that differs.
  public let farthest: Int?
  /// Keys of the sound run, the largest weight first.
  public let sound: [Key]
  /// Keys of the broken run; a token that is there twice is two of them.
  public let broken: [Key]
}

extension FaultRun {
  /// Where the row of a token looked when it was new, recomputed by the engine's kernels.
  ///
  /// - Parameters:
  ///   - position: the token's.
  ///   - layer: counted from 0.
  ///   - head: the query head, counted from 0; nil for the one that differs most.
  ///   - most: how many keys are listed at most.
  /// - Returns: what the head looked at.
  public func look(ofRow position: Int, layer: Int, head: Int? = nil, most: Int) -> RowLook {
    let step = trace.step(max(1, position - prompt + 2))
    func keys(_ lane: Int, _ head: Int) -> [RowLook.Key] {
      let attention = HeadAttention(trace, lane: lane, step: step, layer: layer, head: head)
      return attention.weights(ofRow: position).enumerated().map { slot, weight in
        RowLook.Key(position: attention.position(ofSlot: slot), weight: weight)
      }
    }
    let heads = (0..<trace.model.heads).map { (head: $0, sound: keys(0, $0), broken: keys(1, $0)) }
    var farthest: Int?
    var largest: Float = 0
    for head in heads {
      let apart = Self.apart(head.sound, head.broken)
      if apart > largest { (farthest, largest) = (head.head, apart) }
    }
    let chosen = heads[head ?? farthest ?? 0]
    func top(_ keys: [RowLook.Key]) -> [RowLook.Key] {
      let seen = keys.filter { $0.weight > 0 }
      return Array(
        seen.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
          .map(\.element).prefix(most))
    }
    return RowLook(
      head: chosen.head, farthest: farthest, sound: top(chosen.sound), broken: top(chosen.broken))
  }

  /// The sum of what the weights of two rows differ by, token by token.
  private static func apart(_ one: [RowLook.Key], _ other: [RowLook.Key]) -> Float {
    var differences: [Int: Float] = [:]
    for key in one { differences[key.position, default: 0] += key.weight }
    for key in other { differences[key.position, default: 0] -= key.weight }
    return differences.values.reduce(0) { $0 + abs($1) }
  }
}
