internal import Base

/// How the cache of an answer grows with the text.
extension MemoryAnswer {
  /// Bytes of some requests of so many tokens each; what is beyond all numbers is the largest.
  package func cacheBytes(tokens: Int, requests: Int = 1) -> Int {
    let request = question.model.groups.reduce(Bytes(0)) {
      $0 + $1.bytes(tokens: tokens, question.cacheType)
    }
    return (request * requests).count
  }

  /// Tokens of each of some requests from which on their caches take at least as much as the weights; nil where that is never, or not known.
  package func tokensOutweighing(requests: Int) -> Int? {
    guard let weightBytes, weightBytes > 0 else { return nil }
    var (low, high) = (0, 1 << 50)
    guard cacheBytes(tokens: high, requests: requests) >= weightBytes else { return nil }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      let isMore = cacheBytes(tokens: middle, requests: requests) >= weightBytes
      if isMore { high = middle } else { low = middle }
    }
    return high
  }

  /// Bytes that one more token adds to one request; nil without a context.
  package var nextTokenBytes: Int? {
    question.context.map { cacheBytes(tokens: $0 + 1) - cacheBytes(tokens: $0) }
  }

  /// Bytes of one request if no layer had a window; nil without a context.
  package var bytesWithoutWindows: Int? {
    question.context.map { context in
      question.model.groups.reduce(Bytes(0)) { sum, group in
        guard case .window = group.kind else {
          return sum + group.bytes(tokens: context, question.cacheType)
        }
        let open = LayerGroup(.full, layers: group.layers, width: group.width)
        return sum + open.bytes(tokens: context, question.cacheType)
      }.count
    }
  }

  /// Bytes of the machine that may be used; nil without a machine.
  package var usableBytes: Int? {
    guard let freeBytes else { return nil }
    return freeBytes + (question.hasWeights ? weightBytes ?? 0 : 0)
  }
}
