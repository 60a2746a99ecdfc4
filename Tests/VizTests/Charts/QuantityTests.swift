internal import Base
import Foundation
import TestSupport
import Testing

@testable import Viz

/// Numbers as charts write them, and the round numbers along axes.
@Suite struct QuantityTests {
  @Test("Numbers are written as a reader expects them")
  func examples() {
    let cases: [(Quantity, Double, String)] = [
      (.count, 0, "0"), (.count, 140, "140"), (.count, 9_999, "9999"), (.count, 10_000, "10 k"),
      (.count, 333_833_500, "334 M"), (.count, 6.2, "6.2"), (.count, 0.05, "0.05"),
      (.count, -12.345, "-12.3"), (.count, 999_600, "1 M"), (.count, 1e300, "1e300"),
      (.count, 1.7e308, "1.7e308"), (.count, .leastNonzeroMagnitude, "5e-324"),
      (.count, 0.000_2, "0.0002"),
      (.bytes, 512, "512 B"), (.bytes, 13.476e9, "13.48 GB"), (.bytes, 24e9, "24 GB"),
      (.bytes, 999.96e6, "1 GB"), (.binaryBytes, 524_288, "512 KiB"),
      (.binaryBytes, 2_147_483_648, "2 GiB"), (.seconds, 0.029_6, "29.6 ms"),
      (.seconds, 54, "54 s"),
      (.seconds, 1e-15, "1e-15 s"), (.of("FLOP/s"), 125e12, "125 TFLOP/s"),
      (.of("B/s"), 600e9, "600 GB/s"), (.count, .nan, "–"), (.count, .infinity, "–"),
    ]
    for (quantity, value, text) in cases { #expect(quantity.text(value, .full) == text) }
    #expect(Quantity.seconds.text(2e-6, .full) == "2 µs")
    #expect(Quantity.seconds.text(2e-6, .ascii) == "2 us")
  }

  private static let prefixes: [Character: Double] = [
    "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
  ]

  /// The number that a text of a unitless quantity says.
  private func read(_ text: String) throws -> Double {
    guard let last = text.last, let factor = Self.prefixes[last] else {
      return try #require(Double(text), "\(text)")
    }
    return try #require(Double(text.dropLast(2)), "\(text)") * factor
  }

  @Test("What is written can be read back, within half a unit of the third digit")
  func readBack() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<20_000 {
      let value = pow(10, Double.random(in: -300...300, using: &random))
      let text = Quantity.count.text(value, .full)
      #expect(abs(try read(text) / value - 1) <= 0.005_001, "\(value): \(text)")
    }
    for value in 0..<10_000 { #expect(Quantity.count.text(Double(value), .full) == "\(value)") }
  }

  @Test("Ticks are round, in order and within the axis", arguments: [true, false])
  func ticks(isLogarithmic: Bool) throws {
    var random = SplitMix64(seed: 6)
    for _ in 0..<2_000 {
      let values = (0..<5).map { _ in pow(10, Double.random(in: -20...20, using: &random)) }
      let scale = Scale(Axis(isLogarithmic: isLogarithmic), values)
      for count in 1...9 {
        let ticks = scale.ticks(count)
        #expect(!ticks.isEmpty && ticks.count <= count + 1 && ticks == ticks.sorted())
        for tick in ticks { #expect(scale.place(tick) != nil, "\(tick) of \(values)") }
      }
      // All that is drawn lies within the axis, and places keep the order.
      let places = try values.sorted().map { try #require(scale.place($0)) }
      #expect(places == places.sorted())
    }
  }

  @Test("A linear axis begins at 0, a logarithmic one at a power of ten")
  func ends() {
    #expect(Scale(Axis(), [3, 9]).place(0) == 0)
    #expect(Scale(Axis(), [3, 9]).place(10) == 1)
    let log = Scale(Axis(isLogarithmic: true), [3, 90])
    #expect(log.place(1) == 0 && log.place(100) == 1 && log.place(10) == 0.5)
    #expect(log.place(0) == nil && log.place(-1) == nil && log.place(.nan) == nil)
    #expect(log.ticks(3) == [1, 10, 100])
  }
}
