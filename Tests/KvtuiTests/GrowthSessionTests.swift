import Foundation
import Testing
import TinyModel
internal import Trace

@testable import kvtui

/// What the growth screen is told while it is measured.
@Suite struct GrowthSessionTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  @Test(
    "With the last step comes what is computed behind it: a screen that has all steps asks no further"
  )
  func lastNews() throws {
    let model = try Transformer(try Checkpoint(folder: Self.root + "/models/tiny-zh"))
    let plan = try RunPlan(
      start: .prompt, ids: [0], newTokens: 10, contextLength: model.configuration.contextLength,
      ignoresEndOfSequence: true)
    var news: [Growth] = []
    let all = try GrowthSession(model: model, plan: plan, end: 40).measure { growth in
      news.append(growth)
      return true
    }
    #expect(news.map(\.measured.count) == Array(1...10))
    #expect(news.dropLast().allSatisfy { $0.points.count == $0.measured.count })
    #expect(news.last?.points == all.points && all.points.last?.length == 40)
  }
}
