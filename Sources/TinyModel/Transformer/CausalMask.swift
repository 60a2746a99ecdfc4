/// Which keys a query sees: its own and those before it, or of these the newest only.
///
/// The engine and the viewer share it.
public struct CausalMask: Equatable, Sendable {
  /// How many keys a query sees at most, its own among them; nil for all.
  public let window: Int?

  /// Creates a mask.
  public init(window: Int? = nil) { self.window = window }

  /// Whether the query at one position does not see the key at another.
  public func hides(key: Int, fromQuery query: Int) -> Bool {
    key > query || window.map { query - key >= $0 } ?? false
  }

  /// The keys that the query at `position` sees.
  private func visible(_ position: Int) -> ClosedRange<Int> {
    max(0, window.map { position - $0 + 1 } ?? 0)...position
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
  func apply(
    to scores: UnsafeMutablePointer<Float>, rows: Int, stride: Int, firstPosition: Int, length: Int
  ) -> Int {
    var masked = 0
    for row in 0..<rows {
      let seen = visible(firstPosition + row)
      let end = seen.upperBound + 1
      for hidden in [0..<min(seen.lowerBound, length), end..<max(end, length)] {
        (scores + row * stride + hidden.lowerBound)
          .update(repeating: -.infinity, count: hidden.count)
        masked += hidden.count
      }
    }
    return masked
  }
}
