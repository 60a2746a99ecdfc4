import CTerminal
import Testing
import Viz

@Suite("Widths")
struct WidthTests {
  /// ncurses measures with the C library: where the table says otherwise, columns shift.
  @Test("The table says what the C library says, of all that the sanitiser lets through")
  func table() {
    guard ct_width(0x41) == 1 else {
      print("no C.UTF-8 here: widths not compared")
      return
    }
    var different: [String] = []
    for scalar in Self.scalars where Self.isLetThrough(scalar) {
      let width = ct_width(scalar.value)
      if Int(width) != ScalarWidth.of(scalar) {
        different.append("U+\(String(scalar.value, radix: 16)): \(width)")
      }
    }
    #expect(different.isEmpty)
  }

  private static var scalars: some Sequence<Unicode.Scalar> {
    (UInt32(0)...0x10FFFF).lazy.compactMap { Unicode.Scalar($0) }
  }

  /// As a glyph, or as a mark on one.
  private static func isLetThrough(_ scalar: Unicode.Scalar) -> Bool {
    let text = "a" + String(scalar)
    return Sanitiser.clean(text).unicodeScalars.elementsEqual(text.unicodeScalars)
  }
}
