internal import TinyModel

/// The model that options name, opened but not read: a folder, a name, or a shape with random weights.
struct ModelSource {
  static let defaultModel = "tiny-zh"

  let configuration: ModelConfiguration
  let tokenizer: Tokenizer
  private let weights: Weights

  private enum Weights {
    case checkpoint(Checkpoint)
    case random(ModelShape, seed: UInt64)
  }

  /// Opens what `--model` or `--random` names; without either, the bundled model.
  init(model: String?, random: String?, seed: UInt64) throws {
    guard let random else {
      let checkpoint = try Checkpoint(folder: Self.folder(model))
      configuration = checkpoint.configuration
      tokenizer = try checkpoint.tokenizer()
      weights = .checkpoint(checkpoint)
      return
    }
    guard model == nil else { throw CommandError.together("--model", "--random") }
    let shape = try ModelShape(random)
    configuration = shape.configuration
    // A shape has no tokenizer of its own: the bundled one turns texts into ids.
    let folder = try ProcessFacts.modelLibrary.folder(named: Self.defaultModel)
    tokenizer = try Tokenizer(
      path: folder + "/tokenizer.json", vocabulary: configuration.vocabulary)
    weights = .random(shape, seed: seed)
  }

  /// The default model is the library's, whatever lies in the working folder.
  private static func folder(_ model: String?) throws -> String {
    guard let model else { return try ProcessFacts.modelLibrary.folder(named: defaultModel) }
    return try ProcessFacts.modelLibrary.folder(of: ProcessFacts.path(model, of: "--model"))
  }

  /// Reads or draws the weights.
  func transformer() throws(CheckpointError) -> Transformer {
    switch weights {
    case .checkpoint(let checkpoint): try WeightsBar.transformer(checkpoint)
    case .random(let shape, let seed): try Transformer(random: shape, seed: seed)
    }
  }
}
