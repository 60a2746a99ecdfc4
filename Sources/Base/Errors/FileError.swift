/// Why a file could not be used: a configuration, a tokenizer, weights, a recording.
///
/// File names and values come from outside: they pass the sanitiser before anyone sees them. The wording is in
/// `FileError+Message.swift`.
public enum FileError: Error, Equatable, Sendable {
  /// Nothing is there, or it may not be read.
  case cannotOpen(file: String, reason: SystemFailure)
  /// One of a model's files is not in its folder; what there is.
  case notThere(file: String, found: FolderFinding)
  /// A file of another kind stands in the place of the one that is needed.
  case otherKind(file: String, kind: FileKind)
  /// A folder, a FIFO or a device stands where a regular file is needed.
  case notARegularFile(file: String)
  /// The device failed.
  case readFailed(file: String, offset: Int, reason: SystemFailure)
  /// The file ends before what its header promises; both in bytes from the file's beginning.
  case truncated(file: String, expected: Int, found: Int)
  /// A file is larger than any of its kind.
  case tooManyBytes(file: String, bytes: Int, limit: Int)
  /// The text is not JSON, or a key stands twice in one object; line 0 where no line is to blame.
  case badJSON(file: String, line: Int, reason: String)
  /// A field that is needed is not there.
  case missingField(file: String, field: String)
  /// The whole of a JSON file is not the object that it must be.
  case notAnObject(file: String, found: String)
  /// A field has a value that cannot be right.
  case badField(file: String, field: String, value: String, expected: Expectation)
  /// A field asks for something that this program does not do.
  case unsupported(file: String, field: String, value: String, supported: [String])
  /// The weights are quantised, by the method that is named, to so many bits.
  case quantised(file: String, method: String?, bits: Int?)
  /// A `tokenizer.json` that is none of `tokenizers`; the fields that it has.
  case foreignTokenizer(file: String, fields: [String])
  /// A regular expression of a tokenizer took too many steps on a text, or matched what is no range of it.
  case expressionFailed(file: String, field: String, value: String, reason: String)
  /// A part of a text has no token, and nothing stands for what has none.
  case noToken(file: String, text: String)
  /// The frame of a safetensors file is wrong.
  case badHeader(file: String, flaw: HeaderFlaw)
  /// The description or the content of a tensor is wrong.
  case badTensor(file: String, tensor: String, flaw: TensorFlaw)
  /// A tensor that the architecture needs is not there; of those that are, the one whose name is nearest.
  case missingTensor(file: String, tensor: String, nearest: String? = nil)
  /// Of the token embedding and the logits' matrix only one is there, and the configuration does not tie them.
  case untied(file: String, missing: String, present: String)
  /// A tensor stands there under several names, of which each could be meant.
  case ambiguousTensor(file: String, tensors: [String])
  /// A tensor does not fit the configuration.
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])

  /// What can be wrong with the frame of a safetensors file.
  public enum HeaderFlaw: Equatable, Sendable {
    /// The length is out of its range.
    case length(UInt64, limit: Int)
    /// The header is not JSON.
    case badJSON(reason: String)
    /// The header is not one JSON object from its first byte on.
    case notAnObject
    /// `__metadata__` is no object.
    case metadataNotAnObject
    /// A value of `__metadata__` is no string.
    case metadataNotAString(key: String)
    /// Bytes behind the last tensor.
    case bytesBehind(Int)
  }

  /// What can be wrong with a tensor.
  public enum TensorFlaw: Equatable, Sendable {
    /// Its description is no object.
    case notAnObject
    /// Its description lacks a field, or has it with another type of value.
    case field(String)
    /// Its description has a field that the format does not know.
    case unknownField(String)
    /// Its dtype is not known.
    case unknownType(String)
    /// Its dtype is known, but none that weights have.
    case notAWeightType(String)
    /// A size in its shape is no whole number from 0.
    case size(String)
    /// The product of its sizes is beyond all files.
    case tooManyElements
    /// Its offsets are reversed or negative.
    case offsets(Int, Int)
    /// Its range has another length than its shape takes.
    case byteCount(expected: Int, found: Int)
    /// It begins before the tensor before it ends.
    case overlap(at: Int)
    /// It begins behind the end of the tensor before it.
    case hole(at: Int)
    /// An element is infinite or NaN.
    case notFinite
    /// A weight has no number near it in the type that `--dtype` asks for.
    case beyondType(String)
  }
}
