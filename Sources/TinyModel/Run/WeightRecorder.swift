internal import Base
internal import Kernels
internal import Trace

/// Writes down the attention weights of a pass, as the pass itself used them.
final class WeightRecorder: ForwardObserver {
  private let heads: Int
  private var rows = 0
  private var length = 0
  private var layers: [FloatBuffer] = []

  init(_ shape: ModelConfiguration) { heads = shape.heads }

  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) {}
  func saw(residual: UnsafePointer<Float>, rows: Int) {}

  func roomForWeights(rows: Int, length: Int, layer: Int) -> UnsafeMutablePointer<Float>? {
    (self.rows, self.length) = (rows, length)
    let room = FloatBuffer(count: heads * rows * length)
    layers.append(room)
    return room.pointer
  }

  /// The weights of the pass since this was asked last.
  func take() -> PassWeights {
    defer { layers = [] }
    return PassWeights(heads: heads, rows: rows, length: length, layers: layers.map(\.floats))
  }

  /// Bytes of the weights of passes over at most `length` tokens.
  static func bytes(_ shape: ModelConfiguration, rows: Int, length: Int, passes: Int) -> Bytes {
    .floats(Bytes(shape.layers) * shape.heads * rows * length * passes)
  }
}
