internal import Base
public import Trace

/// Broken runs of a model, and rounds of the game in which one of them is to be found.
///
///     let lab = FaultLab(model: model, tokenizer: tokenizer)
///     let draw = try lab.draw(seed: 7)
///     print(draw.prompt, draw.fault, draw.hint(.maskOff))
///
/// A run is computed when it is asked for, and kept.
public final class FaultLab {
  private let model: Transformer
  private let tokenizer: Tokenizer
  private var known: [Run: FaultRun] = [:]

  private struct Run: Hashable {
    let prompt: String
    let fault: Fault?
  }

  /// Prompts that rounds are drawn from: the bundled models go on with them as their texts do.
  public static let prompts = [
    "世界最高峰是", "床前明月光，", "白日依山尽，", "春眠不觉晓，", "红豆生南国，", "北京是中国的", "长江是中国最长的",
    "黄河是中国第二", "日本的首都是", "法国的首都是", "上海在长江口，", "松下问童子，",
  ]

  /// Tokens that are written in a round, where the model has room for them.
  private static let newTokens = 12
  /// How often is drawn again where two faults show the same.
  private static let tries = 64

  /// Nothing is computed yet.
  public init(model: Transformer, tokenizer: Tokenizer) {
    (self.model, self.tokenizer) = (model, tokenizer)
  }

  /// Runs a plan beside the sound run, step by step.
  ///
  /// - Parameters:
  ///   - fault: what is wrong with the cached run; nil for nothing.
  ///   - plan: which steps there are.
  ///   - goesOn: gets the run after each step; false ends it.
  /// - Returns: the run as far as it came.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func run(
    _ fault: Fault?, _ plan: RunPlan, goesOn: (FaultRun) -> Bool = { _ in true }
  ) throws(ModelError) -> FaultRun {
    let runner = LockStep(
      model: model, tokenizer: tokenizer, plan: plan, lanes: FaultRun.lanes(fault))
    var run = FaultRun(runner.trace)
    while try runner.computeNextStep() != nil {
      run = FaultRun(runner.trace, after: run)
      guard goesOn(run) else { break }
    }
    return run
  }

  /// Draws a prompt and a fault until what the run shows is no other fault's, and runs all of them.
  ///
  /// - Parameters:
  ///   - seed: what both are drawn from; equal seeds draw the same.
  ///   - goesOn: asked after each run; false ends it.
  /// - Returns: the round; nil where it was ended.
  /// - Throws: what cannot be run.
  public func draw(seed: UInt64, goesOn: () -> Bool = { true }) throws -> FaultDraw? {
    var random = SplitMix64(seed: seed)
    var draw: FaultDraw?
    for _ in 0..<Self.tries {
      let prompt = Self.prompts[Int(random.next() % UInt64(Self.prompts.count))]
      let fault = Fault.allCases[Int(random.next() % UInt64(Fault.allCases.count))]
      var runs: [Fault: FaultRun] = [:]
      for other in Fault.allCases {
        runs[other] = try keptRun(other, prompt)
        guard goesOn() else { return nil }
      }
      let drawn = FaultDraw(
        seed: seed, prompt: prompt, fault: fault, runs: runs, mended: try keptRun(nil, prompt))
      draw = drawn
      if drawn.isTelling { break }
    }
    return draw
  }

  private func keptRun(_ fault: Fault?, _ prompt: String) throws -> FaultRun {
    if let run = known[Run(prompt: prompt, fault: fault)] { return run }
    let run = try run(fault, plan(prompt))
    known[Run(prompt: prompt, fault: fault)] = run
    return run
  }

  /// The plan of a round over a prompt.
  private func plan(_ prompt: String) throws -> RunPlan {
    let ids = try tokenizer.encodeStart(prompt)
    let most = model.configuration.contextLength
    let plan = try RunPlan(
      start: .prompt, ids: ids, newTokens: max(1, min(Self.newTokens, most - ids.count + 1)),
      contextLength: most, candidates: 1)
    for fault in [nil] + Fault.allCases {
      try plan.requireMemory(of: model, use: .lanes(FaultRun.lanes(fault)))
    }
    return plan
  }
}
