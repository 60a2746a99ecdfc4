internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel

/// f16 and bf16 widen exactly.
@Suite struct NumberFormatTests {
  /// The value of a narrow float by its definition, in Double, which holds every one of them exactly.
  private func value(_ bits: Int, exponentBits: Int, fractionBits: Int) -> Double {
    let fraction = Double(bits & (1 << fractionBits - 1))
    let exponent = bits >> fractionBits & (1 << exponentBits - 1)
    let bias = 1 << (exponentBits - 1) - 1
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let unit = pow(2, Double(max(exponent, 1) - bias - fractionBits))
    guard exponent < 1 << exponentBits - 1 else { return fraction == 0 ? sign * .infinity : .nan }
    return sign * (fraction + (exponent == 0 ? 0 : Double(1 << fractionBits))) * unit
  }

  @Test func everyHalfWidensToItsValue() {
    var wrong: [Int] = []
    for bits in 0..<65_536 {
      let widened = HalfFloat.widen(UInt16(bits))
      let expected = value(bits, exponentBits: 5, fractionBits: 10)
      let isSame =
        widened.isNaN && expected.isNaN
        || Double(widened) == expected && (widened.sign == .minus) == (bits >> 15 == 1)
      if !isSame { wrong.append(bits) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: [(TensorType.float16, 5, 10), (.bfloat16, 8, 7)])
  func everyFiniteNumberOfAFileWidensToItsValue(
    type: TensorType, exponentBits: Int, fractionBits: Int
  ) throws {
    let patterns = (0..<65_536).filter {
      value($0, exponentBits: exponentBits, fractionBits: fractionBits).isFinite
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(file(of: patterns, type: type), to: "x.safetensors")
    let safetensors = try SafetensorsFile(path)
    let widened = try safetensors.floats(of: try #require(safetensors.entry("x"))).floats
    try #require(widened.count == patterns.count)
    let wrong = zip(patterns, widened).filter { bits, float in
      Double(float) != value(bits, exponentBits: exponentBits, fractionBits: fractionBits)
        || (float.sign == .minus) != (bits >> 15 == 1)
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: [TensorType.float16, .bfloat16], [0x7F80, 0xFF80, 0x7FC1, 0xFFFF])
  func aNumberThatIsNotFiniteIsRefused(type: TensorType, bits: Int) throws {
    // 0x7F80 and on are infinities and NaNs as bf16; as f16 they are NaNs.
    let folder = try TemporaryFolder()
    let path = try folder.write(file(of: [0, bits, 1], type: type), to: "x.safetensors")
    let safetensors = try SafetensorsFile(path)
    let entry = try #require(safetensors.entry("x"))
    #expect(throws: FileError.badTensor(file: path, tensor: "x", flaw: .notFinite)) {
      _ = try safetensors.floats(of: entry)
    }
  }

  private func file(of patterns: [Int], type: TensorType) -> [UInt8] {
    SafetensorsWriter([("x", type, [patterns.count])]).file { _ in
      patterns.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
  }
}
