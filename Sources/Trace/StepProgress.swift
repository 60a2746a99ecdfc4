package import Base
internal import Synchronization

/// How far the step has come that is being computed, and the way to stop it; any thread may ask.
///
/// Who reads the weights reports the bytes, the forward passes each layer as it ends: nothing here is estimated.
public final class StepProgress: Sendable {
  /// A forward pass that has begun.
  public struct Pass: Hashable, Sendable {
    /// Tokens that are fed.
    public let rows: Int
    /// Layers that are done.
    public package(set) var layersDone = 0

    package init(rows: Int, layersDone: Int = 0) {
      self.rows = rows
      self.layersDone = layersDone
    }
  }

  /// Weights that are read before the first step.
  public struct Reading: Hashable, Sendable {
    /// Bytes that are read.
    public let read: Int
    /// Bytes of all weights; some may not be needed.
    public let total: Int
    /// Whether all that is needed is read.
    public let isOver: Bool

    package init(read: Int, total: Int, isOver: Bool = false) {
      self.read = read
      self.total = total
      self.isOver = isOver
    }
  }

  /// What is done of a step.
  public struct Amount: Hashable, Sendable {
    /// The step, counted from 1.
    public let step: Int
    /// The pass of each lane, once it has begun, in the order of the trace's lanes.
    public package(set) var passes: [Pass?]
    /// The weights, where they are read beside the screen.
    public package(set) var reading: Reading?

    package init(step: Int, passes: [Pass?], reading: Reading? = nil) {
      self.step = step
      self.passes = passes
      self.reading = reading
    }

    /// The pass of the lane that feeds the whole sequence: the first.
    public var uncached: Pass? { passes.first ?? nil }
    /// The pass of the lane that feeds the new tokens: the last.
    public var cached: Pass? { passes.last ?? nil }
  }

  /// The run was cancelled.
  package struct Cancelled: Explained {
    /// 70; nobody lets it come so far.
    package var status: Int32 { ExitStatus.internalError.rawValue }

    /// Whoever cancelled it knows.
    package func message(_ language: Language) -> String? { nil }
  }

  private struct State {
    var amount: Amount?
    var isCancelled = false
  }

  private let state = Mutex(State())

  /// Creates the progress of a run that has not begun.
  public init() {}

  /// What is done of the step that is being computed, or was last.
  public var amount: Amount? { state.withLock { $0.amount } }

  /// Whether the run was cancelled.
  public var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Stops the run at the end of the layer that is being computed, for good.
  public func cancel() { state.withLock { $0.isCancelled = true } }

  /// So much of the weights is read; no pass has begun.
  package func read(_ reading: Reading) {
    state.withLock { $0.amount = Amount(step: 1, passes: [], reading: reading) }
  }

  /// What is left to read is read by the passes themselves.
  package func readNoMore() { state.withLock { $0.amount = nil } }

  package func begin(step: Int, lanes: Int) {
    let passes = [Pass?](repeating: nil, count: lanes)
    state.withLock { state in
      let reading = step == 1 ? state.amount?.reading : nil
      state.amount = Amount(step: step, passes: passes, reading: reading)
    }
  }

  /// A lane's pass begins.
  package func begin(lane: Int, rows: Int) throws(Cancelled) {
    try change { $0?.passes[lane] = Pass(rows: rows) }
  }

  /// One more layer of a lane's pass is done.
  package func finishLayer(ofLane lane: Int) throws(Cancelled) {
    try change { $0?.passes[lane]?.layersDone += 1 }
  }

  private func change(_ body: (inout Amount?) -> Void) throws(Cancelled) {
    let isCancelled = state.withLock { state in
      body(&state.amount)
      return state.isCancelled
    }
    if isCancelled { throw Cancelled() }
  }
}
