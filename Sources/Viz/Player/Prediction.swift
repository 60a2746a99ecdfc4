public import Trace

/// A viewer's guess of what the next step will do, asked before it is shown.
public struct Prediction: Hashable, Sendable {
  /// What is asked, in this order.
  public enum Field: Int, CaseIterable, Sendable {
    /// QKᵀ cells of one head in the uncached run.
    case uncachedCells
    /// QKᵀ cells of one head in the cached run.
    case cachedCells
    /// The tokens whose K and V the cached run computes.
    case newKeyValues
  }

  /// The step that is asked about.
  public let step: Int
  /// Tokens in the sequence at that step.
  public let length: Int
  /// The question that is being answered.
  public internal(set) var field: Field = .uncachedCells
  /// Digits typed for the uncached run.
  public internal(set) var uncachedCells = ""
  /// Digits typed for the cached run.
  public internal(set) var cachedCells = ""
  /// Positions that were marked as computed by the cached run.
  public internal(set) var marks: Set<Int> = []
  /// The position under the marking cursor.
  public internal(set) var cursor: Int

  init(step: Int, length: Int) {
    self.step = step
    self.length = length
    cursor = length - 1
  }

  /// Whether an answer is what the run did.
  public func isRight(_ field: Field, in step: Step) -> Bool {
    switch field {
    case .uncachedCells: Int(uncachedCells) == step.uncached.cells()
    case .cachedCells: Int(cachedCells) == step.cached.cells()
    case .newKeyValues: marks == Self.newKeyValues(of: step)
    }
  }

  /// The positions whose K and V the cached run computed at a step.
  public static func newKeyValues(of step: Step) -> Set<Int> {
    Set(step.cached.fed)
  }

  /// What the keys do to the question that is being answered.
  var keys: KeyMap<PredictionAction> {
    field == .newKeyValues ? ViewerKeys.markPrediction : ViewerKeys.numberPrediction
  }

  /// Applies an action of a key; true when the last question has been answered.
  mutating func answer(_ action: PredictionAction, _ key: Key) -> Bool {
    switch action {
    case .digit: type(key)
    case .erase: erase()
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(length - 1, cursor + 1)
    case .start: cursor = 0
    case .end: cursor = length - 1
    case .mark: marks.formSymmetricDifference([cursor])
    case .markAll: marks = marks.count == length ? [] : Set(0..<length)
    case .next:
      guard let next = Field(rawValue: field.rawValue + 1) else { return true }
      field = next
    case .nextField, .laterField: field = Field(rawValue: field.rawValue + 1) ?? field
    case .previousField: field = Field(rawValue: field.rawValue - 1) ?? field
    case .skip, .stop, .quit: break
    }
    return false
  }

  private static let mostDigits = 9

  private mutating func type(_ key: Key) {
    guard case .character(let digit) = key else { return }
    if field == .uncachedCells, uncachedCells.count < Self.mostDigits {
      uncachedCells.append(digit)
    } else if field == .cachedCells, cachedCells.count < Self.mostDigits {
      cachedCells.append(digit)
    }
  }

  private mutating func erase() {
    if field == .uncachedCells {
      uncachedCells = String(uncachedCells.dropLast())
    } else if field == .cachedCells {
      cachedCells = String(cachedCells.dropLast())
    }
  }
}
