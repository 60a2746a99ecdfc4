/// A seeded source of random numbers, so that a failing case can be had again.
///
/// Source: Steele et al. 2014 (doi:10.1145/2714064.2660195).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// A scalar of any kind, the awkward ones often.
  mutating func scalar() -> Unicode.Scalar {
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
  mutating func text(upTo most: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<below(most + 1) { scalars.append(scalar()) }
    return String(scalars)
  }
}
