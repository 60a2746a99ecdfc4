internal import Kernels

extension DecodeSession {
  /// Feeds tokens and writes behind them what is likeliest, each token in a pass of its own.
  ///
  /// - Parameters:
  ///   - ids: the tokens to begin with.
  ///   - most: how many are written at most; the last is not fed.
  ///   - isEnd: whether a token ends the text; that one is not fed either.
  ///   - goesOn: gets what is written so far, behind each token; false leaves it there.
  /// - Returns: what was written, the token that ended it, if one did, at its end.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  func write(
    behind ids: ArraySlice<Int>, most: Int, isEnd: (Int) -> Bool,
    goesOn: ([Int]) -> Bool = { _ in true }
  ) throws(ModelError) -> [Int] {
    var written: [Int] = []
    var fed = ids
    while written.count < most {
      let logits = feed(fed).logits
      guard logits.isFinite else { throw .notFinite(model: model.name, step: written.count + 1) }
      let next = logits.largestIndex(in: 0..<model.configuration.vocabulary)
      written.append(next)
      if !goesOn(written) || isEnd(next) { break }
      fed = written[(written.count - 1)...]
    }
    return written
  }
}

extension FloatBuffer {
  /// The index in a range of the largest float there, the first of equals, counted from the range's beginning.
  func largestIndex(in range: Range<Int>) -> Int {
    var best = range.lowerBound
    for index in range where pointer[index] > pointer[best] { best = index }
    return best - range.lowerBound
  }
}
