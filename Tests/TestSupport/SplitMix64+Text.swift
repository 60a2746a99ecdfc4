package import Base

extension SplitMix64 {
  /// A number from 0 up to `bound`.
  package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// A scalar of any kind, the awkward ones often.
  package mutating func scalar() -> Unicode.Scalar {
    let ranges: [ClosedRange<UInt32>] = [
      0x00...0x1F, 0x20...0x7E, 0x7F...0x9F, 0xA0...0x24F, 0x300...0x36F, 0x590...0x5FF,
      0x1100...0x11FF, 0x2000...0x206F, 0x2190...0x25FF, 0x3000...0x303F, 0x4E00...0x9FFF,
      0xAC00...0xD7A3, 0xE000...0xF8FF, 0xFE00...0xFE0F, 0xFF00...0xFFFF, 0x1F1E6...0x1F1FF,
      0x1F300...0x1F64F, 0x1F3FB...0x1F3FF, 0x20000...0x20FFF, 0xE0000...0xE01FF,
      0x10000...0x10FFFF,
    ]
    while true {
      let range = ranges[below(ranges.count)]
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { return scalar }
    }
  }

  /// A string of up to `most` such scalars.
  package mutating func text(upTo most: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<below(most + 1) { scalars.append(scalar()) }
    return String(scalars)
  }
}
