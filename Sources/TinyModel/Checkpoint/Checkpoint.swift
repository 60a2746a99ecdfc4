public import Base
public import Kernels
public import Trace

/// A Hugging Face model folder: `config.json`, `generation_config.json` if there is one, `model.safetensors` or its sharded index,
/// `tokenizer.json` or `vocab.txt`.
///
///     let checkpoint = try Checkpoint(folder: "models/tiny-zh")
///     let model = try Transformer(checkpoint)
public final class Checkpoint {
  /// The folder's path.
  public let folder: String
  /// The folder's own name.
  public let name: String
  /// The model's shape, and what ends a sequence.
  public let configuration: ModelConfiguration
  /// What reads its tensors.
  let architecture: Architecture
  let files: [SafetensorsFile]
  /// Which of the files holds a tensor, as the index says; nil where there is one file, which holds all.
  private let places: [UTF8Key: SafetensorsFile]?
  /// What messages call its weights.
  let path: String

  /// Reads both configurations and every header in `folder`; no tensor yet.
  ///
  /// - Parameters:
  ///   - folder: its path; of a folder of Hugging Face's cache, the revision in it is read.
  ///   - form: in which order latent attention is multiplied; of no matter to other models.
  /// - Throws: what is missing or malformed, and where.
  public init(folder: String, form: LatentForm = .absorbed) throws(FileError) {
    let folder = HubCache.followed(folder)
    self.folder = folder
    name = HubCache.modelName(of: folder) ?? Self.lastComponent(of: folder)
    var shape: ModelConfiguration
    (architecture, shape) = try FolderContents.explaining(folder) { () throws(FileError) in
      try Architecture.read(path: folder + "/config.json")
    }
    if let generation = try GenerationConfiguration.beside(configurationIn: folder) {
      shape.endOfSequence = generation.endOfSequence.filter { $0 < shape.vocabulary }
    }
    (files, places, path) = try FolderContents.explaining(folder) { () throws(FileError) in
      try Self.openWeights(in: folder)
    }
    shape = architecture.fitted(shape, files.flatMap { $0.entries.map(\.name) })
    configuration = shape.attending(form)
  }

  /// Reads the folder's tokenizer.
  ///
  /// Texts may use the ids that the model knows; the model may know more, and the tokenizer too.
  public func tokenizer() throws(FileError) -> Tokenizer {
    try FolderContents.explaining(folder) { () throws(FileError) in
      try Tokenizer(folder: folder, vocabulary: configuration.vocabulary)
    }
  }

  /// What the folder asks for and this program does not do; nil where there is nothing of it.
  public func unheededFields(_ tokenizer: Tokenizer) -> UnheededFields? {
    UnheededFields(in: folder, tokenizer)
  }

  /// Bytes of the files' weights: what reading them takes, or less where some are not needed.
  public var weightBytes: Int { files.reduce(0) { $0 + $1.weightBytes } }

  /// Tells the system that all weights will be read.
  func willBeReadWhole() { for file in files { file.willBeReadWhole() } }

  /// What holds every matrix of the files exactly: the type that all have in common, or f32.
  public var storedType: WeightType {
    let matrices = files.lazy.flatMap(\.entries).filter { $0.shape.count > 1 }
    let types = Set(matrices.compactMap(\.type.weights))
    return types.count == 1 ? types.first ?? .f32 : .f32
  }

  /// The error that a tensor is needed and not there: in the file that should have it, as the index says where there is one.
  func missing(_ tensor: String) -> FileError {
    let named = [tensor, architecture.prefix + tensor].compactMap { places?[UTF8Key($0)] }.first
    return .missingTensor(
      file: named?.path ?? path, tensor: tensor,
      nearest: TensorNames.nearest(to: tensor, in: files.lazy.flatMap(\.entries).map(\.name)))
  }

  /// Whether there is a tensor of that name, with or without the prefix of files.
  func has(_ name: String) -> Bool {
    place(of: name) != nil || place(of: architecture.prefix + name) != nil
  }

