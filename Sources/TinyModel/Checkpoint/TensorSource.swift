internal import Base
internal import Kernels

/// Where a model's tensors come from: a checkpoint, or a generator of random ones.
protocol TensorSource {
  /// What messages call it.
  var path: String { get }
  /// Whether there is a tensor of that name.
  func has(_ name: String) -> Bool
  /// A tensor that must be there with the given shape, as f32.
  func tensor(_ name: String, shape: [Int]) throws(FileError) -> FloatBuffer
  /// The rows of a matrix that must be there with the given shape, `[rows, width]`.
  func matrix(_ name: String, shape: [Int]) throws(FileError) -> any MatrixRows
  /// The same; nil where there is none of that name.
  func optionalMatrix(_ name: String, shape: [Int]) throws(FileError) -> (any MatrixRows)?
  /// Told that so many more bytes of rows were taken.
  func taken(_ bytes: Int)
}
