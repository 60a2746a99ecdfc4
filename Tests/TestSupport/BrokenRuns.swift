internal import Base
internal import Synchronization
internal import TinyModel
package import Trace

/// Broken runs of a bundled model and rounds of the game, each computed once.
package enum BrokenRuns {
  /// The laboratory is touched by one test at a time.
  private struct Shared: @unchecked Sendable {
    var lab: FaultLab?
    var model: Transformer?
    var tokenizer: Tokenizer?
    var runs: [Fault?: FaultRun] = [:]
  }

  private static let shared = Mutex(Shared())

  /// The prompt of `run`.
  package static let prompt = "世界最高峰是"

  /// A run of 世界最高峰是 with sixteen tokens.
  package static func run(_ fault: Fault?) throws -> FaultRun {
    try shared.withLock { shared in
      if let run = shared.runs[fault] { return run }
      let (lab, model, tokenizer) = try load(&shared)
      let plan = try RunPlan(
        start: .prompt, ids: tokenizer.encode(prompt), newTokens: 16,
        contextLength: model.configuration.contextLength)
      let run = try lab.run(fault, plan)
      shared.runs[fault] = run
      return run
    }
  }

  /// A round.
  package static func draw(_ seed: UInt64) throws -> FaultDraw {
    try shared.withLock { shared in
      guard let draw = try load(&shared).lab.draw(seed: seed) else { throw Ended() }
      return draw
    }
  }

  private static func load(
    _ shared: inout Shared
  ) throws -> (lab: FaultLab, model: Transformer, tokenizer: Tokenizer) {
    if let lab = shared.lab, let model = shared.model, let tokenizer = shared.tokenizer {
      return (lab, model, tokenizer)
    }
    let checkpoint = try Checkpoint(folder: Checkout.root + "/models/tiny-zh")
    let (model, tokenizer) = (try Transformer(checkpoint), try checkpoint.tokenizer())
    let lab = FaultLab(model: model, tokenizer: tokenizer)
    (shared.lab, shared.model, shared.tokenizer) = (lab, model, tokenizer)
    return (lab, model, tokenizer)
  }

  /// Nobody ends a round here.
  private struct Ended: Error {}
}
