internal import Base

/// Texts, each with a number, that are looked up by how another text goes on at a place.
///
/// The keys lie sorted, one behind the other: it takes no more memory than they do, whatever they are.
struct PrefixTable: Sendable {
  /// The keys that go on from one beginning, which are neighbours.
  struct Node: Sendable {
    fileprivate let keys: Range<Int>
    /// Bytes of the beginning.
    fileprivate let depth: Int
  }

  private let bytes: [UInt8]
  /// Where each key begins in `bytes`, and where the last one ends.
  private let starts: [Int]
  private let values: [Int]
  /// The nodes of single bytes.
  private let first: [Node?]

  init(_ values: [UTF8Key: Int]) {
    let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    var bytes: [UInt8] = []
    var starts = [0]
    for (key, _) in sorted {
      bytes += key.utf8
      starts.append(bytes.count)
    }
    self.bytes = bytes
    self.starts = starts
    self.values = sorted.map(\.value)
    first = Self.firstNodes(sorted.map(\.key.utf8.first))
  }

  private static func firstNodes(_ firstBytes: [UInt8?]) -> [Node?] {
    var ranges = [Range<Int>?](repeating: nil, count: 256)
    for (key, byte) in firstBytes.enumerated() {
      guard let byte else { continue }
      ranges[Int(byte)] = (ranges[Int(byte)]?.lowerBound ?? key)..<key + 1
    }
    return ranges.map { $0.map { Node(keys: $0, depth: 1) } }
  }

  /// Every key.
  var root: Node { Node(keys: values.indices, depth: 0) }

  /// The keys that begin with `prefix`; nil where there is none.
  func node(_ prefix: [UInt8]) -> Node? {
    var node: Node? = root
    for byte in prefix { node = node.flatMap { next($0, byte) } }
    return node
  }

  /// Calls `body` with the length of each beginning of `text` behind `place` that is, behind the beginning that
  /// `node` stands for, a key, and with the key's number; the shortest first, none of them empty.
  ///
  /// - Complexity: O(log keys) for each byte that some key has too.
  func eachPrefix(
    of text: [UInt8], at place: Int, behind node: Node? = nil, _ body: (Int, Int) -> Void
  ) {
    var node = node ?? root
    for end in place..<text.count {
      guard let next = next(node, text[end]) else { return }
      node = next
      if let value = value(node) { body(end + 1 - place, value) }
    }
  }

  private func next(_ node: Node, _ byte: UInt8) -> Node? {
    if node.depth == 0 { return first[Int(byte)] }
    // The key that ends here comes before those that go on.
    let keys = node.keys.dropFirst(ends(node.keys.lowerBound, node.depth) ? 1 : 0)
    let low = bound(keys, node.depth) { $0 < byte }
    let high = bound(low..<keys.endIndex, node.depth) { $0 == byte }
    return low < high ? Node(keys: low..<high, depth: node.depth + 1) : nil
  }

  private func value(_ node: Node) -> Int? {
    ends(node.keys.lowerBound, node.depth) ? values[node.keys.lowerBound] : nil
  }

  private func ends(_ key: Int, _ depth: Int) -> Bool { starts[key + 1] - starts[key] == depth }

  /// The first of `keys` whose byte at `depth` is not among those that `comesBefore` names.
  private func bound(_ keys: Range<Int>, _ depth: Int, _ comesBefore: (UInt8) -> Bool) -> Int {
    var (low, high) = (keys.lowerBound, keys.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if comesBefore(bytes[starts[middle] + depth]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
