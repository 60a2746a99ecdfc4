/// Where a lane first computed something else than the reference lane.
public struct Parting: Equatable, Sendable {
  /// The step, counted from 1.
  public let step: Int
  /// The first layer, counted from 0, whose Q, K or V of the new tokens are others; nil where the logits alone are.
  public let layer: Int?

  /// A place.
  public init(step: Int, layer: Int?) {
    self.step = step
    self.layer = layer
  }
}

extension Trace {
  /// Where a lane parted from the reference lane, in the steps up to and including one; nil where it has not.
  ///
  /// It is read off what both computed of the new tokens, bit for bit.
  public func parting(lane: Int, through step: Int) -> Parting? {
    guard let first = steps.prefix(step).first(where: { $0.isParted(lane: lane) }) else {
      return nil
    }
    let layers = 0..<model.layers
    return Parting(
      step: first.number, layer: layers.first { first.isParted(lane: lane, layer: $0) })
  }
}

extension Step {
  fileprivate func isParted(lane: Int) -> Bool {
    let difference = lanes[lane].difference
    // A NaN is a difference.
    return !(difference?.logits ?? 0).isZero || !(difference?.rows ?? 0).isZero
  }

  fileprivate func isParted(lane: Int, layer: Int) -> Bool {
    let (own, reference) = (activations(of: lane), activations())
    return [\Activations.queries, \.keys, \.values].contains { part in
      let (own, reference) = (own[keyPath: part], reference[keyPath: part])
      guard own.indices.contains(layer), reference.indices.contains(layer) else { return false }
      return own[layer] != reference[layer]
    }
  }
}
