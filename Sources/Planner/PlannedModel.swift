package import Base

/// What a plan needs to know of a model: what its layers keep, and how many numbers its weights are.
package struct PlannedModel: Sendable {
  /// The name that it is found by, or the path that it was read from.
  package var name: String
  /// What it is called.
  package var title: String
  /// What its layers keep.
  package var groups: [LayerGroup]
  /// What each layer keeps, from the first.
  package var layers: [LayerGroup.Kind]
  /// How many numbers its weights are; nil where that is not known.
  package var parameters: ParameterCount?
  /// What a pass multiplies; nil where that is not known.
  package var products: PassShape?
  /// How its weights are published, where that is not as plain numbers.
  package var quantization: Quantization?
  /// Bytes of its weights as they lie in its files.
  package var storedBytes: Int?
  /// Tokens of the longest text that it was made for.
  package var contextLength: Int?
  /// Whether it is the text part of a larger model, whose other parts are not counted.
  package var isPart = false
  /// Whether a token passes some of its weights only, the experts that it is routed to.
  package var hasExperts = false

  /// How weights are published.
  package enum Quantization: Equatable, Sendable {
    /// Experts as MXFP4, the rest in 16 bits.
    case mxfp4
    /// Matrices of attention and MLPs as FP8 with a scale for each block, the rest in 16 bits.
    case fp8
    /// Some other way, which is not computed here.
    case other(String)
  }

  /// A shape that was typed.
  ///
  /// - Throws: that its numbers lead beyond all bytes.
  package init(layers: Int, kvHeads: Int, headDimension: Int) throws(PlannerError) {
    let group = LayerGroup(
      .full, layers: layers, width: .heads(kvHeads, headDimension: headDimension))
    guard group.bytesPerToken(.fp32).count < .max else {
      throw .beyond(what: "--layers, --kv-heads, --d-head")
    }
    self.init(
      name: "", title: "", groups: [group], layers: Array(repeating: .full, count: layers))
  }

  private init(
    name: String, title: String, groups: [LayerGroup], layers: [LayerGroup.Kind]
  ) {
    (self.name, self.title) = (name, title)
    (self.groups, self.layers) = (groups, layers)
  }

  /// Reads a `config.json`.
  ///
  /// - Throws: `FileError`, for a file that is none; `PlannerError`, for one of a kind that is not known.
  package init(config path: String, name: String) throws {
    let field = try JSONField(reading: path, limit: 16 << 20)
    try self.init(field, name: name, title: name)
  }

  /// Takes a configuration to pieces.
  package init(_ whole: JSONField, name: String, title: String) throws {
    let text = try whole.optionalObject("text_config")
    let field = text ?? whole
    let type = try field.required("model_type").text()
    guard let family = ModelFamily.of(type) else {
      throw PlannerError.unknownModelType(file: whole.file, type: type)
    }
    let config = try ConfigFields(field, family, isPart: text != nil)
    let kept = try LayerReader(config: config).kept()
    self.init(
      name: name, title: title, groups: [LayerGroup](layers: kept), layers: kept.map(\.0))
    guard (groups.reduce(Bytes(0)) { $0 + $1.bytes(tokens: 1, .fp32) }).count < .max else {
      throw PlannerError.beyond(what: whole.file)
    }
    isPart = text != nil
    if case .none = family.experts {} else { hasExperts = true }
    parameters = isPart ? nil : try ParameterCounter(config: config).count()
    let keepsAll = groups.allSatisfy { $0.kind == .full }
    products = isPart || !keepsAll ? nil : try ParameterCounter(config: config).products()
    quantization = try Self.quantization(whole, family)
    contextLength = try field.optionalSize(
      family.types == ["gpt2"] ? "n_positions" : "max_position_embeddings")
  }

  /// Rows and columns of a block that has a scale of its own.
  static let scaledBlock = 128

  /// Which numbers are packed is known of two families only.
  private static func quantization(
    _ field: JSONField, _ family: ModelFamily
  ) throws(FileError) -> Quantization? {
    guard let quantization = try field.optionalObject("quantization_config") else { return nil }
    let method = try quantization.optional("quant_method")?.text() ?? "?"
    switch (method, family.experts) {
    case ("mxfp4", .gptOSS): return .mxfp4
    case ("fp8", .deepSeek):
      let block = try quantization.optional("weight_block_size")?.elements().map(\.value.integer)
      return block == [scaledBlock, scaledBlock] ? .fp8 : .other(method)
    default: return .other(method)
    }
  }

  /// Reads a model's folder: its `config.json`, and how much its weights take if they lie there.
  package init(folder: String, name: String) throws {
    try self.init(config: folder + "/config.json", name: name)
    if let weights = try StoredWeights(folder: folder) {
      storedBytes = weights.bytes
      parameters = weights.parameters.map { ParameterCount(parameters: $0) } ?? parameters
    }
  }
}

