internal import Base

/// By what a full block is found again: its tokens and all before them.
///
/// SHA-256 over the parent's hash (32 zeros for a first block), each id in eight bytes, the lowest first, and, in a first
/// block, what keeps texts of one kind from those of another. So the same tokens behind another beginning are another block.
/// Source: `hash_block_tokens` of vLLM v1, which hashes the same three in its own encoding.
struct BlockHash: Hashable, Sendable {
  /// Its 32 bytes.
  let bytes: [UInt8]

  /// The hash of a full block.
  ///
  /// - Parameters:
  ///   - tokens: the block's ids.
  ///   - parent: the hash of the block before; nil for a first block.
  ///   - salt: what tells apart texts that must not share blocks; only a first block's counts.
  init(of tokens: ArraySlice<Int>, behind parent: BlockHash?, salt: [UInt8] = []) {
    var text = parent?.bytes ?? [UInt8](repeating: 0, count: 32)
    text.reserveCapacity(text.count + 8 * tokens.count + salt.count)
    for id in tokens {
      let bits = UInt64(bitPattern: Int64(id))
      for byte in 0..<8 { text.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(byte)))) }
    }
    if parent == nil { text += salt }
    bytes = SHA256.digest(of: text)
  }

  /// The hash in hexadecimal digits.
  var digits: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
