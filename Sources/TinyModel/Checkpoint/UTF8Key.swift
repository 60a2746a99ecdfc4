/// UTF-8 as a dictionary's key.
///
/// Two strings are one key if their bytes are equal; as a Swift `String`, é and e with a combining accent would be one.
struct UTF8Key: Hashable, Sendable {
  let utf8: [UInt8]

  init(_ text: some StringProtocol) { utf8 = Array(text.utf8) }
  init(_ bytes: [UInt8]) { utf8 = bytes }
}
