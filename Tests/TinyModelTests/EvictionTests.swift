internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// A mask and a rotation go by the positions that the store gives its slots, whatever it dropped.
@Suite struct EvictionTests {
  /// The logits after each part of a text, in a lane of its own.
  private func logits(
    _ model: Transformer, _ ids: [Int], _ parts: [Range<Int>], _ manner: LossyStore.Manner? = nil
  ) -> (logits: [[Float]], session: DecodeSession) {
    let makeStore: Stores.Maker = { lane, shape, capacity in
      manner.map { LossyStore(shape, $0, capacity: capacity) }
        ?? Stores.make(lane, shape, capacity: capacity)
    }
    let session = DecodeSession(
      model, lane: .cached, rows: ids.count, capacity: ids.count + 1, makeStore: makeStore)
    return (parts.map { session.feed(ids[$0]).logits.floats }, session)
  }

  /// Cuts a text into parts of one token, or of some.
  private func parts(_ count: Int, _ generator: inout SeededGenerator) -> [Range<Int>] {
    var (parts, end) = ([Range<Int>](), 0)
    while end < count {
      let next = min(count, end + (Bool.random(using: &generator) ? 1 : .random(in: 1...9)))
      parts.append(end..<next)
      end = next
    }
    return parts
  }

  /// Where slots move by whole panels, sums run in the same order: the bits must be the same.
  @Test(arguments: 0..<60) func aWindowOverAStoreThatDropsIsTheWindowOverAFullOne(seed: Int) throws
  {
    var generator = SeededGenerator(seed: seed)
    let window = Int.random(in: 1...20, using: &generator)
    let model = try randomModel(&generator, isRotary: seed % 2 == 0, window: window)
    let ids = (0..<70).map { _ in
      Int.random(in: 0..<model.configuration.vocabulary, using: &generator)
    }
    let parts = parts(ids.count, &generator)
    let kept = window + .random(in: 0...9, using: &generator)
    let whole = logits(model, ids, parts)
    let dropping = logits(model, ids, parts, .init(newest: kept, unit: 16))
    #expect(dropping.logits == whole.logits, "seed \(seed)")
    for positions in dropping.session.kept {
      #expect(positions.runs.count == 1 && positions[0] >= 16 && positions.last == 69)
    }
  }

  /// A store of W tokens under a wider mask is a mask of W over a full store, but for the order of the softmax's sums.
  @Test(arguments: 0..<30) func aStoreOfSomeTokensIsAWindowOfAsMany(seed: Int) throws {
    let window = 1 + seed % 21
    func model(_ window: Int) throws -> Transformer {
      var generator = SeededGenerator(seed: seed)
      return try randomModel(&generator, isRotary: seed % 2 == 0, window: window)
    }
    let (wide, narrow) = (try model(window + seed % 3), try model(window))
    let ids = (0..<60).map { ($0 * $0 + seed) % wide.configuration.vocabulary }
    let steps = ids.indices.map { $0..<$0 + 1 }
    let dropping = logits(wide, ids, steps, .init(newest: window))
    let masked = logits(narrow, ids, steps)
    for (step, (own, other)) in zip(dropping.logits, masked.logits).enumerated() {
      let isSame = step < window ? own == other : maxAbsDifference(own, other) < 1e-3
      #expect(isSame, "seed \(seed), step \(step)")
    }
    #expect(dropping.session.kept.allSatisfy { $0.all == Array(60 - window..<60) })
  }

  /// Tokens that stay while others go are hidden by how far they are in the text, not by how near their slots are.
  @Test(arguments: 0..<20) func aKeptTokenOutsideTheWindowIsHiddenWhereverItsSlotIs(seed: Int)
    throws
  {
    let (sinks, newest) = (4, 1 + seed % 6)
    let window = newest + 3 + seed % 3
    func model(_ window: Int) throws -> Transformer {
      var generator = SeededGenerator(seed: seed)
      return try randomModel(&generator, layers: 1, isRotary: seed % 2 == 0, window: window)
    }
    let (wide, narrow) = (try model(window), try model(newest))
    let ids = (0..<40).map { ($0 * 11 + seed) % wide.configuration.vocabulary }
    let steps = ids.indices.map { $0..<$0 + 1 }
    let dropping = logits(wide, ids, steps, .init(sinks: sinks, newest: newest))
    let masked = logits(narrow, ids, steps)
    for step in sinks - 1 + window..<40 {
      #expect(maxAbsDifference(dropping.logits[step], masked.logits[step]) < 1e-3, "\(step)")
    }
    let kept = Array(0..<sinks) + (40 - newest..<40)
    #expect(dropping.session.kept[0].all == kept)
    dropping.session.resetCounter()
    dropping.session.feed([ids[0]])
    #expect(dropping.session.counter.cells() == kept.count)
    #expect(dropping.session.counter.masked() == sinks)
  }

  /// With positions in the cache, a model of one layer sees what it would see of the kept tokens alone.
  @Test(arguments: 0..<20) func positionsInTheCacheAreThoseOfTheKeptTokensAlone(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let (sinks, newest) = (seed % 4, 1 + seed % 9)
    let model = try randomModel(&generator, layers: 1, isRotary: true)
    let ids = (0..<40).map { ($0 * 7 + seed) % model.configuration.vocabulary }
    let manner = LossyStore.Manner(
      sinks: sinks, newest: newest, rotary: model.configuration.rules[0].rotary)
    let steps = ids.indices.map { $0..<$0 + 1 }
    let found = logits(model, ids, steps, manner).logits
    for (step, logits) in found.enumerated() {
      let kept = (0...step).filter { $0 < sinks || $0 > step - newest }
      let alone = DecodeSession(model, capacity: kept.count)
      #expect(logits == alone.feed(kept.map { ids[$0] }[...]).logits.floats, "\(seed), \(step)")
    }
  }
}
