internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// K and V in blocks read as K and V in one piece: every bit of the logits, whatever the block's size.
@Suite struct PagedStoreTests {
  private struct Setting {
    var generator: SeededGenerator
    let model: Transformer
    let ids: [Int]
    let blockSize: Int
    let parts: [Range<Int>]

    init(seed: Int) throws {
      generator = SeededGenerator(seed: seed)
      let window = seed % 3 == 0 ? Int.random(in: 1...20, using: &generator) : nil
      model = try randomModel(&generator, isRotary: seed % 2 == 0, window: window)
      let vocabulary = model.configuration.vocabulary
      var generator = generator
      let count = Int.random(in: 20...70, using: &generator)
      ids = (0..<count).map { _ in Int.random(in: 0..<vocabulary, using: &generator) }
      blockSize = Int.random(in: 1...40, using: &generator)
      var (parts, end) = ([Range<Int>](), 0)
      while end < count {
        let next = min(
          count, end + (Bool.random(using: &generator) ? 1 : .random(in: 2...30, using: &generator))
        )
        parts.append(end..<next)
        end = next
      }
      self.parts = parts
      self.generator = generator
    }

    /// Floats of a token's keys, or values.
    var rowWidth: Int { model.configuration.kvHeads * model.configuration.headDimension }

    var full: DecodeSession { DecodeSession(model, capacity: ids.count) }

    func session(_ store: any KVStore) -> DecodeSession {
      DecodeSession(
        model, lane: .cached, rows: nil, capacity: ids.count, makeStore: { _, _, _ in store })
    }

    var paged: (session: DecodeSession, store: PagedStore) {
      let store = PagedStore(model.configuration, blockSize: blockSize, capacity: ids.count)
      return (session(store), store)
    }
  }

  @Test(arguments: 0..<40) func blocksReadAsOnePiece(seed: Int) throws {
    let setting = try Setting(seed: seed)
    let full = setting.full
    let (paged, store) = setting.paged
    let perBlock =
      setting.blockSize * 2 * setting.rowWidth * 4
      * setting.model.configuration.layers
    for part in setting.parts {
      let expected = full.feed(setting.ids[part]).logits.floats
      #expect(paged.feed(setting.ids[part]).logits.floats == expected, "seed \(seed), \(part)")
      #expect(paged.kept == full.kept)
      // Whole blocks count.
      let blocks = (0..<part.upperBound).reduce(into: Set<Int>()) {
        $0.insert($1 / setting.blockSize)
      }
      #expect(paged.usedBytes == blocks.count * perBlock)
    }
    #expect(paged.counter == full.counter)
    #expect(
      PagedStore.bytes(
        setting.model.configuration, blockSize: setting.blockSize, capacity: setting.ids.count
      ).count == store.memory.allocatedBytes.count)
    paged.removeAll()
    #expect(paged.usedBytes == 0 && paged.tokens == 0)
  }

  @Test(arguments: 0..<40) func whatIsCutBackWasNeverFed(seed: Int) throws {
    var setting = try Setting(seed: 100 + seed)
    let (paged, store) = setting.paged
    for _ in 0..<4 {
      let held = Int.random(in: 1...setting.ids.count, using: &setting.generator)
      let kept = Int.random(in: 0..<held, using: &setting.generator)
      // Other tokens, so that what is left of them would show.
      paged.removeAll()
      if kept > 0 { paged.feed(setting.ids[..<kept]) }
      paged.feed(
        setting.ids[kept..<held].map { ($0 + 1) % setting.model.configuration.vocabulary }[...])
      paged.truncate(to: kept)
      #expect(paged.tokens == kept && paged.kept.allSatisfy { $0.count == kept })
      #expect(
        store.memory.tables.blocks(of: 0).count == (kept + setting.blockSize - 1)
          / setting.blockSize)
      let whole = setting.full.feed(setting.ids[...]).logits.floats
      #expect(
        paged.feed(setting.ids[kept...]).logits.floats == whole, "seed \(seed), \(kept) of \(held)")
    }
  }

  /// The kernels pass over what lies behind the slots, up to a whole panel: 0 × NaN would be NaN.
  @Test func whatALongerSequenceLeavesInTheRoomIsCleared() throws {
    let setting = try Setting(seed: 2)
    let shape = setting.model.configuration
    let memory = BlockMemory(shape, blocks: 40, blockSize: 3, longest: 40)
    let rows = FloatBuffer(
      Array(repeating: .nan, count: 40 * 2 * setting.rowWidth))
    for (sequence, count) in [(0, 40), (1, 5)] {
      let store = PagedStore(memory, sequence: sequence, layers: shape.layers)
      let new = KeyValueRows(
        keys: rows.pointer, values: rows.pointer + setting.rowWidth, rows: count,
        stride: 2 * setting.rowWidth, position: 0)
      #expect(store.append(new, layer: 0, setting.model.kernels) == count)
      let stored = store.read(layer: 0)
      for head in 0..<shape.kvHeads {
        for slot in count..<40 {
          let key = KeyPanels.key(
            slot, headDimension: shape.headDimension, in: stored.keys(kvHead: head))
          let value = stored.values(kvHead: head) + slot * stored.valueStride
          #expect(
            key.allSatisfy { $0 == 0 } && (0..<stored.valueStride).allSatisfy { value[$0] == 0 })
        }
      }
    }
  }

  /// Several texts over one pool, of which some begin with blocks that another computed.
  @Test(arguments: 0..<30) func aSharedBeginningIsAsGoodAsOnesOwn(seed: Int) throws {
    var setting = try Setting(seed: 200 + seed)
    let shape = setting.model.configuration
    let (ids, size) = (setting.ids, 1 + setting.blockSize % 12)
    let memory = BlockMemory(shape, blocks: 400, blockSize: size, longest: ids.count)
    var sessions: [(session: DecodeSession, ids: [Int])] = []
    for number in 0..<5 {
      let common = Int.random(in: 0..<ids.count, using: &setting.generator)
      let own = ids[..<common] + ids[common...].map { ($0 + number) % shape.vocabulary }
      let text = Array(own)
      let hits = memory.tables.longestHit(text)
      let isDone = memory.tables.allocate(number, text, upTo: hits.count * size, hits: hits)
      #expect(isDone)
      let store = PagedStore(
        memory, sequence: number, layers: shape.layers, tokens: hits.count * size)
      let session = setting.session(store)
      #expect(session.tokens == hits.count * size)
      let expected = setting.full.feed(text[...]).logits.floats
      #expect(session.feed(text[(hits.count * size)...]).logits.floats == expected, "seed \(seed)")
      memory.tables.publish(number, text, upTo: text.count)
      sessions.append((session, text))
    }
    // Who cuts a shared block in two gets one of its own: the others read what they read before.
    for (number, (session, text)) in sessions.enumerated() where number > 0 {
      let kept = Int.random(in: 0..<text.count, using: &setting.generator)
      session.truncate(to: kept)
      let other = text[..<kept] + text[kept...].map { ($0 + 1 + number) % shape.vocabulary }
      let expected = setting.full.feed(other).logits.floats
      #expect(session.feed(other[kept...]).logits.floats == expected, "seed \(seed), \(number)")
      let (first, firstText) = sessions[0]
      first.truncate(to: firstText.count - 1)
      let again = setting.full.feed(firstText[...]).logits.floats
      #expect(first.feed(firstText[(firstText.count - 1)...]).logits.floats == again)
    }
    for (session, _) in sessions { session.removeAll() }
    #expect(memory.tables.pool.references.allSatisfy { $0 == 0 })
  }
}