  /// Where a tensor lies that must have the given shape; nil where there is none of that name.
  ///
  /// `name` is without the `transformer.` or `model.` that some files put before it; a file that has it both with and
  /// without says nothing certain.
  func tensor(
    _ name: String, shape: [Int]
  ) throws(FileError) -> (file: SafetensorsFile, entry: TensorEntry)? {
    let (plain, prefixed) = (place(of: name), place(of: architecture.prefix + name))
    if let plain, let prefixed {
      throw .ambiguousTensor(file: path, tensors: [prefixed.entry.name, plain.entry.name])
    }
    guard let (file, entry) = plain ?? prefixed else { return nil }
    guard entry.shape == shape else {
      // Packed integers with scales beside them, as MLX saves.
      let scales = entry.name.dropLast(".weight".utf8.count) + ".scales"
      if !entry.type.isWeight, file.entry(String(scales)) != nil {
        throw .quantised(file: file.path, method: "MLX", bits: nil)
      }
      throw .wrongShape(file: file.path, tensor: entry.name, expected: shape, found: entry.shape)
    }
    return (file, entry)
  }

  /// The tensor of exactly that name: of several files the one that the index names for it, whatever else they hold.
  private func place(of name: String) -> (file: SafetensorsFile, entry: TensorEntry)? {
    let file = if let places { places[UTF8Key(name)] } else { files.first }
    guard let file, let entry = file.entry(name) else { return nil }
    return (file, entry)
  }

  /// What the weights take as `type`; nil where the files hold fewer numbers than the model needs, which reading them
  /// says by name.
  public func memoryPlan(_ type: WeightType) -> MemoryPlan? {
    guard elements >= configuration.parameters else { return nil }
    // A tied matrix may stand there as the head alone: it is one of its own where there is room for two.
    let matrix = Bytes(configuration.vocabulary) * configuration.modelDimension
    let hasOwnHead =
      (has(configuration.headName) || has(architecture.prefix + configuration.headName))
      && elements >= (Bytes(configuration.parameters) + matrix).count
    return MemoryPlan(
      weightsOf: configuration, as: type, hasOwnHead: hasOwnHead, stored: storedType)
  }

  /// Numbers in the files that can be weights.
  private var elements: Int { files.reduce(0) { $0 + $1.elements } }

  /// Refuses weights that memory cannot hold as `type`, before any is read.
  func requireMemory(_ type: WeightType) throws(ModelError) {
    let inFiles = type.bytesPerWeight * Double(elements)
    let needed = max(inFiles, Double(memoryPlan(type)?.total ?? 0))
    let memory = Double(MemoryPlan.available)
    guard needed <= memory else {
      throw .tooLarge(file: path, type: type, gigabytes: needed / 1e9, memory: memory / 1e9)
    }
  }

  private static func lastComponent(of path: String) -> String {
    let last = path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) }
    guard let last, last != ".", last != ".." else { return realName(path) ?? path }
    return last
  }

  private static func openWeights(
    in folder: String
  ) throws(FileError) -> ([SafetensorsFile], [UTF8Key: SafetensorsFile]?, String) {
    let single = folder + "/model.safetensors"
    let index = folder + "/model.safetensors.index.json"
    guard PathKind(single) == .nothing, PathKind(index) != .nothing else {
      return ([try SafetensorsFile(single)], nil, single)
    }
    let (files, places) = try openShards(of: index, in: folder)
    return (files, places, index)
  }

  /// Opens each shard that the index names, once, and holds the index to what the shards contain.
  private static func openShards(
    of index: String, in folder: String
  ) throws(FileError) -> ([SafetensorsFile], [UTF8Key: SafetensorsFile]) {
    let map = try JSONField(reading: index, limit: 64 << 20).required("weight_map").fields()
    var shards: [UTF8Key: SafetensorsFile] = [:]
    var places: [UTF8Key: SafetensorsFile] = [:]
    for (tensor, value) in map {
      guard let name = value.string, isPlainName(name) else {
        throw .badField(
          file: index, field: "weight_map.\(tensor)", value: value.summary,
          expected: .siblingFile)
      }
      let key = UTF8Key(name)
      let shard =
        if let known = shards[key] { known } else { try SafetensorsFile(folder + "/" + name) }
      shards[key] = shard
      // What the shard lacks is missed when it is needed: old indices name buffers that no file has.
      places[UTF8Key(tensor)] = shard
    }
    return (Array(shards.values), places)
  }

  /// Whether `name` can only be that of an entry of a folder: it leads nowhere else.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
