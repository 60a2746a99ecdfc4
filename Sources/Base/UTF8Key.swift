/// UTF-8 as a dictionary's key.
///
/// Two strings are one key if their bytes are equal; as a Swift `String`, é and e with a combining accent would be one.
package struct UTF8Key: Hashable, Sendable {
  package let utf8: [UInt8]

  package init(_ text: some StringProtocol) { utf8 = Array(text.utf8) }
  package init(_ bytes: [UInt8]) { utf8 = bytes }

  /// All bytes at once; one by one, as an array does it, takes several times as long.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(utf8.count)
    utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
