/// The one gate that untrusted text passes before a terminal, a page or an error message.
public enum Sanitiser {
  /// At most this many marks sit on one base glyph; more are escaped.
  private static let marksPerGlyph = 4

  /// Returns `text` with everything escaped that could move, hide or reorder what a screen shows.
  ///
  /// C0 controls become `^X`; other controls, format characters, bidirectional marks, private use,
  /// flag letters, skin tones and lone marks become `<U+XXXX>`. What is left has a width that
  /// `ScalarWidth` knows.
  ///
  /// - Parameters:
  ///   - text: anything.
  ///   - newlines: keep line feeds as they are.
  ///   - ascii: escape everything beyond ASCII too.
  /// - Returns: text that a canvas can hold.
  public static func clean(_ text: String, newlines: Bool = false, ascii: Bool = false) -> String {
    // Most text: nothing of it is escaped.
    if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
    var out = String.UnicodeScalarView()
    var marks = marksPerGlyph  // no base to sit on yet
    for scalar in text.unicodeScalars {
      if scalar.value == 0x0A && newlines {
        out.append(scalar)
        marks = marksPerGlyph
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        out.append("^")
        out.append(Unicode.Scalar(UInt8(scalar.value ^ 0x40)))
        marks = marksPerGlyph
      } else if isMark(scalar), ScalarWidth.of(scalar) == 0, marks < marksPerGlyph, !ascii {
        out.append(scalar)
        marks += 1
      } else if isShowable(scalar), scalar.isASCII || !ascii {
        out.append(scalar)
        marks = 0
      } else {
        out.append(contentsOf: escaped(scalar).unicodeScalars)
        marks = marksPerGlyph
      }
    }
    return String(out)
  }

  /// The visible name of a scalar that cannot be shown, such as `<U+200B>`.
  static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)>"
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark:
      // Variation selectors change the width of what they follow.
      return !(0xFE00...0xFE0F).contains(scalar.value) && scalar.value < 0xE0000
    default: return false
    }
  }

  private static func isShowable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spacingMark, .nonspacingMark, .enclosingMark:
      return false
    case .spaceSeparator:
      return scalar.value == 0x20 || scalar.value == 0x3000
    default:
      // Terminals join regional indicators and skin tones with their neighbours.
      return ScalarWidth.of(scalar) > 0 && !(0x1F1E6...0x1F1FF).contains(scalar.value)
        && !(0x1F3FB...0x1F3FF).contains(scalar.value)
    }
  }
}
