/// A seeded source of random numbers: equal seeds make equal sequences, everywhere.
///
/// Source: Steele et al. 2014 (doi:10.1145/2714064.2660195).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A sequence by its seed; any number is one.
  package init(seed: UInt64) { state = seed }

  /// Any number of 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to 1, made of the upper 53 bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// A source of very many random numbers, of which the upper bits are good enough to stand for weights.
///
/// Source: Knuth, The Art of Computer Programming, volume 2, section 3.3.4 (MMIX).
package struct LinearCongruential: Sendable {
  @usableFromInline var state: UInt64

  /// A sequence by its seed; any number is one.
  package init(seed: UInt64) { state = seed }

  /// A number of 64 bits, of which the lower ones repeat soon.
  @inlinable package mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
}
