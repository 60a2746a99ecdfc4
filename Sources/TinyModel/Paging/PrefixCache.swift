internal import Base
internal import Kernels

/// K and V of texts that are over, in blocks, for the next text that begins as one of them did.
///
///     let cache = PrefixCache(model, blocks: 64)            // blocks of 16 tokens
///     let reused = cache.restore(ids, into: session)        // an empty session; whole blocks, at most ids.count − 1 tokens
///     session.feed(ids[reused...])                          // the rest is computed
///     cache.keep(ids, of: session)                          // the full blocks of what the session holds
///
/// Blocks are copied, into a session and out of it, so none is in use between calls; which are kept when there are too many is
/// the pool's matter (`BlockPool`): the beginnings of texts that were used last.
public final class PrefixCache {
  private let memory: BlockMemory
  private let layers: Int
  private let kernels: Kernels

  /// What a text's table is called while it is kept.
  private static let sequence = 0
  /// Tokens of a block, as in vLLM.
  public static let standardBlockSize = 16

  /// An empty cache of so many blocks, for sessions of one model.
  public init(_ model: Transformer, blocks: Int, blockSize: Int = standardBlockSize) {
    memory = BlockMemory(
      model.configuration, blocks: blocks, blockSize: blockSize, longest: 1)
    layers = model.configuration.layers
    kernels = model.kernels
  }

  /// Bytes that such a cache takes.
  static func bytes(
    _ shape: ModelConfiguration, blocks: Int, blockSize: Int = standardBlockSize
  ) -> Bytes {
    BlockMemory.bytes(shape, blocks: blocks, blockSize: blockSize, longest: 1)
  }

  /// Tokens of a block.
  public var blockSize: Int { memory.blockSize }

  /// Blocks in all.
  public var blocks: Int { memory.tables.pool.count }

  /// Blocks that can be found.
  public var findableBlocks: Int { memory.tables.pool.hashes.count { $0 != nil } }

  /// Bytes of the K and V that can be found.
  public var usedBytes: Int { findableBlocks * memory.bytesPerBlock }

  /// Tokens at the beginning of a prompt whose K and V are there: whole blocks, at most `ids.count` − 1, since the last
  /// token's logits are wanted.
  public func longestHit(_ ids: [Int]) -> Int { memory.tables.longestHit(ids).count * blockSize }

  /// Copies K and V of the longest hit of a prompt into a session.
  ///
  /// - Parameters:
  ///   - ids: the whole prompt.
  ///   - session: an empty one, whose store keeps what it is given.
  /// - Returns: how many tokens the session holds now; the others are to be fed.
  @discardableResult
  public func restore(_ ids: [Int], into session: DecodeSession) -> Int {
    precondition(session.tokens == 0, "the session holds \(session.tokens) tokens")
    precondition(session.store.readsAsAppended, "the session's K and V are not exact")
    let hits = memory.tables.longestHit(ids)
    for (index, block) in hits.enumerated() {
      for layer in 0..<layers {
        let rows = memory.rows(of: block, blockSize, position: index * blockSize, layer: layer)
        _ = session.store.append(rows, layer: layer, kernels)
      }
    }
    // They were used: others go before them.
    memory.tables.adopt(hits, by: Self.sequence)
    memory.tables.free(Self.sequence)
    return hits.count * blockSize
  }

  /// Copies the full blocks of a session's first tokens into the pool, where they are not there yet.
  ///
  /// - Parameters:
  ///   - ids: the tokens that the session was fed, from the first on; those that it does not hold are passed over.
  ///   - session: one whose store keeps what it is given.
  /// - Returns: how many blocks were copied; the last of a text longer than the pool are not.
  @discardableResult
  public func keep(_ ids: [Int], of session: DecodeSession) -> Int {
    precondition(session.store.readsAsAppended, "the session's K and V are not exact")
    let full = min(min(ids.count, session.tokens) / blockSize, blocks)
    let known = memory.tables.hit(ids, most: full * blockSize)
    guard full > 0,
      memory.tables.allocate(
        Self.sequence, ids, upTo: full * blockSize, hits: known)
    else { return 0 }
    let table = memory.tables.blocks(of: Self.sequence)
    for layer in 0..<layers {
      memory.write(
        session.store.read(layer: layer), known.count * blockSize..<full * blockSize, to: table,
        layer: layer)
    }
    memory.tables.free(Self.sequence)
    return full - known.count
  }
}
