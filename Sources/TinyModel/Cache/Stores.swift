internal import Base
internal import Trace

/// Which store a lane has: a new policy is a case here, and a file beside `FullStore`.
enum Stores {
  /// An empty store for sequences of `capacity` tokens.
  static func make(_ lane: Lane, _ shape: ModelConfiguration, capacity: Int) -> any KVStore {
    precondition(refusal(lane, shape) == nil, "no store for \(lane)")
    let store = make(
      lane.cache ?? .full, shape, capacity: FaultyStore.slots(lane.fault, tokens: capacity))
    guard let fault = lane.fault, fault.part == .store else { return store }
    return FaultyStore(store, fault, shape)
  }

  private static func make(
    _ policy: CachePolicy, _ shape: ModelConfiguration, capacity: Int
  ) -> any KVStore {
    if case .paged(let size) = policy.layout {
      return PagedStore(shape, blockSize: size, capacity: capacity)
    }
    return switch policy.retention {
    case .full: quantised(policy.format, shape, capacity: capacity)
    case .window(let newest): WindowStore(shape, newest: newest, capacity: capacity)
    case .sinks(let first, let newest):
      SinksStore(shape, first: first, newest: newest, capacity: capacity)
    case .heavyHitters(let heavy, let newest):
      HeavyHitterStore(shape, heavy: heavy, newest: newest, capacity: capacity)
    }
  }

  private static func quantised(
    _ format: CachePolicy.Format, _ shape: ModelConfiguration, capacity: Int
  ) -> any KVStore {
    switch format {
    case .f32: FullStore(shape, capacity: capacity)
    case .int8: Int8Store(shape, capacity: capacity, empty: Int8Rows(shape))
    case .fp8: Float8Store(shape, capacity: capacity, empty: Float8Rows(shape))
    case .kivi(let bits):
      KIVIStore(shape, capacity: capacity, empty: KIVIRows(shape, bits: bits))
    }
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
    let capacity = FaultyStore.slots(lane.fault, tokens: capacity)
    return min(lane.cache?.retention.budget ?? capacity, capacity)
  }

  /// Bytes that a store of so many slots allocates.
  static func bytes(_ lane: Lane, _ shape: ModelConfiguration, slots: Int) -> Bytes {
    let policy = lane.cache ?? .full
    if case .paged(let size) = policy.layout {
      return PagedStore.bytes(shape, blockSize: size, capacity: slots)
    }
    return switch policy.retention {
    case .full: bytes(policy.format, shape, slots: slots)
    case .window: FullStore.bytes(shape, capacity: slots)
    case .sinks: SinksStore.bytes(shape, slots: slots)
    case .heavyHitters: HeavyHitterStore.bytes(shape, slots: slots)
    }
  }

  private static func bytes(
    _ format: CachePolicy.Format, _ shape: ModelConfiguration, slots: Int
  ) -> Bytes {
    switch format {
    case .f32: FullStore.bytes(shape, capacity: slots)
    case .int8:
      Int8Store.bytes(shape, capacity: slots, layer: Int8Rows.bytes(shape, capacity: slots))
    case .fp8:
      Float8Store.bytes(shape, capacity: slots, layer: Float8Rows.bytes(shape, capacity: slots))
    case .kivi(let bits):
      KIVIStore.bytes(
        shape, capacity: slots, layer: KIVIRows.bytes(shape, bits: bits, capacity: slots))
    }
  }

  /// Why a lane can have no store; nil where it can.
  static func refusal(_ lane: Lane, _ shape: ModelConfiguration) -> PolicyRefusal? {
    let policy = lane.cache ?? .full
    guard lane.fault?.part != .store || policy == .full else { return .faulty(policy) }
    if case .paged(let size) = policy.layout {
      guard policy.retention == .full, policy.format == .f32 else { return .noStore(policy) }
      guard size <= shape.contextLength else {
        return .blockTooLong(policy, positions: shape.contextLength)
      }
    }
    if policy.retention != .full, policy.format != .f32 { return .noStore(policy) }
    if case .heavyHitters = policy.retention, shape.latent != nil { return .sharedLatent(policy) }
    if case .sinks(let first, let newest) = policy.retention, !shape.rotaryEmbeddings.isEmpty {
      let windows = shape.rules.compactMap(\.attention.mask.window)
      let least = (Bytes(first) + Bytes(newest)).count
      if let window = windows.min(), least > window {
        return .beyondWindow(policy, window: window)
      }
    }
    return nil
  }
}

extension CachePolicy.Retention {
  /// Tokens that are kept at most; nil for all.
  var budget: Int? {
    switch self {
    case .full: nil
    case .window(let newest): newest
    case .sinks(let first, let newest), .heavyHitters(let first, let newest):
      (Bytes(first) + Bytes(newest)).count
    }
  }
}
