/// A cached run that is broken on purpose beside the sound run without a cache, token by token; both are fed what the sound
/// one goes on with.
///
/// What the cache holds is compared as the newest step read it: a column may change after the step that computed it.
public struct FaultRun: Sendable {
  /// Both lanes, the sound one first.
  public let trace: Trace
  /// The steps, in order.
  public private(set) var steps: [FaultStep] = []
  /// What the cache holds after the newest step, a column a token.
  private var newest: [FaultColumn] = []

  /// The lanes that go side by side: the sound run without a cache, and the cached one with a fault, or with none.
  public static func lanes(_ fault: Fault?) -> [Lane] {
    [.uncached, Lane(name: Lane.cached.name, cache: .full, fault: fault)]
  }

  /// Reads off a run of these lanes what they have in common, as far as it has come.
  ///
  /// - Parameters:
  ///   - trace: the run.
  ///   - known: the same run when it was shorter, whose steps need not be read again.
  public init(_ trace: Trace, after known: FaultRun? = nil) {
    precondition(trace.lanes.count == 2, "\(trace.lanes.count) lanes")
    self.trace = trace
    (steps, newest) = (known?.steps ?? [], known?.newest ?? [])
    for step in trace.steps.dropFirst(steps.count) {
      let step = FaultStep(trace, step, known: newest)
      newest.take(step)
      steps.append(step)
    }
  }

  /// What is wrong; nil where nothing is.
  public var fault: Fault? { trace.lanes[1].fault }
  /// The tokens of the first step.
  public var prompt: Int { trace.steps.first?.length ?? trace.givenTokens }
  /// Tokens of the longest sequence as planned.
  public var longest: Int { prompt + trace.plannedSteps - 1 }
  /// Whether every step is there.
  public var isComplete: Bool { trace.isComplete }

  /// What the cache holds after a step, a column a token.
  public func columns(through number: Int) -> [FaultColumn] {
    guard number < steps.count else { return newest }
    var columns: [FaultColumn] = []
    for step in steps.prefix(number) { columns.take(step) }
    return columns
  }
}

extension [FaultColumn] {
  /// Goes on to a step.
  fileprivate mutating func take(_ step: FaultStep) {
    for column in step.changes {
      if column.position < count { self[column.position] = column } else { append(column) }
    }
  }
}

/// Where a broken run is first another.
public struct FaultParting: Sendable, Equatable {
  /// The step, counted from 1.
  public let step: Int
  /// The first cell of the cache that is another, the lowest layer first; nil where the logits alone are.
  public let cell: Cell?

  /// A cell of the cache.
  public struct Cell: Sendable, Equatable {
    /// Counted from 0.
    public let layer: Int
    /// The token's position.
    public let position: Int
    /// K or V.
    public let part: FaultColumn.Part
    /// The largest |Δ|.
    public let gap: Float
  }
}

extension FaultRun {
  /// Where the runs part; nil where they do not.
  public var parting: FaultParting? {
    guard let step = steps.first(where: \.isParted) else { return nil }
    return FaultParting(step: step.number, cell: step.firstCell)
  }

  /// The first step at which the broken run would go on otherwise; nil where there is none.
  public var textChange: FaultStep? { steps.first { !$0.saysTheSame } }

  /// The largest |Δ| of a part over all that was ever in the cache; 0 where not one bit differed.
  public func largest(_ part: FaultColumn.Part) -> Float {
    steps.flatMap(\.changes).flatMap { $0.gaps(part).compactMap { $0 } }.reduce(0, max)
  }

  /// The largest |Δ| of a logit.
  public var largestLogit: Float { steps.map(\.logits).reduce(0, max) }
}
