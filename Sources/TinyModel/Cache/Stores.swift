internal import Base
internal import Trace

/// Which store a lane has: a new policy is a case here, and a file beside `FullStore`.
enum Stores {
  /// An empty store for sequences of `capacity` tokens.
  static func make(_ lane: Lane, _ shape: ModelConfiguration, capacity: Int) -> any KVStore {
    let policy = lane.cache ?? .full
    precondition(policy == .full, "no store for \(policy)")
    return FullStore(shape, capacity: slots(lane, capacity: capacity))
  }

  /// Slots that such a store has in each layer.
  static func slots(_ lane: Lane, capacity: Int) -> Int { capacity }

  /// Bytes that a store of so many slots allocates.
  static func bytes(_ lane: Lane, _ shape: ModelConfiguration, slots: Int) -> Bytes {
    FullStore.bytes(shape, capacity: slots)
  }
}
