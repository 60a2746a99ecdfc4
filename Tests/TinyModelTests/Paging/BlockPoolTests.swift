import Testing

@testable import TinyModel

/// The books of a pool against a manager that was written from vLLM's rules in Python.
@Suite struct BlockPoolTests {
  struct Fixture: Decodable {
    struct Hashes: Decodable {
      let ids: [Int]
      let salt: String
      let chain: [String]
      let whole: String
    }

    struct Event: Decodable {
      let `do`: String
      let request: Int
      let ids: [Int]?
      let hits: [Int]?
      let new: Int?
      let end: Int?
      let whole: Bool?
      let done: Bool?
      let references: [Int]
      let free: [Int]
      let hashed: [Int]
      /// The blocks of each request.
      let tables: [String: [Int]]
    }

    struct Case: Decodable {
      let blockSize: Int
      let blocks: Int
      let events: [Event]
    }

    let hashes: [Hashes]
    let cases: [Case]
  }

  private let fixture: Fixture

  init() throws {
    fixture = try decode(Fixture.self, from: Repository.fixtures + "/paging/pool.json")
  }

  @Test func hashesAreThoseOfPython() {
    for row in fixture.hashes {
      let salt = Array(row.salt.utf8)
      #expect(BlockHash(of: row.ids[...], behind: nil, salt: salt).digits == row.whole)
      var parent: BlockHash?
      for (index, expected) in row.chain.enumerated() {
        let hash = BlockHash(of: row.ids[index...index], behind: parent, salt: salt)
        #expect(hash.digits == expected)
        parent = hash
      }
    }
  }

  @Test func everyCallLeavesTheBooksAsTheReferenceHasThem() {
    for (number, row) in fixture.cases.enumerated() {
      var tables = BlockTables(blocks: row.blocks, blockSize: row.blockSize)
      for (index, event) in row.events.enumerated() {
        perform(event, &tables)
        let place = "case \(number), event \(index): \(event.do)"
        #expect(Array(tables.pool.references.dropFirst()) == event.references, "\(place)")
        #expect(tables.pool.queue.all == event.free, "\(place)")
        #expect(tables.pool.free == event.free.count, "\(place)")
        let hashed = tables.pool.hashes.indices.filter { tables.pool.hashes[$0] != nil }
        #expect(hashed == event.hashed, "\(place)")
        let held = tables.sequences.map { (String($0), tables.blocks(of: $0)) }
        #expect(Dictionary(uniqueKeysWithValues: held) == event.tables, "\(place)")
      }
    }
  }

  private func perform(_ event: Fixture.Event, _ tables: inout BlockTables) {
    let ids = event.ids ?? []
    switch event.do {
    case "begin":
      let hits = tables.longestHit(ids)
      #expect(hits == event.hits)
      let end = hits.count * tables.pool.blockSize + (event.new ?? 0)
      let done = tables.allocate(
        event.request, ids, upTo: end, hits: hits, wholeMustFit: event.whole == true)
      #expect(done == event.done)
    case "append":
      let done = tables.allocate(event.request, ids, upTo: event.end ?? 0)
      #expect(done == event.done)
    default: tables.free(event.request)
    }
  }

  /// Whatever is asked for: a block is free or held, and held by as many as say so; in the end all are free.
  @Test(arguments: 0..<40) func noBlockIsHandedOutWhileItIsHeld(seed: Int) {
    var generator = SeededGenerator(seed: seed)
    func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    var tables = BlockTables(blocks: random(1...12), blockSize: random(1...5))
    let stem = (0..<40).map { _ in random(0...2) }
    var texts: [Int: [Int]] = [:]
    for number in 0..<120 {
      let live = tables.sequences
      switch random(0...4) {
      case 0...1:
        let ids = Array(stem[..<random(0...20)]) + [random(0...2)]
        let hits = tables.longestHit(ids)
        if tables.allocate(number, ids, upTo: ids.count, hits: hits) { texts[number] = ids }
      case 2 where !live.isEmpty:
        let sequence = live[random(0...live.count - 1)]
        let ids = (texts[sequence] ?? []) + [random(0...2)]
        if tables.allocate(sequence, ids, upTo: ids.count) { texts[sequence] = ids }
      case 3 where !live.isEmpty && tables.pool.free > 0:
        let sequence = live[random(0...live.count - 1)]
        let kept = random(0...(texts[sequence] ?? []).count)
        _ = tables.truncate(sequence, to: kept)
        texts[sequence] = Array((texts[sequence] ?? []).prefix(kept))
      default: if let sequence = live.first { tables.free(sequence) }
      }
      expectSound(tables, "seed \(seed), call \(number)")
    }
    for sequence in tables.sequences { tables.free(sequence) }
    #expect(tables.pool.references.allSatisfy { $0 == 0 })
    #expect(tables.pool.queue.all.sorted() == Array(1...tables.pool.count))
  }

  private func expectSound(_ tables: BlockTables, _ place: String) {
    var held = Array(repeating: 0, count: tables.pool.count + 1)
    for sequence in tables.sequences {
      let blocks = tables.blocks(of: sequence)
      #expect(Set(blocks).count == blocks.count && !blocks.contains(BlockPool.null), "\(place)")
      for block in blocks { held[block] += 1 }
    }
    #expect(tables.pool.references == held, "\(place)")
    let free = tables.pool.queue.all
    #expect(free.sorted() == (1...tables.pool.count).filter { held[$0] == 0 }, "\(place)")
  }

  @Test func theLastTokenIsNeverAHitAndAnotherBeginningIsAnotherBlock() {
    var tables = BlockTables(blocks: 9, blockSize: 4)
    let ids = Array(0..<8)
    let isDone = tables.allocate(1, ids, upTo: 8)
    #expect(isDone)
    #expect(tables.longestHit(ids).count == 1)
    #expect(tables.longestHit(ids + [8]).count == 2)
    #expect(tables.longestHit([9] + ids.dropFirst()).isEmpty)
    #expect(tables.hit(Array(4..<8), most: 4).isEmpty)
    var salted = BlockTables(blocks: 9, blockSize: 4, salt: [1])
    let isSalted = salted.allocate(1, ids, upTo: 8)
    #expect(isSalted)
    #expect(salted.pool.hashes[1] != tables.pool.hashes[1])
  }
}
