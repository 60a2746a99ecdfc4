#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One of a plot's two directions.
package struct Axis: Hashable, Sendable {
  /// What is measured along it.
  package var title: String
  /// How its numbers are written.
  package var quantity: Quantity
  /// Equal distances are equal factors.
  package var isLogarithmic: Bool
  /// From where to where; nil takes in all that is drawn.
  package var range: ClosedRange<Double>?

  /// Creates an axis.
  package init(
    _ title: String = "", _ quantity: Quantity = .count, isLogarithmic: Bool = false,
    range: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.quantity = quantity
    self.isLogarithmic = isLogarithmic
    self.range = range
  }
}

/// Where the numbers of an axis lie, from 0 to 1.
struct Scale {
  let isLogarithmic: Bool
  /// The ends, as logarithms on a logarithmic axis.
  private let lower: Double
  private let upper: Double

  /// Beyond these a double's steps and ratios are no longer sound.
  private static let largest = 1e300
  private static let smallest = 1e-300

  init(_ axis: Axis, _ values: [Double]) {
    isLogarithmic = axis.isLogarithmic
    let given = axis.range.map { [$0.lowerBound, $0.upperBound] } ?? []
    let ends = given.compactMap { Self.position($0, axis.isLogarithmic) }
    if ends.count == 2, ends[1] - ends[0] > Self.smallest {
      (lower, upper) = (ends[0], ends[1])
      return
    }
    let places = values.compactMap { Self.position($0, axis.isLogarithmic) }
    (lower, upper) = axis.isLogarithmic ? Self.decades(places) : Self.round(places)
  }

  fileprivate static func position(_ value: Double, _ isLogarithmic: Bool) -> Double? {
    guard value.isFinite, abs(value) <= largest else { return nil }
    guard isLogarithmic else { return value }
    return value >= smallest ? log10(value) : nil
  }

  private static func decades(_ places: [Double]) -> (Double, Double) {
    let lower = (places.min() ?? 0).rounded(.down)
    return (lower, max(lower + 1, (places.max() ?? 1).rounded(.up)))
  }

  /// From 0 on, so that length is number, and on to a round number.
  private static func round(_ places: [Double]) -> (Double, Double) {
    let (lower, upper) = (min(0, places.min() ?? 0), max(0, places.max() ?? 0))
    guard upper - lower > smallest else { return (lower, lower + 1) }
    let step = step(upper - lower, 5)
    return ((lower / step).rounded(.down) * step, (upper / step).rounded(.up) * step)
  }

  /// The smallest of 1, 2, 5 × 10ⁿ of which at most `count` make `span`.
  private static func step(_ span: Double, _ count: Int) -> Double {
    let least = span / Double(max(1, count))
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= least * 0.999_999 } ?? 10) * power
  }

  /// Where `value` lies, 0 to 1; nil where it is no number of this axis or lies beyond its ends.
  func place(_ value: Double) -> Double? {
    guard let position = Self.position(value, isLogarithmic) else { return nil }
    let place = (position - lower) / (upper - lower)
    return place > -1e-9 && place < 1 + 1e-9 ? min(max(place, 0), 1) : nil
  }

  /// The number at a place from 0 to 1.
  func value(at place: Double) -> Double {
    let position = lower + place * (upper - lower)
    return isLogarithmic ? pow(10, position) : position
  }

  /// At most `count` round numbers, and at least one where there is any.
  func ticks(_ count: Int) -> [Double] {
    guard count > 0 else { return [] }
    let first = isLogarithmic ? (lower - 1e-9).rounded(.up) : lower
    var step = isLogarithmic ? 1 : Self.step(upper - lower, max(1, count - 1))
    if isLogarithmic {
      step = max(1, ((upper - first + 1) / Double(count)).rounded(.up))
      return steps(from: first, by: step).compactMap { Double("1e\(Int($0))") }
    }
    let start = (lower / step - 1e-9).rounded(.up) * step
    return Array(steps(from: start, by: step).prefix(count))
  }

  private func steps(from first: Double, by step: Double) -> [Double] {
    let count = ((upper - first) / step + 1e-9).rounded(.down)
    guard count >= 0, count < 1000 else { return [] }
    return (0...Int(count)).map { first + Double($0) * step }
  }
}

extension Scale {
  /// The power with which y grows as x does; nil where a point is none of a logarithmic plot's, or both are one.
  static func slope(from first: Curves.Value, to last: Curves.Value) -> Double? {
    let places = [first.x, first.y, last.x, last.y].map { position($0, true) }
    guard let x1 = places[0], let y1 = places[1], let x2 = places[2], let y2 = places[3], x2 > x1
    else { return nil }
    return (y2 - y1) / (x2 - x1)
  }
}
