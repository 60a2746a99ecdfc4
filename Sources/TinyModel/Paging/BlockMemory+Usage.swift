internal import Trace

extension BlockMemory {
  /// What the pool holds just now, counted block by block.
  var usage: PoolUsage {
    let pool = tables.pool
    var (used, shared, references, filled) = (0, 0, 0, 0)
    for block in 1...pool.count where pool.references[block] > 0 {
      used += 1
      references += pool.references[block]
      filled += filledSlots(of: block)
      if pool.references[block] > 1 { shared += 1 }
    }
    let cached = pool.queue.all.filter { pool.hashes[$0] != nil }
    return PoolUsage(
      blocks: pool.count, blockSize: blockSize, used: used, cachedBlocks: cached, shared: shared,
      references: references, filledSlots: filled, usedBytes: used * bytesPerBlock,
      evictions: pool.evictions)
  }
}
