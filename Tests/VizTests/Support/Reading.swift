@testable import Viz

/// A number as somebody reads it off the screen.
struct Reading: CustomStringConvertible {
  let text: String
  let value: Double
  /// Half of its last digit, and a little for the arithmetic.
  let slack: Double

  var description: String { text }

  private static let units: [String: Double] = [
    "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "格": 1, "B": 1,
    "KiB": 1024, "MiB": 0x1p20, "GiB": 0x1p30, "TiB": 0x1p40, "PiB": 0x1p50, "EiB": 0x1p60, "%": 1,
  ]

  init?(_ number: Substring, unit: Substring = "") {
    guard let match = number.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/), let value = Double(number),
      let factor = Self.units[String(unit)]
    else { return nil }
    let decimals = match.1.map { $0.count - 1 } ?? 0
    text = unit.isEmpty ? String(number) : "\(number) \(unit)"
    self.value = value * factor
    slack = factor * (0..<decimals).reduce(0.5) { slack, _ in slack / 10 } * 1.001
  }

  /// Whether this is what somebody would write for `truth`.
  func isOf(_ truth: Int) -> Bool {
    abs(value - Double(truth)) <= (value == Double(truth) ? 0 : slack)
  }

  /// The numbers of a text that has nothing but numbers, each with its unit, and dashes; nil where something else stands there.
  static func all(in text: String) -> [Reading?]? {
    var words = text.split(separator: " ")[...]
    var readings: [Reading?] = []
    while let word = words.popFirst() {
      if word == "–" || word == "-" {
        readings.append(nil)
      } else if let unit = words.first, units[String(unit)] != nil,
        let reading = Reading(word, unit: unit)
      {
        readings.append(reading)
        words.removeFirst()
      } else if let reading = Reading(word) {
        readings.append(reading)
      } else {
        return nil
      }
    }
    return readings
  }
}
