/// A Hugging Face model folder: `config.json`, `model.safetensors` or its sharded index, `tokenizer.json`.
///
///     let checkpoint = try Checkpoint(folder: "models/tiny-zh")
///     let model = try Transformer(checkpoint)
public final class Checkpoint {
  /// The folder's path.
  public let folder: String
  /// The folder's own name.
  public let name: String
  /// The model's shape.
  public let configuration: ModelConfiguration
  private let files: [SafetensorsFile]
  private let weightsPath: String

  /// Reads the configuration and every header; no tensor yet.
  ///
  /// - Parameter folder: the path of the folder.
  public init(folder: String) throws(CheckpointError) {
    self.folder = folder
    name = Self.lastComponent(of: folder)
    configuration = try ModelConfiguration(path: folder + "/config.json")
    (files, weightsPath) = try Self.openWeights(in: folder)
  }

  /// Reads the folder's tokenizer.
  public func tokenizer() throws(CheckpointError) -> Tokenizer {
    try Tokenizer(path: folder + "/tokenizer.json")
  }

  /// Reads a tensor that must have the given shape, widened to f32.
  ///
  /// - Parameters:
  ///   - name: its name without the `transformer.` that some files put before it.
  ///   - shape: what the configuration asks for.
  func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> FloatBuffer {
    for file in files {
      guard let entry = file.entry(name) ?? file.entry("transformer." + name) else { continue }
      guard entry.shape == shape else {
        throw .wrongShape(
          file: weightsPath, tensor: entry.name, expected: shape, found: entry.shape)
      }
      return try file.floats(of: entry)
    }
    throw .missingTensor(file: weightsPath, tensor: name)
  }

  private static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func openWeights(
    in folder: String
  ) throws(CheckpointError) -> ([SafetensorsFile], String) {
    let single = folder + "/model.safetensors"
    let index = folder + "/model.safetensors.index.json"
    guard PathKind(single) == .nothing, PathKind(index) != .nothing else {
      return ([try SafetensorsFile(single)], single)
    }
    return (try openShards(of: index, in: folder), index)
  }

  /// Opens each shard that the index names, once, and holds the index to what the shards contain.
  private static func openShards(
    of index: String, in folder: String
  ) throws(CheckpointError) -> [SafetensorsFile] {
    let json = try JSON.parse(RegularFile(index).allBytes(limit: 64 << 20), file: index)
    guard let map = json["weight_map"]?.fields else {
      throw .missingField(file: index, field: "weight_map")
    }
    var shards: [String: SafetensorsFile] = [:]
    for (tensor, value) in map {
      guard let name = value.string, !name.contains("/"), name != "..", !name.isEmpty else {
        throw .badField(
          file: index, field: "weight_map.\(tensor)", value: value.summary,
          expected: "the name of a file beside it")
      }
      if shards[name] == nil { shards[name] = try SafetensorsFile(folder + "/" + name) }
      guard shards[name]?.entry(tensor) != nil else {
        throw .missingTensor(file: folder + "/" + name, tensor: tensor)
      }
    }
    return shards.sorted { $0.key < $1.key }.map(\.value)
  }
}
