/// Which numbers pass for the right one.
///
/// Exact numbers do, and what the program itself would write (two decimals). So does a rounding of the right number:
/// - of a fraction, to two digits or more: 3.846 is 3.85 and 3.8, but not 4; 208.33 is 208.3 and 208;
/// - of a fraction, or of a whole number from 10,000 on, to any power of ten, if it is off by half a per cent at most: 19,073 is
///   19,100 and 19 thousand.
///
/// Smaller whole numbers are counted: only they themselves are right.
enum Rounding {
  /// Within the tolerance, or as the number is written on the screen.
  static func isExact(_ number: Double, _ truth: Double, tolerance: Double) -> Bool {
    // A sum such as 625/3 may miss the last bit.
    abs(number - truth) <= max(tolerance, 1e-12) * abs(truth)
      || Value.number(number).shown == Value.number(truth).shown
  }

  /// Whether a number is a rounding of the right one.
  static func isSensible(_ number: Double, of truth: Double) -> Bool {
    guard number.isFinite, truth.isFinite, number != 0, abs(truth) < 1e15 else { return false }
    let isFraction = truth != truth.rounded()
    if isFraction, (1...3).contains(where: { isNear(number, rounded(truth, decimals: $0)) }) {
      return significantDigits(number) >= 2
    }
    if isFraction, abs(truth) >= 9.5, isNear(number, truth.rounded()) { return true }
    guard isFraction || abs(truth) >= 10_000, abs(number - truth) <= 0.005 * abs(truth) else {
      return false
    }
    return (0...14).contains { isNear(number, rounded(truth, decimals: -$0)) }
  }

  private static func isNear(_ number: Double, _ other: Double) -> Bool {
    abs(number - other) <= 1e-9 * max(abs(other), 1e-9)
  }

  /// Half away from zero.
  private static func rounded(_ number: Double, decimals: Int) -> Double {
    let scale = (0..<abs(decimals)).reduce(1.0) { product, _ in product * 10 }
    return decimals >= 0
      ? (number * scale).rounded() / scale : (number / scale).rounded() * scale
  }

  /// Digits from the first that is not 0 to the last decimal that is not.
  private static func significantDigits(_ number: Double) -> Int {
    var (scaled, decimals) = (abs(number), 0)
    while decimals < 6, abs(scaled - scaled.rounded()) > 1e-7 * max(1, scaled) {
      scaled *= 10
      decimals += 1
    }
    return String(Int(scaled.rounded())).count
  }
}
