import Foundation
internal import TestSupport

@testable import TinyModel
internal import Trace

/// A small model of random weights in a shape of one's choice, and a run of three steps.
struct RandomModel {
  var heads = 2
  var kvHeads = 2
  var layers = 2
  var vocabulary = 7

  func trace() throws -> Trace {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let config = folder.appending(path: "config.json").path
    try Data(json.utf8).write(to: URL(filePath: config))
    let model = try Transformer(random: ModelShape(config), seed: 1)
    let tokenizer = try Checkpoint(folder: Self.tokenizerFolder).tokenizer()
    let plan = try RunPlan(
      start: .text, ids: [1, 2, 3], newTokens: 0, contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try runner.computeNextStep() != nil {}
    return runner.trace
  }

  private var json: String {
    """
    {"model_type": "llama", "hidden_size": \(4 * heads), "num_hidden_layers": \(layers),
     "num_attention_heads": \(heads), "num_key_value_heads": \(kvHeads), "intermediate_size": 8,
     "vocab_size": \(vocabulary), "max_position_embeddings": 16, "rms_norm_eps": 1e-5}
    """
  }

  /// The checkout's smallest tokenizer.
  private static let tokenizerFolder =
    Checkout.root + "/Tests/Fixtures/reported/nan-in-an-older-row"
}
