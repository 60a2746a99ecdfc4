internal import Trace

extension BlockMemory {
  /// What the pool holds just now, counted block by block.
  var usage: PoolUsage {
    let pool = tables.pool
    var (used, cached, shared, references, filled) = (0, 0, 0, 0, 0)
    for block in 1...pool.count {
      references += pool.references[block]
      if pool.references[block] > 0 {
        used += 1
        filled += filledSlots(of: block)
        if pool.references[block] > 1 { shared += 1 }
      } else if pool.hashes[block] != nil {
        cached += 1
      }
    }
    return PoolUsage(
      blocks: pool.count, blockSize: blockSize, used: used, cached: cached,
      free: pool.count - used - cached, shared: shared, references: references,
      filledSlots: filled, usedBytes: used * bytesPerBlock)
  }
}
