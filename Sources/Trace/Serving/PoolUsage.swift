/// What a pool of blocks held at one moment, counted block by block.
public struct PoolUsage: Sendable, Equatable {
  /// Blocks in all.
  public let blocks: Int
  /// Tokens of a block.
  public let blockSize: Int
  /// Blocks that a table holds.
  public let used: Int
  /// Blocks that no table holds, but that a text can still find; the one that is taken first before the others.
  public let cachedBlocks: [Int]
  /// Blocks that several tables hold.
  public let shared: Int
  /// Entries of all tables: what as many would use that share nothing.
  public let references: Int
  /// Slots of the used blocks that are filled; those of a shared block once.
  public let filledSlots: Int
  /// Bytes of the used blocks, in all layers.
  public let usedBytes: Int
  /// How many blocks were taken so far that a text could have found.
  public let evictions: Int

  /// What was counted.
  public init(
    blocks: Int, blockSize: Int, used: Int, cachedBlocks: [Int], shared: Int, references: Int,
    filledSlots: Int, usedBytes: Int, evictions: Int
  ) {
    self.blocks = blocks
    self.blockSize = blockSize
    self.used = used
    self.cachedBlocks = cachedBlocks
    self.shared = shared
    self.references = references
    self.filledSlots = filledSlots
    self.usedBytes = usedBytes
    self.evictions = evictions
  }

  /// Blocks that no table holds, but that a text can still find.
  public var cached: Int { cachedBlocks.count }

  /// Blocks that hold nothing for anybody.
  public var free: Int { blocks - used - cached }

  /// Slots of the used blocks.
  public var usedSlots: Int { used * blockSize }

  /// Slots of the used blocks that are empty: at the end of a sequence's last block.
  public var wastedSlots: Int { usedSlots - filledSlots }
}
