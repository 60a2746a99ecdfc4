public import Trace

/// How far one press of a key goes.
public enum Depth: Int, CaseIterable, Sendable {
  /// A whole forward pass.
  case token
  /// One block of it.
  case layer
  /// One operation of a block.
  case operation

  /// The depth after this one, as the depth key cycles.
  public var next: Depth { Depth(rawValue: rawValue + 1) ?? .token }
}

/// A place in a run: everything up to and including this operation is done.
public struct Moment: Hashable, Sendable {
  /// The step, counted from 1.
  public var step: Int
  /// The block, counted from 0.
  public var layer: Int
  /// The last operation that is done.
  public var operation: Operation

  /// Creates a moment.
  public init(step: Int, layer: Int, operation: Operation) {
    self.step = step
    self.layer = layer
    self.operation = operation
  }

  /// The end of a step.
  public init(endOf step: Int, layers: Int) {
    self.init(step: step, layer: layers - 1, operation: .logits)
  }

  /// Whether the step's forward pass is over.
  public var isEndOfStep: Bool { operation == .logits }

  /// The last operation that is done in `layer`; nil where the pass has not come to it yet.
  public func progress(in layer: Int) -> Operation? {
    if layer < self.layer { return .logits }
    return layer == self.layer ? operation : nil
  }

  /// The moment one unit later at `depth`; its step may lie beyond the run.
  public func next(_ depth: Depth, layers: Int) -> Moment {
    switch depth {
    case .token:
      return Moment(endOf: isEndOfStep ? step + 1 : step, layers: layers)
    case .layer:
      if isEndOfStep { return Moment.endOfLayer(0, step: step + 1, layers: layers) }
      let isLayerDone = operation == .mlp && layer < layers - 1
      return Moment.endOfLayer(isLayerDone ? layer + 1 : layer, step: step, layers: layers)
    case .operation:
      if isEndOfStep { return Moment(step: step + 1, layer: 0, operation: .embed) }
      if operation == .mlp && layer < layers - 1 {
        return Moment(step: step, layer: layer + 1, operation: .queryKeyValue)
      }
      let operation = Operation(rawValue: operation.rawValue + 1) ?? .logits
      return Moment(step: step, layer: layer, operation: operation)
    }
  }

  /// The moment one unit earlier at `depth`; nil at the beginning of the run.
  public func previous(_ depth: Depth, layers: Int) -> Moment? {
    let before = step > 1 ? Moment(endOf: step - 1, layers: layers) : nil
    switch depth {
    case .token:
      return before
    case .layer:
      return layer > 0 ? Moment.endOfLayer(layer - 1, step: step, layers: layers) : before
    case .operation:
      if operation == .embed { return before }
      if operation == .queryKeyValue && layer > 0 {
        return Moment(step: step, layer: layer - 1, operation: .mlp)
      }
      let operation = Operation(rawValue: operation.rawValue - 1) ?? .embed
      return Moment(step: step, layer: layer, operation: operation)
    }
  }

  private static func endOfLayer(_ layer: Int, step: Int, layers: Int) -> Moment {
    Moment(step: step, layer: layer, operation: layer == layers - 1 ? .logits : .mlp)
  }
}
