internal import ArgumentParser
internal import TinyModel
internal import Trace

/// Which model: a folder, a name, or a shape with random weights.
struct ModelOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "模型：文件夹或名字（默认 \(ModelSource.defaultModel)）",
        "the model: a folder or a name (default: \(ModelSource.defaultModel))"),
      valueName: "DIR|NAME"), completion: CompletionKind.models)
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "不用模型，而用随机的权重：config.json 或形状的名字（\(ModelShape.names.joined(separator: "、"))）",
        "random weights in place of a model: a config.json or a named shape (\(ModelShape.names.joined(separator: ", ")))"
      ),
      valueName: "CONFIG"), completion: .file(extensions: ["json"]))
  var random: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "潜在注意力（MLA）按什么顺序乘：absorbed 用吸收后的查询直接读潜在向量（默认，推理服务解码时的做法），expanded 每步由潜在向量重新算出各头的 K、V",
        "the order in which latent attention (MLA) multiplies: absorbed reads the latents with absorbed queries (the default, what servers do in decode), expanded makes every head's K and V again at each step"
      ),
      valueName: "FORM"))
  var mla: Choice<LatentForm>?

  /// Opens it; random weights are drawn from `seed`.
  func source(seed: UInt64) throws -> ModelSource {
    let form = try mla?.value(of: "--mla")
    let source = try ModelSource(
      model: model, random: random, seed: seed, form: form ?? .absorbed)
    guard form == nil || source.configuration.latent != nil else {
      throw CommandError.noLatent(
        model: model ?? random ?? ModelSource.defaultModel, source.configuration.architecture)
    }
    return source
  }
}
