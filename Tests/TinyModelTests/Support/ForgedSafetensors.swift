/// Makes files whose header says what it likes.
enum ForgedSafetensors {
  /// A file of the given header and data.
  static func file(header: String, data: [UInt8] = []) -> [UInt8] {
    let header = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + data
  }
}
