internal import Base
internal import Trace

/// Keeps K and V as E4M3, with a scale for all keys of a layer and one for all its values: the largest |x| of the first pass
/// ÷ 448, in f32.
///
/// The first pass reads K and V as they were computed; then the scales are made, and stay: what is larger later reads as the
/// largest that there is.
typealias Float8Store = QuantisedStore<Float8Rows>

/// K and V of a layer as `Float8Store` keeps them.
struct Float8Rows: QuantisedRows {
  private var keys: Float8Matrix
  private var values: Float8Matrix
  private var calibration = 0

  init(_ shape: ModelConfiguration) {
    keys = Float8Matrix(width: shape.cached.keyWidth)
    values = Float8Matrix(width: shape.cached.valueWidth)
  }

  /// Bytes of so many tokens at most.
  static func bytes(_ shape: ModelConfiguration, capacity: Int) -> Bytes {
    // The first pass may be all of them.
    let row = Bytes(shape.cached.width) * (1 + MemoryLayout<Float>.stride)
    return row * capacity + Bytes(2 * MemoryLayout<Float?>.stride)
  }

  var count: Int { keys.count }
  var bytes: Int { keys.bytes + values.bytes }

  mutating func calibrate(over tokens: Int) { calibration = tokens }

  mutating func append(key: UnsafePointer<Float>, value: UnsafePointer<Float>) {
    keys.append(key)
    values.append(value)
  }

  mutating func finishPass() {
    guard count > 0, count >= calibration else { return }
    keys.freeze()
    values.freeze()
  }

  func read(
    keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    self.keys.read(into: keys, stride: stride)
    self.values.read(into: values, stride: stride)
  }

  /// The scales go by all tokens of the first pass.
  mutating func truncate(to count: Int) -> Bool {
    guard count == self.count || !keys.isFrozen || count >= calibration else { return false }
    keys.truncate(to: count)
    values.truncate(to: count)
    return true
  }
}

/// Rows that are exact until their scale is made, and E4M3 from then on.
private struct Float8Matrix {
  private let width: Int
  /// `[rows][width]`, before there is a scale.
  private var exact: [Float] = []
  /// `[rows][width]`, once there is a scale.
  private var codes: [UInt8] = []
  private var scale: Float?

  init(width: Int) { self.width = width }

  var isFrozen: Bool { scale != nil }
  var count: Int { (isFrozen ? codes.count : exact.count) / width }

  var bytes: Int {
    let floats = exact.count + (isFrozen ? 1 : 0)
    return codes.count + floats * MemoryLayout<Float>.stride
  }

  mutating func append(_ row: UnsafePointer<Float>) {
    let floats = UnsafeBufferPointer(start: row, count: width)
    if let scale {
      for x in floats { codes.append(Float8.code(of: x, scale: scale)) }
    } else {
      exact.append(contentsOf: floats)
    }
  }

  /// Makes the scale of what is there.
  mutating func freeze() {
    guard scale == nil else { return }
    let scale = exact.reduce(0) { max($0, abs($1)) } / Float8.largest
    for x in exact { codes.append(Float8.code(of: x, scale: scale)) }
    self.scale = scale
    exact = []
  }

  func read(into rows: UnsafeMutablePointer<Float>, stride: Int) {
    for row in 0..<count {
      let out = rows + row * stride
      for element in 0..<width {
        let place = row * width + element
        out[element] = scale.map { Float8.values[Int(codes[place])] * $0 } ?? exact[place]
      }
    }
  }

  mutating func truncate(to count: Int) {
    codes.removeLast(max(0, codes.count - count * width))
    exact.removeLast(max(0, exact.count - count * width))
  }
}

/// E4M3: a sign, 4 bits of exponent, 3 of fraction; no infinity, and NaN where all bits are set.
///
/// Source: Micikevicius et al. 2022 (arXiv:2209.05433).
enum Float8 {
  /// The largest number.
  static let largest: Float = 448

  /// What each code stands for.
  static let values: [Float] = (0..<256).map { code in
    let (exponent, fraction) = (code >> 3 & 15, Float(code & 7))
    if code & 127 == 127 { return .nan }
    // Without an exponent, steps of 2⁻⁹.
    let magnitude =
      exponent == 0
      ? fraction * 0x1p-9
      : (1 + fraction / 8) * Float(sign: .plus, exponent: exponent - 7, significand: 1)
    return code < 128 ? magnitude : -magnitude
  }

  /// The code of the number that is nearest to x ÷ scale, of two as near the one with the even fraction.
  ///
  /// What is beyond the largest becomes the largest; a scale of 0 has zeros only.
  static func code(of x: Float, scale: Float) -> UInt8 {
    code(of: scale == 0 ? 0 : x / scale)
  }

  /// The same of a number.
  static func code(of x: Float) -> UInt8 {
    let sign: UInt8 = x.sign == .minus ? 128 : 0
    guard !x.isNaN else { return sign | 127 }
    let magnitude = min(abs(x), largest)
    guard magnitude >= 0x1p-6 else {
      // Eight steps are the least number that has an exponent, and its code.
      return sign | UInt8((magnitude * 0x1p9).rounded(.toNearestOrEven))
    }
    let exponent = Int(magnitude.exponent)
    let steps = (magnitude.significand * 8).rounded(.toNearestOrEven)
    // Sixteen steps are the next exponent's first.
    return sign | UInt8((exponent + 7) << 3 + Int(steps) - 8)
  }
}