/// Weights in safetensors files: what their headers say.
private struct StoredWeights {
  let bytes: Int
  /// How many numbers they are; nil where some are packed.
  let parameters: Int?

  /// nil where none lie in the folder.
  init?(folder: String) throws(FileError) {
    let files = try Self.files(in: folder)
    guard !files.isEmpty else { return nil }
    var bytes = 0
    var parameters: Int? = 0
    for file in files {
      for entry in file.entries {
        bytes += entry.range.count
        let count = entry.range.count / entry.type.width
        parameters = entry.type.isWeight ? parameters.map { $0 + count } : nil
      }
    }
    (self.bytes, self.parameters) = (bytes, parameters)
  }

  private static func files(in folder: String) throws(FileError) -> [SafetensorsFile] {
    let single = folder + "/model.safetensors"
    if PathKind(single) != .nothing { return [try SafetensorsFile(single)] }
    let index = folder + "/model.safetensors.index.json"
    guard PathKind(index) != .nothing else { return [] }
    var names: [String] = []
    for (tensor, value) in try JSONField(reading: index, limit: 64 << 20)
      .required("weight_map").fields()
    {
      guard let name = value.string, isPlainName(name) else {
        throw .badField(
          file: index, field: "weight_map.\(tensor)", value: value.summary, expected: .siblingFile)
      }
      if name != names.last { names.append(name) }
    }
    var files: [SafetensorsFile] = []
    for name in Set(names).sorted() { files.append(try SafetensorsFile(folder + "/" + name)) }
    return files
  }

  /// Whether a name can only be that of an entry of the folder.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}

extension PlannedModel {
  /// Whether it is known how the weights are published: where it is not, they are taken for plain numbers of 16 bits.
  package var isPublishedTypeKnown: Bool { storedBytes != nil || quantization != nil }

  /// Bytes of the weights, as they are published or in a type that was asked for.
  ///
  /// - Parameters:
  ///   - weights: the type that was asked for.
  ///   - cache: the type of the cache; where that is fp32, so are weights that nothing is said of.
  /// - Returns: the bytes; nil where they are not known.
  package func weightBytes(as weights: Precision?, cache: Precision) -> Int? {
    if let weights { return bytes(perParameter: weights.bytes) }
    if let storedBytes { return storedBytes }
    switch quantization {
    case .other: return nil
    case .mxfp4:
      guard let parameters else { return nil }
      let plain = Bytes(parameters.parameters - parameters.fourBit) * 2
      let sum = plain + Bytes(parameters.fourBit / 32) * 17
      return sum.count < .max ? sum.count : nil
    case .fp8:
      guard let parameters else { return nil }
      let scaled = parameters.eightBit
      let plain = Bytes(parameters.parameters - scaled.numbers) * 2
      let sum = plain + Bytes(scaled.numbers) + Bytes(scaled.scales) * 4
      return sum.count < .max ? sum.count : nil
    case nil: return bytes(perParameter: cache == .fp32 ? 4 : 2)
    }
  }

  private func bytes(perParameter bytes: Int) -> Int? {
    guard let parameters else { return nil }
    let sum = Bytes(parameters.parameters) * bytes
    return sum.count < .max ? sum.count : nil
  }
}
