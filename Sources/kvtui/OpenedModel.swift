internal import Kernels
internal import Synchronization
internal import TinyModel
internal import Trace

/// The model of a run: opened, and read by who needs it first.
///
/// It is read by one thread at a time: before a screen is there, or on the queue of a run's steps.
final class OpenedModel: @unchecked Sendable {
  private let source: ModelSource
  private let type: WeightType
  private let pool: ThreadPool
  /// nil as long as it is not read.
  private let transformer: Mutex<Transformer?>

  init(_ source: ModelSource, _ type: WeightType, _ pool: ThreadPool) {
    (self.source, self.type, self.pool) = (source, type, pool)
    transformer = Mutex(nil)
  }

  var configuration: ModelConfiguration { source.configuration }

  /// What a trace says of it; its parameters only once it is read.
  var description: ModelDescription {
    transformer.withLock { $0?.description }
      ?? configuration.description(name: source.name, type: type)
  }

  /// Whether one waits for it so long that a screen should be there meanwhile.
  var isLarge: Bool { WeightsBar.isShown(for: source.bytesToRead) }

  /// The weights, read before a screen takes the terminal: keys that are typed meanwhile do not show.
  @discardableResult
  func read() throws(ModelError) -> Transformer {
    try read { source, type, pool throws(ModelError) in
      try source.transformerBeforeScreen(type, pool)
    }
  }

  /// The weights, read beside a screen, which is told how far that has come.
  func read(_ progress: StepProgress) throws(ModelError) -> Transformer {
    try read { source, type, pool throws(ModelError) in
      var total = source.bytesToRead
      progress.read(StepProgress.Reading(read: 0, total: total))
      let transformer = try source.transformer(type, pool) { read, all in
        total = all
        progress.read(StepProgress.Reading(read: read, total: all))
      }
      progress.read(StepProgress.Reading(read: total, total: total, isOver: true))
      return transformer
    }
  }

  private func read(
    _ work: (ModelSource, WeightType, ThreadPool) throws(ModelError) -> Transformer
  ) throws(ModelError) -> Transformer {
    if let transformer = transformer.withLock({ $0 }) { return transformer }
    let read = try work(source, type, pool)
    transformer.withLock { $0 = read }
    return read
  }

  /// Refuses a run that does not fit into memory beside the weights, read or not.
  func requireMemory(for plan: RunPlan, _ lanes: [Lane]) throws(RunPlanError) {
    guard let transformer = transformer.withLock({ $0 }) else {
      return try source.requireMemory(for: plan, type, pool, use: .lanes(lanes))
    }
    try plan.requireMemory(of: transformer, use: .lanes(lanes))
  }
}
