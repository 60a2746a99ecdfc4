/// Names of tensors, which are parts with dots between.
enum TensorNames {
  /// No more names than this are compared.
  private static let most = 20_000

  /// The name that shares most parts with a name that is not there, in their order, and all numbers; nil where none shares two, and
  /// half of them.
  static func nearest(to name: String, in names: some Sequence<String>) -> String? {
    let parts = name.split(separator: ".")
    var best: (name: String, shared: Int)?
    for other in names.prefix(most) where other.utf8.count <= 256 {
      let others = other.split(separator: ".")
      // What another layer has is nearer to nothing.
      guard others.compactMap({ Int($0) }) == parts.compactMap({ Int($0) }) else { continue }
      let shared = sharedParts(parts, others)
      guard shared >= 2, 2 * shared >= parts.count else { continue }
      if let best, (-shared, other.utf8.count) >= (-best.shared, best.name.utf8.count) { continue }
      best = (other, shared)
    }
    return best?.name
  }

  /// The length of the longest common subsequence.
  private static func sharedParts(_ a: [Substring], _ b: [Substring]) -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    for part in a {
      var row = [0]
      for (place, other) in b.enumerated() {
        row.append(part == other ? before[place] + 1 : max(before[place + 1], row[place]))
      }
      before = row
    }
    return before[b.count]
  }
}
