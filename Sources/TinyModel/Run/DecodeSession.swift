internal import Base
public import Kernels
public import Trace

/// One lane at work: a model, the K and V that the lane keeps, room to compute in, counts and a clock.
///
///     let session = DecodeSession(model, capacity: 64)
///     session.feed([5, 9, 2])              // prefill: the logits of the last token
///     session.feed([7])                    // decode
///     session.truncate(to: 2)              // as if only the first two had been fed
public final class DecodeSession {
  /// Which lane this is.
  public let lane: Lane
  let model: Transformer
  private(set) var store: any KVStore
  private var buffers: ForwardBuffers
  private let now: () -> Duration
  private let makeStore: Stores.Maker
  /// Of how many rows of a pass logits can be had.
  private let logitRows: Int
  /// Tokens of the pass that found the store empty.
  private var prompt = 0
  /// The rule of the newest pass.
  private var rule = PassRule(past: 0)
  /// The token that a fault takes for the first one; nil where it takes none.
  private var wrongFirst: Int?
  /// Tokens that a store may calibrate itself over; nil for those of the first pass.
  private let calibration: Int?
  /// What was counted since the counts were begun anew.
  public private(set) var counter: OperationCounter

  /// Makes room for a lane.
  ///
  /// - Parameters:
  ///   - model: what computes.
  ///   - lane: what is kept, and what is wrong on purpose.
  ///   - rows: the most tokens that are fed at once; nil for as many as there is room for.
  ///   - capacity: tokens of the longest sequence.
  ///   - logitRows: of how many rows of a pass logits can be had.
  public convenience init(
    _ model: Transformer, lane: Lane = .cached, rows: Int? = nil, capacity: Int, logitRows: Int = 1
  ) {
    self.init(
      model, lane: lane, rows: rows, capacity: capacity, logitRows: logitRows,
      now: PassTimer.wallClock)
  }

  init(
    _ model: Transformer, lane: Lane, rows: Int?, capacity: Int, logitRows: Int = 1,
    calibration: Int? = nil,
    now: @escaping () -> Duration = PassTimer.wallClock,
    makeStore: @escaping Stores.Maker = Stores.make
  ) {
    self.calibration = calibration
    self.model = model
    self.lane = lane
    self.now = now
    self.makeStore = makeStore
    self.logitRows = logitRows
    (store, buffers) = Self.room(
      model, lane, rows: rows ?? capacity, capacity: capacity, logitRows: logitRows, makeStore)
    counter = model.newCounter
  }

  /// Tokens that the lane holds: what is fed next comes behind them.
  public var tokens: Int { store.tokens }

  /// The positions whose K and V are held, layer by layer, as the store recorded them; of the first KV head where heads
  /// keep different ones.
  public var kept: [Positions] { store.positions(layers: model.configuration.layers) }

  /// The same of each layer and KV head; nil where all heads keep the same.
  public var keptByHead: [[Positions]]? {
    let layers = (0..<model.configuration.layers).compactMap { store.positionsByHead(layer: $0) }
    return layers.isEmpty ? nil : layers
  }

  /// What all queries gave in all to each slot: `[layers][kv heads][slots]`; nil where the store does not go by that.
  var weightSums: [[[Double]]]? {
    let layers = (0..<model.configuration.layers).compactMap { store.weightSums(layer: $0) }
    return layers.isEmpty ? nil : layers
  }

  /// Whether what attention reads is not just what the lane computed of each position when it was new: a store is not
  /// exact, or old rows come out otherwise when they are computed anew.
  var needsReading: Bool {
    !store.readsAsAppended || (lane.cache == nil && lane.fault == .maskOff)
  }

  /// Bytes of the K and V that are held.
  public var usedBytes: Int { store.usedBytes }

  /// Begins the counts anew.
  public func resetCounter() { counter = model.newCounter }

  /// Forgets the tokens from a position on, and where the store has lost what the others need, more of them.
  ///
  /// - Returns: how many tokens are held then: what comes behind them is to be fed (again).
  @discardableResult
  public func truncate(to position: Int) -> Int { store.truncate(to: position) }

