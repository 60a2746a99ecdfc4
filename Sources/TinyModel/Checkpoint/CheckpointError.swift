/// Why a checkpoint, a configuration or a tokenizer could not be used.
///
/// File names and values come from outside: they pass the sanitiser before anyone sees them.
public enum CheckpointError: Error, Equatable, Sendable {
  /// Nothing is there, or it may not be read.
  case cannotOpen(file: String, reason: String)
  /// A folder, a FIFO or a device stands where a regular file is needed.
  case notARegularFile(file: String)
  /// Neither a folder nor the name of a known model.
  case unknownModel(name: String, searched: [String])
  /// The device failed.
  case readFailed(file: String, offset: Int, reason: String)
  /// The file ends before what its header promises.
  case truncated(file: String, expected: Int, found: Int)
  /// The text is not JSON, or a key stands twice in one object.
  case badJSON(file: String, line: Int, reason: String)
  /// A field that is needed is not there.
  case missingField(file: String, field: String)
  /// A field has a value that cannot be right.
  case badField(file: String, field: String, value: String, expected: String)
  /// A field asks for something that this program does not do.
  case unsupported(file: String, field: String, value: String, supported: String)
  /// The frame of a safetensors file is wrong.
  case badHeader(file: String, reason: String)
  /// The description of a tensor is wrong.
  case badTensor(file: String, tensor: String, reason: String)
  /// A tensor that the architecture needs is not there.
  case missingTensor(file: String, tensor: String)
  /// A tensor does not fit the configuration.
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  /// The model computed a logit that is not a finite number.
  case notFinite(model: String, step: Int)
}
