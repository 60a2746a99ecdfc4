import TestSupport
import Testing

@testable import TinyModel
@testable internal import Trace

/// What a broken run's picture holds, and the game over a hundred seeds, on the bundled model.
@Suite struct FaultLabTests {
  private static let loaded = Result {
    try LoadedModel(folder: Repository.root + "/models/tiny-zh")
  }

  private static func lab() throws -> FaultLab {
    let loaded = try loaded.get()
    return FaultLab(model: loaded.model, tokenizer: loaded.tokenizer)
  }

  private static func run(
    _ fault: Fault?, _ start: Feeding = .prompt, _ text: String = "世界最高峰是", tokens: Int = 6
  ) throws -> FaultRun {
    let loaded = try loaded.get()
    let plan = try RunPlan(
      start: start, ids: loaded.tokenizer.encode(text), newTokens: tokens,
      contextLength: loaded.model.configuration.contextLength)
    return try lab().run(fault, plan)
  }

  @Test("The game over a hundred seeds")
  func game() throws {
    let lab = try Self.lab()
    for seed in 0..<100 {
      let draw = try #require(try lab.draw(seed: UInt64(seed)))
      if !draw.isTelling { print("AMB", seed, draw.prompt, draw.fault) }
      if seed < 12 {
        print(draw.prompt, draw.fault, draw.mended.trace.tokens.map(\.text).joined())
        for guess in Fault.allCases { print("   ", guess, draw.hint(guess) as Any) }
      }
    }
  }
}