  /// Feeds the same tokens behind the same others again and again, so that a moment in which others have the processor does not
  /// count; the counts are those of one pass.
  ///
  /// - Parameters:
  ///   - ids: what is fed.
  ///   - past: how many tokens stand before it.
  ///   - goesOn: whether it is fed once more, by the seconds of the passes so far.
  /// - Returns: the logits, and the middle one of the seconds.
  func feedAgain(
    _ ids: ArraySlice<Int>, behind past: Int, while goesOn: ([Double]) -> Bool
  ) -> (logits: FloatBuffer, seconds: Double) {
    var seconds: [Double] = []
    var logits: FloatBuffer
    repeat {
      truncate(to: past)
      resetCounter()
      let pass = feed(ids)
      logits = pass.logits
      seconds.append(pass.seconds)
    } while goesOn(seconds)
    return (logits, seconds.sorted()[seconds.count / 2])
  }

  /// Forgets every token.
  public func removeAll() { store.removeAll() }

  /// Feeds tokens behind those that are held; each in a pass of its own, where the store has it so.
  ///
  /// - Parameters:
  ///   - ids: the tokens.
  ///   - logitRows: of how many of the last ones logits are wanted.
  /// - Returns: their logits, `[rows][vocabulary]` and perhaps older ones behind them, good until more is fed, and the seconds
  ///   of the pass.
  @discardableResult
  public func feed(
    _ ids: ArraySlice<Int>, logitRows: Int = 1
  ) -> (logits: FloatBuffer, seconds: Double) {
    feed(ids, logitRows: logitRows, observer: nil)
  }

  /// The same, while somebody may watch.
  func feed(
    _ ids: ArraySlice<Int>, logitRows: Int, observer: (any ForwardObserver)?
  ) -> (logits: FloatBuffer, seconds: Double) {
    calibrate(ids)
    var (rest, seconds) = (ids, 0.0)
    precondition(logitRows == 1 || !store.takesOneTokenAPass, "\(logitRows) rows of logits")
    while store.takesOneTokenAPass, rest.count > 1 {
      seconds += pass(rest.prefix(1), observer: observer).seconds
      rest = rest.dropFirst()
    }
    let last = pass(rest, logitRows: logitRows, observer: observer)
    return (last.logits, seconds + last.seconds)
  }

  private func pass(
    _ ids: ArraySlice<Int>, logitRows: Int = 1, observer: (any ForwardObserver)?
  ) -> (logits: FloatBuffer, seconds: Double) {
    let rule = prepare(ids)
    let start = now()
    let logits = model.forward(
      ids, store: store, buffers: buffers, counter: &counter, observer: observer, rule: rule,
      logitRows: logitRows)
    let seconds = (now() - start).inSeconds
    store.finishPass()
    return (logits, seconds)
  }

  /// Feeds tokens in one pass while somebody watches: the clock stands still while they look.
  ///
  /// - Throws: what `afterLayer` throws; the lane holds then what it held before, or what its store still has of it.
  func feed<Stop: Error>(
    _ ids: ArraySlice<Int>, observer: any ForwardObserver, afterLayer: () throws(Stop) -> Void
  ) throws(Stop) -> (logits: FloatBuffer, seconds: Double) {
    precondition(ids.count == 1 || !store.takesOneTokenAPass, "\(ids.count) tokens in one pass")
    calibrate(ids)
    let rule = prepare(ids)
    let past = store.tokens
    do throws(Stop) {
      let (logits, seconds) = try PassTimer(observer, now: now).time { observer throws(Stop) in
        try model.forward(
          ids, store: store, buffers: buffers, counter: &counter, observer: observer,
          rule: rule, afterLayer: afterLayer)
      }
      store.finishPass()
      return (logits, seconds)
    } catch {
      store.truncate(to: past)
      throw error
    }
  }

  /// Tells an empty store how many tokens come first.
  private func calibrate(_ ids: ArraySlice<Int>) {
    if store.tokens == 0 { store.calibrate(over: calibration ?? ids.count) }
  }
}

extension DecodeSession {
  private static func room(
    _ model: Transformer, _ lane: Lane, rows: Int, capacity: Int, logitRows: Int,
    _ makeStore: Stores.Maker
  ) -> (any KVStore, ForwardBuffers) {
    let shape = model.configuration
    let store = makeStore(lane, shape, capacity)
    let buffers = ForwardBuffers(
      shape, rows: rows, length: store.capacity, positions: capacity, logitRows: logitRows,
      threads: model.threads)
    return (store, buffers)
  }

