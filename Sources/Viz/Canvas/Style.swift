/// What a cell of the screen means; the theme gives each meaning its colours.
public enum Role: Hashable, Sendable {
  /// Running text on the terminal's own background.
  case text
  /// Text of lesser weight: units, captions.
  case dim
  /// Headings.
  case heading
  /// The bar at the top.
  case titleBar
  /// The secondary text within the bar at the top.
  case titleBarDim
  /// A key's name in the footer.
  case key
  /// K or V that was read from the cache.
  case cached
  /// A key vector that was computed in this step.
  case newKey
  /// A value vector that was computed in this step.
  case newValue
  /// A query vector that was computed in this step.
  case newQuery
  /// A score that was computed and thrown away by the causal mask.
  case masked
  /// A cell that the cached run need not compute.
  case notNeeded
  /// An output row that nobody reads.
  case wasted
  /// An attention weight, by its level from 0 (none) to `Role.weightLevels` − 1 (all).
  case weight(Int)
  /// A signed number by its level from −3 to 3.
  case signed(Int)
  /// The most likely next token.
  case prediction
  /// The uncached run's bar.
  case uncachedBar
  /// The cached run's bar.
  case cachedBar
  /// Memory that holds the model's weights.
  case modelWeights
  /// The same as a line.
  case modelWeightsInk
  /// Tokens of a question, computed for its turn.
  case asked
  /// Tokens of an answer, computed for its turn.
  case answered
  /// The selected thing: cell, operation, head.
  case selected
  /// The head that is shown and the KV head that it reads, among others.
  case chosen
  /// What one of several requests computes at once, or has filled, by the number of its hue (`Role.requestHues`).
  case request(Int)
  /// What it computes token by token, or has not filled.
  case requestDecode(Int)
  /// Its numbers, on the terminal's own ground.
  case requestInk(Int)
  /// A right answer.
  case right
  /// A wrong answer, or an error.
  case wrong
  /// What stands outside the light that falls on a part of a picture: seen, not read.
  case shaded
  /// Black on white in every theme, for what a camera reads.
  case paper
  /// Black on black in every theme: a dark part of what a camera reads, and a blank screen.
  case black

  /// A number that is another than it should be, by its level from 0 (hardly) to `Role.brokenLevels` − 1 (the most).
  case broken(Int)

  /// How many shades an attention weight has.
  public static let weightLevels = 9
  /// How many hues requests have; behind the last come the first again.
  public static let requestHues = 5
  /// How many shades a number has that is another than it should be.
  public static let brokenLevels = 4
}

/// How a cell is drawn: its meaning and its weight.
public struct Style: Hashable, Sendable {
  /// What the cell means.
  public var role: Role
  /// Heavier strokes.
  public var isBold: Bool
  /// Foreground and background exchanged.
  public var isReversed: Bool

  /// Creates a style.
  public init(_ role: Role = .text, bold: Bool = false, reversed: Bool = false) {
    self.role = role
    isBold = bold
    isReversed = reversed
  }
}