extension PagedStoreTests {
  /// The lab's lane, its store picked by `Stores`, its memory planned.
  @Test(arguments: [1, 3, 16, 40]) func theLaneOfTheLabIsTheFullCaches(blockSize: Int) throws {
    let policy = CachePolicy(layout: .paged(blockSize))
    let checkpoint = try Checkpoint(folder: Repository.bundledModel)
    let (model, tokenizer) = (try Transformer(checkpoint), try checkpoint.tokenizer())
    let plan = try RunPlan(
      start: .text, ids: tokenizer.encodeStart("床前明月光，疑是地上霜。"), newTokens: 6, contextLength: 512)
    let lab = try PolicyLab(model: model, tokenizer: tokenizer, plan: plan, policy: policy)
    while let step = try lab.computeNextStep() {
      #expect(step.divergence == 0 && step.next == step.fullNext && step.agrees)
      #expect(step.kept == .same(Array(0..<step.length)))
      let blocks = Set((0..<step.length).map { $0 / blockSize }).count
      #expect(step.cacheBytes == blocks * blockSize * 2 * 64 * 4 * 4)
    }
    #expect(lab.trace.steps.allSatisfy { $0.maxAbsDifference == 0 })
    let lane = Lane(name: "policy", cache: policy)
    let store = try #require(
      Stores.make(lane, model.configuration, capacity: 23) as? PagedStore)
    #expect(
      store.memory.allocatedBytes.count == Stores.bytes(lane, model.configuration, slots: 23).count
    )
  }

  @Test func whatNoPoolCanDoIsRefused() throws {
    let shape = try ModelConfiguration(path: Repository.bundledModel + "/config.json")
    func refusal(_ text: String, _ fault: Fault? = nil) throws -> PolicyRefusal? {
      Stores.refusal(Lane(name: "a", cache: try CachePolicy(text), fault: fault), shape)
    }
    #expect(try refusal("paged:512") == nil)
    let most = try CachePolicy("paged:1000000000000000")
    #expect(try refusal("paged:1000000000000000") == .blockTooLong(most, positions: 512))
    for text in ["window:4,paged:2", "int8,paged:2"] {
      #expect(try refusal(text) == .noStore(try CachePolicy(text)))
    }
    let paged = try CachePolicy("paged:2")
    #expect(try refusal("paged:2", .stalePrefix) == .faulty(paged))
  }
}