  /// Bytes that a session's room takes: what `room` allocates.
  static func bytes(
    _ lane: Lane, _ shape: ModelConfiguration, rows: Int, capacity: Int, logitRows: Int = 1,
    threads: Int
  ) -> (store: Bytes, buffers: Bytes) {
    let slots = Stores.slots(lane, capacity: capacity)
    return (
      Stores.bytes(lane, shape, slots: slots),
      ForwardBuffers.bytes(
        shape, rows: rows, length: slots, positions: capacity, logitRows: logitRows,
        threads: threads)
    )
  }

  /// Makes what is held ready for a sequence of `length` tokens, before the clock starts: a lane that computes everything
  /// anew forgets, and has its room grow by doubling up to `longest`, as rows for the longest run would be large for a run
  /// that is left early.
  ///
  /// - Returns: the positions that must be fed.
  func prepare(for length: Int, longest: Int) -> Range<Int> {
    if lane.cache == nil {
      growRoom(to: length, longest: longest)
      removeAll()
    }
    return tokens..<length
  }

  /// The rule of a pass, with what a fault needs of it and of another token, before the clock starts.
  private func prepare(_ ids: ArraySlice<Int>) -> PassRule {
    let past = store.tokens
    prompt = past == 0 ? ids.count : min(prompt, past)
    computeWrongPrefix(ids)
    rule = PassRule(past: past, prompt: prompt, fault: lane.fault)
    return rule
  }

  /// The positions that the rows of the newest pass were embedded or turned with.
  func positions(rows: Int) -> [Int] { (0..<rows).map { rule.position(ofRow: $0) } }

  /// The token whose K and V the newest pass found in the first slot, where that is another than the text's.
  var standsForFirst: Int? { rule.past > 0 ? wrongFirst : nil }

  /// Computes the token that a fault takes for the first, and counts none of it.
  private func computeWrongPrefix(_ ids: ArraySlice<Int>) {
    let shape = model.configuration
    guard lane.fault != nil, let faulty = store as? FaultyStore,
      let wrong = faulty.wrongFirst(of: ids, vocabulary: shape.vocabulary)
    else { return }
    let other = FullStore(shape, capacity: 1)
    var uncounted = model.newCounter
    _ = model.forward(
      [wrong], store: other, buffers: buffers, counter: &uncounted, observer: nil)
    faulty.takePrefix(other)
    wrongFirst = wrong
  }

  private func growRoom(to length: Int, longest: Int) {
    guard length > buffers.rows else { return }
    let room = min(longest, max(length, 2 * buffers.rows))
    // The old room is given back first.
    (store, buffers) = Self.room(
      model, lane, rows: 0, capacity: 0, logitRows: logitRows, makeStore)
    (store, buffers) = Self.room(
      model, lane, rows: room, capacity: room, logitRows: logitRows, makeStore)
  }

  /// Makes room for a text that has grown: for so many rows at once, and for so many tokens in all; what is held stays.
  ///
  /// Only of a store that keeps everything as it was computed. Room grows by doubling, up to `longest`.
  func makeRoom(rows: Int, tokens: Int, longest: Int) {
    guard rows > buffers.rows || tokens > buffers.positions else { return }
    precondition(store.readsAsAppended, "only what reads as it was appended can be moved")
    func room(_ wanted: Int, _ there: Int) -> Int {
      wanted <= there ? there : min(longest, max(wanted, 2 * there))
    }
    let old = store
    (store, buffers) = Self.room(
      model, lane, rows: room(rows, buffers.rows), capacity: room(tokens, buffers.positions),
      logitRows: logitRows, makeStore)
    for layer in 0..<model.configuration.layers {
      store.append(old.read(layer: layer), of: model.configuration, layer: layer, model.kernels)
    }
  }
}

extension Transformer {
  /// Counts of this model, at zero.
  var newCounter: OperationCounter {
    OperationCounter(layers: configuration.layers, heads: configuration.heads)
  }
}
