/// Which keys a query sees: its own and those before it, or of these the newest only.
///
/// It goes by positions, wherever a store keeps them. The engine and the viewer share it.
public struct AttentionMask: Equatable, Sendable {
  /// How many keys a query sees at most, its own among them; nil for all.
  public let window: Int?
  /// Whether anything is hidden at all; it is, but where a mask is left out on purpose.
  public let isOn: Bool

  /// Creates a mask.
  public init(window: Int? = nil) {
    self.window = window
    isOn = true
  }

  private init(isOn: Bool) {
    window = nil
    self.isOn = isOn
  }

  /// A mask that hides nothing.
  public static let off = AttentionMask(isOn: false)

  /// Why a query does not see a key.
  public enum Reason: Equatable, Sendable {
    /// The key comes after the query.
    case later
    /// The key comes before the newest that the query sees, of which there are so many.
    case outsideWindow(Int)
  }

  /// Whether the query at one position does not see the key at another.
  public func hides(key: Int, fromQuery query: Int) -> Bool {
    reason(forHiding: key, fromQuery: query) != nil
  }

  /// Why the query at one position does not see the key at another; nil where it does.
  public func reason(forHiding key: Int, fromQuery query: Int) -> Reason? {
    guard isOn else { return nil }
    if key > query { return .later }
    guard let window, query - key >= window else { return nil }
    return .outsideWindow(window)
  }

  /// Sets the scores of hidden keys to −∞ and returns how many there were.
  ///
  /// - Parameters:
  ///   - scores: `[rows][stride]`.
  ///   - rows: query rows.
  ///   - stride: floats from row to row.
  ///   - firstPosition: the position of the first row's token.
  ///   - length: keys.
  /// - Returns: the number of masked scores.
  package func apply(
    to scores: UnsafeMutablePointer<Float>, rows: Int, stride: Int, firstPosition: Int, length: Int
  ) -> Int {
    guard isOn else { return 0 }
    var masked = 0
    for row in 0..<rows {
      let end = firstPosition + row + 1
      let cells = scores + row * stride
      let before = window.map { min(max(0, end - $0), length) } ?? 0
      let behind = max(0, length - end)
      cells.update(repeating: -.infinity, count: before)
      (cells + end).update(repeating: -.infinity, count: behind)
      masked += before + behind
    }
    return masked
  }

  /// The same where slots do not count positions from 0: each is hidden or seen by the position that it holds.
  ///
  /// - Parameters:
  ///   - scores: `[rows][stride]`.
  ///   - rows: query rows.
  ///   - stride: floats from row to row.
  ///   - firstPosition: the position of the first row's token.
  ///   - keys: the positions, slot by slot.
  /// - Returns: the number of masked scores.
  package func apply(
    to scores: UnsafeMutablePointer<Float>, rows: Int, stride: Int, firstPosition: Int,
    keys: Positions
  ) -> Int {
    guard isOn else { return 0 }
    var masked = 0
    for row in 0..<rows {
      let end = firstPosition + row + 1
      let seen = (window.map { max(0, end - $0) } ?? 0)..<end
      var cells = scores + row * stride
      for run in keys.runs {
        let (before, behind) = run.parts(outside: seen)
        cells.update(repeating: -.infinity, count: before)
        (cells + run.count - behind).update(repeating: -.infinity, count: behind)
        masked += before + behind
        cells += run.count
      }
    }
    return masked
  }
}

extension Range<Int> {
  /// How many of its numbers lie before another range, and how many behind it.
  fileprivate func parts(outside other: Range<Int>) -> (before: Int, behind: Int) {
    (
      Swift.min(count, Swift.max(0, other.lowerBound - lowerBound)),
      Swift.min(count, Swift.max(0, upperBound - other.upperBound))
    )
  }
}
