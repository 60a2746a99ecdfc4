internal import Kernels
internal import Terminal
internal import TinyModel
internal import Trace

/// The model that options name, opened but not read: a folder, a name, or a shape with random weights.
struct ModelSource {
  static let defaultModel = "tiny-zh"

  let configuration: ModelConfiguration
  private let weights: Weights

  private enum Weights {
    case checkpoint(Checkpoint)
    case random(ModelShape, seed: UInt64)
  }

  /// Opens what `--model` or `--random` names; without either, the bundled model.
  ///
  /// Latent attention is multiplied in the order of `form`.
  init(model: String?, random: String?, seed: UInt64, form: LatentForm = .absorbed) throws {
    guard let random else {
      let checkpoint = try Checkpoint(folder: Self.folder(model), form: form)
      configuration = checkpoint.configuration
      weights = .checkpoint(checkpoint)
      return
    }
    guard model == nil else { throw CommandError.together("--model", "--random") }
    let shape = try ModelShape(random, form: form)
    configuration = shape.configuration
    weights = .random(shape, seed: seed)
  }

  /// The default model is the library's, whatever lies in the working folder.
  private static func folder(_ model: String?) throws -> String {
    guard let model else { return try ProcessFacts.modelLibrary.folder(named: defaultModel) }
    return try ProcessFacts.modelLibrary.folder(of: ProcessFacts.path(model, of: "--model"))
  }

  /// Reads the tokenizer.
  ///
  /// A shape has none of its own: the bundled model's turns texts into ids.
  func tokenizer() throws -> Tokenizer {
    switch weights {
    case .checkpoint(let checkpoint): return try checkpoint.tokenizer()
    case .random(let shape, _):
      let folder = try ProcessFacts.modelLibrary.folder(named: Self.defaultModel)
      let tokenizer = try Tokenizer(path: folder + "/tokenizer.json")
      guard tokenizer.count <= configuration.vocabulary else {
        throw CommandError.smallVocabulary(
          shape: shape.name, vocabulary: configuration.vocabulary, ids: tokenizer.count)
      }
      return tokenizer
    }
  }

  /// What the model's folder asks for and this program does not do; nil where there is nothing of it.
  func unheededFields(_ tokenizer: Tokenizer) -> UnheededFields? {
    guard case .checkpoint(let checkpoint) = weights else { return nil }
    return checkpoint.unheededFields(tokenizer)
  }

  /// Refuses a run that does not fit into memory beside the weights, before these are read.
  func requireMemory(
    for plan: RunPlan, _ type: WeightType, _ pool: ThreadPool,
    use: MemoryPlan.Use = .lockStep, other: Int = 0
  ) throws(RunPlanError) {
    guard var weights = memoryPlan(type) else { return }
    weights.other = other
    try plan.requireMemory(of: configuration, beside: weights, threads: pool.threads, use: use)
  }

  /// What the weights take; nil where that is not known before they are read.
  func memoryPlan(_ type: WeightType) -> MemoryPlan? {
    switch weights {
    case .checkpoint(let checkpoint): checkpoint.memoryPlan(type)
    case .random(let shape, _): shape.memoryPlan(type)
    }
  }

  /// What the weights are stored as, which loses nothing; random ones are f32.
  var storedType: WeightType {
    switch weights {
    case .checkpoint(let checkpoint): checkpoint.storedType
    case .random: .f32
    }
  }

  /// Bytes that the weights' files have; random ones have none.
  var bytesToRead: Int {
    switch weights {
    case .checkpoint(let checkpoint): checkpoint.weightBytes
    case .random: 0
    }
  }

  /// What the model is called.
  var name: String {
    switch weights {
    case .checkpoint(let checkpoint): checkpoint.name
    case .random(let shape, _): "random " + shape.name
    }
  }

  /// Reads or draws the weights beside a screen, which is told the bytes that are read, and all.
  func transformer(
    _ type: WeightType, _ pool: ThreadPool, _ progress: @escaping (Int, Int) -> Void
  ) throws(ModelError) -> Transformer {
    guard case .checkpoint(let checkpoint) = weights else { return try transformer(type, pool) }
    return try Transformer(checkpoint, type: type, pool: pool) { progress($0.read, $0.total) }
  }

  /// The model as soon as it can be run: large weights stay in the files, for passes to read, until they are packed.
  ///
  /// `progress` is told the bytes that are read before that, and all.
  func streamedTransformer(
    _ type: WeightType, _ pool: ThreadPool, _ progress: @escaping (ReadingProgress) -> Void
  ) throws(ModelError) -> Transformer {
    guard case .checkpoint(let checkpoint) = weights, isLarge else {
      return try transformer(type, pool)
    }
    return try Transformer(checkpoint, type: type, pool: pool, streams: true, progress: progress)
  }

  /// Whether one waits for the weights so long that a screen should be there meanwhile.
  var isLarge: Bool { WeightsBar.isShown(for: bytesToRead) }

  /// Reads or draws the weights before a screen takes the terminal: keys that are typed meanwhile do not show.
  func transformerBeforeScreen(
    _ type: WeightType, _ pool: ThreadPool
  ) throws(ModelError) -> Transformer {
    guard case .random = weights else { return try transformer(type, pool) }
    let terminal = WeightsBar.silentTerminal()
    defer { terminal?.giveBack() }
    return try transformer(type, pool)
  }

  /// Reads or draws the weights.
  func transformer(_ type: WeightType, _ pool: ThreadPool) throws(ModelError) -> Transformer {
    switch weights {
    case .checkpoint(let checkpoint): try WeightsBar.transformer(checkpoint, type, pool)
    case .random(let shape, let seed):
      try Transformer(random: shape, seed: seed, type: type, pool: pool)
    }
  }
}
