internal import Base
internal import Trace

extension ModelDescription {
  /// Whether several query heads read the same K and V.
  var sharesHeads: Bool { kvHeads < heads }

  /// The query heads that read a KV head, both counted from 0.
  func queryHeads(ofKVHead kvHead: Int) -> Range<Int> {
    let readers = (0..<heads).filter { self.kvHead(of: $0) == kvHead }
    return (readers.first ?? 0)..<(readers.last ?? -1) + 1
  }

  /// What the field calls heads that share: one KV head for all, one for each group, or the latents.
  var sharingName: String { latent != nil ? "MLA" : kvHeads == 1 ? "MQA" : "GQA" }

  /// Whether the cache keeps less than K and V of every query head's own.
  var keepsLess: Bool { sharesHeads || latent != nil }

  /// Numbers that K and V of a token would be in a layer if every query head had its own: a query is as wide as such a K, unless
  /// it has taken the way from latent to key.
  fileprivate var ofOwnHeads: Int { heads * (latent?.ofHead ?? 2 * headDimension) }
}

extension Scene {
  /// The KV head that the shown head reads.
  var kvHead: Int { model.kvHead(of: state.head) }

  /// The shown head's name behind a layer's; one that shares its K and V says whose they are.
  var headName: String {
    model.sharesHeads
      ? queryAndKey(state.head) : language("头 \(state.head + 1)", "head \(state.head + 1)")
  }

  /// A query head and the KV head that it reads, as the strips are called.
  func queryAndKey(_ head: Int, between blank: String = " ") -> String {
    "Q\(head + 1)\(blank)K\(model.kvHead(of: head) + 1)"
  }

  /// Columns that the longest names of the Q and K strips take side by side; 0 where they have no numbers.
  var cornerColumns: Int {
    model.sharesHeads ? queryAndKey(model.heads - 1, between: "").count : 0
  }

  /// What numbers a strip of K or V, where its heads are not simply the query's own.
  var kvMark: String { model.sharesHeads ? "\(kvHead + 1)" : "" }

  /// What numbers the strip of Q, likewise.
  var queryMark: String { model.sharesHeads ? "\(state.head + 1)" : "" }

  /// Bytes that as many tokens would take as the run has stored if every query head had K and V of its own.
  func bytesWithoutSharing(_ run: Run) -> Int? {
    storedTokens(run).map {
      model.ofOwnHeads * $0 * MemoryLayout<Float>.stride
    }
  }
}
