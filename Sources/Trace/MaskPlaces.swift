/// Where the rows and the slots of a pass stand for a mask.
package struct MaskPlaces: Sendable {
  /// The position of the first row's query; the others follow it.
  package let first: Int
  /// The slots' positions; nil where they are the slots' own numbers.
  package let keys: Positions?

  /// Describes the rows and slots of a pass.
  package init(first: Int, keys: Positions? = nil) {
    self.first = first
    self.keys = keys
  }

  /// Sets the scores of hidden keys to −∞.
  ///
  /// - Parameters:
  ///   - mask: the layer's.
  ///   - scores: `[rows][stride]`.
  ///   - row: the first of these rows, counted from the first of the pass.
  ///   - rows: query rows.
  ///   - stride: floats from row to row.
  ///   - length: slots.
  /// - Returns: the number of masked scores.
  package func apply(
    _ mask: AttentionMask, to scores: UnsafeMutablePointer<Float>, from row: Int = 0, rows: Int,
    stride: Int, length: Int
  ) -> Int {
    guard let keys else {
      return mask.apply(
        to: scores, rows: rows, stride: stride, firstPosition: first + row, length: length)
    }
    return mask.apply(
      to: scores, rows: rows, stride: stride, firstPosition: first + row, keys: keys)
  }

  /// The slots that the softmax of a row goes over; none that is behind them is seen.
  package func visible(_ mask: AttentionMask, row: Int, length: Int) -> Int {
    keys == nil && mask.isOn ? min(first + row + 1, length) : length
  }
}
