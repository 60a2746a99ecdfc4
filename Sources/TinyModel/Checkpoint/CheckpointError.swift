public import Base
public import Kernels

/// Why a checkpoint, a configuration or a tokenizer could not be used.
///
/// File names and values come from outside: they pass the sanitiser before anyone sees them. The wording is in
/// `CheckpointError+Message.swift`.
public enum CheckpointError: Error, Equatable, Sendable {
  /// Nothing is there, or it may not be read.
  case cannotOpen(file: String, reason: SystemFailure)
  /// A folder, a FIFO or a device stands where a regular file is needed.
  case notARegularFile(file: String)
  /// A file stands where a model's folder is needed.
  case notAFolder(path: String)
  /// Neither a folder nor the name of a known model.
  case unknownModel(name: String, searched: [String])
  /// There is no model where models are looked up.
  case noModels(searched: [String])
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
  /// A regular expression of a tokenizer took too many steps on a text, or matched what is no range of it.
  case expressionFailed(file: String, field: String, value: String, reason: String)
  /// The frame of a safetensors file is wrong.
  case badHeader(file: String, flaw: HeaderFlaw)
  /// The description or the content of a tensor is wrong.
  case badTensor(file: String, tensor: String, flaw: TensorFlaw)
  /// A tensor that the architecture needs is not there.
  case missingTensor(file: String, tensor: String)
  /// A tensor does not fit the configuration.
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
  /// The weights as `type` are more than the machine's memory; both in 10⁹ bytes.
  case tooLarge(file: String, type: WeightType, gigabytes: Double, memory: Double)
  /// The model computed a logit that is not a finite number.
  case notFinite(model: String, step: Int)

  /// What a field should have held.
  public enum Expectation: Equatable, Sendable {
    /// `{…}`.
    case object
    /// `[…]`.
    case list
    /// `true` or `false`.
    case boolean
    /// A whole number in a range.
    case size(ClosedRange<Int>)
    /// A number above 0 and below 1.
    case fraction
    /// A number above 0 that f32 holds.
    case positive
    /// A number above another field's.
    case above(String)
    /// An even number.
    case even
    /// A divisor of another field's value.
    case divisor(of: String, Int)
    /// An id, counted from 0.
    case tokenID
    /// An id that the model has a row for.
    case idBelow(Int)
    /// An id that no other token has.
    case unusedID
    /// Ids without great gaps.
    case denseIDs(tokens: Int)
    /// An object with an id and a content.
    case addedToken
    /// A token that `model.vocab` has, or the id that it has there.
    case vocabularyToken
    /// Two tokens whose join is a token.
    case merge
    /// The first id behind the vocabulary and the added tokens before.
    case idInOrder(Int)
    /// The id of a token.
    case knownID
    /// A string.
    case text
    /// A string of one character.
    case character
    /// One of a few strings.
    case oneOf([String])
    /// A text or a regular expression to look for.
    case pattern
    /// The text's or a token's place in a template.
    case templatePiece
    /// A regular expression; why it is none.
    case regularExpression(reason: String)
    /// The name of a file in the same folder.
    case siblingFile
  }

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
    case beyondType(WeightType)
  }
}
