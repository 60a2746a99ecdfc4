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
  /// nil as long as it is not opened.
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
  var isLarge: Bool { source.isLarge }

  /// The weights, read before a screen takes the terminal: keys that are typed meanwhile do not show.
  @discardableResult
  func read() throws(ModelError) -> Transformer {
    let model = try opened { source, type, pool throws(ModelError) in
      try source.transformerBeforeScreen(type, pool)
    }
    try model.pack()
    return model
  }

  /// The weights, read beside a screen, which is told how far that has come; those of a run that was cancelled meanwhile are
  /// read later.
  func read(_ progress: StepProgress) throws(ModelError) -> Transformer {
    let model = try streamed(progress)
    guard !model.isPacked else { return model }
    try model.pack {
      progress.read(StepProgress.Reading($0))
    } while: {
      !progress.isCancelled
    }
    tellAll(progress)
    return model
  }

  /// The model as soon as it can be run: large weights that lie by outputs stay in the files, for passes to read, until they are
  /// packed; a screen is told how far the others have come.
  func streamed(_ progress: StepProgress) throws(ModelError) -> Transformer {
    try opened { source, type, pool throws(ModelError) in
      progress.read(StepProgress.Reading(read: 0, total: source.bytesToRead))
      let model = try source.streamedTransformer(type, pool) {
        progress.read(StepProgress.Reading($0))
      }
      if model.isPacked { self.tellAll(progress) } else { progress.readNoMore() }
      return model
    }
  }

  /// All weights that are needed are in memory.
  private func tellAll(_ progress: StepProgress) {
    let all = source.bytesToRead
    progress.read(StepProgress.Reading(read: all, total: all, isOver: true))
  }

  private func opened(
    _ open: (ModelSource, WeightType, ThreadPool) throws(ModelError) -> Transformer
  ) throws(ModelError) -> Transformer {
    if let transformer = transformer.withLock({ $0 }) { return transformer }
    let opened = try open(source, type, pool)
    transformer.withLock { $0 = opened }
    return opened
  }

  /// Refuses a run that does not fit into memory beside the weights, read or not.
  func requireMemory(for plan: RunPlan, _ lanes: [Lane]) throws(RunPlanError) {
    guard let transformer = transformer.withLock({ $0 }) else {
      return try source.requireMemory(for: plan, type, pool, use: .lanes(lanes))
    }
    try plan.requireMemory(of: transformer, use: .lanes(lanes))
  }
}

extension StepProgress.Reading {
  fileprivate init(_ progress: ReadingProgress) {
    self.init(read: progress.read, total: progress.total)
  }
}
