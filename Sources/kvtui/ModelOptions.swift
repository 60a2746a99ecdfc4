internal import ArgumentParser
internal import TinyModel

/// Which model: a folder, a name, or a shape with random weights.
struct ModelOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "模型：文件夹或名字（默认 \(ModelSource.defaultModel)）",
        "the model: a folder or a name (default: \(ModelSource.defaultModel))"),
      valueName: "DIR|NAME"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "不用模型，而用随机的权重：config.json 或形状的名字（\(ModelShape.names.joined(separator: "、"))）",
        "random weights in place of a model: a config.json or a named shape (\(ModelShape.names.joined(separator: ", ")))"
      ),
      valueName: "CONFIG"))
  var random: String?

  /// Opens it; random weights are drawn from `seed`.
  func source(seed: UInt64) throws -> ModelSource {
    try ModelSource(model: model, random: random, seed: seed)
  }
}
