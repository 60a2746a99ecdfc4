/// Makes safetensors files that `SafetensorsFile` and the reference implementation read.
///
/// They are laid out as the reference implementation lays them out, so that each tensor stands at a multiple of its
/// elements' width: the header is padded to eight bytes, the widest types come first, then it goes by name.
package struct SafetensorsWriter {
  /// The tensors in the order in which they will lie in the file.
  package let entries: [TensorEntry]
  /// Everything before the first tensor's bytes.
  package let head: [UInt8]

  /// Plans a file.
  ///
  /// - Parameters:
  ///   - tensors: in any order; each name once.
  ///   - metadata: what `__metadata__` holds, which is left out where there is none.
  package init(
    _ tensors: [(name: String, type: TensorType, shape: [Int])],
    metadata: [(key: String, value: String)] = []
  ) {
    var end = 0
    entries = tensors.sorted(by: Self.comesFirst).map { tensor in
      let start = end
      end += tensor.shape.reduce(tensor.type.width, *)
      return TensorEntry(
        name: tensor.name, type: tensor.type, shape: tensor.shape, range: start..<end)
    }
    head = Self.head(entries, metadata)
  }

  /// Bytes of all tensors.
  package var dataCount: Int { entries.last?.range.upperBound ?? 0 }

  /// The whole file.
  ///
  /// - Parameter data: the bytes of a tensor, as many as its range has.
  /// - Returns: what a file of it holds.
  package func file(_ data: (TensorEntry) -> [UInt8]) -> [UInt8] {
    var file = head
    file.reserveCapacity(head.count + dataCount)
    for entry in entries {
      let bytes = data(entry)
      precondition(bytes.count == entry.range.count, "\(entry.name) has other bytes than its shape")
      file += bytes
    }
    return file
  }

  private static func comesFirst(
    _ a: (name: String, type: TensorType, shape: [Int]),
    _ b: (name: String, type: TensorType, shape: [Int])
  ) -> Bool {
    guard a.type == b.type else { return a.type.rank > b.type.rank }
    return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
  }

  private static func head(
    _ entries: [TensorEntry], _ metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var fields = entries.map { ($0.name, description(of: $0)) }
    if !metadata.isEmpty {
      fields.insert(
        ("__metadata__", .object(metadata.map { ($0.key, .string($0.value)) })), at: 0)
    }
    var header = Array(JSONText.object(fields).text.utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }

  private static func description(of entry: TensorEntry) -> JSONText {
    .object([
      ("dtype", .string(entry.type.rawValue)),
      ("shape", .array(entry.shape.map(JSONText.integer))),
      (
        "data_offsets",
        .array([.integer(entry.range.lowerBound), .integer(entry.range.upperBound)])
      ),
    ])
  }
}
