internal import Base
internal import Trace

/// Which store a lane has: a new policy is a case here, and a file beside `FullStore`.
enum Stores {
  /// An empty store for sequences of `capacity` tokens.
  static func make(_ lane: Lane, _ shape: ModelConfiguration, capacity: Int) -> any KVStore {
    let policy = lane.cache ?? .full
    precondition(policy == .full, "no store for \(policy)")
    let store = FullStore(shape, capacity: slots(lane, capacity: capacity))
    guard let fault = lane.fault, fault.part == .store else { return store }
    return FaultyStore(store, fault, shape)
  }

  /// Makes a lane's store: `make`, but where a test has one of its own.
  typealias Maker = (_ lane: Lane, _ shape: ModelConfiguration, _ capacity: Int) -> any KVStore

  /// Whether such a store reads as all that was appended to it.
  static func readsAsAppended(_ lane: Lane) -> Bool {
    let policy = lane.cache ?? .full
    return lane.fault?.part != .store && policy.retention == .full && policy.format == .f32
  }

  /// Slots that such a store has in each layer.
  static func slots(_ lane: Lane, capacity: Int) -> Int {
    FaultyStore.slots(lane.fault, tokens: capacity)
  }

  /// Bytes that a store of so many slots allocates.
  static func bytes(_ lane: Lane, _ shape: ModelConfiguration, slots: Int) -> Bytes {
    FullStore.bytes(shape, capacity: slots)
  }
}
