import Testing

@testable import TinyModel
internal import Trace

/// The scheduler against one that was written from vLLM's rules in Python, step by step.
@Suite struct SchedulerTests {
  private struct Fixture: Decodable {
    struct Request: Decodable {
      let prompt: [Int]
      let writes: [Int]
      let arrives: Int
    }

    struct Step: Decodable {
      let step: Int
      /// Request, tokens that it holds, tokens that it computes, tokens that were found.
      let scheduled: [[Int]]
      let tables: [String: [Int]]
      let preempted: [Int]
      let finished: [Int]
      let waiting: [Int]
      let running: [Int]
      let free: [Int]
      let cached: [Int]
      let evicted: Int
    }

    struct Case: Decodable {
      let blockSize: Int
      let blocks: Int
      let budget: Int
      let sharing: Bool?
      let whole: Bool?
      let requests: [Request]
      let steps: [Step]
    }

    let cases: [Case]
  }

  @Test func everyStepIsTheReferences() throws {
    let fixture = try decode(Fixture.self, from: Repository.fixtures + "/paging/schedule.json")
    for isWhole in [false, true] {
      let cases = fixture.cases.filter { ($0.whole ?? false) == isWhole }
      #expect(cases.contains { $0.steps.contains { !$0.preempted.isEmpty } })
    }
    #expect(fixture.cases.contains { $0.sharing == false })
    for (number, row) in fixture.cases.enumerated() { check(row, "case \(number)") }
  }

  private func check(_ row: Fixture.Case, _ name: String) {
    var tables = BlockTables(
      blocks: row.blocks, blockSize: row.blockSize, isFindable: row.sharing ?? true)
    var scheduler = Scheduler(
      row.requests.map { (ids: $0.prompt, arrives: $0.arrives) }, budget: row.budget,
      batching: row.whole == true ? .whole : .continuous)
    var written = row.requests.map { _ in 0 }
    for expected in row.steps {
      let place = "\(name), step \(expected.step)"
      guard let step = scheduler.next(&tables) else {
        Issue.record("\(place) is missing")
        return
      }
      #expect(step.number == expected.step, "\(place)")
      // The reference counts requests from 0.
      let turns = step.turns.map {
        [$0.request - 1, $0.range.lowerBound, $0.range.count, $0.hits]
      }
      #expect(turns == expected.scheduled, "\(place)")
      #expect(step.preempted.map { $0 - 1 } == expected.preempted, "\(place)")
      for turn in step.turns {
        #expect(
          tables.blocks(of: turn.request) == expected.tables["\(turn.request - 1)"], "\(place)")
      }
      let cached = tables.pool.queue.all.filter { tables.pool.hashes[$0] != nil }
      #expect(cached == expected.cached, "\(place)")
      #expect(tables.pool.evictions == expected.evicted, "\(place)")
      var finished: [Int] = []
      for turn in step.turns where scheduler.finish(turn) {
        let writes = row.requests[turn.request - 1].writes
        scheduler.write(writes[written[turn.request - 1]], by: turn.request)
        written[turn.request - 1] += 1
        if written[turn.request - 1] == writes.count { finished.append(turn.request) }
      }
      for request in finished { scheduler.end(request, &tables) }
      #expect(finished.map { $0 - 1 } == expected.finished, "\(place)")
      #expect(scheduler.waiting.map { $0 - 1 } == expected.waiting, "\(place)")
      #expect(scheduler.running.map { $0 - 1 } == expected.running, "\(place)")
      #expect(tables.pool.queue.all == expected.free, "\(place)")
    }
    #expect(scheduler.next(&tables) == nil, "\(name)")
    #expect(tables.pool.references.allSatisfy { $0 == 0 })
  }
}
