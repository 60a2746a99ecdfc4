internal import Base
internal import Trace
internal import Viz

/// A line of numbers between the strip and the grid: what goes with a kind of policy, a number a token.
enum PolicyExtra: Hashable, Sendable {
  /// What all queries so far gave in all to a token.
  case sums
  /// How far a token's key is from the one that was computed.
  case keyErrors
  /// The same of its value.
  case valueErrors

  /// The mark of what is kept in fewer bits.
  static let quantised = "q"

  /// Those of the kinds that stand side by side.
  static func of(_ kinds: [PolicyKind], rows: Int) -> [PolicyExtra] {
    var extras: [PolicyExtra] = kinds.contains(.h2o) ? [.sums] : []
    if kinds.contains(where: \.isFormat) {
      extras += rows < 20 ? [.keyErrors] : [.keyErrors, .valueErrors]
    }
    return extras
  }

  func name(_ glyphs: GlyphSet) -> String {
    switch self {
    case .sums: glyphs == .full ? "Σ" : "sum"
    case .keyErrors: glyphs.delta + "K"
    case .valueErrors: glyphs.delta + "V"
    }
  }

  /// What its digits are, behind them, the longest wording first; that of errors goes over two lines where there are two.
  func unit(_ language: Language, isAlone: Bool) -> [String] {
    switch self {
    case .sums: [language("共得权重", "weights so far"), language("权重", "weight")]
    case .keyErrors where isAlone:
      [language("最大的十分之几", "tenths of the max"), language("十分之", "tenths")]
    case .keyErrors: [language("最大误差的", "tenths of"), language("最大的", "tenths")]
    case .valueErrors: [language("十分之几", "the largest"), language("几成", "of max")]
    }
  }

  /// A number for each position; nil where the policy has none, and of tokens that it has not.
  func values(_ content: PolicyPane.Content) -> [Double?]? {
    guard !content.isFull else { return nil }
    switch self {
    case .sums: return content.sums
    case .keyErrors: return content.head.keyErrors.map { $0.map(Double.init) }
    case .valueErrors: return content.head.valueErrors.map { $0.map(Double.init) }
    }
  }

  /// A sum's part of the largest; an error beside the largest number itself, so that all policies have one scale.
  func shade(_ value: Double, _ content: PolicyPane.Content, of largest: Double) -> Float {
    let whole: Double =
      switch self {
      case .sums: largest
      case .keyErrors: Double(content.head.largest.key)
      case .valueErrors: Double(content.head.largest.value)
      }
    return whole > 0 ? Float(value / whole) : 0
  }

  /// A sum as it is; an error in tenths of the largest, which stands below in full.
  func text(_ value: Double, of largest: Double, columns: Int, _ glyphs: GlyphSet) -> String {
    if self == .sums {
      if columns >= 4 { return NumberText.score(Float(value), columns: 3, glyphs) }
      guard let whole = value.whole(in: 0...99) else { return glyphs.dash }
      return columns > 2 || whole < 10 ? String(whole) : "+"
    }
    return NumberText.weightDigit(Float(largest > 0 ? value / largest : 0), glyphs)
  }
}

extension LabHead {
  /// How far a position is off, K or V, beside the largest number of its kind: from 0 to 1.
  func error(_ position: Int) -> Float {
    let parts = [(keyErrors[position], largest.key), (valueErrors[position], largest.value)]
    return parts.reduce(0) { most, part in
      guard let error = part.0, part.1 > 0 else { return most }
      return max(most, error / part.1)
    }
  }
}

/// Numbers as this screen writes them.
enum PolicyNumber {
  /// A share in percent: `0 %`, `<0.1 %`, `12.3 %`, `100 %`; what is not all of it is below 100.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent <= 0 { return "0 %" }
    if percent < 0.05 { return "<0.1 %" }
    if percent < 99.95 { return NumberText.fixed(percent, 1) + " %" }
    return "100 %"
  }

  /// A divergence, with as many decimals as tell it from 0.
  static func divergence(_ value: Double) -> String {
    if value == 0 { return "0" }
    if value < 0.0005 { return "<0.001" }
    return NumberText.fixed(value, value < 1 ? 3 : 2)
  }

  /// An error: three digits.
  static func error(_ value: Float) -> String {
    value == 0 ? "0" : NumberText.fixed(Double(value), value < 0.01 ? 5 : value < 1 ? 4 : 2)
  }
}
