/// The shape of a model, as `config.json` says it.
public struct ModelConfiguration: Equatable, Sendable {
  /// What `--json` and the screen call the architecture.
  public let architecture: String
  /// Transformer blocks.
  public let layers: Int
  /// Query heads of a layer.
  public let heads: Int
  /// Heads of K and V of a layer.
  public let kvHeads: Int
  /// Width of the residual stream.
  public let width: Int
  /// Width of a head.
  public let headWidth: Int
  /// Width of the MLP's inner layer.
  public let innerWidth: Int
  /// Ids that the model knows.
  public let vocabulary: Int
  /// The longest sequence, in tokens.
  public let positions: Int
  /// Added to the variance in a layer norm.
  public let normEpsilon: Float
  /// Whether the logits' matrix is the token embedding.
  public let isHeadTied: Bool
  /// Ids that end a sequence; those beyond the vocabulary are left out.
  public let endOfSequence: [Int]
}

extension ModelConfiguration {
  /// Reads and checks a `config.json`.
  init(path: String) throws(CheckpointError) {
    let file = try RegularFile(path)
    let json = try JSON.parse(file.allBytes(limit: 1 << 20), file: path)
    let fields = ConfigurationFields(json: json, file: path)
    _ = try json.rootFields(file: path)
    guard let type = json["model_type"] else {
      throw .missingField(file: path, field: "model_type")
    }
    guard type.string == "gpt2" else {
      throw .unsupported(
        file: path, field: "model_type", value: type.summary, supported: ["\"gpt2\""])
    }
    try self.init(gpt2: fields)
  }

  /// GPT-2's fields.
  ///
  /// Source: `GPT2Config` of Hugging Face transformers.
  private init(gpt2 fields: ConfigurationFields) throws(CheckpointError) {
    try fields.requireOneOf(["gelu_new", "gelu_pytorch_tanh"], at: "activation_function")
    try fields.require(true, at: "scale_attn_weights")
    try fields.require(false, at: "scale_attn_by_inverse_layer_idx")
    try fields.require(false, at: "add_cross_attention")
    architecture = "gpt2"
    layers = try fields.size("n_layer")
    heads = try fields.size("n_head")
    kvHeads = heads
    width = try fields.size("n_embd")
    guard width % heads == 0 else {
      throw .badField(
        file: fields.file, field: "n_head", value: "\(heads)",
        expected: .divisor(of: "n_embd", width))
    }
    headWidth = width / heads
    innerWidth = if let inner = try fields.optionalSize("n_inner") { inner } else { 4 * width }
    vocabulary = try fields.size("vocab_size")
    positions = try fields.size(fields.has("n_positions") ? "n_positions" : "n_ctx")
    normEpsilon = try fields.positiveNumber("layer_norm_epsilon", default: 1e-5)
    isHeadTied = try fields.boolean("tie_word_embeddings", default: true)
    let known = vocabulary
    endOfSequence = try fields.ids("eos_token_id").filter { $0 < known }
  }
}

/// The fields of a `config.json`, each checked as it is read.
private struct ConfigurationFields {
  let json: JSON
  let file: String

  /// No real model has a side beyond this; products of two sides then fit in an Int.
  private static let largestSize = 1 << 28

  func has(_ field: String) -> Bool { json[field] != nil }

  func size(_ field: String) throws(CheckpointError) -> Int {
    guard let size = try optionalSize(field) else {
      throw .missingField(file: file, field: field)
    }
    return size
  }

  func optionalSize(_ field: String) throws(CheckpointError) -> Int? {
    guard let value = json[field], !value.isNull else { return nil }
    guard let size = value.integer, (1...Self.largestSize).contains(size) else {
      throw .badField(
        file: file, field: field, value: value.summary, expected: .size(1...Self.largestSize))
    }
    return size
  }

  func positiveNumber(_ field: String, default standard: Float) throws(CheckpointError) -> Float {
    guard let value = json[field] else { return standard }
    guard let number = value.number.map(Float.init), number > 0, number < 1 else {
      throw .badField(file: file, field: field, value: value.summary, expected: .fraction)
    }
    return number
  }

  func boolean(_ field: String, default standard: Bool) throws(CheckpointError) -> Bool {
    guard let value = json[field], !value.isNull else { return standard }
    guard case .boolean(let flag) = value else {
      throw .badField(file: file, field: field, value: value.summary, expected: .boolean)
    }
    return flag
  }

  /// Refuses a flag that is there with the other value.
  func require(_ flag: Bool, at field: String) throws(CheckpointError) {
    guard try boolean(field, default: flag) == flag else {
      throw .unsupported(file: file, field: field, value: "\(!flag)", supported: ["\(flag)"])
    }
  }

  /// Refuses a string that is there and not known.
  func requireOneOf(_ known: [String], at field: String) throws(CheckpointError) {
    guard let value = json[field], !value.isNull else { return }
    guard let name = value.string, known.contains(name) else {
      throw .unsupported(
        file: file, field: field, value: value.summary,
        supported: known.map { "\"\($0)\"" })
    }
  }

  /// One id, a list of ids, or none.
  func ids(_ field: String) throws(CheckpointError) -> [Int] {
    guard let value = json[field], !value.isNull else { return [] }
    let values = value.elements ?? [value]
    var ids: [Int] = []
    for value in values {
      guard let id = value.integer else {
        throw .badField(file: file, field: field, value: value.summary, expected: .tokenID)
      }
      if id >= 0 { ids.append(id) }
    }
    return ids
  }
}
