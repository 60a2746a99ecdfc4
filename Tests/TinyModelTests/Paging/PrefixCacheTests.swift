internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// What is kept of a text that is over is as good, for the next, as what it would compute.
@Suite struct PrefixCacheTests {
  @Test(arguments: 0..<30) func aHitIsAsGoodAsComputing(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let model = try randomModel(&generator, isRotary: seed % 2 == 0)
    let vocabulary = model.configuration.vocabulary
    let size = Int.random(in: 1...17, using: &generator)
    let blocks = Int.random(in: 1...14, using: &generator)
    let cache = PrefixCache(model, blocks: blocks, blockSize: size)
    let stem = (0..<60).map { _ in Int.random(in: 0..<vocabulary, using: &generator) }
    for _ in 0..<6 {
      let common = Int.random(in: 1...60, using: &generator)
      let ids = stem[..<common] + [Int.random(in: 0..<vocabulary, using: &generator)]
      let text = Array(ids)
      let session = DecodeSession(model, capacity: text.count)
      let hit = cache.longestHit(text)
      #expect(hit % size == 0 && hit < text.count)
      #expect(cache.restore(text, into: session) == hit && session.tokens == hit)
      #expect(session.counter.flops == 0)
      let alone = DecodeSession(model, capacity: text.count)
      let expected = alone.feed(text[...]).logits.floats
      #expect(session.feed(text[hit...]).logits.floats == expected, "seed \(seed), \(hit)")
      #expect(session.counter.keyValues() == text.count - hit)
      let copied = cache.keep(text, of: session)
      // Full blocks, as many as there are at most.
      let full = min(text.count / size, blocks)
      #expect(copied <= full && cache.findableBlocks <= blocks)
      #expect(cache.longestHit(text + [0]) == full * size, "seed \(seed)")
      #expect(cache.keep(text, of: session) == 0)
    }
    #expect(
      cache.usedBytes == cache.findableBlocks * size * 2 * model.configuration.kvHeads
        * model.configuration.headDimension
        * 4 * model.configuration.layers)
  }

  /// Beginnings that were used last stay.
  @Test func whatWasUsedLastStays() throws {
    var generator = SeededGenerator(seed: 3)
    let model = try randomModel(&generator, isRotary: true)
    let cache = PrefixCache(model, blocks: 2, blockSize: 2)
    func keep(_ ids: [Int]) {
      let session = DecodeSession(model, capacity: ids.count)
      session.feed(ids[cache.restore(ids, into: session)...])
      cache.keep(ids, of: session)
    }
    keep([1, 2])
    keep([3, 4])
    #expect(cache.longestHit([1, 2, 0]) == 2 && cache.longestHit([3, 4, 0]) == 2)
    keep([1, 2])
    keep([4, 4])
    #expect(cache.longestHit([1, 2, 0]) == 2 && cache.longestHit([3, 4, 0]) == 0)
    // To be found is to be used.
    cache.restore([1, 2, 0], into: DecodeSession(model, capacity: 3))
    keep([3, 3])
    #expect(cache.longestHit([1, 2, 0]) == 2 && cache.longestHit([4, 4, 0]) == 0)
  }
}
