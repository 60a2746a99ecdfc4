internal import Foundation

/// What cache policies make of rows, as their definitions say it, in plain loops.
enum PlainCaches {
  /// Each KV head of a row: whole numbers from −127 to 127 times the largest |x| ÷ 127.
  static func int8(_ row: [Float], heads: Int) -> [Float] {
    let width = row.count / heads
    return (0..<heads).flatMap { head -> [Float] in
      let part = row[head * width..<(head + 1) * width]
      let scale = (part.map(abs).max() ?? 0) / 127
      return part.map { scale == 0 ? 0 : rint($0 / scale) * scale }
    }
  }

  /// Every number of E4M3 that is not negative, in rising order: an odd place has an odd fraction.
  private static let e4m3: [Float] = (0..<127).map { code in
    let (exponent, fraction) = (Double(code / 8), Double(code % 8))
    return Float(
      exponent == 0 ? fraction / 512 : (1 + fraction / 8) * pow(2, exponent - 7))
  }

  /// The number of E4M3 that is nearest to x ÷ scale, times the scale, found by looking at all.
  static func float8(_ x: Float, scale: Float) -> Float {
    let quotient = min(448, abs(x / scale))
    var best = 0
    for (place, number) in e4m3.enumerated() {
      let (near, far) = (
        abs(Double(number) - Double(quotient)), abs(Double(e4m3[best]) - Double(quotient))
      )
      if near < far || (near == far && place % 2 == 0) { best = place }
    }
    return (x < 0 ? -e4m3[best] : e4m3[best]) * scale
  }

  /// A group as its levels read back.
  private static func kivi(_ group: [Float], bits: Int) -> [Float] {
    let (least, most) = (group.min() ?? 0, group.max() ?? 0)
    let step = (most - least) / (pow(2, Float(bits)) - 1)
    return group.map { step == 0 ? least : rint(($0 - least) / step) * step + least }
  }

  /// Keys of `rows` tokens.
  static func kiviKeys(_ rows: [[Float]], bits: Int) -> [[Float]] {
    var read = rows
    var first = 0
    // A group whose tokens are all older than the newest 16.
    while first + 16 <= rows.count - 16 {
      for channel in rows[0].indices {
        let group = kivi((first..<first + 16).map { rows[$0][channel] }, bits: bits)
        for (index, number) in group.enumerated() { read[first + index][channel] = number }
      }
      first += 16
    }
    return read
  }

  /// Values of `rows` tokens.
  static func kiviValues(_ rows: [[Float]], heads: Int, bits: Int) -> [[Float]] {
    rows.enumerated().map { token, row in
      guard token < rows.count - 16 else { return row }
      let width = row.count / heads
      var read: [Float] = []
      for head in 0..<heads {
        let start = head * width
        for first in stride(from: 0, to: width, by: 16) {
          let group = row[start + first..<start + min(first + 16, width)]
          read += kivi(Array(group), bits: bits)
        }
      }
      return read
    }
  }
}
