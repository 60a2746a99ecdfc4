internal import Base
internal import Trace

/// Keeps K and V as whole numbers from −127 to 127, with a scale for each token and KV head: the largest |x| ÷ 127, in f32.
///
/// A number x is the nearest of x ÷ scale, of two as near the even one, as `torch.round` has it.
typealias Int8Store = QuantisedStore<Int8Rows>

/// K and V of a layer as `Int8Store` keeps them.
struct Int8Rows: QuantisedRows {
  private var keys: Int8Matrix
  private var values: Int8Matrix

  init(_ shape: ModelConfiguration) {
    let row = shape.cached
    keys = Int8Matrix(heads: row.heads, width: row.keyDimension)
    values = Int8Matrix(heads: row.heads, width: row.valueDimension)
  }

  /// Bytes of so many tokens.
  static func bytes(_ shape: ModelConfiguration, capacity: Int) -> Bytes {
    let row = shape.cached
    return (Bytes(row.width) + Bytes(2 * row.heads * MemoryLayout<Float>.stride)) * capacity
  }

  var count: Int { keys.count }
  var bytes: Int { keys.bytes + values.bytes }

  mutating func append(key: UnsafePointer<Float>, value: UnsafePointer<Float>) {
    keys.append(key)
    values.append(value)
  }

  func read(
    keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    self.keys.read(into: keys, stride: stride)
    self.values.read(into: values, stride: stride)
  }

  mutating func truncate(to count: Int) -> Bool {
    keys.truncate(to: count)
    values.truncate(to: count)
    return true
  }
}

/// Rows of heads as whole numbers, a scale a head.
private struct Int8Matrix {
  private let heads: Int
  private let width: Int
  /// `[rows][heads × width]`.
  private var numbers: [Int8] = []
  /// `[rows][heads]`.
  private var scales: [Float] = []

  init(heads: Int, width: Int) {
    self.heads = heads
    self.width = width
  }

  var count: Int { scales.count / heads }
  var bytes: Int { numbers.count + scales.count * MemoryLayout<Float>.stride }

  mutating func append(_ row: UnsafePointer<Float>) {
    for head in 0..<heads {
      let floats = UnsafeBufferPointer(start: row + head * width, count: width)
      let scale = floats.reduce(0) { max($0, abs($1)) } / 127
      scales.append(scale)
      for x in floats { numbers.append(Self.number(x / scale)) }
    }
  }

  /// The nearest number; of a row of zeros, whose scale is 0, the quotients are none.
  private static func number(_ quotient: Float) -> Int8 {
    guard !quotient.isNaN else { return 0 }
    return Int8(min(127, max(-127, quotient.rounded(.toNearestOrEven))))
  }

  func read(into rows: UnsafeMutablePointer<Float>, stride: Int) {
    for (head, scale) in scales.enumerated() {
      let out = rows + head / heads * stride + head % heads * width
      for element in 0..<width { out[element] = Float(numbers[head * width + element]) * scale }
    }
  }

  mutating func truncate(to count: Int) {
    numbers.removeLast(max(0, numbers.count - count * heads * width))
    scales.removeLast(max(0, scales.count - count * heads))
  }
}
