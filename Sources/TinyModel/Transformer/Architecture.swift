internal import Base

/// What sets a kind of model apart: how its `config.json` reads, and how its tensors are named and put together.
///
/// A new one is a file like `GPT2.swift` and a row in `all`.
struct Architecture: Sendable {
  /// Its `model_type` in `config.json`.
  let modelType: String
  /// What some files put before the names of tensors.
  let prefix: String
  /// Reads the fields of a `config.json`.
  let configuration: @Sendable (JSONField) throws(FileError) -> ModelConfiguration
  /// Reads the tensors, each checked against the configuration, and packs them.
  let weights: @Sendable (ModelConfiguration, inout TensorReader) throws(FileError) -> Weights
  /// The configuration with what only the names of the file's tensors tell.
  var fitted: @Sendable (ModelConfiguration, [String]) -> ModelConfiguration = { shape, _ in shape }

  /// Every architecture that this program runs.
  static let all =
    [GPT2.architecture, GPTNeoX.architecture] + Llama.Family.all.map(Llama.architecture)
    + DeepSeek.Family.all.map(DeepSeek.architecture)

  /// Reads and checks a `config.json`.
  static func read(
    path: String
  ) throws(FileError) -> (architecture: Architecture, configuration: ModelConfiguration) {
    try read(JSONField(reading: path, limit: 1 << 20))
  }

  /// Reads and checks the text of a `config.json`.
  static func read(
    _ bytes: [UInt8], file path: String
  ) throws(FileError) -> (architecture: Architecture, configuration: ModelConfiguration) {
    try read(JSONField(file: path, value: try JSON.parse(bytes, file: path)))
  }

  private static func read(
    _ fields: JSONField
  ) throws(FileError) -> (architecture: Architecture, configuration: ModelConfiguration) {
    try fields.fields()
    guard let type = fields.value["model_type"] else {
      throw .missingField(file: fields.file, field: "model_type")
    }
    guard let architecture = all.first(where: { $0.modelType == type.string }) else {
      throw fields.unsupported("model_type", type.summary, all.map { "\"\($0.modelType)\"" })
    }
    try requireWhole(fields)
    return (architecture, try architecture.configuration(fields))
  }

  /// Refuses quantised weights: `quantization_config` of `transformers`, `quantization` of MLX.
  private static func requireWhole(_ fields: JSONField) throws(FileError) {
    var own = try fields.optional("quantization_config")
    if own == nil { own = try fields.optionalObject("quantization") }
    guard let own else { return }
    let isMLX = fields.value["quantization"]?.fields != nil
    throw .quantised(
      file: fields.file, method: own.value["quant_method"]?.string ?? (isMLX ? "MLX" : nil),
      bits: own.value["bits"]?.integer)
  }
}
