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
  /// The same; nil where there is none of that name.
  func optionalTensor(_ name: String, shape: [Int]) throws(FileError) -> FloatBuffer?
}
