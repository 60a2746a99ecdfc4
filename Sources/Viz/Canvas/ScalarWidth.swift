/// How many columns a scalar takes in a terminal.
public enum ScalarWidth {
  /// The width of `scalar`: 0 joins the glyph before it, 1 or 2 columns, −1 must not reach a screen.
  ///
  /// Source: the C library's `wcwidth`, which is what ncurses measures with, as a generated table.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value >= 0x20 && value < 0x7F { return 1 }
    if contains(ScalarWidthTable.wide, value) { return 2 }
    if contains(ScalarWidthTable.unprintable, value) { return -1 }
    return contains(ScalarWidthTable.zero, value) ? 0 : 1
  }

  /// The columns that sanitised text takes in all.
  public static func of(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + max(0, of($1)) }
  }

  /// Whether some terminals draw a scalar of one column in two: Unicode's East_Asian_Width calls it ambiguous.
  public static func isAmbiguous(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x80 && contains(ScalarWidthTable.ambiguous, scalar.value)
  }

  private static func contains(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if value < ranges[middle].lowerBound {
        high = middle
      } else if value > ranges[middle].upperBound {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
