import Base
import TestSupport
import Testing

@testable import Planner

/// How a cache grows: held against answers to the question asked anew.
@Suite struct CacheGrowthTests {
  @Test("Caches outweigh the weights from the first length on at which an answer says so")
  func outweighing() throws {
    for row in try Catalogue.models() {
      for batch in [1, 4] {
        let asked = try answer(row.name, context: 1) { $0.batch = batch }
        guard let tokens = asked.tokensOutweighing(requests: batch), let weights = asked.weightBytes
        else { continue }
        func cache(_ tokens: Int) throws -> Int {
          try #require(answer(row.name, context: tokens) { $0.batch = batch }.cacheBytes)
        }
        #expect(try cache(tokens) >= weights, "\(row.name)")
        if tokens > 1 { #expect(try cache(tokens - 1) < weights, "\(row.name)") }
      }
    }
    #expect(try answer("llama-2-7b").tokensOutweighing(requests: 1) == 25_706)
  }

  @Test("One more token adds what two answers differ by; without windows it is every layer's")
  func next() throws {
    for name in ["gemma-3-27b", "gpt-oss-20b", "llama-2-7b", "qwen3-next-80b-a3b", "deepseek-v3"] {
      for context in [1, 127, 128, 1023, 1024, 131_072] {
        let (one, two) = (
          try answer(name, context: context), try answer(name, context: context + 1)
        )
        let difference = try #require(two.requestBytes) - #require(one.requestBytes)
        #expect(one.nextTokenBytes == difference, "\(name) \(context)")
        #expect(one.cacheBytes(tokens: context, requests: 3) == 3 * (one.requestBytes ?? 0))
      }
    }
    let gemma = try answer("gemma-3-27b", context: 131_072)
    #expect(gemma.nextTokenBytes == 80 << 10 && gemma.bytesPerToken == 496 << 10)
    #expect(gemma.bytesWithoutWindows == 62 << 30)
    #expect(gemma.question.model.layers.count { $0 == .full } == 10)
  }

  @Test("The layers one by one are those of the groups")
  func layers() throws {
    for row in try Catalogue.models() {
      let model = try row.model()
      #expect(model.layers.count == model.groups.reduce(0) { $0 + $1.layers }, "\(row.name)")
      for kind in Set(model.layers) {
        let grouped = model.groups.filter { $0.kind == kind }.reduce(0) { $0 + $1.layers }
        #expect(model.layers.count { $0 == kind } == grouped, "\(row.name)")
      }
    }
  }
}
